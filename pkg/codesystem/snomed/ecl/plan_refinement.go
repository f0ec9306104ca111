package ecl

// refined plans a focus with conditions.
func (pl *planner) refined(c *RefinedExpressionConstraint, text string) operand {
	focus := pl.sub(c.Focus)
	where := pl.refinement(c.Refinement)
	r := &refined{about: pl.part("refinement", text, focus, where), focus: focus, where: where}
	f, w := focus.info(), where.info()
	r.size = min(f.size, w.size)
	r.make = f.make + w.make + 500
	r.test = f.test + w.test
	return r
}

func (pl *planner) refinement(r *Refinement) condition {
	conditions := make([]condition, len(r.Operands))
	kids := make([]interface{ info() *about }, len(r.Operands))
	for i, o := range r.Operands {
		switch o := o.(type) {
		case *Attribute:
			conditions[i] = pl.attributeOf(o)
		case *AttributeGroup:
			conditions[i] = pl.group(o)
		default:
			conditions[i] = pl.refinement(o.(*Refinement))
		}
		kids[i] = conditions[i]
	}
	if len(conditions) == 1 {
		return conditions[0]
	}
	j := newJoined(pl.part(logicalOperators[r.Operator].name, canonical(r), kids...), r.Operator, conditions)
	j.clamp()
	return j
}

// attributeOf plans a condition on an attribute.
func (pl *planner) attributeOf(x *Attribute) *attribute {
	a := &attribute{bounds: boundsOf(x.Cardinality), reverse: x.Reverse}
	pl.name(a, x.Name)
	a.match = anyValue{}
	if x.Reverse {
		pl.reversed(a, x)
	} else {
		a.match = pl.matcher(x)
	}
	kids := []interface{ info() *about }{}
	if a.source != nil {
		kids = append(kids, a.source)
	} else {
		kids = append(kids, a.match)
	}
	if a.code == "" && !a.anyName {
		kids = append(kids, a.name)
	}
	a.about = pl.part("attribute", canonical(x), kids...)
	pl.cost(a)
	a.clamp()
	return a
}

// name plans the name of an attribute. Of one concept the code is compared, so that
// an attribute that the release has no concept for is found too.
func (pl *planner) name(a *attribute, s *SubExpressionConstraint) {
	pl.checkAttribute(s)
	a.name = pl.sub(s)
	switch n := a.name.(type) {
	case *everything:
		a.anyName = true
	case *concept:
		a.code = n.code
	}
}

// reversed plans what the sources of a reverse attribute are. A number or a text is no
// source of anything.
func (pl *planner) reversed(a *attribute, x *Attribute) {
	s, ok := x.Value.(*SubExpressionConstraint)
	if !ok {
		a.match = noValue{}
		return
	}
	a.source, a.other = pl.sub(s), x.Comparison == NotEqual
	if _, any := a.source.(*everything); !any {
		return
	}
	if a.other {
		a.match = noValue{}
	}
	a.source, a.other = nil, false
}

// matcher plans the value of an attribute.
func (pl *planner) matcher(x *Attribute) matcher {
	other := x.Comparison == NotEqual
	switch v := x.Value.(type) {
	case *SubExpressionConstraint:
		of := pl.sub(v)
		if _, any := of.(*everything); any {
			if other {
				return noValue{}
			}
			return anyValue{}
		}
		return &conceptValue{of: of, other: other}
	case NumericValue:
		n, _ := parseDecimal(string(v))
		return &numberValue{comparison: x.Comparison, number: n}
	case BooleanValue:
		return &boolValue{text: boolText(bool(v) != other)}
	}
	return &textValue{terms: searchTerms(x.Value.(TypedSearchTermSet), false), other: other}
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func searchTerms(all TypedSearchTermSet, ofDescription bool) []searchTerm {
	terms := make([]searchTerm, len(all))
	for i, t := range all {
		terms[i] = newSearchTerm(t, ofDescription)
	}
	return terms
}

// cost estimates an attribute from the postings of its types.
func (pl *planner) cost(a *attribute) {
	total := 0
	types := pl.p.AttributeTypes()
	if a.code != "" || a.anyName {
		a.fixed = typeMask{has: make([]bool, len(types))}
		add := func(i int) {
			if a.match.kind(&types[i]) && !(a.reverse && types[i].Text) {
				a.fixed.list = append(a.fixed.list, i)
				a.fixed.has[i] = true
				total += pl.e.weight[i]
			}
		}
		if a.anyName {
			for i := range types {
				add(i)
			}
		} else {
			for _, i := range pl.e.types[a.code] {
				add(i)
			}
		}
	} else {
		for _, n := range pl.e.weight {
			total += n / 4
		}
		a.test += 50
	}
	a.size = min(total, pl.p.Len())
	a.make = int64(total) + 2000
	a.test += 30
	of := a.match.info()
	if a.source != nil {
		of = a.source.info()
		a.test += 20 * of.test
		a.make += of.make
	} else if of != nil {
		a.test += 3 * of.test
		a.make += of.make
		if share := float64(of.size) * 10 / float64(1+pl.p.Len()); share < 1 {
			a.size = int(float64(a.size) * share)
		}
	}
	if a.min == 0 { // met by what does not have it
		a.size = pl.p.Len()
	}
}

// group plans conditions in braces.
func (pl *planner) group(x *AttributeGroup) *group {
	g := &group{bounds: boundsOf(x.Cardinality)}
	var kids []interface{ info() *about }
	g.set = pl.grouped(x.Set, g)
	for _, a := range g.leaves {
		kids = append(kids, a)
	}
	g.about = pl.part("group", canonical(x), kids...)
	for i, a := range g.leaves {
		g.make += a.make
		g.test += a.test
		if i == 0 || a.size < g.size {
			g.size = a.size
		}
	}
	g.make += int64(g.size) * 20
	g.test += 20
	if g.min == 0 {
		g.size = pl.p.Len()
	}
	g.clamp()
	return g
}

func (pl *planner) grouped(s *AttributeSet, g *group) *grouped {
	all := make([]*grouped, len(s.Operands))
	for i, o := range s.Operands {
		if a, ok := o.(*Attribute); ok {
			leaf := pl.attributeOf(a)
			g.leaves = append(g.leaves, leaf)
			all[i] = &grouped{attribute: leaf}
			continue
		}
		all[i] = pl.grouped(o.(*AttributeSet), g)
	}
	if len(all) == 1 {
		return all[0]
	}
	return &grouped{operator: s.Operator, join: all}
}
