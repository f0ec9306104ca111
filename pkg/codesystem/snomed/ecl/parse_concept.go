package ecl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// conceptReference = sctId ["|" term "|"]
func (p *parser) conceptReference() *ConceptReference {
	p.skip()
	at := p.position(p.pos)
	id, ok := p.sctID("a concept id")
	if !ok {
		return nil
	}
	r := &ConceptReference{ID: id, Position: at}
	r.Term, ok = p.term()
	if !ok {
		return nil
	}
	return r
}

// sctID reads 6 to 18 digits without a leading zero.
func (p *parser) sctID(what string) (snomed.ID, bool) { return p.identifier(what, 6) }

// identifier reads a number of least to 18 digits.
func (p *parser) identifier(what string, least int) (snomed.ID, bool) {
	p.skip()
	n := p.pos
	for n < len(p.s) && isDigit(p.s[n]) {
		n++
	}
	digits := p.s[p.pos:n]
	id, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case digits == "":
		p.want(what)
		return 0, false
	case err != nil || len(digits) < least || len(digits) > 18 || digits[0] == '0':
		p.want(fmt.Sprintf("%s of %d to 18 digits", what, least))
		return 0, false
	}
	p.pos = n
	return snomed.ID(id), true
}

// term reads "|" term "|" when it is there.
func (p *parser) term() (string, bool) {
	if !p.peek("|") {
		p.want(`"|"`)
		return "", true
	}
	term, n, fault := termAt(p.s[p.pos:])
	if n == 0 {
		if p.pos += fault; p.pos == len(p.s) {
			p.want(`"|"`)
		} else {
			p.want("a term")
		}
		return "", false
	}
	p.pos += n
	return term, true
}

// altIdentifier = scheme "#" code, or both in quotes, or the code in quotes.
func (p *parser) alternateIdentifier() *AlternateIdentifier {
	a := &AlternateIdentifier{Position: p.position(p.pos)}
	all := p.s[p.pos] == '"'
	if all {
		p.pos++
	}
	a.Scheme = wordAt(p.s[p.pos:])
	if a.Scheme == "" || !isLetter(a.Scheme[0]) || !p.isScheme(a.Scheme) {
		p.want("a scheme and a code, such as LOINC#54486-6")
		return nil
	}
	p.pos += len(a.Scheme) + 1
	quotes := all
	if !all && p.pos < len(p.s) && p.s[p.pos] == '"' {
		quotes = true
		p.pos++
	}
	n := codeLength(p.s[p.pos:], quotes)
	if n == 0 {
		p.want("a code")
		return nil
	}
	a.Code = p.s[p.pos : p.pos+n]
	p.pos += n
	if quotes {
		if p.pos == len(p.s) || p.s[p.pos] != '"' {
			p.want(`'"'`)
			return nil
		}
		p.pos++
	}
	ok := true
	if a.Term, ok = p.term(); !ok {
		return nil
	}
	return a
}

// codeLength returns how much of s is the code of an alternate identifier.
func codeLength(s string, quotes bool) int {
	for i, r := range s {
		switch {
		case !quotes && !(r < 0x80 && (isLetter(byte(r)) || isDigit(byte(r)) || strings.ContainsRune("-._", r))),
			quotes && (r == '"' || r == '\\' || !isText(s[i:], r)):
			return i
		}
	}
	return len(s)
}
