package ecl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Reason says of a part of an expression whether a concept satisfies it, and why.
type Reason struct {
	Operation string
	Text      string
	Holds     bool
	Note      string // what decided it; "": the parts tell
	Parts     []*Reason
}

// Why says for each part of the expression whether a concept satisfies it. Parts that
// are about other concepts, such as the values of an attribute, stand in notes.
func (q *Query) Why(ctx context.Context, o terminology.Ordinal) (*Reason, error) {
	const op = "ecl.Why"
	if o >= terminology.Ordinal(q.e.p.Len()) {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: fmt.Errorf("no concept %d", o)}
	}
	ev := q.evaluation(ctx)
	r := ev.why(q.root, o)
	if err := ev.finish(op); err != nil {
		return nil, err
	}
	return r, nil
}

// String returns the reason as lines, parts indented below their whole; + is a part
// that holds, - one that does not.
func (r *Reason) String() string {
	var b strings.Builder
	r.write(&b, 0)
	return b.String()
}

func (r *Reason) write(b *strings.Builder, depth int) {
	mark := "-"
	if r.Holds {
		mark = "+"
	}
	b.WriteString(strings.Repeat("  ", depth) + mark + " " + r.Operation)
	if r.Text != "" {
		b.WriteString("  " + r.Text)
	}
	if r.Note != "" {
		b.WriteString("  (" + r.Note + ")")
	}
	b.WriteByte('\n')
	for _, part := range r.Parts {
		part.write(b, depth+1)
	}
}

// why says whether a concept is in an operand.
func (ev *evaluation) why(op operand, o uint32) *Reason {
	a := op.info()
	r := &Reason{Operation: a.operation, Text: a.text, Holds: ev.has(op, o)}
	if !ev.spend(10) {
		return r
	}
	switch op := op.(type) {
	case *everything:
		r.Note = ev.statusNote(o)
	case *concept:
		if op.o == terminology.NoOrdinal {
			r.Note = "not in this release"
		}
	case *compound:
		for _, part := range op.operands {
			r.Parts = append(r.Parts, ev.why(part, o))
		}
	case *hierarchyOf:
		r.Note = ev.relation(op, o)
	case *refined:
		r.Parts = []*Reason{ev.why(op.focus, o), ev.whyMet(op.where, o)}
	case *dotted:
		r.Note = ev.sourceNote(op, o)
	case *memberOf:
		r.Note = ev.memberNote(op, o)
	case *described:
		r.Parts = []*Reason{ev.why(op.of, o)}
		r.Note = "no description passes"
		if i := op.filter.find(ev, o); i != noDesignation && !op.filter.never {
			d := ev.p.Designation(i)
			r.Note = fmt.Sprintf("description %d passes: %s", d.ID, d.Term)
		}
	case *filtered:
		r.Parts = []*Reason{ev.why(op.of, o)}
		info := ev.p.Info(o)
		r.Note = fmt.Sprintf("%s, defined %v, module %s, effective %v", ev.statusNote(o), info.Defined, info.Module, info.Effective)
	case *supplemented:
		r.Parts = []*Reason{ev.why(op.of, o)}
		r.Note = ev.historyNote(op, o)
	}
	return r
}

func (ev *evaluation) statusNote(o uint32) string {
	if ev.p.Active().Contains(o) {
		return "active"
	}
	return "inactive"
}

func (ev *evaluation) named(o uint32) string { return ev.p.Code(o) + " |" + ev.p.Display(o) + "|" }

// relation says which concept of a set another one stands to.
func (ev *evaluation) relation(h *hierarchyOf, o uint32) string {
	if h.one != terminology.NoOrdinal {
		return ""
	}
	operator, self := direction(h.operator)
	if self && ev.has(h.of, o) {
		return "it is in the set itself"
	}
	var relatives []uint32
	switch operator {
	case DescendantOf:
		relatives = slices.Clone(ev.p.Ancestors(o))
		slices.Reverse(relatives) // the nearest are mostly last
	case ChildOf:
		relatives = ev.p.Parents(o)
	case ParentOf:
		relatives = ev.p.Children(o)
	case AncestorOf:
		relatives = ev.p.Descendants(o).ToArray()
		ev.spend(len(relatives))
	default:
		return ""
	}
	ev.prepare(h.of, len(relatives))
	for _, relative := range relatives {
		if !ev.spend(10) {
			break
		}
		if ev.has(h.of, relative) {
			return map[ConstraintOperator]string{DescendantOf: "below ", ChildOf: "child of ", ParentOf: "parent of ", AncestorOf: "above "}[operator] + ev.named(relative)
		}
	}
	return "none of the set is there"
}

