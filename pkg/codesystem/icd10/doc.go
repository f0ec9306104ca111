// Package icd10 reads the Norwegian ICD-10 (ICD-10-NO, OID
// 2.16.578.1.12.4.1.1.7110) and knows how its codes are written.
//
// A Source serves one Read at a time. What it says is what the file says: codes
// keep their lower-case letters (I21.0a), texts are unchanged, and a row that
// cannot be understood is a bad row, never a skipped one. The only additions are
// the dot of codes that are written without it, and chapters and blocks for
// files that do not have them; their titles may come from a file beside. What pages of
// the Directorate's service say of parents that are not there is repaired by the code,
// and told to the sink.
//
// The package does not know how codes are stored, searched or shown: those live
// in store, search and codesystem/basic. WHO's and other countries' ICD-10 are
// other code systems.
//
// code.go is the syntax of codes, layout.go the known files and their columns,
// source.go reads a file into rows, emit.go says the rows to a sink, group.go
// finds chapters and blocks, and chapter_table.go and block_table.go list them.
package icd10
