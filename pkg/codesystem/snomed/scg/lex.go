package scg

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// SyntaxError is the first place where a text is not an expression.
type SyntaxError = ecl.SyntaxError

// parser reads one text from left to right; no rule goes back. A rule that does not
// find what it wants notes it with want and returns nil or false; the notes at the
// furthest place become the SyntaxError.
type parser struct {
	s     string
	pos   int
	depth int

	at      Position // of the byte at counted
	counted int

	failed int // place of want and hint
	wants  []string
	hinted string
	limit  error
}

// want notes what could stand here, after blanks.
func (p *parser) want(what ...string) {
	if p.pos > p.failed {
		p.failed, p.wants, p.hinted = p.pos, p.wants[:0], ""
	}
	for _, w := range what {
		if !slices.Contains(p.wants, w) {
			p.wants = append(p.wants, w)
		}
	}
}

// hint adds a remark to a failure here.
func (p *parser) hint(text string) {
	if p.want(); p.hinted == "" {
		p.hinted = text
	}
}

// next returns the next character after blanks, 0 at the end.
func (p *parser) next() byte {
	for p.pos < len(p.s) && isBlank(p.s[p.pos]) {
		p.pos++
	}
	if p.pos == len(p.s) {
		return 0
	}
	return p.s[p.pos]
}

// accept reads symbol when it is next, and else notes that it was wanted.
func (p *parser) accept(symbol string) bool {
	p.next()
	if !strings.HasPrefix(p.s[p.pos:], symbol) {
		p.want(`"` + symbol + `"`)
		return false
	}
	p.pos += len(symbol)
	return true
}

// digits returns the digits that are next, without reading them.
func (p *parser) digits() string {
	n := p.pos
	for n < len(p.s) && isDigit(p.s[n]) {
		n++
	}
	return p.s[p.pos:n]
}

// position returns the line and column of a byte. Positions are asked for in rising
// order, so that counting goes on from where it was.
func (p *parser) position(pos int) Position {
	if pos < p.counted {
		p.counted, p.at = 0, Position{Line: 1, Column: 1}
	}
	for _, r := range p.s[p.counted:pos] {
		if p.at.Column++; r == '\n' {
			p.at = Position{Line: p.at.Line + 1, Column: 1}
		}
	}
	p.counted = pos
	return p.at
}

// lexeme returns what stands at a place, for the text of an error.
func (p *parser) lexeme(pos int) string {
	s := p.s[pos:]
	n := 0
	for n < len(s) && n < 32 && (isDigit(s[n]) || isLetter(s[n])) {
		n++
	}
	switch {
	case n > 0 || s == "":
	case strings.HasPrefix(s, "===") || strings.HasPrefix(s, "<<<"):
		n = 3
	default:
		_, n = utf8.DecodeRuneInString(s)
	}
	return s[:n]
}

// fail makes the error of the furthest place that the parser failed at.
func (p *parser) fail(op string) error {
	if p.limit != nil {
		return &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: p.limit}
	}
	at := p.position(p.failed)
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &SyntaxError{
		Line: at.Line, Column: at.Column, Found: p.lexeme(p.failed), Expected: p.wants, Hint: p.hinted,
	}}
}

// enter counts one more level of brackets, and fails past MaxDepth.
func (p *parser) enter() bool {
	if p.depth == MaxDepth {
		at := p.position(p.pos)
		p.limit = fmt.Errorf("line %d, column %d: nested deeper than %d levels", at.Line, at.Column, MaxDepth)
		return false
	}
	p.depth++
	return true
}

const blanks = " \t\r\n"

func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
