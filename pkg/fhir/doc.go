// Package fhir turns the questions and answers of package operation into the
// resources of HL7 FHIR, R4 and R5, and back.
//
// Everything here is a pure function of its arguments. Readers take a query
// string or a JSON body, check it against the parameter table of the operation,
// and say what is wrong and where; writers append JSON to a slice of the caller.
// What they write is valid UTF-8 whatever the strings hold. Strings that a reader
// returns may share memory with the query that it was given.
//
// The package does not know HTTP, what a code means, or which releases are
// installed: those live in server/rest, operation and catalog.
//
// outcome.go has the one table of error kinds, json.go the encoder, table.go the
// shape of a parameter table, parameters.go what a request carries, query.go and
// body.go its two readers, tree.go and resource.go the reader of JSON. Then there is
// one file an operation, with its table, its reader and its writer, of which that of
// expand is four: expandwrite.go the whole, expandcodes.go its codes,
// expandparameters.go what is echoed and used, expandid.go its identifier; namingsystem.go
// is written instead, metadata.go describes the server from the tables. resourcetext.go
// reads and writes resources of clients, resourcemade.go those that tell of what is
// installed, resourcesearch.go their searches and histories, bundle.go batches,
// conceptmap.go maps of the other version of FHIR.
// element.go holds a body to the elements of the standard (codesystem/resource/element),
// xmlread.go and xmlwrite.go are XML by it. Writers take the version: R4 differs from
// R5 in the matches of a translation, in properties of expansions and in the
// capabilities; testdata/golden pins what clients of each see.
package fhir
