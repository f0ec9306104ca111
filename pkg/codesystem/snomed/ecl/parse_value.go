package ecl

import (
	"strings"
	"unicode/utf8"
)

// value reads what an attribute, or a member field, is compared with. The order
// of numbers and, in members, times can be asked for; texts and sets only equal.
func (p *parser) value(c Comparison, member bool) Value {
	ordered := c >= Less
	switch next := p.at(); {
	case next == '#':
		return p.number()
	case ordered && member && next == '"':
		if t, ok := p.time(); ok {
			return TypedSearchTermSet{{Text: t}}
		}
		return nil
	case ordered:
		p.want(`"#" and a number`)
		if member {
			p.want(`a date "YYYYMMDD"`)
		}
		return nil
	case next == '"' || next == '(' || isLetter(next):
		if v, ok := p.plainValue(member); ok {
			return v
		}
		if p.limit != nil {
			return nil
		}
	}
	p.want(`"#" and a number`, "a text", `"true"`, `"false"`)
	if s := p.subExpressionConstraint(); s != nil {
		return s
	}
	return nil
}

// plainValue reads a boolean, a text or texts in brackets. What is none of these
// stays unread: a text before "|" or "{{", or in brackets with something else, is
// an alternate identifier.
func (p *parser) plainValue(empty bool) (Value, bool) {
	if p.keyword("true") {
		return BooleanValue(true), true
	}
	if p.keyword("false") {
		return BooleanValue(false), true
	}
	m := p.mark()
	terms, ok := p.searchTerms(empty)
	if ok && !p.peek("|") && !p.peek("{{") {
		return terms, true
	}
	p.restore(m)
	return nil, false
}

// number = "#" ["-" / "+"] integer ["." digits]; nil when it is none.
func (p *parser) number() Value {
	p.pos++
	start, sign := p.pos, ""
	if p.pos < len(p.s) && (p.s[p.pos] == '-' || p.s[p.pos] == '+') {
		sign = strings.Trim(p.s[p.pos:p.pos+1], "+")
		p.pos++
	}
	from := p.pos
	n := digits(p.s[p.pos:])
	if n == 0 || n > 1 && p.s[p.pos] == '0' {
		p.want("a number without leading zeros")
		p.pos = start
		return nil
	}
	p.pos += n
	if strings.HasPrefix(p.s[p.pos:], ".") {
		p.pos++
		if n = digits(p.s[p.pos:]); n == 0 {
			p.want("digits")
			return nil
		}
		p.pos += n
	}
	return NumericValue(sign + p.s[from:p.pos])
}

// searchTerms = typedSearchTerm / "(" 1*typedSearchTerm ")"
func (p *parser) searchTerms(empty bool) (TypedSearchTermSet, bool) {
	set := p.at() == '('
	if set {
		p.pos++
	}
	var terms TypedSearchTermSet
	for {
		t, ok := p.searchTerm(empty)
		if !ok {
			return nil, false
		}
		terms = append(terms, t)
		if !set {
			return terms, true
		}
		if p.peek(")") {
			p.pos++
			return terms, true
		}
		p.want(`")"`)
	}
}

// searchTerm = [("match" / "wild" / "exact") ":"] text
func (p *parser) searchTerm(empty bool) (t TypedSearchTerm, ok bool) {
	for kind := MatchSearch; kind <= ExactSearch; kind++ {
		if p.keyword(searchTypes[kind].words[0]) {
			t.Type = kind
			if !p.accept(":") {
				return t, false
			}
			break
		}
	}
	t.Text, ok = p.text(t.Type == WildSearch, empty)
	return t, ok
}

// text reads a text in quotes. "\" stands before '"', "\" and "*". In a wild text
// the latter two stay as they are, since "*" alone means something else.
func (p *parser) text(wild, empty bool) (string, bool) {
	if p.at() != '"' {
		p.want("a text")
		return "", false
	}
	p.pos++
	var b strings.Builder
	start := p.pos
	for p.pos < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.pos:])
		switch {
		case r == '"':
			b.WriteString(p.s[start:p.pos])
			if b.Len() == 0 && !empty {
				p.want("a text that is not empty")
				return "", false
			}
			p.pos++
			return b.String(), true
		case r == '\\':
			b.WriteString(p.s[start:p.pos])
			p.pos++
			if p.pos == len(p.s) || !strings.ContainsRune(`"\*`, rune(p.s[p.pos])) {
				p.want(`'"'`, `"\"`, `"*"`)
				return "", false
			}
			if wild && p.s[p.pos] != '"' {
				b.WriteByte('\\')
			}
			b.WriteByte(p.s[p.pos])
			p.pos++
			start = p.pos
		case !isText(p.s[p.pos:], r):
			p.want("a printable character")
			return "", false
		default:
			p.pos += n
		}
	}
	p.want(`'"'`)
	return "", false
}

// isText reports whether r, the first of s, may stand in a text.
func isText(s string, r rune) bool {
	if r == utf8.RuneError {
		_, n := utf8.DecodeRuneInString(s)
		return n > 1
	}
	return r >= ' ' && r != 0x7F || r < 0x80 && isBlank(byte(r))
}
