// Package basic is the provider that most code systems need: codes, a hierarchy,
// designations, properties and reference sets, kept in columns over ordinals.
//
// A release is made once, by a Builder, and never changes; a Provider answers from
// columns that it read when it was opened. A Provider is safe for concurrent use,
// and the slices, bitmaps and strings that it returns are shared and must not be
// changed. A Builder belongs to one goroutine.
//
// The package knows the layout of columns and rows. It does not know where they
// are stored, any particular code system, FHIR or languages: those live in store,
// in the other folders of codesystem, and in fhir and language.
//
// layout.go names the columns and says what is in them, builder.go takes what a
// source says, build.go computes and writes the columns, rows.go keeps tables of
// rows, as rowvalue.go writes them, open.go reads the columns, provider.go answers
// concept by concept, check.go looks for
// damage, document.go lists the terms for the text index, displays.go makes the columns of
// preferred terms, show.go looks many concepts up at once, validity.go
// who is valid on a day. What an engine needs to
// answer for many concepts at once is beside them: column.go, attribute.go,
// postings.go and propertyindex.go (the same by texts), designation.go, alternate.go, and member.go (memberbuild.go writes it,
// membercheck.go looks for damage) for reference sets column by column. zeros.go lets columns
// of zeros share their bytes.
package basic
