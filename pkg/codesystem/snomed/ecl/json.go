package ecl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The JSON form has one object a node. Its keys are the names of the grammar's
// rules, as the published models have them; what is absent is the zero value.
// An expression constraint is told by its keys:
//
//	{"operator", "memberOf", "refsetContainingAny", one of "conceptId" "wildcard"
//	 "alternateIdentifier" "nestedExpressionConstraint", "term", "memberFilterConstraints",
//	 "filterConstraints", "historySupplement"}               sub-expression
//	{"conjunctionExpressionConstraints": [sub, ...]}         AND
//	{"disjunctionExpressionConstraints": [sub, ...]}         OR
//	{"exclusionExpressionConstraints": {"first", "second"}}  MINUS
//	{"subExpressionConstraint", "eclRefinement"}             refined
//	{"subExpressionConstraint", "dottedAttributes": [...]}   dotted
//
// A refinement is {"conjunctionSubRefinements": [...]} or {"disjunctionSubRefinements":
// [...]} of {"attribute"}, {"attributeGroup"} or {"refinement"}, and an attribute set
// {"conjunctionAttributeSets"} or {"disjunctionAttributeSets"} of {"attribute"} or
// {"attributeSet"}. Filters are in json_filter.go.
type (
	constraintJSON struct {
		Operator      string          `json:"operator,omitempty"`
		MemberOf      *memberOfJSON   `json:"memberOf,omitempty"`
		ContainingAny bool            `json:"refsetContainingAny,omitempty"`
		ConceptID     string          `json:"conceptId,omitempty"`
		WildCard      bool            `json:"wildcard,omitempty"`
		Alternate     *alternateJSON  `json:"alternateIdentifier,omitempty"`
		Nested        *constraintJSON `json:"nestedExpressionConstraint,omitempty"`
		Term          string          `json:"term,omitempty"`
		MemberFilters []*filterSet    `json:"memberFilterConstraints,omitempty"`
		Filters       []*filterSet    `json:"filterConstraints,omitempty"`
		History       *historyJSON    `json:"historySupplement,omitempty"`

		Conjunction []*constraintJSON `json:"conjunctionExpressionConstraints,omitempty"`
		Disjunction []*constraintJSON `json:"disjunctionExpressionConstraints,omitempty"`
		Exclusion   *exclusionJSON    `json:"exclusionExpressionConstraints,omitempty"`

		Focus      *constraintJSON   `json:"subExpressionConstraint,omitempty"`
		Refinement *refinementJSON   `json:"eclRefinement,omitempty"`
		Attributes []*constraintJSON `json:"dottedAttributes,omitempty"`
	}
	memberOfJSON struct {
		AllFields bool     `json:"allFields,omitempty"`
		Fields    []string `json:"fields,omitempty"`
	}
	alternateJSON struct {
		Scheme string `json:"scheme"`
		Code   string `json:"code"`
	}
	exclusionJSON struct {
		First  *constraintJSON `json:"first"`
		Second *constraintJSON `json:"second"`
	}
	refinementJSON struct {
		Conjunction []*subRefinementJSON `json:"conjunctionSubRefinements,omitempty"`
		Disjunction []*subRefinementJSON `json:"disjunctionSubRefinements,omitempty"`
	}
	subRefinementJSON struct {
		Attribute  *attributeJSON  `json:"attribute,omitempty"`
		Group      *groupJSON      `json:"attributeGroup,omitempty"`
		Refinement *refinementJSON `json:"refinement,omitempty"`
	}
	groupJSON struct {
		Cardinality *cardinalityJSON  `json:"cardinality,omitempty"`
		Set         *attributeSetJSON `json:"attributeSet"`
	}
	attributeSetJSON struct {
		Conjunction []*subAttributeSetJSON `json:"conjunctionAttributeSets,omitempty"`
		Disjunction []*subAttributeSetJSON `json:"disjunctionAttributeSets,omitempty"`
	}
	subAttributeSetJSON struct {
		Attribute *attributeJSON    `json:"attribute,omitempty"`
		Set       *attributeSetJSON `json:"attributeSet,omitempty"`
	}
	attributeJSON struct {
		Cardinality *cardinalityJSON `json:"cardinality,omitempty"`
		Reverse     bool             `json:"reverse,omitempty"`
		Name        *constraintJSON  `json:"attributeName"`
		Comparison  string           `json:"comparisonOperator"`
		valueJSON
	}
	cardinalityJSON struct {
		Min int  `json:"min"`
		Max *int `json:"max,omitempty"` // absent: many
	}
	valueJSON struct {
		Value   *constraintJSON  `json:"value,omitempty"`
		Number  *string          `json:"numericValue,omitempty"` // a text, so that no digit is lost
		Boolean *bool            `json:"booleanValue,omitempty"`
		Terms   []searchTermJSON `json:"searchTerms,omitempty"`
	}
	searchTermJSON struct {
		Type string `json:"type,omitempty"`
		Text string `json:"text"`
	}
)

