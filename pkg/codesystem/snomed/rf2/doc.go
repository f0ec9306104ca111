// Package rf2 reads SNOMED CT release files (Release Format 2) and says what they
// hold to a terminology.Sink.
//
// A Source is one version of one edition, made of one or several packages that
// belong together, such as the International release and the Norwegian extension,
// or a Snapshot and the Delta that changes it. A Full gives a Source for each of its
// versions, which says what the Snapshot of that version says. What a version is
// built on, by its module dependency rows, must be there. A Source reads in blocks
// and keeps no file in memory, of a Full only identifiers and dates; the strings it
// passes to the sink are views of the block and valid only during the call. Detect, NewSource and Source may be
// used by one goroutine at a time. No row is dropped silently: a row that breaks
// the format goes to Sink.Bad with file, line and column.
//
// The package does not know how a release is stored, indexed or numbered (store,
// search, hierarchy, importer), nor what expressions in OWL, ECL or MRCM columns
// mean. Files are recognised by their header line, not by their exact names.
//
// kind.go tells files apart by their header, detect.go finds the files of a
// package, lines.go cuts blocks into rows, column.go checks cells, edition.go
// finds out which edition the packages are, history.go which versions they have and
// which rows belong to one, version.go opens a version, delta.go judges Deltas,
// state.go picks the row that holds when a component has several, source.go runs
// the reading, component.go says concepts, descriptions and relationships,
// refset.go members of reference sets, mapping.go maps, layer.go which of
// their rows stand above others, and missing.go what refers to nothing and which modules
// are not there.
package rf2
