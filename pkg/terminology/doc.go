// Package terminology is the vocabulary of Kodeks: codings, concepts,
// designations, properties, mappings, releases, errors, and the narrow ports
// between the rooms of the building.
//
// Everything here is a plain value or an interface. The package does no input
// or output, keeps no state and starts no goroutine; its values are safe to
// copy and, once built, to share.
//
// It does not know any code system, FHIR, Badger or Bleve: those live in
// codesystem, fhir, store and search, which all import this package, while it
// imports nothing of ours.
//
// coding.go has codings and ordinals, period.go days and how a code stands on one, error.go the one error type, row.go the
// error of a bad input row, record.go what a source says while it is read,
// release.go the identity of a release, ports.go the interfaces.
package terminology
