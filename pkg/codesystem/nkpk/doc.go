// Package nkpk reads the Norwegian procedure codes (Norsk klinisk prosedyrekodeverk,
// NKPK): NCSP for surgical, NCMP for medical and NCRP for radiological procedures, and
// the national særkoder.
//
// A file may hold one of them or all, told apart by a column or by how the codes are
// written; each is a release of its own, or all are one release of NKPK when that is
// asked for. Groups of codes that begin alike, which the files have no rows for, are
// added, not for recording, so that a group subsumes its codes. What is said otherwise
// is what the file says.
//
// The package does not read tables and does not combine codes: those are packages table
// and combined, which it gives what is to be known of these codes.
//
// code.go is how codes are written, chapter_table.go the chapters of NCSP, mapping.go
// the columns of the files.
package nkpk
