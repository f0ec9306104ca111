// Package orpha reads Orphanet's nomenclature of rare diseases from the XML of
// Orphadata: the list of disorders with their cross-references (product 1), in one
// language or more, and the classifications (product 3), as many as are given.
//
// A Source serves one Read at a time. All its files are one release: disorders are
// the codes, the classifications together are a hierarchy in which a disorder may
// have several parents, and references to ICD-10 and ICD-11 are maps as well as
// properties. Lists that say how many entries they have are held to it. What cannot
// be understood is a bad row, never a skipped one.
//
// The package does not know how codes are stored, searched or shown: those live in
// store, search and codesystem/basic. It does not read what Orphadata publishes about
// genes, phenotypes and prevalence.
//
// code.go is the syntax of codes, source.go the source, which tells the products
// apart, disorder.go reads a disorder, reference.go its references to other code
// systems, classification.go a classification, emit.go says everything to a sink.
package orpha
