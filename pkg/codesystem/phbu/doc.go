// Package phbu reads PHBU, the multiaxial classification of mental health care for
// children and young people (OID 2.16.578.1.12.4.1.1.7112).
//
// The same code of ICD-10 may stand on several of the six axes and is then another
// concept on each, so that a code here begins with its axis: 1:F90.0. Normalize finds it
// from F90.0 too, on the first axis that has it. The axes are added above the codes as
// groups, and told of each code as a property.
//
// The package does not read tables: that is package table. A workbook with a sheet for
// each axis, and no column that tells the axis, is not read.
//
// code.go is how codes are written, mapping.go the columns of the files.
package phbu
