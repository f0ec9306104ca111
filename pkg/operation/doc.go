// Package operation answers everything that a client can ask of a terminology
// server: Lookup, ValidateCode, Subsumes, Search, Translate, Expand and List, and of
// SNOMED CT EvaluateConstraint, CountConstraint, ValidateConstraint, ExplainConstraint
// and ValidateExpression. The command line, gRPC and FHIR all enter here, so an answer
// is the same at every door.
//
// An answer is never an error: an unknown code, a wrong display or a concept
// without a map are fields of a response. A Go error means that the question
// could not be answered, and has a terminology.Kind: Invalid, NotFound (the code
// system or its version is not installed), NotSupported, TooCostly, Unavailable.
// A Service is safe for concurrent use, and each call answers from one snapshot
// of the installed releases. What it returns belongs to the caller; the parts of
// EvaluateConstraint alone are lent, one after the other.
//
// The package does not know HTTP, gRPC, FHIR's JSON, Badger or Bleve: those live
// in server, fhir, store and search. What is in a release is known by codesystem,
// what a value set means by valueset, which rows of a map apply by conceptmap.
//
// service.go holds what the operations share, and then there is one file an operation, named as in
// FHIR; request.go, requestvalidate.go and requestexpand.go have their requests and responses. Of
// expansions, evaluated.go and expandreshape.go make the set, evaluatedkept.go keeps it for as long
// as what it was found by answers alike, expandtold.go and basis.go say what it rests on, expand.go
// and expandtext.go take a page of it, expanddetail.go and expandnested.go tell its codes, with
// what references.go finds of them in value sets. What FHIR has no operation for has its request
// and response on top: constraint.go, explain.go and expression.go. validity.go tells how a code
// stands on a day, namingsystem.go what code systems are called. validate.go judges codes, for FHIR
// and, by validatecode.go, for gRPC and the command line; validatesystem.go finds their code
// systems, remarks.go and display.go say how they stand and are called, and validateanswer.go makes
// the answer; membership.go finds which version answers for an include, holding.go what includes,
// excludes and imports hold, release by release. with.go is what a request brings: overlays.go
// keeps its resources, supplement.go lays its supplements over code systems, contained.go reads
// value sets with those that they contain. batch.go is requests that come together; definitions.go,
// listed.go and briefs.go keep what long value sets are. translate.go translates a code, by
// translatemaps.go, which finds maps, and translaterows.go, which reads the rows of one:
// translatecode.go knows how maps write codes, translatewalk.go walks up where there are no rows,
// translateunmapped.go says what becomes of codes then, translateback.go judges rows that are read
// in reverse. translatematch.go makes matches of rows, translatedisplay.go gives them their terms.
// mapgraph.go knows which maps can be joined, translatechain.go joins them, and translatechained.go
// orders where that leads. translategiven.go reads the patient and the scopes. translaterank.go
// orders the rows of a map whose order says nothing, by terms (translateterms.go) and by other maps
// (translatevotes.go). resource.go reads FHIR resources and their versions, resourcesearch.go finds
// them, resourcewrite.go writes them. closure.go is what a client asks of a closure table,
// closuretables.go keeps them, closuretable.go is one of them, and closurerelations.go finds what
// relates in it. cachecontrol.go, caches.go and cachelay.go keep resources that clients send once,
// as with.go takes those that come with a request. browse.go and maprows.go show people what a code
// system or a map holds. issues.go and issue*.go have the wording of every issue.
package operation
