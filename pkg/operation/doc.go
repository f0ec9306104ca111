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
// service.go holds what the operations share, and then there is one file an
// operation, named as in FHIR; request.go has their requests and responses. Of
// expansions, evaluated.go and expandreshape.go make and keep the set, expandtold.go and
// basis.go say what it rests on, expand.go and expandtext.go take a page of it, expanddetail.go
// and expandnested.go tell its codes. What FHIR
// has no operation for has its request and response on top: constraint.go, explain.go
// and expression.go. validity.go tells how a code stands on a day, namingsystem.go what
// code systems are called.
// validate.go judges codes, for FHIR and, by validatecode.go, for gRPC and the command line;
// membership.go finds which version answers for an include, holding.go what includes, excludes
// and imports hold, release by release. with.go is what a request brings, batch.go requests that
// come together; definitions.go and listed.go keep what long value sets are.
// translate.go translates a code, by translatemaps.go, which finds maps, and translaterows.go,
// which reads the rows of one: translatecode.go knows how maps write codes, translatewalk.go
// walks up where there are no rows, translateunmapped.go says what becomes of codes then,
// translateback.go judges rows that are read in reverse. translatematch.go makes matches of
// rows, translatedisplay.go gives them their terms. translatechain.go joins maps, and
// translatechained.go orders where that leads. translategiven.go reads the patient and the
// scopes. translaterank.go orders the rows of a map whose order says nothing, by terms
// (translateterms.go) and by other maps (translatevotes.go).
// resource.go reads FHIR resources and their versions, resourcesearch.go finds them,
// resourcewrite.go writes them. closure.go is what a client asks of a closure table,
// closuretables.go keeps them, closuretable.go is one of them, and closurerelations.go
// finds what relates in it. cachecontrol.go and caches.go keep resources that clients send
// once, as with.go takes those that come with a request.
// browse.go and maprows.go show people what a code system or a map holds.
// issues.go has the wording of every issue.
package operation
