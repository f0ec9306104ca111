package ecl

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// filterConstraints reads what follows a focus in "{{ }}": member filters, then
// description and concept filters, then one history supplement.
func (p *parser) filterConstraints(s *SubExpressionConstraint) bool {
	for p.accept("{{") {
		if p.at() == '+' {
			p.pos++
			s.History = p.historySupplement()
			return s.History != nil
		}
		f := &FilterConstraint{}
		if !p.domain(f, len(s.Filters) > 0) {
			return false
		}
		for more := true; more; more = p.accept(",") {
			one := p.filter(f.Domain)
			if one == nil {
				return false
			}
			f.Filters = append(f.Filters, one)
		}
		if !p.accept("}}") {
			return false
		}
		if f.Domain == MemberDomain {
			s.MemberFilters = append(s.MemberFilters, f)
		} else {
			s.Filters = append(s.Filters, f)
		}
	}
	return true
}

// domain reads the letter of a domain, which descriptions need not have.
func (p *parser) domain(f *FilterConstraint, last bool) bool {
	start := p.mark()
	for d := DescriptionDomain; d <= MemberDomain; d++ {
		if !p.keyword(domains[d].words[0]) {
			continue
		}
		if f.Domain = d; d == MemberDomain && last {
			p.restore(start)
			p.skip()
			p.want(`"D"`, `"C"`, `"+"`)
			p.hint("member filters come before description and concept filters")
			return false
		}
		return true
	}
	p.want(`"D"`, `"C"`)
	if !last {
		p.want(`"M"`)
	}
	p.want(`"+"`)
	return true
}

// filterKeywords are the filters of each domain; a member has its fields as well.
var filterKeywords = [...][]string{
	DescriptionDomain: {"term", "language", "type", "typeId", "dialect", "dialectId", "moduleId", "effectiveTime", "active", "id"},
	ConceptDomain:     {"definitionStatus", "definitionStatusId", "moduleId", "effectiveTime", "active"},
	MemberDomain:      {"moduleId", "effectiveTime", "active"},
}

// earlierKeywords are filters of descriptions that came before dialectId and mean the
// same, with this acceptability, or any.
var earlierKeywords = []struct {
	word   string
	accept []AcceptabilityToken
}{{"languageRefSetId", nil}, {"acceptableIn", []AcceptabilityToken{Acceptable}}, {"preferredIn", []AcceptabilityToken{Preferred}}}

// filter reads one filter of a domain, nil when it is none.
func (p *parser) filter(d Domain) Filter {
	for _, k := range filterKeywords[d] {
		if p.keyword(strings.ToLower(k)) {
			if f, ok := p.filterOf(k); ok {
				return f
			}
			return nil
		}
	}
	if d == MemberDomain {
		return p.memberField()
	}
	for _, k := range earlierKeywords {
		if d == DescriptionDomain && p.keyword(strings.ToLower(k.word)) {
			return p.earlierDialect(k.accept)
		}
	}
	for _, k := range filterKeywords[d] {
		p.want(quoted(k))
	}
	for _, k := range filterKeywords[ConceptDomain][:2] {
		if d == DescriptionDomain && strings.EqualFold(p.word(), k) {
			p.hint(k + " is a concept filter: {{ C " + k + " = ... }}")
		}
	}
	return nil
}

// filterOf reads what follows the keyword of a filter.
func (p *parser) filterOf(keyword string) (Filter, bool) {
	last := NotEqual
	if keyword == "effectiveTime" {
		last = GreaterOrEqual
	}
	c, ok := p.comparison(last)
	if !ok {
		return nil, false
	}
	switch keyword {
	case "term":
		return p.termFilter(c)
	case "language":
		l, ok := list(p, p.language)
		return &LanguageFilter{Comparison: c, Languages: l}, ok
	case "type":
		t, ok := tokens[TypeToken](p, typeTokens[:])
		return &TypeTokenFilter{Comparison: c, Types: t}, ok
	case "typeId":
		s := p.concepts()
		return &TypeIDFilter{Comparison: c, Types: s}, s != nil
	case "dialect", "dialectId":
		f := &DialectFilter{Comparison: c, ByID: keyword == "dialectId"}
		return f, p.dialects(f)
	case "moduleId":
		s := p.concepts()
		return &ModuleFilter{Comparison: c, Modules: s}, s != nil
	case "effectiveTime":
		t, ok := list(p, p.time)
		return &EffectiveTimeFilter{Comparison: c, Times: t}, ok
	case "active":
		v, ok := token[ActiveValue](p, activeValues[:])
		return &ActiveFilter{Comparison: c, Value: v}, ok
	case "id":
		ids, ok := list(p, func() (snomed.ID, bool) { return p.identifier("a description id", 1) })
		return &DescriptionIDFilter{Comparison: c, IDs: ids}, ok
	case "definitionStatus":
		s, ok := tokens[DefinitionStatusToken](p, definitionStatusTokens[:])
		return &DefinitionStatusTokenFilter{Comparison: c, Statuses: s}, ok
	}
	s := p.concepts()
	return &DefinitionStatusIDFilter{Comparison: c, Statuses: s}, s != nil
}

