// Package valueset evaluates the definition of a value set: which concepts of a
// release it holds, as a set of ordinals, and whether it holds one concept.
//
// Sets are bitmaps; paging, counting and membership never make them into lists.
// Contains answers for one concept without evaluating the whole set. A definition
// is a plain value; evaluation changes nothing, is safe for concurrent use, and
// what it returns belongs to the caller.
//
// The package does not know which releases are installed (a Resolver tells), nor
// FHIR's JSON, languages or displays: those live in catalog, fhir and operation.
//
// compose.go has the definition, evaluate.go the set, contains.go the membership of
// one concept, exclude.go what excludes take away, both ways, work.go what all of that
// draws from the budget of a request, filter.go the filters, both ways, property.go those on
// properties, whose values propertyvalue.go judges, and conceptset.go one include.
package valueset
