package ecl

import "strconv"

// refinement = subRefinement *(operator subRefinement)
func (p *parser) refinement() *Refinement {
	first, ok := p.subRefinement()
	if !ok {
		return nil
	}
	op, all, ok := series(p, first, Disjunction, p.subRefinement)
	if !ok {
		return nil
	}
	return &Refinement{Operator: op, Operands: all}
}

// subRefinement = attribute / group / "(" refinement ")"
func (p *parser) subRefinement() (SubRefinement, bool) {
	if p.at() == '(' && !p.isAttributeName() {
		if !p.enter() {
			return nil, false
		}
		defer p.leave()
		p.pos++
		r := p.refinement()
		if r == nil || !p.accept(")") {
			return nil, false
		}
		return simplifyRefinement(r), true
	}
	c, ok := p.cardinality()
	if !ok {
		return nil, false
	}
	if p.peek("{") && !p.peek("{{") {
		p.pos++
		s := p.attributeSet()
		if s == nil || !p.accept("}") {
			return nil, false
		}
		return &AttributeGroup{Cardinality: c, Set: s}, true
	}
	p.want(`"{"`)
	a := p.attribute(c)
	return a, a != nil
}

// attributeSet = subAttributeSet *(operator subAttributeSet)
func (p *parser) attributeSet() *AttributeSet {
	first, ok := p.subAttributeSet()
	if !ok {
		return nil
	}
	op, all, ok := series(p, first, Disjunction, p.subAttributeSet)
	if !ok {
		return nil
	}
	return &AttributeSet{Operator: op, Operands: all}
}

// subAttributeSet = attribute / "(" attributeSet ")"
func (p *parser) subAttributeSet() (SubAttributeSet, bool) {
	if p.at() == '(' && !p.isAttributeName() {
		if !p.enter() {
			return nil, false
		}
		defer p.leave()
		p.pos++
		s := p.attributeSet()
		if s == nil || !p.accept(")") {
			return nil, false
		}
		return simplifyAttributeSet(s), true
	}
	c, ok := p.cardinality()
	if !ok {
		return nil, false
	}
	a := p.attribute(c)
	return a, a != nil
}

// isAttributeName reports whether the bracket that is next holds the name of an
// attribute and not conditions: then a comparison or a filter follows it.
func (p *parser) isAttributeName() bool {
	m := p.mark()
	end := p.closing(p.pos)
	if end < 0 {
		return false
	}
	p.pos = end + 1
	name := false
	switch p.at() {
	case '=', '!', '<', '>', '{':
		name = true
	default:
		name = p.keyword("not")
	}
	p.restore(m)
	return name
}

// cardinality = "[" min (".." / "to") max "]", nil without one.
func (p *parser) cardinality() (*Cardinality, bool) {
	if !p.accept("[") {
		return nil, true
	}
	c := &Cardinality{}
	ok := false
	if c.Min, ok = p.integer(); !ok {
		p.want("a number")
		return nil, false
	}
	if !p.keyword("to") && !p.accept("..") {
		return nil, false
	}
	switch {
	case p.at() == '*':
		p.pos++
		c.Max = Many
	case p.keyword("many"):
		c.Max = Many
	default:
		if c.Max, ok = p.integer(); !ok {
			p.want("a number", `"*"`)
			return nil, false
		}
	}
	return c, p.accept("]")
}

// integer reads a number without a sign or leading zeros, below 2^31.
func (p *parser) integer() (int, bool) {
	p.skip()
	n := digits(p.s[p.pos:])
	i, err := strconv.ParseInt(p.s[p.pos:p.pos+n], 10, 32)
	if err != nil || n > 1 && p.s[p.pos] == '0' {
		return 0, false
	}
	p.pos += n
	return int(i), true
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// attribute = [reverseFlag] name comparison value
func (p *parser) attribute(c *Cardinality) *Attribute {
	a := &Attribute{Cardinality: c}
	if a.Reverse = p.flag() || p.keyword("reverseof"); !a.Reverse {
		p.want(`"R"`)
	}
	if a.Name = p.subExpressionConstraint(); a.Name == nil {
		return nil
	}
	ok := false
	if a.Comparison, ok = p.comparison(GreaterOrEqual); !ok {
		return nil
	}
	if a.Value = p.value(a.Comparison, false); a.Value == nil {
		return nil
	}
	return a
}

// comparison reads a comparison operator, up to last.
func (p *parser) comparison(last Comparison) (Comparison, bool) {
	p.skip()
	for _, op := range [...]struct {
		symbol string
		is     Comparison
	}{{"=", Equal}, {"!=", NotEqual}, {"<>", NotEqual}, {"<=", LessOrEqual}, {"<", Less}, {">=", GreaterOrEqual}, {">", Greater}} {
		if op.is <= last && p.peek(op.symbol) {
			p.pos += len(op.symbol)
			return op.is, true
		}
	}
	if p.keyword("not") {
		return NotEqual, p.accept("=")
	}
	for c := Equal; c <= last; c++ {
		p.want(quoted(comparisons[c].symbol))
	}
	return 0, false
}
