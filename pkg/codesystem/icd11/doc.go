// Package icd11 reads ICD-11 MMS (WHO's Mortality and Morbidity Statistics), knows how
// its codes and clusters of codes are written, and answers for clusters in the place of
// codes: 1B12.3&XA0NE9/5A74.0 is a stem code with an extension code, and a second stem
// code.
//
// A Source serves one Read at a time, and says what the file says: titles are unchanged
// but for the dashes that draw the hierarchy, and a row that cannot be understood is a
// bad row, never a skipped one. A Release is safe for concurrent use and stays valid as
// long as the provider that it is opened over; a Cluster belongs to nobody and is never
// changed.
//
// What has no code in the tabulation has one here, and is abstract: a chapter its number
// (01 ... 26, V, X), as WHO's maps have it, a block its BlockId (BlockL1-1A0), and a block
// without one, of which chapter X is full, the number of its entity (1154280071), which is
// the last part of its URIs. Any of them, and any category, is also found by its foundation
// URI, its linearization URI of whatever release, and the number that these end with: the
// number of an entity does not change. WHO's maps to and from ICD-10 have no BlockId: in their rows a block is the URI of
// the linearization without a release. The package does not know how codes are stored,
// searched or shown, nor which extension codes WHO sanctions for which stem: the tabulation
// does not say it.
//
// code.go is the syntax of codes, uri.go that of URIs; layout.go the known columns,
// source.go tells what files are of, rows.go reads their rows, emit.go says the rows to a
// sink; release.go answers for a release, parse.go reads a cluster, cluster.go is what it
// means. maplayout.go is the columns of WHO's maps between ICD-10 and ICD-11, map.go reads
// them: each table is a map of its own.
package icd11
