// Package tabular reads the tables in which publishers of code systems give
// their codes: delimited text with a header, JSON arrays of flat objects, plain or in
// pages, and Excel workbooks; in UTF-8, UTF-16 or Windows-1252, and packed by gzip.
//
// Every row knows its file and line, and a row that cannot be read is a
// terminology.RowError in the stream of rows: reading goes on after it, so that
// one run shows many. What is settled from the content of a file stands in its Format;
// bytes that do not fit it, a wrong number of cells, an open quote and a file that ends
// too early are errors. Packed files and workbooks are refused before they take more
// memory than a table of codes can need. A Record belongs to the caller; a reader
// serves one goroutine.
//
// The package does not know any code system, nor what a column means: those
// live in icd10, icpc2 and their siblings, which all read through it.
//
// format.go tells the format of a file from its first bytes, encoding.go how it writes
// its letters, sheet.go where in a workbook the table is. record.go is a row;
// delimited.go, json.go, page.go and workbook.go read rows, number.go tells the numbers of
// workbooks from texts, gzip.go unpacks. scan.go
// reads a whole file for a terminology.Source, day.go reads the dates that publishers
// write.
package tabular
