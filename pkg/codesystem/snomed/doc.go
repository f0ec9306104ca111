// Package snomed knows SNOMED CT: its identifiers, editions and versions, the
// value sets and concept maps that its URIs imply, and the release as a code
// system.
//
// Identifiers, editions and implicit URLs are plain values without state, safe
// to copy and to share. Parsing checks form and check digit; whether a component
// exists is for a release to tell.
//
// The package does not know the columns of release files, expression
// constraints, expressions or the concept model: those live in rf2, ecl, scg and
// mrcm below it. It does not know Badger, Bleve or FHIR resources.
//
// id.go has the identifier and id_table.go the well-known ones, edition.go the
// URIs of editions and versions, implicit.go the URLs of implicit value sets and
// maps, refset_table.go what is known of editions, language and map reference
// sets, and provider.go the release as a terminology.CodeSystem.
package snomed
