// Package importer takes a release through everything on its way in: it reads a
// source, computes the columns, writes tables and text index, checks what was
// written, and publishes the release or nothing.
//
// Run works in a staging folder and renames it into place as its last step, so a
// data folder is valid whenever the importer is killed. A bad row fails the import
// after up to MaxRowErrors of them have been named. One import works on a data
// folder at a time.
//
// The package does not know Badger, Bleve or the format of any publisher: tables
// and index are opened through Options, sources come from codesystem.Detect.
//
// run.go is the sequence of steps, sink.go takes the records of a source, inputs.go
// opens the paths of a command line, zip.go bounds what zips unpack to, files.go hashes and syncs, progress.go tells
// how far it is.
package importer
