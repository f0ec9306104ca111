package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// apart reports whether another row of the code is valid at other times than this one
// and those before it.
func (r *row) apart(other *row) bool {
	clear := func(a, b *row) bool { return a.to != 0 && a.to < b.from || b.to != 0 && b.to < a.from }
	return clear(r, other) && !slices.ContainsFunc(r.earlier, func(e row) bool { return !clear(&e, other) })
}

// succeed returns the later of two rows of a code, with the other among the earlier ones.
func succeed(a, b row) row {
	if b.to != 0 && b.to < a.from {
		a, b = b, a
	}
	earlier := append(a.earlier, b.earlier...)
	a.earlier = nil
	b.earlier = append(earlier, a)
	return b
}

// notKept are the properties of an earlier row that say nothing of the later one.
var notKept = []string{"valid-from", "valid-to", "status", "replaced-by", "sort-order", "missing-parent"}

// join makes one concept of the rows of each code that was given for several times: valid
// since the first of them, with what the later ones do not say. A time between them in
// which the code was not valid is a property, since a concept has one period.
func (rs *rows) join(to terminology.Sink, file string) {
	for i := range rs.list {
		r := &rs.list[i]
		if len(r.earlier) == 0 {
			continue
		}
		slices.SortFunc(r.earlier, func(a, b row) int { return int(b.from) - int(a.from) }) // the nearest first
		for _, e := range r.earlier {
			gap := r.take(&e)
			text := fmt.Sprintf("code %s is given for several times, here %s as %q: it is said once, with the text of line %d", r.code, e.period(), e.display, r.line)
			if gap != "" {
				text += ", and valid through the gap " + gap
			}
			to.Repaired(&terminology.RowError{File: file, Line: e.line, Err: errors.New(text)})
		}
		r.earlier = nil
	}
}

// take adds an earlier row, all later ones of which are in already, and returns the time
// between them, "" when there is none.
func (r *row) take(e *row) (gap string) {
	if first, last := day(e.to, 1), day(r.from, -1); first <= last {
		gap = first.String() + "/" + last.String()
		r.add("not-valid", gap, terminology.ValueString)
	}
	r.add("earlier", e.period()+" "+e.display, terminology.ValueString)
	for i, p := range r.properties {
		if p.code == "valid-from" {
			r.properties[i].value = e.from.String()
		}
	}
	if r.from = e.from; r.from == 0 {
		r.properties = slices.DeleteFunc(r.properties, func(p property) bool { return p.code == "valid-from" })
	}
	own := map[string]bool{}
	for _, p := range r.properties {
		own[p.code] = true
	}
	for _, p := range e.properties {
		if !own[p.code] && !slices.Contains(notKept, p.code) {
			r.properties = append(r.properties, p)
		}
	}
	r.takeTerms(e)
	return gap
}

// takeTerms adds the display of an earlier row, and its terms in languages and for uses
// in which there are none.
func (r *row) takeTerms(e *row) {
	said := func(t term) bool { return t.text == e.display && t.use == useEarlier }
	own := slices.Clone(r.terms)
	if e.display != r.display && !slices.ContainsFunc(own, said) {
		r.terms = append(r.terms, term{"", useEarlier, e.display})
	}
	for _, t := range e.terms {
		if !slices.ContainsFunc(own, func(o term) bool { return o.language == t.language && o.use == t.use }) {
			r.terms = append(r.terms, t)
		}
	}
}

// period is the time in which a row is valid.
func (r *row) period() string {
	var b strings.Builder
	if r.from != 0 {
		b.WriteString(r.from.String())
	}
	b.WriteByte('/')
	if r.to != 0 {
		b.WriteString(r.to.String())
	}
	return b.String()
}

// day is some days after a day.
func day(d terminology.Date, days int) terminology.Date {
	t := time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100+days, 0, 0, 0, 0, time.UTC)
	moved, _ := terminology.ParseDate(t.Format("20060102"))
	return moved
}
