package operation

import (
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
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

// ValidateCodeRequest asks whether a code is valid in a code system or a value
// set (FHIR CodeSystem/$validate-code, ValueSet/$validate-code).
type ValidateCodeRequest struct {
	Coding    terminology.Coding // Display, if given, is checked as well
	ValueSet  string             // canonical URL, may end in |version; "" validates against the code system
	Compose   *Compose           // the definition of the value set, instead of ValueSet
	Languages language.Preference
	// LanguageList is how the client wrote Languages; it stands in messages.
	LanguageList string
	Date         terminology.Date // as in LookupRequest; a code that is not valid on it is not valid
}

// ValidateCodeResponse is the verdict and what it rests on.
type ValidateCodeResponse struct {
	Result   bool
	Coding   terminology.Coding // the code as found, with the version that answered and its display
	Inactive bool               // on the day that was asked about, else now
	Message  string
	Issues   []Issue
	// Given is the code as it was typed, when that is not how its publisher writes it.
	Given string
	// Validity and Replacements are as in LookupResponse; there are replacements only
	// for a code that is no longer valid on the day.
	Validity     terminology.Validity
	Replacements []terminology.Coding
}

// Severity is how bad an issue is (FHIR IssueSeverity).
type Severity uint8

// The severities.
const (
	SeverityError Severity = iota
	SeverityWarning
	SeverityInformation
)

// String returns the code of the severity in FHIR.
func (s Severity) String() string { return [...]string{"error", "warning", "information"}[s] }

// Issue is one remark on what was asked (FHIR OperationOutcome.issue).
type Issue struct {
	ID         string // of the message, as the HL7 terminology ecosystem names it; "" for our own
	Severity   Severity
	Type       string // FHIR IssueType: code-invalid, not-found, invalid ...
	Code       string // http://hl7.org/fhir/tools/CodeSystem/tx-issue-type
	Text       string
	Expression string // the element that is meant: code, display, system
	whole      bool   // Expression is whole as it is
	told       bool   // its text is part of the message, error or not
}

// ValidateRequest asks whether one or several codings of one thing are valid in a code
// system or a value set.
type ValidateRequest struct {
	With
	Form       Form
	Codings    []terminology.Coding
	ValueSet   string // canonical URL, may end in |version
	Definition []byte // the value set as a FHIR resource, instead of ValueSet; both empty: against the code system
	Languages  language.Preference
	// LanguageList is how the client wrote Languages; it stands in messages.
	LanguageList string
	// Negotiated: Languages are those of a header (Accept-Language), before which those go
	// that the value set says its displays are to be in.
	Negotiated  bool
	Date        terminology.Date
	InferSystem bool // a code without system is looked for in the systems of the value set
	ActiveOnly  bool
	NoAbstract  bool // an abstract code is wrong
	Lenient     bool // a wrong display is only worth a warning
	Membership  bool // tell only whether the codes are in the value set
}

// Form is how a client gave a code.
type Form uint8

// The forms.
const (
	FormCode    Form = iota // by parameters of its own
	FormCoding              // as a Coding
	FormConcept             // as the codings of a CodeableConcept
)

// ValidateResponse is the verdict. The expressions of its issues are whole.
type ValidateResponse struct {
	Result  bool
	Found   bool               // Coding is what the answer is about
	Coding  terminology.Coding // as it was given, with the version that answered and the display
	Code    string             // as its publisher writes it, when that is not how it was given
	Message string
	Issues  []Issue

	Inactive bool
	Status   string // the word of the code system for an inactive or deprecated code
	// Unknown are the code systems of codings that are not known, CausedBy those,
	// with version, that the value set needs or that the codings name.
	Unknown, CausedBy []string
}

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
	Basis     Basis            `door:"fhir"`
	Published terminology.Date `door:"fhir"`

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
	Params          []NamedText   // parameters that the value set asks for by extension
}

// NamedText is a name and a text.
type NamedText struct{ Name, Text string }

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
