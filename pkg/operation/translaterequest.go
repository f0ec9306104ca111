package operation

import (
	"cmp"
	"strconv"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TranslateRequest asks for the codes that maps give (FHIR ConceptMap/$translate).
type TranslateRequest struct {
	With    `door:"fhir"`
	URL     string             // canonical URL, which may end in |version, or id of the map; "": all maps that fit
	Coding  terminology.Coding // source code; with Reverse the target code
	Target  string             // code system of the answer, any alias; "": any
	Reverse bool
	// Prefix asks, with Reverse, also for codes that begin with the one given, and for
	// those that it is more special than, where codes show this.
	Prefix bool
	// Walk asks for the rows of the nearest ancestors that have some, when the code has
	// none.
	Walk bool
	// Into asks, instead of for maps, for the most special members of a value set that
	// are the code or more general than it: its canonical URL, also an implicit one.
	Into string
	// NoChain forbids to join maps when none leads from the code to Target.
	NoChain bool
	// SourceScope and TargetScope are value sets that the code, and the answers, must be
	// in; one that is the URI of a code system is all of it.
	SourceScope, TargetScope string
	Patient                  Patient
	Languages                language.Preference
}

// Patient is what is known of whom a code is about, for maps whose rows have rules or
// depend on something. The zero Patient is nothing.
type Patient struct {
	Sex        string   // female, male, other; "" or unknown
	Age        string   // such as 63y, 5mo, 3w, 27d, 6h
	AgeAtOnset string   // at which the patient got what is translated; "": not after Age, else taken to be Age
	Findings   []string // codes of what else the patient has; none: nothing else
	Terms      []terminology.MapTerm
}

// TranslateResponse is the matches of each map in its order, those that apply or may apply
// before the others; of chains, the best first.
type TranslateResponse struct {
	Result  bool               // there is a match that applies or may apply
	Message string             // why there is no match
	Source  terminology.Coding // the code that was translated, as found, with its display
	Matches []Match
	Needs   []string // what is missing to decide, such as age at onset
	Notes   []string // what was used, and what of the meaning was lost, a line each
}

// MatchState is what became of the row of a match when it was evaluated.
type MatchState = conceptmap.State

// The states, as package conceptmap tells them apart.
const (
	Applies    = conceptmap.Applies
	Candidate  = conceptmap.Candidate
	Rejected   = conceptmap.Rejected
	Passed     = conceptmap.Passed
	Overridden = conceptmap.Overridden
)

// Match is one target of a translation.
type Match struct {
	Reverse      bool               // Coding leads to Target
	Target       terminology.Coding // of a reverse match
	MapVersion   string
	Resource     bool               `door:"fhir"` // the map is a ConceptMap of the request
	Coding       terminology.Coding // with display when the target system is installed
	Relationship terminology.Relationship
	Map          string // canonical URL
	MapTitle     string
	Group        int
	Priority     int
	Rule         string
	Advice       string
	Category     string
	State        MatchState
	Fired        bool     // it applies since its rule is true
	Needs        []string // what is missing to decide about it
	Reason       string   // why its state is what it is
	// From is the code whose row it is, when that is not the code that was asked about:
	// an ancestor, or one that begins with it; Path are the codes from the one to the other.
	From terminology.Coding
	Path []Hop
	Ways int // in how many ways a chain leads to it; 0: it is of one map
	// Products go with the target (FHIR ConceptMap.group.element.target.product).
	Products []terminology.MapTerm
	// File, Line and Row tell where the map says it.
	File string
	Line int
	Row  string
}

// OfRow returns the relationship as the map says it, from its source to its target, also
// where the map was read in reverse.
func (m *Match) OfRow() terminology.Relationship {
	if m.Reverse {
		return conceptmap.Inverse(m.Relationship)
	}
	return m.Relationship
}

// Hop is one step from a code to another.
type Hop struct {
	Coding       terminology.Coding // that the step leads to
	Relationship terminology.Relationship
	Map          string // "" for a step up in a code system
	MapTitle     string
	Reverse      bool // the map was read from its target to its source
}

// String returns the step in words: to which code, by which map, and how it relates.
func (h *Hop) String() string {
	s := h.Coding.System + "#" + h.Coding.Code
	if h.Coding.Display != "" {
		s += " " + h.Coding.Display
	}
	switch {
	case h.Map == "":
		s += ", in its code system"
	case h.Reverse:
		s += ", by " + cmp.Or(h.MapTitle, h.Map) + " backwards"
	default:
		s += ", by " + cmp.Or(h.MapTitle, h.Map)
	}
	return s + ", " + h.Relationship.String()
}

// Place tells where the map says the match: file and line, as far as they are known.
func (m *Match) Place() string {
	if m.Line == 0 {
		return m.File
	}
	return m.File + ":" + strconv.Itoa(m.Line)
}

// answers reports whether the match is a code that the source may become.
func (m *Match) answers() bool {
	return m.Coding.Code != "" && m.Relationship != terminology.NotRelatedTo && m.State <= conceptmap.Candidate
}
