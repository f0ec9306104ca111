// Package store keeps the data of one release in one Badger database: columns that
// are read whole when the release is opened, and rows that are read by key. Resources
// is another database, of the FHIR resources that clients write.
//
// A release is written once, by a Writer, in one sorted stream, and never changes;
// a DB opens it read-only and is safe for concurrent use. What a DB returns belongs
// to the caller. A database whose Writer was killed can open without an error and
// hold half of its data: only the manifest of catalog, written last, says that a
// release is whole. Resources is read-write, for one process at a time: what Commit has
// returned nil for outlasts a power cut, and what it has not is there whole or not at all.
//
// The package knows keys, chunks and Badger's options. It does not know what is in
// a column or a row: that is codesystem/basic and conceptmap. Only cmd/kodeks
// imports it; everyone else asks through terminology.Tables and writes through
// terminology.TableWriter.
//
// writer.go writes, db.go reads, footer.go finds the damage that Badger does not stand,
// memory.go is the same in memory for releases that live as long as a request,
// resources.go writes what clients write, resourceread.go reads it, resourcevalue.go and
// resourceindex.go are its values, resourceupgrade.go mends it at the start; saved.go keeps
// beside it what was made of them, and room.go asks whether the disk has room. KEYS.md gives the key layouts and the history of
// FormatVersion.
package store
