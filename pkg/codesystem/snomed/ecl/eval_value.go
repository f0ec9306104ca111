package ecl

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// matcher is what the value of an attribute is compared with. Values of another kind
// (a number with a concept) are never met, by != neither.
type matcher interface {
	// kind reports whether values of a type can be met at all.
	kind(t *basicAttributeType) bool
	// value reports whether a value of such a type is met.
	value(ev *evaluation, t *basicAttributeType, v uint32) bool
	info() *about // of the operand that it stands on; nil: none
}

// anyValue is "= *": every value, also one that is no concept.
type anyValue struct{}

func (anyValue) kind(*basicAttributeType) bool                       { return true }
func (anyValue) value(*evaluation, *basicAttributeType, uint32) bool { return true }
func (anyValue) info() *about                                        { return nil }

// noValue is "!= *", and comparisons that no value can meet.
type noValue struct{}

func (noValue) kind(*basicAttributeType) bool                       { return false }
func (noValue) value(*evaluation, *basicAttributeType, uint32) bool { return false }
func (noValue) info() *about                                        { return nil }

// conceptValue compares with a set of concepts.
type conceptValue struct {
	of    operand
	other bool // !=: a concept that is not in it
}

func (m *conceptValue) info() *about { return m.of.info() }

func (m *conceptValue) kind(t *basicAttributeType) bool {
	return t.Kind == terminology.ValueCode && (!t.Text || m.other)
}

func (m *conceptValue) value(ev *evaluation, t *basicAttributeType, v uint32) bool {
	if t.Text { // a concept that the release does not have is another one
		return !ev.hasCode(m.of, ev.p.ValueText(v))
	}
	return ev.has(m.of, v) != m.other
}

// numberValue compares with a number, by value: #1.0 is #1.00.
type numberValue struct {
	comparison Comparison
	number     decimal
}

func (m *numberValue) info() *about { return nil }

func (m *numberValue) kind(t *basicAttributeType) bool {
	return t.Kind == terminology.ValueInteger || t.Kind == terminology.ValueDecimal
}

func (m *numberValue) value(ev *evaluation, _ *basicAttributeType, v uint32) bool {
	return m.meets(ev.p.ValueText(v))
}

func (m *numberValue) meets(text string) bool {
	n, ok := parseDecimal(text)
	return ok && m.comparison.Met(n.compare(m.number))
}

// boolValue compares with true or false.
type boolValue struct{ text string }

func (m *boolValue) info() *about { return nil }

func (m *boolValue) kind(t *basicAttributeType) bool { return t.Kind == terminology.ValueBoolean }

func (m *boolValue) value(ev *evaluation, _ *basicAttributeType, v uint32) bool {
	return ev.p.ValueText(v) == m.text
}

// textValue compares with texts.
type textValue struct {
	terms []searchTerm
	other bool
}

func (m *textValue) info() *about { return nil }

func (m *textValue) kind(t *basicAttributeType) bool {
	return t.Kind == terminology.ValueString || t.Kind == terminology.ValueDateTime
}

func (m *textValue) value(ev *evaluation, _ *basicAttributeType, v uint32) bool {
	return ev.matchesAny(m.terms, ev.p.ValueText(v)) != m.other
}

// Met reports whether a comparison with this outcome (-1, 0, 1) is met.
func (c Comparison) Met(outcome int) bool {
	switch c {
	case Equal:
		return outcome == 0
	case NotEqual:
		return outcome != 0
	case Less:
		return outcome < 0
	case LessOrEqual:
		return outcome <= 0
	case Greater:
		return outcome > 0
	}
	return outcome >= 0
}

// decimal is an exact number: digits without leading zeros before the point and
// without trailing ones after it. Zero has no sign.
type decimal struct {
	negative        bool
	whole, fraction string
}

// parseDecimal reads a number as release files and constraints write it.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	whole, fraction, point := strings.Cut(s, ".")
	if !isDigits(whole) || point && !isDigits(fraction) {
		return d, false
	}
	d.whole, d.fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	d.negative = d.negative && d.whole+d.fraction != ""
	return d, true
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// compare returns -1, 0 or 1.
func (d decimal) compare(e decimal) int {
	sign := 1
	switch {
	case d.negative && !e.negative:
		return -1
	case !d.negative && e.negative:
		return 1
	case d.negative:
		sign = -1
	}
	if len(d.whole) != len(e.whole) {
		if len(d.whole) < len(e.whole) {
			return -sign
		}
		return sign
	}
	if c := strings.Compare(d.whole, e.whole); c != 0 {
		return sign * c
	}
	return sign * strings.Compare(d.fraction, e.fraction)
}

// hasCode reports whether the concept of a code is in an operand, also when the
// release has no such concept and the operand names it.
func (ev *evaluation) hasCode(op operand, code string) bool {
	if o, ok := ev.p.Find(code); ok {
		return ev.has(op, o)
	}
	ev.spend(5)
	switch op := op.(type) {
	case *concept:
		return op.code == code && code != ""
	case *everything:
		return true
	case *compound:
		for i, part := range op.operands {
			switch in := ev.hasCode(part, code); {
			case op.operator == Disjunction && in:
				return true
			case op.operator == Conjunction && !in, op.operator == Exclusion && in == (i > 0):
				return false
			}
		}
		return op.operator != Disjunction
	}
	return false
}
