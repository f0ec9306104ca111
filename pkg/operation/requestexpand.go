package operation

import (
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// The definition of a value set is what package valueset evaluates.
type (
	Compose          = valueset.Compose
	ConceptSet       = valueset.ConceptSet
	ConceptReference = valueset.ConceptReference
	Filter           = valueset.Filter
)

// ExpandRequest asks for the members of a value set (FHIR ValueSet/$expand).
type ExpandRequest struct {
	With       `door:"fhir"`
	Definition []byte `door:"fhir"` // the value set as a FHIR resource, instead of URL
	// Nested asks for the hierarchy of the code systems where the value set keeps it.
	Nested         bool     `door:"fhir"`
	Properties     []string `door:"fhir"` // of concepts, to be told with each code
	Terms          []string `door:"fhir"` // designations to be told: urn:ietf:bcp:47|language, the system|code of a use, or either without its system; none: all
	NoComposed     bool     `door:"fhir"` // leave out expressions in the place of codes
	ExcludeSystems []string `door:"fhir"` // canonical URIs of systems, with |version or not, to be left out
	Limit          int      `door:"fhir"` // most codes of the answer; 0: what the service has
	Details        bool     `door:"fhir"` // tell everything of the codes that FHIR has a place for
	// LanguageList is how the client wrote Languages, and Negotiated as in ValidateRequest.
	LanguageList string   `door:"fhir"`
	Negotiated   bool     `door:"fhir"`
	URL          string   // canonical URL, also an implicit one
	Compose      *Compose // the definition, instead of URL
	Text         string   // FHIR filter: words that a term must match
	Offset       int
	Count        int // most codes to return; negative: not said; 0: only the total
	ActiveOnly   bool
	Designations bool
	Languages    language.Preference
	// Date is the day that the expansion is to be about: it chooses versions where the
	// value set leaves that open, leaves out codes that are not yet valid, and tells
	// which are inactive. 0: now, as ever.
	Date terminology.Date
}

// ExpandResponse is a page of an expansion.
type ExpandResponse struct {
	URL    string // of the value set, "" when it has none
	Total  int
	Exact  bool // false: Total is a lower bound, as a text filter stops counting
	Offset int
	Codes  []ExpandedCode
	Used   []terminology.Release // releases that answered
	// Basis is what the expansion rests on, as a hash, and Published the newest day on
	// which something of that was published; 0 when nothing of it says a day.
	Basis     Basis `door:"fhir"`
	Published terminology.Date

	Name, Title     string        // of a value set that is none of FHIR's resources
	Definition      []byte        // of the value set as a FHIR resource, when it is one
	Declared        []PropertyURI // what the properties of the codes are
	Rules           []UsedRule    // that chose versions
	UsedValueSets   []string      // canonical URLs of value sets that were imported
	UsedSupplements []string      // canonical URLs
	Warnings        []Warning     // of resources that are not for use as they are
	LanguageList    string        // of displays, when the value set or the request says
	Unclosed        bool          // there are members that cannot be listed
	Infinite        string        // the code system whose grammar is why
	Fragments       []string      // code systems of which only a part is known
	Merged          bool          // codes of versions of one system count as one
	SeveralVersions bool          // a code needs its version to be understood
}

// PropertyURI says what the property of a code means.
type PropertyURI struct{ Code, URI string }

// Warning is about a resource that is not for use as it is: What is withdrawn, deprecated,
// retired, experimental or draft.
type Warning struct{ What, Canonical, Type string }

// ExpandedCode is one member.
type ExpandedCode struct {
	Coding       terminology.Coding
	Inactive     bool
	Abstract     bool
	Designations []Designation
	Properties   []Property
	Extensions   []Extension
	Contains     []ExpandedCode      `door:"fhir"` // in a nested expansion
	Ordinal      terminology.Ordinal // in its release; NoOrdinal of an expression
}

// Extension is one of FHIR, as JSON has it: value[x] is Member, and Value its text.
type Extension struct {
	URL, Member, Value string
	Quoted             bool // Value is a string of JSON
}