// sourceNote says which concept of the focus has o as a value.
func (ev *evaluation) sourceNote(d *dotted, o uint32) string {
	for _, t := range ev.typesOf(d.name).list {
		post := ev.p.Postings(t)
		at, ok := slices.BinarySearch(post.Values, o)
		if !ok || ev.p.AttributeTypes()[t].Text {
			continue
		}
		for _, s := range post.Sources[post.Offsets[at]:post.Offsets[at+1]] {
			if !ev.spend(10) {
				return ""
			}
			if ev.has(d.of, s) {
				return "value of " + ev.named(s)
			}
		}
	}
	return "no concept of the set has it as a value"
}

func (ev *evaluation) memberNote(m *memberOf, o uint32) string {
	var in []string
	for _, name := range m.refsets.tables(ev) {
		if ev.spend(100) && m.in(ev, name, o) {
			in = append(in, name)
		}
	}
	if len(in) == 0 {
		return "no row of the reference sets gives it"
	}
	return "by reference set " + strings.Join(in, ", ")
}

func (ev *evaluation) historyNote(h *supplemented, o uint32) string {
	note := ""
	if ev.has(h.of, o) {
		return note
	}
	if ev.p.Active().Contains(o) {
		return "active concepts are not added"
	}
	note = "no association leads into the set"
	h.rows(ev, func(t *memberTable, f *memberField) {
		from, to := t.rows.Of(o)
		for row := from; row < to && ev.spend(10); row++ {
			if v := f.concept(row); v != terminology.NoOrdinal && t.rows.IsActive(row) && ev.has(h.of, v) {
				note = "association " + t.name + " leads to " + ev.named(v)
			}
		}
	})
	return note
}

// whyMet says whether a concept meets a condition.
func (ev *evaluation) whyMet(c condition, o uint32) *Reason {
	a := c.info()
	r := &Reason{Operation: a.operation, Text: a.text, Holds: c.meets(ev, o)}
	if !ev.spend(10) {
		return r
	}
	switch c := c.(type) {
	case *joined:
		for _, part := range c.conditions {
			r.Parts = append(r.Parts, ev.whyMet(part, o))
		}
	case *attribute:
		n := 0
		if c.reverse {
			n = c.sources(ev, o, maxInt)
			r.Note = fmt.Sprintf("%d concepts have it as the value, want %s", n, c.bounds)
		} else {
			n = c.count(ev, ev.p.Attributes(o), maxInt)
			r.Note = fmt.Sprintf("it has %d such attributes, want %s", n, c.bounds)
		}
	case *group:
		r.Note = fmt.Sprintf("%d groups meet all of it, want %s", c.count(ev, o, maxInt), c.bounds)
		groups(ev.p.Attributes(o), func(list []basic.Attribute) bool {
			r.Parts = append(r.Parts, ev.whyGrouped(c.set, o, list, "group "+strconv.Itoa(int(list[0].Group()))+": "))
			return ev.spend(10)
		})
	}
	return r
}

// whyGrouped says whether one group meets the conditions in braces.
func (ev *evaluation) whyGrouped(g *grouped, o uint32, list []basic.Attribute, prefix string) *Reason {
	r := &Reason{Operation: prefix + logicalOperators[g.operator].name, Holds: g.one(ev, o, list)}
	if a := g.attribute; a != nil {
		r.Operation, r.Text = prefix+a.operation, a.text
		r.Note = fmt.Sprintf("it has %d, want %s", a.count(ev, list, maxInt), a.bounds)
		if a.reverse {
			r.Note = fmt.Sprintf("%d concepts have it as the value, want %s", a.sources(ev, o, maxInt), a.bounds)
		}
		return r
	}
	for _, part := range g.join {
		if !ev.spend(10) {
			break
		}
		r.Parts = append(r.Parts, ev.whyGrouped(part, o, list, ""))
	}
	return r
}

// String returns a cardinality as it is written.
func (b bounds) String() string {
	if b.max == maxInt {
		return fmt.Sprintf("[%d..*]", b.min)
	}
	return fmt.Sprintf("[%d..%d]", b.min, b.max)
}
