package ecl

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Limits of what is parsed. Past them Parse fails with terminology.TooCostly.
const (
	MaxLength = 1 << 20 // bytes of an expression
	MaxDepth  = 200     // brackets in brackets
)

// Parse reads an expression constraint in the brief or the long syntax, or a
// mixture. A text that is none is an error of kind Invalid whose cause is a
// *SyntaxError. Whether the concepts exist is for an evaluator to tell.
func Parse(s string) (*Expression, error) {
	const op = "ecl.Parse"
	if len(s) > MaxLength {
		return nil, &terminology.Error{Op: op, Kind: terminology.TooCostly,
			Err: fmt.Errorf("an expression of %d bytes; the limit is %d", len(s), MaxLength)}
	}
	p := &parser{s: s, counted: counted{at: Position{1, 1}}}
	c := p.expressionConstraint()
	if c == nil {
		return nil, p.syntaxError(op)
	}
	if p.at() != 0 || p.pos < len(s) {
		p.want("end of expression")
		return nil, p.syntaxError(op)
	}
	return &Expression{Constraint: c}, nil
}

// expressionConstraint = refined / compound / dotted / subExpressionConstraint
func (p *parser) expressionConstraint() ExpressionConstraint {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	first := p.subExpressionConstraint()
	if first == nil {
		return nil
	}
	if p.accept(":") {
		if r := p.refinement(); r != nil {
			return &RefinedExpressionConstraint{Focus: first, Refinement: r}
		}
		return nil
	}
	if p.peek(".") {
		return p.dotted(first)
	}
	p.want(`"."`)
	op, all, ok := series(p, first, Exclusion, p.sub)
	if !ok {
		return nil
	}
	if len(all) == 1 {
		return unwrap(first)
	}
	return &CompoundExpressionConstraint{Operator: op, Operands: all}
}

func (p *parser) sub() (*SubExpressionConstraint, bool) {
	s := p.subExpressionConstraint()
	return s, s != nil
}

func (p *parser) dotted(focus *SubExpressionConstraint) ExpressionConstraint {
	d := &DottedExpressionConstraint{Focus: focus}
	for p.accept(".") {
		a := p.subExpressionConstraint()
		if a == nil {
			return nil
		}
		d.Attributes = append(d.Attributes, a)
	}
	return d
}

// series reads operands that one operator joins. Operators up to last are
// possible; Exclusion joins two only.
func series[T any](p *parser, first T, last LogicalOperator, next func() (T, bool)) (LogicalOperator, []T, bool) {
	all := []T{first}
	op, ok := p.logicalOperator(Conjunction, last)
	if !ok {
		return Conjunction, all, true
	}
	for {
		operand, ok := next()
		if !ok {
			return op, nil, false
		}
		all = append(all, operand)
		if op == Exclusion {
			break
		}
		if _, ok := p.logicalOperator(op, op); !ok {
			break
		}
	}
	if p.isOperator() {
		p.hint("without brackets one operator joins all operands, and MINUS two")
	}
	return op, all, true
}

// logicalOperator reads one of the operators from first to last.
func (p *parser) logicalOperator(first, last LogicalOperator) (LogicalOperator, bool) {
	p.skip()
	for op := first; op <= last; op++ {
		if op == Conjunction && p.peek(",") {
			p.pos++
			return op, true
		}
		if p.keyword(logicalOperators[op].words[0]) {
			return op, true
		}
	}
	for op := first; op <= last; op++ {
		p.want(quoted(logicalOperators[op].symbol))
	}
	return 0, false
}

// isOperator reports whether a logical operator is next.
func (p *parser) isOperator() bool {
	w := p.word()
	return p.peek(",") || strings.EqualFold(w, "and") || strings.EqualFold(w, "or") || strings.EqualFold(w, "minus")
}

// subExpressionConstraint = [constraintOperator] [refsetOperator] focus
// *memberFilter *(descriptionFilter / conceptFilter) [historySupplement]
func (p *parser) subExpressionConstraint() *SubExpressionConstraint {
	s := &SubExpressionConstraint{Operator: p.constraintOperator()}
	ok := true
	if s.Refset, ok = p.refsetOperator(); !ok {
		return nil
	}
	if s.Focus = p.focus(s); s.Focus == nil || !p.filterConstraints(s) {
		return nil
	}
	return collapse(s)
}

func (p *parser) constraintOperator() ConstraintOperator {
	c := p.at()
	if c == '<' || c == '>' || c == '!' {
		for _, op := range [...]ConstraintOperator{ChildOrSelfOf, DescendantOrSelfOf, ChildOf, DescendantOf,
			ParentOrSelfOf, AncestorOrSelfOf, ParentOf, AncestorOf, Top, Bottom} {
			if p.peek(constraintOperators[op].symbol) {
				p.pos += len(constraintOperators[op].symbol)
				return op
			}
		}
	}
	if isLetter(c) {
		for op := DescendantOf; op <= Bottom; op++ {
			if p.keyword(constraintOperators[op].words[0]) {
				return op
			}
		}
	}
	return NoOperator
}

// refsetOperator = "^R" / "^" ["[" ("*" / fields) "]"], nil without one.
func (p *parser) refsetOperator() (*RefsetOperator, bool) {
	switch {
	case p.peek("^"):
		p.pos++
		if p.pos < len(p.s) && p.s[p.pos] == 'R' && p.flag() {
			return &RefsetOperator{ContainingAny: true}, true
		}
	case p.keyword("refsetcontainingany"):
		return &RefsetOperator{ContainingAny: true}, true
	case !p.keyword("memberof"):
		return nil, true
	}
	r := &RefsetOperator{}
	if !p.accept("[") {
		return r, true
	}
	if p.wildCard() {
		r.AllFields = true
		return r, p.accept("]")
	}
	for {
		f, ok := p.fieldName()
		if !ok {
			return nil, false
		}
		r.Fields = append(r.Fields, f)
		if !p.accept(",") {
			return r, p.accept("]")
		}
	}
}

func (p *parser) fieldName() (string, bool) {
	w := p.word()
	if w == "" || strings.ContainsAny(w, "-_") {
		p.want("the name of a reference set field")
		return "", false
	}
	p.pos += len(w)
	return w, true
}

func (p *parser) wildCard() bool {
	if p.at() == '*' {
		p.pos++
		return true
	}
	return p.keyword("any")
}

// focus = conceptReference / wildCard / altIdentifier / "(" expressionConstraint ")"
func (p *parser) focus(s *SubExpressionConstraint) Focus {
	switch c := p.at(); {
	case c == '(':
		p.pos++
		e := p.expressionConstraint()
		if e == nil || !p.accept(")") {
			return nil
		}
		return &Nested{Constraint: e}
	case p.wildCard():
		return &WildCard{}
	case isDigit(c):
		if r := p.conceptReference(); r != nil {
			return r
		}
		return nil
	case c == '"' || isLetter(c) && p.isScheme(wordAt(p.s[p.pos:])):
		if a := p.alternateIdentifier(); a != nil {
			return a
		}
		return nil
	}
	if s.Operator == NoOperator && s.Refset == nil {
		p.want(`an operator such as "<<"`)
	}
	if s.Refset == nil {
		p.want(`"^"`)
	}
	p.want("a concept id", `"*"`, `"("`)
	return nil
}
