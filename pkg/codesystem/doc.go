// Package codesystem lists the code systems that Kodeks knows, and tells which
// of them the files of a folder or zip hold.
//
// The list is the one place where a name, an OID or an old URI becomes the
// preferred URI, and where a new code system is entered. It is constant: all
// functions are safe for concurrent use, and what they return must not be
// changed. Detect looks at the content of files, never at their names alone, and
// fails rather than leave out a file that was meant to be read.
//
// The package does not read releases and does not know codes: each code system
// has a folder of its own below this one, with a Source. It does not know where
// releases are kept: that is importer and store.
//
// list.go is the list, readers.go the table of what reads which files, detect.go finds
// the sources of an import, copies.go leaves out files that are there twice, mapped.go
// finds what a mapping of the user describes, rejected.go says what to do about files
// that are none, and open.go opens a stored release by the
// rules of its code system. TRAPS.md tells what real files have in them, and the tests of it.
package codesystem