// MarshalJSON returns the JSON form of the expression, which is described at the
// top of json.go. Positions are not part of it.
func (e *Expression) MarshalJSON() ([]byte, error) {
	return json.Marshal(constraintToJSON(e.Constraint))
}

// UnmarshalJSON reads the JSON form. It accepts exactly what Parse can return: the
// expression is printed and parsed, and has to come back the same, so that limits,
// identifiers and texts are checked in one place. Brackets without an effect are
// taken away as in Parse. Every error is of kind Invalid or TooCostly.
func (e *Expression) UnmarshalJSON(data []byte) error {
	const op = "ecl.UnmarshalJSON"
	invalid := func(err error) error {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var in *constraintJSON
	if err := d.Decode(&in); err != nil {
		return invalid(err)
	}
	r := &jsonReader{}
	c := r.constraint(in)
	if r.err != nil {
		return invalid(r.err)
	}
	if s, ok := c.(*SubExpressionConstraint); ok {
		c = unwrap(s)
	}
	read := &Expression{Constraint: c}
	parsed, err := Parse(read.String())
	if err != nil {
		return &terminology.Error{Op: op, Kind: terminology.KindOf(err), Err: err}
	}
	forgetPositions(parsed)
	if !reflect.DeepEqual(parsed, read) {
		return invalid(fmt.Errorf("a text or a term in it cannot be written in ECL: %s", read))
	}
	*e = *read
	return nil
}

func forgetPositions(e *Expression) {
	Walk(e, func(n Node) bool {
		switch n := n.(type) {
		case *ConceptReference:
			n.Position = Position{}
		case *AlternateIdentifier:
			n.Position = Position{}
		case *Dialect:
			n.Position = Position{}
		}
		return true
	})
}

// jsonReader makes nodes of JSON. After the first fault it goes on, and the nodes
// are not to be used.
type jsonReader struct{ err error }

func (r *jsonReader) fail(what string) {
	if r.err == nil {
		r.err = errors.New(what)
	}
}

// name returns the value of an enumeration by its name.
func name[T ~uint8](r *jsonReader, table []spelling, s string) T {
	for i := range table {
		if table[i].name == s {
			return T(i)
		}
	}
	r.fail(fmt.Sprintf("%q is none of the words that may stand there", s))
	return 0
}

func (r *jsonReader) id(s string) snomed.ID { return r.identifier(s, 6) }

// identifier reads a number of least to 18 digits.
func (r *jsonReader) identifier(s string, least int) snomed.ID {
	p := &parser{s: s}
	id, ok := p.identifier("", least)
	if !ok || p.pos != len(s) || s[0] < '0' {
		r.fail(fmt.Sprintf("%q is not an identifier of %d to 18 digits", s, least))
	}
	return id
}
