// Package conceptmap keeps the maps of a release and answers from them, forward by
// source code and reverse by target code.
//
// A Builder collects mappings while a source is read and writes them once; a Reader
// answers from the stored rows, one read for each question, and is safe for
// concurrent use. What it returns belongs to the caller.
//
// The package does not know where rows are stored, what a code means, nor the
// displays of codes: those are store, codesystem and operation. Every kind of map
// (reference sets of SNOMED CT, tables, FHIR ConceptMaps) comes to it as
// terminology.Mapping.
//
// builder.go collects and writes, reader.go answers, encode.go is the form of a
// stored row.
package conceptmap
