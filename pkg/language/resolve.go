package language

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// fallback is the order in which languages follow when a concept has no term in
// those asked for: nynorsk falls back on bokmål, both on English, and whoever
// asked for another language gets English before Norwegian.
var fallback = map[Tag][]Tag{
	Nynorsk: {Bokmal, English},
	Bokmal:  {Nynorsk, English},
	"da":    {Bokmal, English},
	"sv":    {Bokmal, English},
}

// Columns is a preference resolved against the display columns of one release:
// column numbers, best first.
type Columns struct {
	cols  []int
	asked int  // the first asked columns answer what was asked for; the rest is fallback
	hard  bool // refuse what is not in cols
}

// Resolve returns the columns in which to look for a term, best first: the asked
// languages in their order, then their fallback, then the rest. A column without
// region answers a tag with one, and the other way round, after exact matches.
func Resolve(p Preference, columns []terminology.DisplayColumn) Columns {
	return resolve(p, columns, nil)
}

// ResolveOwn is Resolve for a code system whose author recommends the displays of one
// language, own, to whoever finds none in the languages asked for, as a FHIR CodeSystem
// does; "" is a language that the author did not name. They go before every fallback but
// the one between bokmål and nynorsk, and before all others where no language is asked
// for.
func ResolveOwn(p Preference, columns []terminology.DisplayColumn, own string) Columns {
	return resolve(p, columns, &own)
}

func resolve(p Preference, columns []terminology.DisplayColumn, own *string) Columns {
	c := Columns{cols: make([]int, 0, len(columns)), hard: p.hard}
	for _, tag := range p.tags {
		c.add(tag, columns)
	}
	c.asked = len(c.cols)
	if p.hard {
		return c
	}
	for _, tag := range p.tags {
		primary := tag.Primary()
		if refset := tag.Refset(); refset != "" {
			if primary = languageOf(refset, columns); primary == "" {
				continue
			}
			c.add(primary, columns)
		}
		for _, next := range fallback[primary] {
			if own == nil || isNorwegian(primary) && isNorwegian(next) {
				c.add(next, columns)
			}
		}
	}
	if own != nil {
		c.addOwn(*own, columns)
	}
	for _, tag := range [...]Tag{English, Bokmal, Nynorsk} {
		c.add(tag, columns)
	}
	for i := range columns {
		c.addColumn(i)
	}
	if len(p.refused) > 0 { // better than nothing, and worse than any other
		slices.SortStableFunc(c.cols[c.asked:], func(a, b int) int {
			return cmp.Compare(p.refusal(columns[a].Language), p.refusal(columns[b].Language))
		})
	}
	return c
}

// refusal is 1 for a language that is refused, 0 for others.
func (p Preference) refusal(language string) int {
	if tag, ok := ParseTag(language); ok && p.refuses(tag) {
		return 1
	}
	return 0
}

func isNorwegian(t Tag) bool { return t == Bokmal || t == Nynorsk }

// addOwn adds the columns of the language that a code system is in, as it writes it.
func (c *Columns) addOwn(own string, columns []terminology.DisplayColumn) {
	for i, col := range columns {
		if col.Language == own {
			c.addColumn(i)
		}
	}
	if tag, ok := ParseTag(own); ok {
		c.add(tag, columns)
	}
}

// languageOf returns the primary language of a language reference set, so that a
// reader of bokmål for general practice gets the rest of bokmål next; "" when the
// release does not have the set.
func languageOf(refset string, columns []terminology.DisplayColumn) Tag {
	for _, col := range columns {
		if tag, ok := ParseTag(col.Language); ok && col.Refset == refset {
			return tag.Primary()
		}
	}
	return ""
}

func (c *Columns) add(tag Tag, columns []terminology.DisplayColumn) {
	if refset := tag.Refset(); refset != "" {
		for i, col := range columns {
			if col.Refset == refset {
				c.addColumn(i)
			}
		}
		return
	}
	for i, col := range columns {
		if col.Language == string(tag) {
			c.addColumn(i)
		}
	}
	if tag == tag.Primary() { // en means US English before the other kinds
		for i, col := range columns {
			if rest, ok := strings.CutPrefix(col.Language, string(tag)); ok && rest == "-US" {
				c.addColumn(i)
			}
		}
	}
	for i, col := range columns {
		if primaryOf(col.Language) == tag.Primary() {
			c.addColumn(i)
		}
	}
}

// primaryOf returns the primary language of a column, bokmål for no, without
// reading the whole tag: a release has written it and no request must pay for it.
func primaryOf(language string) Tag {
	p, _, _ := strings.Cut(language, "-")
	if p == "no" {
		return Bokmal
	}
	return Tag(p)
}

func (c *Columns) addColumn(i int) {
	if !slices.Contains(c.cols, i) {
		c.cols = append(c.cols, i)
	}
}

// Display returns the term of a concept in the best language that has one, and
// the column that it stands in. Column is -1 when no column has a term; the term
// is then any that the concept has, unless the preference refuses fallback.
func (c Columns) Display(cs terminology.CodeSystem, o terminology.Ordinal) (term string, column int) {
	for _, col := range c.cols {
		if term, ok := cs.Preferred(o, col); ok {
			return term, col
		}
	}
	if c.hard {
		return "", -1
	}
	return cs.Display(o), -1
}

// Show fills into with what a list shows of concepts: for each of them the term that
// Display returns.
func (c Columns) Show(cs terminology.CodeSystem, ordinals []terminology.Ordinal, into []terminology.Shown) {
	cs.Show(ordinals, c.cols, !c.hard, into)
}

// Asked reports whether a column answers what was asked for, not the fallback.
func (c Columns) Asked(column int) bool {
	return slices.Contains(c.cols[:c.asked], column)
}

// Order returns the column numbers, best first.
func (c Columns) Order() []int { return c.cols }
