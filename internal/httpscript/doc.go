// Package httpscript reads scripts of HTTP requests with their whole expected answers,
// sends the requests, and compares.
//
// A script is plain text for people: what it holds can be read from top to bottom, and
// each request can be sent by hand. Answers are compared as values, not as bytes: the
// order of members in JSON and blanks between elements in XML mean nothing, all else
// does, and nothing that the script does not have may be there. The same script, in the
// same order, gives the same differences.
//
// The package knows HTTP, JSON and XML. It does not know FHIR, which requests ought to be
// there, or how a server is started: those are for the tests that use it.
//
// script.go reads a script, send.go sends a request, compare.go compares answers, xml.go
// is the tree of an XML body, marker.go what may vary, layout.go lays a body out for a
// script and update.go writes it into one.
package httpscript
