// Package building holds the building to its plan: which room may import which, who
// may name Badger, Bleve, HTTP and gRPC, and that every room has a doc.go.
//
// It is a test and nothing else. It reads the source of the whole module as it
// stands, so a new package that has no rule fails until somebody gives it one.
//
// The package does not know what a room does, nor whether it does it well; it reads
// import lines only. Tests of a room may import anything.
//
// imports_test.go has the rules as one table, and their test.
package building
