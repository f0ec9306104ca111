// Package crossmap collects the rows of a map while a source reads its files, and says
// them to the sink: maps that stand by themselves, and those that a code list has in its
// columns, such as what replaces a code.
//
// Rows are said in the order in which they were added, each with the file and line that it
// came from; what the sink has against one becomes a bad row there. A map without rows is
// not said. Rows serve one goroutine.
//
// The package does not know what a code means, nor any code system: the readers in icd11,
// nlk and their siblings do.
//
// crossmap.go is the rows, read.go reads a table that is one map.
package crossmap
