// Package golden compares what clients see with files that are kept under
// testdata: FHIR JSON, output of commands, reports, rankings of a search.
//
// A test calls Equal; run with -update, it writes the files instead, and the diff
// of the commit shows what every client will see.
//
// The package knows files and bytes. How an answer is made, and what in it may
// vary between runs, is for the tests that use it.
//
// golden.go is all of it.
package golden
