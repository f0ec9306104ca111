// Package rf2 reads SNOMED CT release files (Release Format 2) and says what they
// hold to a terminology.Sink.
//
// A Source is one edition, made of one or several packages that belong together,
// such as the International release and the Norwegian extension. It reads in
// blocks and keeps no file in memory; the strings it passes to the sink are views
// of the block and valid only during the call. Detect, NewSource and Source may be
// used by one goroutine at a time. No row is dropped silently: a row that breaks
// the format goes to Sink.Bad with file, line and column.
//
// The package does not know how a release is stored, indexed or numbered (store,
// search, hierarchy, importer), nor what expressions in OWL, ECL or MRCM columns
// mean. Files are recognised by their header line, not by their exact names.
//
// kind.go tells files apart by their header, detect.go finds the files of a
// package, lines.go cuts blocks into rows, column.go checks cells, edition.go
// finds out which edition and version the packages are, state.go picks the row
// that holds when a component has several, source.go runs the reading,
// component.go says concepts, descriptions and relationships, refset.go members
// of reference sets, mapping.go maps, and missing.go what refers to nothing.
package rf2
