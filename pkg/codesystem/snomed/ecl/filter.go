package ecl

import "github.com/kodeks/kodeks/pkg/codesystem/snomed"

// FilterConstraint is one "{{ ... }}": conditions on one row, all of which must
// hold for the same row.
type FilterConstraint struct {
	Domain  Domain
	Filters []Filter
}

// Filter is one condition of a FilterConstraint: any of the types below. Which of
// them a domain has is in the table of the specification and in parse_filter.go.
type Filter interface {
	Node
	filter()
}

// TermFilter compares the term of a description. Without a keyword a search term
// is MatchSearch: every word begins a word of the term, in any order.
type TermFilter struct {
	Comparison Comparison
	Terms      TypedSearchTermSet
}

// LanguageFilter compares the language code of a description, in lower case.
type LanguageFilter struct {
	Comparison Comparison
	Languages  []string
}

// TypeTokenFilter compares the type of a description, by token.
type TypeTokenFilter struct {
	Comparison Comparison
	Types      []TypeToken
}

// TypeIDFilter compares the type of a description, by concept.
type TypeIDFilter struct {
	Comparison Comparison
	Types      *SubExpressionConstraint
}

// DialectFilter asks for a description in one of the language reference sets.
type DialectFilter struct {
	Comparison Comparison
	ByID       bool // dialectId: each Dialect has Refsets; else each has an Alias
	Dialects   []*Dialect
}

// Dialect is one dialect of a DialectFilter and the acceptability that is asked for
// in it. Acceptability of a whole filter has been given to each of its dialects.
type Dialect struct {
	Alias   string                   // such as en-gb, in lower case
	Refsets *SubExpressionConstraint // the language reference sets, when by id
	// Acceptability by token or by concept; neither is any acceptability.
	Acceptability    []AcceptabilityToken
	AcceptabilityIDs []*ConceptReference
	Position         Position // of an alias; zero when it was not read from text
}

// ModuleFilter compares the module of the row.
type ModuleFilter struct {
	Comparison Comparison
	Modules    *SubExpressionConstraint
}

// EffectiveTimeFilter compares the effective time of the row with dates, each
// YYYYMMDD, or "" for a row that is not yet published.
type EffectiveTimeFilter struct {
	Comparison Comparison
	Times      []string
}

// ActiveFilter compares the status of the row.
type ActiveFilter struct {
	Comparison Comparison
	Value      ActiveValue
}

// DescriptionIDFilter compares the identifier of a description.
type DescriptionIDFilter struct {
	Comparison Comparison
	IDs        []snomed.ID
}

// DefinitionStatusTokenFilter compares the definition status of a concept, by token.
type DefinitionStatusTokenFilter struct {
	Comparison Comparison
	Statuses   []DefinitionStatusToken
}

// DefinitionStatusIDFilter compares the definition status of a concept, by concept.
type DefinitionStatusIDFilter struct {
	Comparison Comparison
	Statuses   *SubExpressionConstraint
}

// MemberFieldFilter compares a column of a reference set's members. What a text is
// compared as (time or text) is for the type of the column to say; with an order
// (<, <=, >, >=) it is a time.
type MemberFieldFilter struct {
	Field      string // as written
	Comparison Comparison
	Value      Value
}

// HistorySupplement adds inactive concepts by historical associations: of a
// profile, or of the reference sets of a subset.
type HistorySupplement struct {
	Profile HistoryProfile
	Subset  ExpressionConstraint // nil: none
}

func (*FilterConstraint) node()            {}
func (*TermFilter) node()                  {}
func (*LanguageFilter) node()              {}
func (*TypeTokenFilter) node()             {}
func (*TypeIDFilter) node()                {}
func (*DialectFilter) node()               {}
func (*Dialect) node()                     {}
func (*ModuleFilter) node()                {}
func (*EffectiveTimeFilter) node()         {}
func (*ActiveFilter) node()                {}
func (*DescriptionIDFilter) node()         {}
func (*DefinitionStatusTokenFilter) node() {}
func (*DefinitionStatusIDFilter) node()    {}
func (*MemberFieldFilter) node()           {}
func (*HistorySupplement) node()           {}

func (*TermFilter) filter()                  {}
func (*LanguageFilter) filter()              {}
func (*TypeTokenFilter) filter()             {}
func (*TypeIDFilter) filter()                {}
func (*DialectFilter) filter()               {}
func (*ModuleFilter) filter()                {}
func (*EffectiveTimeFilter) filter()         {}
func (*ActiveFilter) filter()                {}
func (*DescriptionIDFilter) filter()         {}
func (*DefinitionStatusTokenFilter) filter() {}
func (*DefinitionStatusIDFilter) filter()    {}
func (*MemberFieldFilter) filter()           {}
