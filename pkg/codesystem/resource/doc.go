// Package resource reads terminology that is given as FHIR resources: code systems, value
// sets, maps, naming systems and supplements of R4, R4B and R5, one by one, in Bundles, in
// lines, and in FHIR packages.
//
// Parse makes a Resource of bytes, without copying them: the bytes must not change as long
// as it is used. NewProvider makes the code system of a CodeSystem resource in memory, as
// quickly as a request can bring one, and Apply one with supplements over any code system;
// both are safe for concurrent use. NewSources gives what an import makes releases of. What
// is not read into fields is in Resource.Raw, and comes back as it was given. A supplement
// is never a code system, a fragment says that it is one, and a code system without its
// codes is kept for its identity only.
//
// The package does not know which releases are installed, what a value set holds, how an
// answer looks in FHIR, nor any code system by name: those are catalog, valueset, fhir and
// the list of codesystem. It does not read FSH, and keeps no resource that is not about
// terminology.
//
// scan.go and scanvalue.go read JSON, markup.go makes JSON of XML by package element; resource.go,
// codesystem.go, conceptmap.go, valueset.go and namingsystem.go are the resources,
// expansion.go what value sets hold inside themselves. file.go finds the resources of a
// file and archive.go those of a package; source.go and collection.go are the sources of
// an import, emit.go and term.go say a code system to a sink, name.go names releases,
// stored.go keeps resources in a release, written.go is for those that
// clients write, saved.go for opening their code systems quickly. place.go reads one concept
// of a long text, light.go leaves out what is long. provider.go, text.go and supplement.go answer
// from memory.
package resource
