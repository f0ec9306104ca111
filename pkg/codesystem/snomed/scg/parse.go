package scg

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Limits of what is parsed. Past them Parse fails with terminology.TooCostly.
const (
	MaxLength = 1 << 15 // bytes of an expression
	MaxDepth  = 32      // brackets in brackets
)

// Parse reads an expression. A text that is none is an error of kind Invalid whose
// cause is a *SyntaxError. Whether the concepts exist is for Check to tell.
func Parse(s string) (*Expression, error) {
	const op = "scg.Parse"
	if len(s) > MaxLength {
		return nil, &terminology.Error{Op: op, Kind: terminology.TooCostly,
			Err: fmt.Errorf("an expression of %d bytes; the limit is %d", len(s), MaxLength)}
	}
	p := &parser{s: s, at: Position{Line: 1, Column: 1}}
	e := &Expression{}
	switch {
	case p.accept("==="):
		e.Status = EquivalentTo
	case p.accept("<<<"):
		e.Status = SubtypeOf
	}
	sub := p.subExpression()
	if sub == nil {
		return nil, p.fail(op)
	}
	if p.next(); p.pos < len(s) {
		p.want("end of expression")
		return nil, p.fail(op)
	}
	e.SubExpression = *sub
	return e, nil
}

// subExpression = focusConcept [":" refinement]
func (p *parser) subExpression() *SubExpression {
	s := &SubExpression{}
	for {
		c := p.concept()
		if c == nil {
			return nil
		}
		if s.Focus = append(s.Focus, c); !p.accept("+") {
			break
		}
	}
	if p.accept(":") && !p.refinement(s) {
		return nil
	}
	return s
}

// concept = sctId ["|" term "|"]
func (p *parser) concept() *ConceptReference {
	p.next()
	digits := p.digits()
	if len(digits) < 6 || len(digits) > 18 || digits[0] == '0' {
		if p.want("a concept id"); digits != "" {
			p.hint("an identifier has 6 to 18 digits and does not begin with 0")
		}
		return nil
	}
	c := &ConceptReference{Position: p.position(p.pos)}
	for i := range len(digits) {
		c.ID = c.ID*10 + snomed.ID(digits[i]-'0')
	}
	p.pos += len(digits)
	if p.accept("|") && !p.term(c) {
		return nil
	}
	return c
}

// term reads what stands up to the next pipe. Blanks of any kind may stand in it and
// are one space each run that has another than spaces.
func (p *parser) term(c *ConceptReference) bool {
	n := strings.IndexByte(p.s[p.pos:], '|')
	if n < 0 {
		p.pos = len(p.s)
		p.want(`"|"`)
		return false
	}
	term := p.s[p.pos : p.pos+n]
	for i, r := range term {
		if r == utf8.RuneError && strings.HasPrefix(term[i:], "\uFFFD") {
			continue
		}
		if r == utf8.RuneError || r < ' ' && !isBlank(byte(r)) || r == 0x7F {
			p.pos += i
			p.want("a term")
			return false
		}
	}
	p.pos += n
	if term = strings.Trim(term, blanks); term == "" {
		p.want("a term")
		return false
	}
	p.pos++
	if strings.ContainsAny(term, "\t\r\n") {
		term = strings.Join(strings.FieldsFunc(term, func(r rune) bool { return r < ' ' || r == ' ' }), " ")
	}
	c.Term = term
	return true
}

// refinement = (attributeSet / attributeGroup) *([","] attributeGroup)
func (p *parser) refinement(s *SubExpression) bool {
	for {
		switch grouped := p.accept("{"); {
		case grouped:
			g := p.group()
			if g == nil {
				return false
			}
			s.Groups = append(s.Groups, g)
		case len(s.Groups) > 0:
			p.hint("attributes without a group stand before the groups")
			return false
		default:
			a := p.attribute()
			if a == nil {
				return false
			}
			s.Attributes = append(s.Attributes, a)
		}
		if !p.accept(",") && p.next() != '{' {
			p.want(`"{"`)
			return true
		}
	}
}

// group reads a group after its opening bracket.
func (p *parser) group() AttributeGroup {
	var g AttributeGroup
	for {
		a := p.attribute()
		if a == nil {
			return nil
		}
		if g = append(g, a); !p.accept(",") {
			break
		}
	}
	if !p.accept("}") {
		return nil
	}
	return g
}

// attribute = concept "=" value
func (p *parser) attribute() *Attribute {
	name := p.concept()
	if name == nil || !p.accept("=") {
		return nil
	}
	if v := p.value(); v != nil {
		return &Attribute{Name: name, Value: v}
	}
	return nil
}

func (p *parser) value() Value {
	switch c := p.next(); {
	case c == '(':
		return p.nested()
	case c == '"':
		return p.text()
	case c == '#':
		return p.number()
	case isLetter(c):
		for _, word := range [...]string{"true", "false"} {
			if end := p.pos + len(word); end <= len(p.s) && strings.EqualFold(p.s[p.pos:end], word) {
				p.pos = end
				return BooleanValue(word == "true")
			}
		}
	case isDigit(c):
		if v := p.concept(); v != nil {
			return v
		}
		return nil
	}
	p.want("a concept id", `"("`, "a number after #", "a quoted text", "TRUE", "FALSE")
	return nil
}

func (p *parser) nested() Value {
	if !p.enter() {
		return nil
	}
	p.pos++
	s := p.subExpression()
	if s == nil || !p.accept(")") {
		return nil
	}
	p.depth--
	if s.isConcept() {
		return s.Focus[0]
	}
	return s
}

// text = '"' 1*(any but '"' and "\", or one of these after "\") '"'
func (p *parser) text() Value {
	start := p.pos + 1
	escaped := false
	for p.pos = start; p.pos < len(p.s); p.pos++ {
		switch c := p.s[p.pos]; {
		case c == '"' && p.pos == start:
			p.want("a character")
			return nil
		case c == '"':
			v := p.s[start:p.pos]
			p.pos++
			if escaped {
				v = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(v)
			}
			return StringValue(v)
		case c == '\\':
			if p.pos++; p.pos == len(p.s) || p.s[p.pos] != '"' && p.s[p.pos] != '\\' {
				p.want(`'"'`, `"\"`)
				return nil
			}
			escaped = true
		case c < ' ' && !isBlank(c) || c == 0x7F || c >= utf8.RuneSelf && !utf8.FullRuneInString(p.s[p.pos:]):
			p.want("a character")
			return nil
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(p.s[p.pos:])
			if r == utf8.RuneError && n == 1 {
				p.want("a character")
				return nil
			}
			p.pos += n - 1
		}
	}
	p.want(`'"'`)
	return nil
}

// number = "#" ["-" / "+"] integer ["." 1*digit], the integer without leading zeros
func (p *parser) number() Value {
	p.pos++
	start := p.pos
	if start < len(p.s) && (p.s[start] == '-' || p.s[start] == '+') {
		p.pos++
	}
	whole := p.digits()
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		if p.want("a number"); whole != "" {
			p.hint("a number has no leading zeros")
		}
		return nil
	}
	p.pos += len(whole)
	if strings.HasPrefix(p.s[p.pos:], ".") {
		p.pos++
		fraction := p.digits()
		if fraction == "" {
			p.want("a digit")
			return nil
		}
		p.pos += len(fraction)
	}
	return NumericValue(strings.TrimPrefix(p.s[start:p.pos], "+"))
}
