// Package tabular reads the tables in which publishers of code systems give
// their codes: delimited text with a header, and JSON arrays of flat objects.
//
// Every row knows its file and line, and a row that cannot be read is a
// terminology.RowError in the stream of rows: reading goes on after it, so that
// one run shows many. Nothing is guessed: bytes that are not UTF-8, a wrong
// number of cells, an open quote and a file that ends too early are errors. A
// Record belongs to the caller; a reader serves one goroutine.
//
// The package does not know any code system, nor what a column means: those
// live in icd10, icpc2 and their siblings, which all read through it. Workbooks
// (xlsx) are not read here.
//
// format.go tells the format of a file from its first bytes, record.go is a
// row, delimited.go and json.go read rows, scan.go reads a whole file for a
// terminology.Source, day.go reads the dates that publishers write.
package tabular
