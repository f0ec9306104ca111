package ecl

import (
	"strconv"
	"strings"
)

// FormatOptions says how Format prints. The zero value prints the canonical form.
type FormatOptions struct {
	// DropTerms leaves out the terms in pipes.
	DropTerms bool
	// Multiline breaks what does not fit in Width columns into indented lines.
	Multiline bool
	// Width is the columns of a line for Multiline; 0 is 100.
	Width int
}

// String returns the canonical form: the brief syntax on one line, with the terms.
func (e *Expression) String() string { return Format(e, FormatOptions{}) }

// Format prints an expression, or any part of one, in the brief syntax. What Parse
// returned is printed so that Parse reads the same again (without the positions,
// and without the terms when they are dropped), and prints the same again.
func Format(n Node, o FormatOptions) string {
	if o.Width == 0 {
		o.Width = 100
	}
	p := &printer{o: o}
	p.node(n)
	return p.b.String()
}

type printer struct {
	b      strings.Builder
	o      FormatOptions
	indent int
}

func (p *printer) write(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

// breaks reports whether n needs several lines here.
func (p *printer) breaks(n Node) bool {
	if !p.o.Multiline {
		return false
	}
	flat := &printer{o: FormatOptions{DropTerms: p.o.DropTerms}}
	flat.node(n)
	return 4*p.indent+flat.b.Len() > p.o.Width
}

// line ends a line, or is a blank when lines are not to be broken.
func (p *printer) line(broken bool) {
	if !broken {
		p.write(" ")
		return
	}
	p.write("\n", strings.Repeat("    ", p.indent))
}

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case *Expression:
		p.node(n.Constraint)
	case *CompoundExpressionConstraint:
		broken := p.breaks(n)
		for i, o := range n.Operands {
			if i > 0 {
				p.line(broken)
				p.write(n.Operator.String(), " ")
			}
			p.sub(o)
		}
	case *RefinedExpressionConstraint:
		broken := p.breaks(n)
		p.sub(n.Focus)
		p.write(":")
		p.indent++
		p.line(broken)
		p.node(n.Refinement)
		p.indent--
	case *DottedExpressionConstraint:
		p.sub(n.Focus)
		for _, a := range n.Attributes {
			p.write(" . ")
			p.sub(a)
		}
	case *SubExpressionConstraint:
		p.sub(n)
	case *ConceptReference:
		p.write(n.ID.String())
		p.term(n.Term)
	case *WildCard:
		p.write("*")
	case *AlternateIdentifier:
		p.alternateIdentifier(n)
	case *Nested:
		p.nested(n)
	case *Refinement:
		operands(p, n.Operator, n.Operands, p.breaks(n))
	case *AttributeSet:
		operands(p, n.Operator, n.Operands, p.breaks(n))
	case *AttributeGroup:
		p.cardinality(n.Cardinality)
		p.enclosed("{", n.Set, "}", p.breaks(n) && len(n.Set.Operands) > 1)
	case *Attribute:
		p.cardinality(n.Cardinality)
		if n.Reverse {
			p.write("R ")
		}
		p.sub(n.Name)
		p.write(" ", n.Comparison.String(), " ")
		p.value(n.Value)
	default:
		p.filterNode(n)
	}
}

// sub prints a sub-expression.
func (p *printer) sub(s *SubExpressionConstraint) {
	if s.Operator != NoOperator {
		p.write(s.Operator.String(), " ")
	}
	if r := s.Refset; r != nil {
		switch {
		case r.ContainingAny:
			p.write("^R ")
		case r.AllFields:
			p.write("^ [*] ")
		case len(r.Fields) > 0:
			p.write("^ [", strings.Join(r.Fields, ", "), "] ")
		default:
			p.write("^ ")
		}
	}
	p.node(s.Focus)
	for _, f := range s.MemberFilters {
		p.write(" ")
		p.node(f)
	}
	for _, f := range s.Filters {
		p.write(" ")
		p.node(f)
	}
	if s.History != nil {
		p.write(" ")
		p.node(s.History)
	}
}

func (p *printer) nested(n *Nested) { p.enclosed("(", n.Constraint, ")", p.breaks(n)) }

// enclosed prints n in brackets: round ones without blanks, and braces with.
func (p *printer) enclosed(open string, n Node, end string, broken bool) {
	p.write(open)
	p.indent++
	if broken || open == "{" {
		p.line(broken)
	}
	p.node(n)
	p.indent--
	if broken || open == "{" {
		p.line(broken)
	}
	p.write(end)
}

// operands prints the conditions of a refinement or a set.
func operands[T Node](p *printer, op LogicalOperator, all []T, broken bool) {
	for i, o := range all {
		if i > 0 && op == Conjunction {
			p.write(",")
			p.line(broken)
		} else if i > 0 {
			p.line(broken)
			p.write(op.String(), " ")
		}
		switch n := Node(o).(type) {
		case *Refinement, *AttributeSet:
			p.enclosed("(", n, ")", p.breaks(n))
		default:
			p.node(n)
		}
	}
}

func (p *printer) cardinality(c *Cardinality) {
	if c == nil {
		return
	}
	upper := "*"
	if c.Max != Many {
		upper = strconv.Itoa(c.Max)
	}
	p.write("[", strconv.Itoa(c.Min), "..", upper, "] ")
}

func (p *printer) term(term string) {
	if term != "" && !p.o.DropTerms {
		p.write(" |", term, "|")
	}
}

func (p *printer) alternateIdentifier(a *AlternateIdentifier) {
	if isPlainCode(a.Code) {
		p.write(a.Scheme, "#", a.Code)
	} else {
		p.write(`"`, a.Scheme, "#", a.Code, `"`)
	}
	p.term(a.Term)
}

func isPlainCode(code string) bool { return codeLength(code, false) == len(code) }

// value prints what an attribute or a field is compared with.
func (p *printer) value(v Value) {
	switch v := v.(type) {
	case NumericValue:
		p.write("#", string(v))
	case BooleanValue:
		p.write(strconv.FormatBool(bool(v)))
	case TypedSearchTermSet:
		p.searchTerms(v)
	case *SubExpressionConstraint:
		// An alternate identifier in quotes, or in quotes in brackets, is a text.
		if a, ok := v.Focus.(*AlternateIdentifier); ok && isBare(v) && !isPlainCode(a.Code) {
			p.write("((")
			p.sub(v)
			p.write("))")
			return
		}
		p.sub(v)
	}
}

func (p *printer) searchTerms(terms TypedSearchTermSet) {
	if len(terms) != 1 {
		p.write("(")
	}
	for i, t := range terms {
		if i > 0 {
			p.write(" ")
		}
		p.write(symbol(searchTypes[:], t.Type), `"`)
		p.text(t)
		p.write(`"`)
	}
	if len(terms) != 1 {
		p.write(")")
	}
}

// text prints a text with its escapes; in a wild one the others are there already.
func (p *printer) text(t TypedSearchTerm) {
	for i := 0; i < len(t.Text); i++ {
		switch c := t.Text[i]; {
		case c == '\\' && t.Type == WildSearch && i+1 < len(t.Text):
			i++
			p.write(`\`, t.Text[i:i+1])
		case c == '"' || c == '\\':
			p.write(`\`, t.Text[i:i+1])
		default:
			p.b.WriteByte(c)
		}
	}
}
