package ecl

import "strings"

// dialects reads the dialects of a filter and their acceptability. One without
// brackets has its own; after brackets, or after an expression, it is everyone's.
func (p *parser) dialects(f *DialectFilter) bool {
	ok, common := false, p.at() == '(' || f.ByID
	switch {
	case !f.ByID:
		f.Dialects, ok = list(p, p.dialectAlias)
	case p.isDialectSet():
		f.Dialects, ok = list(p, p.dialectID)
	default:
		d := &Dialect{Refsets: p.subExpressionConstraint()}
		f.Dialects, ok = []*Dialect{d}, d.Refsets != nil
	}
	if !ok || !common {
		return ok
	}
	all := &Dialect{}
	if !p.acceptability(all) {
		return false
	}
	for _, d := range f.Dialects {
		if d.Acceptability == nil && d.AcceptabilityIDs == nil {
			d.Acceptability, d.AcceptabilityIDs = all.Acceptability, all.AcceptabilityIDs
		}
	}
	return true
}

func (p *parser) dialectID() (*Dialect, bool) {
	r := p.conceptReference()
	if r == nil {
		return nil, false
	}
	d := &Dialect{Refsets: &SubExpressionConstraint{Focus: r}}
	return d, p.acceptability(d)
}

// isDialectSet reports whether a set of references is next: a bracket in which a
// second reference or an acceptability follows the first.
func (p *parser) isDialectSet() bool {
	p.skip()
	m := p.mark()
	defer p.restore(m)
	if p.at() != '(' {
		return false
	}
	p.pos++
	if !isDigit(p.at()) || p.conceptReference() == nil {
		return false
	}
	return isDigit(p.at()) || p.at() == '('
}

func (p *parser) dialectAlias() (*Dialect, bool) {
	p.skip()
	at := p.position(p.pos)
	w := p.word()
	if w == "" || strings.Contains(w, "_") {
		p.want("a dialect such as en-gb")
		return nil, false
	}
	p.pos += len(w)
	d := &Dialect{Alias: strings.ToLower(w), Position: at}
	return d, p.acceptability(d)
}

// acceptability = "(" 1*(conceptReference / token) ")" when it is there.
func (p *parser) acceptability(d *Dialect) bool {
	if !p.peek("(") {
		p.want(`"("`)
		return true
	}
	m := p.mark()
	p.pos++
	byID := isDigit(p.at())
	p.restore(m)
	ok := false
	if byID {
		d.AcceptabilityIDs, ok = list(p, func() (*ConceptReference, bool) {
			r := p.conceptReference()
			return r, r != nil
		})
		return ok
	}
	d.Acceptability, ok = tokens[AcceptabilityToken](p, acceptabilityTokens[:])
	return ok
}
