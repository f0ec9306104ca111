package ecl

import "fmt"

// ConstraintOperator says where in the hierarchy to look from the focus.
type ConstraintOperator uint8

// The constraint operators.
const (
	NoOperator         ConstraintOperator = iota // the focus itself
	DescendantOf                                 // <
	DescendantOrSelfOf                           // <<
	ChildOf                                      // <!
	ChildOrSelfOf                                // <<!
	AncestorOf                                   // >
	AncestorOrSelfOf                             // >>
	ParentOf                                     // >!
	ParentOrSelfOf                               // >>!
	Top                                          // !!>
	Bottom                                       // !!<
)

// LogicalOperator joins expressions or conditions.
type LogicalOperator uint8

// The logical operators.
const (
	Conjunction LogicalOperator = iota // AND, or a comma
	Disjunction                        // OR
	Exclusion                          // MINUS, between two expressions only
)

// Comparison is a comparison operator.
type Comparison uint8

// The comparison operators. Only numbers and times are compared by order.
const (
	Equal          Comparison = iota // =
	NotEqual                         // !=
	Less                             // <
	LessOrEqual                      // <=
	Greater                          // >
	GreaterOrEqual                   // >=
)

// SearchType is how a text is matched.
type SearchType uint8

// The search types.
const (
	DefaultSearch SearchType = iota // no keyword: a match for terms, equality for values of attributes
	MatchSearch                     // match: every word begins a word of the text
	WildSearch                      // wild: the whole text, with "*" for any characters
	ExactSearch                     // exact: the whole text
)

// Domain is what the rows of a filter are.
type Domain uint8

// The domains of filters.
const (
	DescriptionDomain Domain = iota // {{ D ... }}, or no letter
	ConceptDomain                   // {{ C ... }}
	MemberDomain                    // {{ M ... }}
)

// TypeToken is a type of descriptions.
type TypeToken uint8

// The types of descriptions.
const (
	Synonym            TypeToken = iota // syn
	FullySpecifiedName                  // fsn
	Definition                          // def
)

// AcceptabilityToken is the acceptability of a description in a dialect.
type AcceptabilityToken uint8

// The acceptabilities.
const (
	Acceptable AcceptabilityToken = iota // accept
	Preferred                            // prefer
)

// DefinitionStatusToken is the definition status of a concept.
type DefinitionStatusToken uint8

// The definition statuses.
const (
	Primitive DefinitionStatusToken = iota // primitive
	Defined                                // defined
)

// ActiveValue is the status of a row.
type ActiveValue uint8

// The statuses of rows.
const (
	AnyStatus ActiveValue = iota // *
	Active                       // true, 1
	Inactive                     // false, 0
)

// HistoryProfile is a choice of historical associations.
type HistoryProfile uint8

// The profiles of history supplements.
const (
	NoProfile       HistoryProfile = iota // HISTORY alone: every association, or those of Subset
	HistoryMinimum                        // HISTORY-MIN
	HistoryModerate                       // HISTORY-MOD
	HistoryMaximum                        // HISTORY-MAX
)

// spelling is one value of an enumeration: its symbol in the brief syntax, its name
// in JSON, and the other words that mean it, all in lower case but the first two.
type spelling struct {
	symbol, name string
	words        []string
}

var constraintOperators = [...]spelling{
	NoOperator:         {},
	DescendantOf:       {"<", "descendantOf", []string{"descendantof"}},
	DescendantOrSelfOf: {"<<", "descendantOrSelfOf", []string{"descendantorselfof"}},
	ChildOf:            {"<!", "childOf", []string{"childof"}},
	ChildOrSelfOf:      {"<<!", "childOrSelfOf", []string{"childorselfof"}},
	AncestorOf:         {">", "ancestorOf", []string{"ancestorof"}},
	AncestorOrSelfOf:   {">>", "ancestorOrSelfOf", []string{"ancestororselfof"}},
	ParentOf:           {">!", "parentOf", []string{"parentof"}},
	ParentOrSelfOf:     {">>!", "parentOrSelfOf", []string{"parentorselfof"}},
	Top:                {"!!>", "top", []string{"top"}},
	Bottom:             {"!!<", "bottom", []string{"bottom"}},
}

var logicalOperators = [...]spelling{
	Conjunction: {"AND", "conjunction", []string{"and"}},
	Disjunction: {"OR", "disjunction", []string{"or"}},
	Exclusion:   {"MINUS", "exclusion", []string{"minus"}},
}

var comparisons = [...]spelling{
	Equal:          {"=", "=", nil},
	NotEqual:       {"!=", "!=", nil},
	Less:           {"<", "<", nil},
	LessOrEqual:    {"<=", "<=", nil},
	Greater:        {">", ">", nil},
	GreaterOrEqual: {">=", ">=", nil},
}

var searchTypes = [...]spelling{
	DefaultSearch: {},
	MatchSearch:   {"match:", "match", []string{"match"}},
	WildSearch:    {"wild:", "wild", []string{"wild"}},
	ExactSearch:   {"exact:", "exact", []string{"exact"}},
}

var domains = [...]spelling{
	DescriptionDomain: {"D", "description", []string{"d"}},
	ConceptDomain:     {"C", "concept", []string{"c"}},
	MemberDomain:      {"M", "member", []string{"m"}},
}

var typeTokens = [...]spelling{
	Synonym:            {"syn", "syn", []string{"syn", "synonym"}},
	FullySpecifiedName: {"fsn", "fsn", []string{"fsn", "fullyspecifiedname"}},
	Definition:         {"def", "def", []string{"def", "definition"}},
}

var acceptabilityTokens = [...]spelling{
	Acceptable: {"accept", "accept", []string{"accept", "acceptable"}},
	Preferred:  {"prefer", "prefer", []string{"prefer", "preferred"}},
}

var definitionStatusTokens = [...]spelling{
	Primitive: {"primitive", "primitive", []string{"primitive"}},
	Defined:   {"defined", "defined", []string{"defined"}},
}

var activeValues = [...]spelling{
	AnyStatus: {"*", "any", []string{"*", "any"}},
	Active:    {"true", "true", []string{"true", "1"}},
	Inactive:  {"false", "false", []string{"false", "0"}},
}

var historyProfiles = [...]spelling{
	NoProfile:       {"", "", []string{"history"}},
	HistoryMinimum:  {"-MIN", "MIN", []string{"history-min", "history_min"}},
	HistoryModerate: {"-MOD", "MOD", []string{"history-mod", "history_mod"}},
	HistoryMaximum:  {"-MAX", "MAX", []string{"history-max", "history_max"}},
}

func symbol[T ~uint8](table []spelling, v T) string {
	if int(v) < len(table) {
		return table[v].symbol
	}
	return fmt.Sprintf("%d", v)
}

// String returns the operator as it is written: "<<", and "" for none.
func (o ConstraintOperator) String() string { return symbol(constraintOperators[:], o) }

// String returns the operator as it is written: "AND".
func (o LogicalOperator) String() string { return symbol(logicalOperators[:], o) }

// String returns the operator as it is written: "!=".
func (c Comparison) String() string { return symbol(comparisons[:], c) }
