package operation

import (
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Fields with the tag door:"fhir" are what only FHIR has words for; the other doors leave
// them empty.

// LookupRequest asks for a concept (FHIR CodeSystem/$lookup).
type LookupRequest struct {
	With       `door:"fhir"`
	Coding     terminology.Coding  // System (any alias), Code in any form, Version or ""
	Languages  language.Preference // zero: the default of the server
	Properties []string            // names of wanted properties; "*" or none: all
	Details    bool                `door:"fhir"` // tell a code system that is a FHIR resource as the resource has it
	// Date is the day that the answer is to be about: it chooses the version where
	// Coding leaves that open, and tells whether the code is valid. 0: now, as ever.
	Date terminology.Date
}

// LookupResponse tells what a release says of a concept.
type LookupResponse struct {
	Name         string             // of the resource that the code system is; "" when it is none
	Found        bool               // false: the code system has no such code; only Coding and Release are then set
	Coding       terminology.Coding // as the publisher writes it, with the version that answered and the display
	Release      terminology.Release
	Language     string // language of Coding.Display; "" when not known
	Fallback     bool   // Language is not one of those asked for
	Info         terminology.ConceptInfo
	Designations []Designation
	Properties   []Property
	Parents      []terminology.Coding // with displays
	Children     []terminology.Coding // with displays; the first MaxChildren
	ChildCount   int
	// Composed tells that the code is an expression of several codes: Properties are
	// those of its normal form, Parents its proximal supertypes, and Remarks tells what
	// about it is to be reviewed.
	Composed bool
	Remarks  []string
	// NotExpression tells what is wrong with a code that is meant to be an expression;
	// Found is then false.
	NotExpression string
	// Inactivation is why an inactive concept is inactive, and Associations what became
	// of it, best replacement first.
	Inactivation terminology.Coding
	Associations []Association
	// Validity is how the code stands on the day that was asked about, and Issues say
	// what there is to remark: about that, and that the code was typed in another form
	// than its publisher's, which Given then is.
	Validity terminology.Validity
	Given    string
	Issues   []Issue
	// Replacements are the codes to use instead of one that is inactive, or no longer
	// valid on the day.
	Replacements []terminology.Coding
	// InForce is the days on which the version that answered is in force, when a day was
	// asked about and they are known.
	InForce terminology.Period
}

// Association is what a historical association says of an inactive concept.
type Association struct {
	Kind        terminology.Coding // the association, such as REPLACED BY
	Target      terminology.Coding
	Inactive    bool // Target is inactive too
	Replacement bool // Target may stand in the place of the concept
}

// MaxChildren is how many children a look-up names.
const MaxChildren = 100

// Designation is one term of a concept.
type Designation struct {
	ID            string // description id, "" where the code system has none
	Language      string // BCP-47: nb, nn, en, en-GB ...
	Use           terminology.Coding
	Term          string
	Inactive      bool
	PreferredIn   []string // languages or language reference sets in which it is the preferred term
	AcceptableIn  []string
	Effective     terminology.Date
	CaseSensitive bool
	Extensions    []Extension
}

// Property is one property or attribute of a concept.
type Property struct {
	Code        string
	Description string // what the property is called: the term of an attribute
	Group       int    // relationship group, 0 for none
	Kind        terminology.ValueKind
	Value       string
	Display     string // term of the concept that a ValueCode names
}

// SubsumesRequest asks how two codes of one code system relate (FHIR
// CodeSystem/$subsumes).
type SubsumesRequest struct {
	With            `door:"fhir"`
	System, Version string
	CodeA, CodeB    string
}

// Subsumption is how code A relates to code B (FHIR ConceptSubsumptionOutcome).
type Subsumption uint8

// The outcomes. NoAnswer is for unknown codes.
const (
	NoAnswer Subsumption = iota
	SameConcept
	Subsuming
	SubsumedBy
	NotSubsumed
)

// String returns the code of the outcome in FHIR, and "" for NoAnswer.
func (s Subsumption) String() string {
	return [...]string{"", "equivalent", "subsumes", "subsumed-by", "not-subsumed"}[s]
}

// SubsumesResponse is the outcome, or which code is not known.
type SubsumesResponse struct {
	Reasons []string // what is wrong with an unknown code that is meant to be an expression
	Outcome Subsumption
	System  string // preferred URI
	Version string // that answered
	Unknown []string
}

// ListResponse is the releases that are installed.
type ListResponse struct {
	Releases []InstalledRelease
	// Resources are code systems that answer from resources, of collections that Releases
	// has and of clients.
	Resources []InstalledRelease `door:"fhir"`
}

// InstalledRelease is one release and what it holds.
type InstalledRelease struct {
	terminology.Release
	Default  bool               // answers when no version is asked for
	InForce  terminology.Period // as far as the versions that are installed tell; zero: not known
	Concepts int
	Active   int
	Terms    int
	Imported string // RFC 3339
	Bytes    int64
	Columns  []terminology.DisplayColumn
	// Compositional tells that expressions stand in the place of codes.
	Compositional bool `door:"fhir"`
}
