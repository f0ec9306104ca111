// Package table reads a code system from any table of codes: delimited text, a
// workbook or JSON, by a Mapping that says what its columns mean; and so a map between
// two code systems.
//
// What a Source says is what the table says. A column that the mapping does not
// name becomes a property under its own name, a cell that cannot be understood is a
// bad row with its line and column, and nothing is guessed where it could be read
// in two ways. A Mapping is not changed after Parse or Bind and may be shared; a
// Source serves one Read at a time.
//
// The package does not know any code system: the readers of NKPK, NORPAT and others
// give it a Mapping written in Go, with Rules for how their codes are written. How
// rows are cut out of files is package tabular's.
//
// mapping.go is the Mapping and parse.go reads it from YAML, layout.go finds its
// columns in a file, row.go and value.go read rows, history.go joins those of one
// code, source.go is the Source, and
// emit.go says rows to a sink. mapmapping.go is what a Mapping says of a map, mapsource.go
// reads one. Help is a full example of the YAML.
package table
