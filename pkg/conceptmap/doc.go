// Package conceptmap keeps the maps of a release and answers from them: forward by source
// code, reverse by target code or its beginning, and which rows apply to a patient.
//
// A Builder collects mappings while a source is read and writes them once; a Reader
// answers from the stored rows, one read for each question, and is safe for
// concurrent use. What it returns belongs to the caller. Evaluate judges the rows of one
// source by their layers, groups, priorities, rules and dependencies; what cannot be
// decided is told with what is missing, and never taken for true.
//
// The package does not know where rows are stored, what a code means, which finding is a
// kind of another, nor the displays of codes: those are store, codesystem and operation.
// Every kind of map (reference sets of SNOMED CT, tables, FHIR ConceptMaps) comes to it as
// terminology.Mapping.
//
// builder.go collects and writes, reader.go answers, encode.go, texts.go and uuid.go are
// the form of a stored row; memory.go is maps of a request. rule.go reads rules, age.go
// compares ages, given.go is what is known of a patient and judges one rule, evaluate.go
// judges rows, relationship.go joins mappings to chains, order.go says which of many targets
// is the most apt, words.go how well two terms agree.
package conceptmap
