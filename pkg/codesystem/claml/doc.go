// Package claml reads classifications in ClaML, the Classification Markup Language
// (EN 14463, ISO 13120), versions 2 and 3: WHO's ICD-10, ICD-10-GM and ICPC-2e.
//
// A Source serves one Read at a time. What it says is what the file says: a class
// is a concept, its rubrics are designations or properties, and a class that cannot
// be understood is a bad row, never a skipped one. The only codes that it adds are
// those that a file says by modifiers: a class that is modified and has no classes
// below it gets one for each value that is valid there, as the publishers print
// them.
//
// The package does not know how codes are stored, searched or shown: those live in
// store, search and codesystem/basic. It does not check a file against the DTD of
// ClaML, which is never fetched. Other forms of ICD-10 are read by icd10 and
// icd10who, other forms of ICPC-2 by icpc2.
//
// source.go is the source, title.go tells which classification a file holds,
// class.go reads a class, label.go the text of a rubric, modifier.go makes the
// codes that modifiers say, map.go the map of ICPC-2e to ICD-10, emit.go says
// everything to a sink.
package claml
