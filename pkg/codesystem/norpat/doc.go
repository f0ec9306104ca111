// Package norpat reads NORPAT, the Norwegian pathology codes (OID
// 2.16.578.1.12.4.1.1.7010), of which APAT is an extract.
//
// What a source says is what the file says, but for the axes, which are added above the
// codes as groups and told of each code as a property. A parent that is not in the file,
// as in an extract, becomes a property of its child, and is no error.
//
// The package does not read tables and does not combine codes: those are packages table
// and combined. Which pairs of topography and procedure APAT allows is not read.
//
// code.go is how codes are written, mapping.go the columns of the files.
package norpat
