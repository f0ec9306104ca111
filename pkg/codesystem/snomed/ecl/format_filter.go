package ecl

import "strings"

// filterNode prints the nodes of filter.go.
func (p *printer) filterNode(n Node) {
	switch n := n.(type) {
	case *FilterConstraint:
		p.write("{{ ", symbol(domains[:], n.Domain), " ")
		for i, f := range n.Filters {
			if i > 0 {
				p.write(", ")
			}
			p.node(f)
		}
		p.write(" }}")
	case *HistorySupplement:
		p.write("{{ + HISTORY", symbol(historyProfiles[:], n.Profile))
		if n.Subset != nil {
			p.write(" ")
			p.enclosed("(", n.Subset, ")", false)
		}
		p.write(" }}")
	case *TermFilter:
		p.comparison("term", n.Comparison)
		p.searchTerms(n.Terms)
	case *LanguageFilter:
		p.comparison("language", n.Comparison)
		p.set(n.Languages)
	case *TypeTokenFilter:
		p.comparison("type", n.Comparison)
		p.set(symbols(typeTokens[:], n.Types))
	case *TypeIDFilter:
		p.comparison("typeId", n.Comparison)
		p.sub(n.Types)
	case *DialectFilter:
		p.dialects(n)
	case *Dialect:
		p.dialect(n)
	case *ModuleFilter:
		p.comparison("moduleId", n.Comparison)
		p.sub(n.Modules)
	case *EffectiveTimeFilter:
		p.comparison("effectiveTime", n.Comparison)
		var times []string
		for _, t := range n.Times {
			times = append(times, quoted(t))
		}
		p.set(times)
	case *ActiveFilter:
		p.comparison("active", n.Comparison)
		p.write(symbol(activeValues[:], n.Value))
	case *DescriptionIDFilter:
		p.comparison("id", n.Comparison)
		var ids []string
		for _, id := range n.IDs {
			ids = append(ids, id.String())
		}
		p.set(ids)
	case *DefinitionStatusTokenFilter:
		p.comparison("definitionStatus", n.Comparison)
		p.set(symbols(definitionStatusTokens[:], n.Statuses))
	case *DefinitionStatusIDFilter:
		p.comparison("definitionStatusId", n.Comparison)
		p.sub(n.Statuses)
	case *MemberFieldFilter:
		p.comparison(n.Field, n.Comparison)
		p.value(n.Value)
	}
}

func (p *printer) comparison(keyword string, c Comparison) {
	p.write(keyword, " ", c.String(), " ")
}

// set prints one item as it is, and others in brackets.
func (p *printer) set(items []string) {
	if len(items) == 1 {
		p.write(items[0])
		return
	}
	p.write("(", strings.Join(items, " "), ")")
}

func symbols[T ~uint8](table []spelling, values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, symbol(table, v))
	}
	return out
}

func (p *printer) dialects(f *DialectFilter) {
	keyword := "dialect"
	if f.ByID {
		keyword = "dialectId"
	}
	p.comparison(keyword, f.Comparison)
	if len(f.Dialects) != 1 {
		p.write("(")
	}
	for i, d := range f.Dialects {
		if i > 0 {
			p.write(" ")
		}
		p.dialect(d)
	}
	if len(f.Dialects) != 1 {
		p.write(")")
	}
}

func (p *printer) dialect(d *Dialect) {
	if d.Refsets != nil {
		p.sub(d.Refsets)
	} else {
		p.write(d.Alias)
	}
	switch {
	case len(d.AcceptabilityIDs) > 0:
		p.write(" (")
		for i, r := range d.AcceptabilityIDs {
			if i > 0 {
				p.write(" ")
			}
			p.node(r)
		}
		p.write(")")
	case len(d.Acceptability) > 0:
		p.write(" (", strings.Join(symbols(acceptabilityTokens[:], d.Acceptability), " "), ")")
	}
}
