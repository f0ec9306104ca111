package valueset

import "github.com/kodeks/kodeks/pkg/terminology"

// Compose is the definition of a value set (FHIR ValueSet.compose).
type Compose struct {
	URL, Version, Name string
	Include, Exclude   []ConceptSet
	Inactive           *bool // ValueSet.compose.inactive; nil: inactive concepts are in
	// Apart: codes of several versions of a code system are not one (expansion parameter
	// versionsMatch = false). Else an exclude that names a version of which no include has
	// anything takes its codes away from the versions that they have; it would do nothing.
	Apart bool
}

// canonical returns URL|Version: another version of a value set is another value set.
func (c *Compose) canonical() string { return terminology.Canonical(c.URL, c.Version) }

// ConceptSet is one include or exclude: the concepts that satisfy all that it says.
type ConceptSet struct {
	System, Version string
	Concepts        []ConceptReference
	Filters         []Filter
	ValueSets       []string // canonical URLs
	Refsets         bool     // only concepts that name a reference set with rows (SNOMED CT ?fhir_vs=refset)
	// Long stands for Concepts of a long list, which is then empty; nil: Concepts is all. The
	// set has a System, and no Filters.
	Long Long `door:"fhir"`
}

// Long is a list of concepts that need not be in memory.
type Long interface {
	// Set returns the concepts that the list names in a release. It must not be changed.
	Set(cs terminology.CodeSystem) (*Set, error)
	// Concepts reads the list, which must not be changed.
	Concepts() ([]ConceptReference, error)
}

// Whole returns the set with a long list in memory; it is the set itself when it has none.
func (s *ConceptSet) Whole() (*ConceptSet, error) {
	if s.Long == nil {
		return s, nil
	}
	whole := *s
	var err error
	whole.Concepts, err = s.Long.Concepts()
	whole.Long = nil
	return &whole, err
}

// ConceptReference names a concept of an enumerated include.
type ConceptReference struct{ Code, Display string }

// Filter is one condition of an include (FHIR ValueSet.compose.include.filter).
type Filter struct{ Property, Op, Value string }

// Part is what a value set holds of one release: concepts, and the expressions in the
// place of codes that it names one by one, in the order of the definition. Expressions
// that only filters would hold are without number, and are not here.
type Part struct {
	CodeSystem terminology.CodeSystem
	Set        *Set
	Composed   []terminology.Composed
	// Merged: an exclude of the definition itself was of another version, and counts here.
	Merged bool
}

// Resolver finds what a definition refers to.
type Resolver interface {
	// CodeSystem returns the release that answers for a version; the error is
	// NotFound when there is none.
	CodeSystem(system, version string) (terminology.CodeSystem, error)
	// ValueSet returns the definition of a canonical URL; the error is NotFound
	// when it is not known.
	ValueSet(url string) (*Compose, error)
}
