package ecl

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// SyntaxError is the first place where a text is not an expression constraint.
type SyntaxError struct {
	Line, Column int      // from 1; Column in characters
	Found        string   // what stands there, "" at the end of the text
	Expected     []string // what could stand there, as it is printed: `"AND"`, `a concept id`
	Hint         string   // a remark for common mistakes, "" for none
}

// Error returns the place, what was found and what was expected:
// `line 1, column 14: found "AND", want "OR" or end of expression`.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "line %d, column %d: found ", e.Line, e.Column)
	switch {
	case e.Found == "":
		b.WriteString("end of expression")
	case e.Found == `"`:
		b.WriteString(`'"'`)
	default:
		fmt.Fprintf(&b, "%q", e.Found)
	}
	for i, want := range e.Expected {
		switch {
		case i == 0:
			b.WriteString(", want ")
		case i == len(e.Expected)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(want)
	}
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return b.String()
}

// syntaxError makes an Error of the furthest place that the parser failed at.
func (p *parser) syntaxError(op string) error {
	if p.limit != nil {
		return &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: p.limit}
	}
	at := p.position(p.failed.pos)
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &SyntaxError{
		Line: at.Line, Column: at.Column,
		Found: p.lexeme(p.failed.pos), Expected: p.failed.want, Hint: p.failed.hint,
	}}
}

// position returns the line and column of a byte of the text. Positions are asked
// for in rising order, so that counting goes on from where it was.
func (p *parser) position(pos int) Position {
	if pos < p.counted.pos {
		p.counted = counted{at: Position{1, 1}}
	}
	for rest := p.s[p.counted.pos:pos]; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		if r == '\n' {
			p.counted.at = Position{p.counted.at.Line + 1, 1}
		} else {
			p.counted.at.Column++
		}
		rest = rest[n:]
	}
	p.counted.pos = pos
	return p.counted.at
}
