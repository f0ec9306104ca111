// Package catalog knows which releases are installed in a data folder, and finds
// the one that answers for a canonical URI and version.
//
// A release is a folder that is written elsewhere and renamed into place whole,
// its manifest inside; it never changes there. A Catalog keeps a Snapshot of what
// is installed and replaces it with one pointer swap when releases come or go.
// Whoever asks acquires the snapshot, works on it, and lets it go; a release that
// has been removed is closed when the last snapshot that has it is let go. All of
// it is safe for concurrent use. A resource that a client writes is durable and answers
// when Write returns, and is in no snapshot that was acquired before.
//
// The package does not know Badger, Bleve or any code system: a release is opened
// by the Opener that cmd/kodeks gives. What is imported, and how, is importer.
//
// manifest.go is the manifest and the layout of the data folder, catalog.go how releases
// come and go, opening.go how they are opened, base.go what is known of those that are installed, view.go of what clients
// wrote, snapshot.go both together, overlay.go what a request lays over them and shared.go
// the maps that they share, later.go the releases whose opening is put off until they are
// used, large.go large ones of which a server has many, opened.go how those of clients are let go of again, saved.go how they
// are opened without their text,
// find.go the choice of a release, force.go the days on which versions are
// in force and the choice by a day, fingerprint.go what two snapshots share that answer
// alike, reads.go what was asked of one so that what was found can be kept, publish.go the renames, resource.go FHIR resources, parsed.go those that were read
// last, written.go those that clients wrote, head.go what is known of one without its text,
// write.go how they are written and conflict.go when they are refused,
// exchange_linux.go the rename that lets two releases change places.
package catalog