// earlierDialect reads what follows an earlier keyword: a filter by dialectId.
func (p *parser) earlierDialect(accept []AcceptabilityToken) Filter {
	c, ok := p.comparison(NotEqual)
	if !ok {
		return nil
	}
	refsets := p.concepts()
	if refsets == nil {
		return nil
	}
	return &DialectFilter{Comparison: c, ByID: true, Dialects: []*Dialect{{Refsets: refsets, Acceptability: accept}}}
}

func (p *parser) termFilter(c Comparison) (Filter, bool) {
	p.skip()
	m := p.mark()
	terms, ok := p.searchTerms(false)
	if !ok {
		return nil, false
	}
	for _, t := range terms {
		if t.Type <= MatchSearch && strings.Trim(t.Text, blanks) == "" {
			p.restore(m)
			p.failed = failure{pos: m.pos, want: []string{"a text with a word"}}
			return nil, false
		}
	}
	return &TermFilter{Comparison: c, Terms: defaultMatch(terms)}, true
}

// memberField = field comparison value
func (p *parser) memberField() Filter {
	for _, k := range filterKeywords[MemberDomain] {
		p.want(quoted(k))
	}
	f := &MemberFieldFilter{}
	ok := false
	if f.Field, ok = p.fieldName(); !ok {
		return nil
	}
	if f.Comparison, ok = p.comparison(GreaterOrEqual); !ok {
		return nil
	}
	if f.Value = p.value(f.Comparison, true); f.Value == nil {
		return nil
	}
	return f
}

// list reads one item, or one or more in brackets.
func list[T any](p *parser, item func() (T, bool)) ([]T, bool) {
	set := p.at() == '('
	if set {
		p.pos++
	}
	var all []T
	for {
		one, ok := item()
		if !ok {
			return nil, false
		}
		all = append(all, one)
		if !set {
			return all, true
		}
		if p.peek(")") {
			p.pos++
			return all, true
		}
		p.want(`")"`)
	}
}

func tokens[T ~uint8](p *parser, table []spelling) ([]T, bool) {
	return list(p, func() (T, bool) { return token[T](p, table) })
}

// token reads one of the words of an enumeration.
func token[T ~uint8](p *parser, table []spelling) (T, bool) {
	p.skip()
	n := len(wordAt(p.s[p.pos:]))
	if n == 0 && p.pos < len(p.s) {
		n = 1
	}
	for i, s := range table {
		for _, w := range s.words {
			if strings.EqualFold(w, p.s[p.pos:p.pos+n]) {
				p.pos += n
				return T(i), true
			}
		}
	}
	for _, s := range table {
		p.want(quoted(s.words[0]))
	}
	return 0, false
}

func (p *parser) language() (string, bool) {
	w := p.word()
	if len(w) != 2 || strings.ContainsAny(w, "-_0123456789") {
		p.want("a language code of two letters")
		return "", false
	}
	p.pos += 2
	return strings.ToLower(w), true
}

// time = a date "YYYYMMDD", or "" for none.
func (p *parser) time() (string, bool) {
	p.skip()
	rest := p.s[p.pos:]
	if strings.HasPrefix(rest, `""`) {
		p.pos += 2
		return "", true
	}
	if len(rest) >= 10 && rest[0] == '"' && rest[9] == '"' && isDate(rest[1:9]) {
		p.pos += 10
		return rest[1:9], true
	}
	if len(rest) >= 8 && isDate(rest[:8]) && (len(rest) == 8 || !isDigit(rest[8])) { // without its quotes
		p.pos += 8
		return rest[:8], true
	}
	p.want(`a date "YYYYMMDD"`, `""`)
	return "", false
}

func isDate(s string) bool {
	month, day := s[4:6], s[6:]
	return digits(s) == 8 && s[0] != '0' && "01" <= month && month <= "12" && "01" <= day && day <= "31"
}

// concepts = subExpressionConstraint / "(" 2*conceptReference ")". A set of
// references is read as their disjunction, which it is.
func (p *parser) concepts() *SubExpressionConstraint {
	if p.at() != '(' {
		return p.subExpressionConstraint()
	}
	m := p.mark()
	p.pos++
	var all []*SubExpressionConstraint
	for isDigit(p.at()) {
		r := p.conceptReference()
		if r == nil {
			return nil
		}
		all = append(all, &SubExpressionConstraint{Focus: r})
	}
	if len(all) > 1 && p.accept(")") {
		return bare(&CompoundExpressionConstraint{Operator: Disjunction, Operands: all})
	}
	if len(all) > 1 {
		p.want("a concept id")
		return nil
	}
	p.restore(m)
	return p.subExpressionConstraint()
}

// historySupplement = "HISTORY" [profile / "(" expressionConstraint ")"] "}}"
func (p *parser) historySupplement() *HistorySupplement {
	profile, ok := token[HistoryProfile](p, historyProfiles[:])
	if !ok {
		return nil
	}
	h := &HistorySupplement{Profile: profile}
	if profile == NoProfile && p.peek("(") {
		p.pos++
		if h.Subset = p.expressionConstraint(); h.Subset == nil || !p.accept(")") {
			return nil
		}
	}
	if !p.accept("}}") {
		return nil
	}
	return h
}
