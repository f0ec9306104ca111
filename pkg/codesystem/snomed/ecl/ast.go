package ecl

import "github.com/kodeks/kodeks/pkg/codesystem/snomed"

// Node is a part of an expression: every pointer type of ast.go and filter.go.
type Node interface{ node() }

// Expression is a whole parsed expression constraint. Its parts are shared by
// whoever reads it and are not to be changed.
type Expression struct {
	Constraint ExpressionConstraint
}

// ExpressionConstraint is a set of concepts: a *SubExpressionConstraint, a
// *CompoundExpressionConstraint, a *RefinedExpressionConstraint or a
// *DottedExpressionConstraint.
type ExpressionConstraint interface {
	Node
	expressionConstraint()
}

// CompoundExpressionConstraint joins sets: two or more by Conjunction or
// Disjunction, exactly two by Exclusion.
type CompoundExpressionConstraint struct {
	Operator LogicalOperator
	Operands []*SubExpressionConstraint
}

// RefinedExpressionConstraint is what of Focus has the attributes of Refinement.
type RefinedExpressionConstraint struct {
	Focus      *SubExpressionConstraint
	Refinement *Refinement
}

// DottedExpressionConstraint is the values that Focus has of the first attribute,
// then the values that those have of the second, and so on.
type DottedExpressionConstraint struct {
	Focus      *SubExpressionConstraint
	Attributes []*SubExpressionConstraint
}

// SubExpressionConstraint is a focus and what is done to it, in this order: the
// reference set operator with its member filters, the constraint operator, the
// description and concept filters one after the other, and the history supplement.
type SubExpressionConstraint struct {
	Operator      ConstraintOperator
	Refset        *RefsetOperator // nil: none
	Focus         Focus
	MemberFilters []*FilterConstraint
	Filters       []*FilterConstraint
	History       *HistorySupplement // nil: none
}

// Focus is what a sub-expression begins with: a *ConceptReference, a *WildCard, an
// *AlternateIdentifier or a *Nested.
type Focus interface {
	Node
	focus()
}

// ConceptReference is a concept by its identifier. Of the identifier only the form
// is checked, not the check digit; the term is what the writer wrote in pipes.
type ConceptReference struct {
	ID       snomed.ID
	Term     string   // "": none
	Position Position // zero when the reference was not read from text
}

// WildCard is "*", every concept.
type WildCard struct{}

// AlternateIdentifier is a concept by its code in another scheme, LOINC#54486-6.
type AlternateIdentifier struct {
	Scheme   string // alias of the scheme, as written
	Code     string
	Term     string
	Position Position
}

// Nested is an expression in brackets. It is never a bare sub-expression: brackets
// without an effect leave no trace.
type Nested struct {
	Constraint ExpressionConstraint
}

// RefsetOperator is "^" or "^R".
type RefsetOperator struct {
	ContainingAny bool     // "^R": the reference sets that have any of the focus
	AllFields     bool     // "^ [*]"
	Fields        []string // "^ [mapTarget]": the columns to return; nil is the referenced component
}

// Refinement is conditions on attributes and groups, all (Conjunction) or any
// (Disjunction) of which must hold. With one operand it is a Conjunction.
type Refinement struct {
	Operator LogicalOperator
	Operands []SubRefinement
}

// SubRefinement is an *Attribute, an *AttributeGroup, or a *Refinement in brackets.
type SubRefinement interface {
	Node
	subRefinement()
}

// AttributeSet is the conditions inside a group, joined as in a Refinement.
type AttributeSet struct {
	Operator LogicalOperator
	Operands []SubAttributeSet
}

// SubAttributeSet is an *Attribute, or an *AttributeSet in brackets.
type SubAttributeSet interface {
	Node
	subAttributeSet()
}

// AttributeGroup is conditions that one group of a concept must meet together.
type AttributeGroup struct {
	Cardinality *Cardinality // number of such groups; nil is [1..*]
	Set         *AttributeSet
}

// Attribute is a condition on one attribute.
type Attribute struct {
	Cardinality *Cardinality // number of such attributes; nil is [1..*]
	Reverse     bool         // the focus is the value, and Value is of the concepts that have it
	Name        *SubExpressionConstraint
	Comparison  Comparison
	Value       Value
}

// Cardinality is "[Min..Max]". Min above Max is grammatical and never met.
type Cardinality struct {
	Min, Max int // Max is Many for "*"
}

// Many is the Max of a Cardinality without an upper bound.
const Many = -1

// Value is what an attribute or a column of a member is compared with: a
// *SubExpressionConstraint, a NumericValue, a BooleanValue or a TypedSearchTermSet.
type Value interface{ value() }

// NumericValue is a number as it was written, exact, without "#" and "+".
type NumericValue string

// BooleanValue is true or false.
type BooleanValue bool

// TypedSearchTermSet is texts, one of which must match.
type TypedSearchTermSet []TypedSearchTerm

// TypedSearchTerm is a text and how to match it.
type TypedSearchTerm struct {
	Type SearchType
	// Text has no escapes left, except that of WildSearch "\*" is an asterisk,
	// "\\" a backslash, and "*" alone any text.
	Text string
}

// Position is a place in the text of an expression, counted from 1.
type Position struct {
	Line, Column int // Column in characters, not bytes
}

func (*Expression) node()                   {}
func (*CompoundExpressionConstraint) node() {}
func (*RefinedExpressionConstraint) node()  {}
func (*DottedExpressionConstraint) node()   {}
func (*SubExpressionConstraint) node()      {}
func (*ConceptReference) node()             {}
func (*WildCard) node()                     {}
func (*AlternateIdentifier) node()          {}
func (*Nested) node()                       {}
func (*Refinement) node()                   {}
func (*AttributeSet) node()                 {}
func (*AttributeGroup) node()               {}
func (*Attribute) node()                    {}

func (*CompoundExpressionConstraint) expressionConstraint() {}
func (*RefinedExpressionConstraint) expressionConstraint()  {}
func (*DottedExpressionConstraint) expressionConstraint()   {}
func (*SubExpressionConstraint) expressionConstraint()      {}

func (*ConceptReference) focus()    {}
func (*WildCard) focus()            {}
func (*AlternateIdentifier) focus() {}
func (*Nested) focus()              {}

func (*Attribute) subRefinement()      {}
func (*AttributeGroup) subRefinement() {}
func (*Refinement) subRefinement()     {}

func (*Attribute) subAttributeSet()    {}
func (*AttributeSet) subAttributeSet() {}

func (*SubExpressionConstraint) value() {}
func (NumericValue) value()             {}
func (BooleanValue) value()             {}
func (TypedSearchTermSet) value()       {}
