// Package tabulartest has what the tests of code system readers share: a sink
// that keeps what a source says and holds it to the promises of
// terminology.Source, and source files from strings.
//
// A Sink belongs to one test and one goroutine.
//
// It does not store or index anything: the real sink is the importer's.
//
// sink.go is the sink, workbook.go makes workbooks and packed files.
package tabulartest
