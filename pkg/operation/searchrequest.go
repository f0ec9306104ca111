package operation

import (
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// SearchRequest asks for concepts by words.
type SearchRequest struct {
	Text       string
	Systems    []string // any alias, with |version or without; none: all installed
	ValueSet   string   // canonical URL of a value set that hits must be in
	Constraint string   // that hits must meet: in SNOMED CT, of the Expression Constraint Language
	Refset     string   // reference set of SNOMED CT that hits must be members of
	Tag        string   // semantic tag of SNOMED CT
	// Terms limits which terms may match to those of these languages; empty: any. What
	// is shown, and what comes first, Languages says.
	Terms      []language.Tag
	Languages  language.Preference
	Inactive   bool // also inactive concepts
	WholeWords bool // words are not beginnings of words
	Fuzzy      bool // guess at typing errors also when something matches; those come last
	Facets     bool // count what matches by code system, tag, module and language
	Limit      int  // 0: DefaultLimit
	Offset     int  // hits to leave out; with Limit at most MaxHits
}

// SearchResponse is the hits, best first, one a concept.
type SearchResponse struct {
	Hits   []SearchHit
	Total  int
	Exact  bool // false: Total is a lower bound
	Facets []Facet
}

// SearchHit is a concept and the term that matched.
type SearchHit struct {
	Coding   terminology.Coding // Display is the preferred term
	Language string             // of Coding.Display
	Fallback bool               // Language is not one of those asked for
	Term     string             // that matched
	Marked   []terminology.TextSpan
	Tag      string
	Inactive bool
	Class    string // how it matched: exact, abbreviation, begins, words, forms, compound, bare, fuzzy
	Rank     RankKeys
}

// RankKeys are what a hit is ranked by, the first first.
type RankKeys struct {
	Class    int    // the number of SearchHit.Class
	Tier     int    // the place of the term's language and acceptability among those asked for
	TierName string // the same in words, such as "nb preferred"; empty: of no language that is shown
	Letters  int    // of the term
	Document int    // the place of the term among those of its release: shorter ones first, then by the letters
}

// Facet is how many of the concepts that match have which value of something.
type Facet struct {
	Name   string // system, tag, module or language
	Exact  bool   // false: the counts are lower bounds
	Values []FacetValue
}

// FacetValue is one value of a facet; those with the most concepts come first.
type FacetValue struct {
	Value   string // URI, tag, module or language
	Display string // for people, when it is another
	Count   int
}
