// Package engine joins what a release of SNOMED CT can answer: its columns, the
// Expression Constraint Language over them, postcoordinated expressions, the concept
// model, and what became of inactive concepts.
//
// A Release is a terminology.CodeSystem that is also terminology.Constrained and
// terminology.Composable. It is opened over a basic.Provider and stays valid as long as
// that; it is safe for concurrent use, sets and slices that it returns are shared and
// must not be changed. Errors are those of ecl, scg and mrcm, with their kinds.
//
// The package decides nothing itself about hierarchies, constraints or grammar: those
// live in basic, ecl and scg. It does not know FHIR, languages or how a release is
// stored.
//
// release.go opens and answers constraints, expression.go answers for expressions in
// the place of codes, history.go ranks what replaces an inactive concept.
package engine
