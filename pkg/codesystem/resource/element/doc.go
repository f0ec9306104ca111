// Package element says which elements the resources of FHIR have, of R4 and R5 together:
// what is a list, of what type it is, and in which order they stand.
//
// Types are made once, when the package is initialized, and nobody changes them; they are
// safe for concurrent use.
//
// The package is the table and no more. It reads neither JSON nor XML: package resource
// does for files that are imported, and package fhir for requests, which holds them to the
// table strictly and writes answers by it.
//
// element_table.go is the table, element.go reads it.
package element
