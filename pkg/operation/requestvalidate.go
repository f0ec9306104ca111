package operation

import (
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

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
