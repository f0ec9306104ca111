// Package loinc reads LOINC from the tables of its release: Loinc.csv, and, as far as
// they are there, its parts, answer lists, hierarchy, links and linguistic variants.
//
// All tables of an input are one release. Terms, parts (LP), answer lists (LL) and
// answers (LA) are concepts; properties have the names of FHIR's "Using LOINC with FHIR",
// and name a part where a table links it. A row that names a code which the tables lack
// is a bad row. The folder PanelsAndForms, which repeats terms and answers, is left out.
// A Source serves one Read at a time.
//
// The package does not read rows: that is package tabular. The version is not in the
// tables: who imports says it. The notice that the licence of LOINC asks for is that of
// the publisher of an answer, and is not written here.
//
// layout.go knows the tables, source.go reads them in order, concept.go says terms,
// parts and answers, link.go what joins them, variant.go the other languages.
package loinc
