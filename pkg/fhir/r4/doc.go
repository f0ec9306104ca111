// Package r4 is FHIR R4 (4.0.1) for the operations of a terminology server: requests
// are read from Parameters, answers written as resources.
//
// Every function is pure and appends to a slice of the caller. An answer that the
// operation has no words for, such as a look-up of an unknown code, is an error of
// kind NotFound.
//
// The package pins the version and holds what clients of R4 see in golden files. The
// tables, readers and writers that both versions share live in package fhir;
// addresses, methods and statuses in server/rest.
//
// r4.go has one function a direction and operation. R4 differs from R5 in
// the matches of a translation and in the capabilities.
package r4
