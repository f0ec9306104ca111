package scg

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// FormatOptions say how Format prints. The zero FormatOptions prints the terms as
// they were written, and no blanks but those in terms.
type FormatOptions struct {
	DropTerms bool // print identifiers only
	// Term gives the term of a concept, "" for none, in the place of what was written.
	Term func(snomed.ID) string
	// Blanks puts blanks where people do: 73211009 |Diabetes| : 363698007 |Site| = …
	Blanks bool
}

// Format prints an expression on one line. What it prints parses to the same tree
// but for positions and terms, and Format prints that as the same text.
func Format(e *Expression, o FormatOptions) string {
	w := writer{FormatOptions: o}
	if w.b.WriteString(e.Status.String()); e.Status != Unstated {
		w.blank()
	}
	w.sub(&e.SubExpression)
	return w.b.String()
}

// Display prints an expression for people, each concept with its term in their
// language: 10200004|Liver structure|:272741003|Laterality|=24028007|Right|. It is
// what stands as display where an expression stands as code.
func Display(e *Expression, term func(snomed.ID) string) string {
	return Format(e, FormatOptions{Term: term})
}

// String prints an expression with the terms that were written.
func (e *Expression) String() string { return Format(e, FormatOptions{}) }

type writer struct {
	FormatOptions
	b strings.Builder
}

func (w *writer) blank() {
	if w.Blanks {
		w.b.WriteByte(' ')
	}
}

// symbol writes an operator between two operands.
func (w *writer) symbol(c byte) {
	w.blank()
	w.b.WriteByte(c)
	w.blank()
}

func (w *writer) comma() {
	w.b.WriteByte(',')
	w.blank()
}

func (w *writer) sub(s *SubExpression) {
	for i, c := range s.Focus {
		if i > 0 {
			w.symbol('+')
		}
		w.concept(c)
	}
	if len(s.Attributes)+len(s.Groups) > 0 {
		w.symbol(':')
	}
	w.attributes(s.Attributes)
	for i, g := range s.Groups {
		if i > 0 || len(s.Attributes) > 0 {
			w.comma()
		}
		w.b.WriteByte('{')
		w.blank()
		w.attributes(g)
		w.blank()
		w.b.WriteByte('}')
	}
}

func (w *writer) attributes(all []*Attribute) {
	for i, a := range all {
		if i > 0 {
			w.comma()
		}
		w.concept(a.Name)
		w.symbol('=')
		w.value(a.Value)
	}
}

func (w *writer) concept(c *ConceptReference) {
	w.b.WriteString(c.ID.String())
	term := c.Term
	if w.Term != nil {
		term = oneLine(w.Term(c.ID))
	}
	if term == "" || w.DropTerms {
		return
	}
	w.blank()
	w.b.WriteByte('|')
	w.b.WriteString(term)
	w.b.WriteByte('|')
}

// oneLine makes a term of a release fit between pipes: what may not stand there is a
// space.
func oneLine(term string) string {
	bad := func(r rune) bool { return r < ' ' || r == '|' || r == 0x7F || r == 0xFFFD }
	if strings.ContainsFunc(term, bad) {
		term = strings.Join(strings.FieldsFunc(term, func(r rune) bool { return bad(r) || r == ' ' }), " ")
	}
	return strings.Trim(term, " ")
}

func (w *writer) value(v Value) {
	switch v := v.(type) {
	case *ConceptReference:
		w.concept(v)
	case *SubExpression:
		w.b.WriteByte('(')
		w.sub(v)
		w.b.WriteByte(')')
	case NumericValue:
		w.b.WriteByte('#')
		w.b.WriteString(string(v))
	case StringValue:
		w.b.WriteByte('"')
		_, _ = strings.NewReplacer(`\`, `\\`, `"`, `\"`).WriteString(&w.b, string(v))
		w.b.WriteByte('"')
	case BooleanValue:
		if v {
			w.b.WriteString("TRUE")
		} else {
			w.b.WriteString("FALSE")
		}
	}
}

// FormatValue prints a value as Format prints it in an expression; what is nested has
// no brackets around it.
func FormatValue(v Value, o FormatOptions) string {
	w := writer{FormatOptions: o}
	if s, ok := v.(*SubExpression); ok {
		w.sub(s)
	} else {
		w.value(v)
	}
	return w.b.String()
}
