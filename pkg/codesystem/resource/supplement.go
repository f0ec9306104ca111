package resource

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Supplemented is a code system with what supplements add to it: designations, displays
// in more languages, and properties. Everything else is the code system's own. It is
// safe for concurrent use when the code system is.
type Supplemented struct {
	terminology.CodeSystem
	supplements []*Resource
	columns     []terminology.DisplayColumn // those of the code system, then our own
	added       map[terminology.Ordinal]*addition
	addedValues func() map[string][]addedValue // made when it is first asked for
}

// addition is what the supplements say of one concept.
type addition struct {
	designations []terminology.DesignationInfo
	properties   []terminology.PropertyInfo
	displays     []shown
	concepts     []Addition
}

// Addition is a concept as a supplement has it.
type Addition struct {
	Supplement *Resource
	Concept    *Concept
}

type shown struct {
	column int
	term   string
}

// SupplementOf reports whether a resource is a supplement to a version of a code system.
// A supplement that names no version is one to all of them.
func (r *Resource) SupplementOf(system, version string) bool {
	if r.CodeSystem == nil || r.CodeSystem.Supplements == "" {
		return false
	}
	url, want, _ := strings.Cut(r.CodeSystem.Supplements, "|")
	return url == system && (want == "" || want == version)
}

// Apply returns a code system with what supplements say of its concepts, in their
// order. What they say of codes that the code system does not have is left out, as is
// any hierarchy: a supplement adds no codes (FHIR, "CodeSystem supplements"). The error is Invalid for
// a resource that is not a supplement of this code system.
func Apply(base terminology.CodeSystem, supplements ...*Resource) (*Supplemented, error) {
	s := &Supplemented{CodeSystem: base, supplements: supplements, columns: slices.Clone(base.Columns()), added: map[terminology.Ordinal]*addition{}}
	release := base.Release()
	for _, r := range supplements {
		if !r.SupplementOf(release.System, release.Version) {
			return nil, &terminology.Error{Op: "resource.Apply", Kind: terminology.Invalid, Err: fmt.Errorf("%s is not a supplement of %s|%s", r.title(), release.System, release.Version)}
		}
		r.CodeSystem.Walk(func(c, _ *Concept) bool {
			if o, ok := base.Find(c.Code); ok {
				s.add(o, r, c)
			}
			return true
		})
	}
	for i := range s.columns {
		s.columns[i].Count += s.count(i)
	}
	s.addedValues = sync.OnceValue(s.byProperty)
	return s, nil
}

// count returns how many concepts have a display in a column by a supplement alone.
func (s *Supplemented) count(column int) int {
	n := 0
	for o := range s.added {
		if column < len(s.CodeSystem.Columns()) {
			if _, ok := s.CodeSystem.Preferred(o, column); ok {
				continue
			}
		}
		if _, ok := s.own(o, column); ok {
			n++
		}
	}
	return n
}

func (s *Supplemented) add(o terminology.Ordinal, r *Resource, c *Concept) {
	a := s.added[o]
	if a == nil {
		a = &addition{}
		s.added[o] = a
	}
	a.concepts = append(a.concepts, Addition{r, c})
	term := func(lang, use, text string) {
		if text == "" {
			return
		}
		d := terminology.DesignationInfo{Language: lang, Use: use, Term: text}
		if isDisplay(use) {
			column := s.column(lang)
			if column >= 0 && !slices.ContainsFunc(a.displays, func(x shown) bool { return x.column == column }) {
				a.displays = append(a.displays, shown{column, text})
				d = d.WithAcceptability(2 << (2 * column))
			}
		}
		a.designations = append(a.designations, d)
	}
	term(r.Language, terminology.UseDisplay, c.Display)
	for _, d := range c.Displays {
		term(d.Language, "", d.Value)
	}
	for i := range c.Designations {
		d := &c.Designations[i]
		term(r.languageOf(d), UseOf(d.Use), d.Value)
	}
	term(r.Language, terminology.UseDefinition, c.Definition)
	property := func(code string, kind terminology.ValueKind, value string) {
		p := terminology.PropertyInfo{Code: code, Kind: kind, Value: value, Target: terminology.NoOrdinal}
		if target, ok := s.CodeSystem.Find(value); ok && kind == terminology.ValueCode {
			p.Target = target
		}
		a.properties = append(a.properties, p)
	}
	for _, p := range c.Properties {
		property(p.Code, p.Kind, p.Value)
	}
	for _, x := range c.Extensions {
		if kind, ok := valueKinds["value"+x.Kind]; ok && x.Value != "" {
			property(x.URL, kind, x.Value)
		}
	}
}

// column returns the display column of a language, a new one when there is none; -1
// when there are too many.
func (s *Supplemented) column(lang string) int {
	for i, c := range s.columns {
		if c.Language == lang && c.Refset == "" {
			return i
		}
	}
	if len(s.columns) >= maxLanguages {
		return -1
	}
	s.columns = append(s.columns, terminology.DisplayColumn{Language: lang})
	return len(s.columns) - 1
}

// HasProperty reports whether the code system or a supplement has a property.
func (s *Supplemented) HasProperty(code string) bool {
	if named, ok := terminology.As[terminology.PropertyNamer](s.CodeSystem); ok && named.HasProperty(code) {
		return true
	}
	for _, r := range s.supplements {
		if r.declares(code) {
			return true
		}
	}
	for _, a := range s.added {
		if slices.ContainsFunc(a.properties, func(p terminology.PropertyInfo) bool { return p.Code == code }) {
			return true
		}
	}
	return false
}

// Base returns the code system without its supplements.
func (s *Supplemented) Base() terminology.CodeSystem { return s.CodeSystem }

// Supplements returns the supplements, in their order.
func (s *Supplemented) Supplements() []*Resource { return s.supplements }

// Additions returns what the supplements say of a concept, as they have it. A supplement
// that says nothing of it is not among them.
func (s *Supplemented) Additions(o terminology.Ordinal) []Addition {
	if a := s.added[o]; a != nil {
		return a.concepts
	}
	return nil
}

// Columns lists the display columns: those of the code system, then those of languages
// that only supplements have.
func (s *Supplemented) Columns() []terminology.DisplayColumn { return s.columns }

// own returns the display that a supplement gives in a column.
func (s *Supplemented) own(o terminology.Ordinal, column int) (string, bool) {
	if a := s.added[o]; a != nil {
		for _, d := range a.displays {
			if d.column == column {
				return d.term, true
			}
		}
	}
	return "", false
}

// Preferred returns the display of a column, the code system's own before that of a
// supplement.
func (s *Supplemented) Preferred(o terminology.Ordinal, column int) (string, bool) {
	if column < len(s.CodeSystem.Columns()) {
		if term, ok := s.CodeSystem.Preferred(o, column); ok {
			return term, true
		}
	}
	return s.own(o, column)
}

// Display returns a term for a concept whatever the language.
func (s *Supplemented) Display(o terminology.Ordinal) string {
	if term := s.CodeSystem.Display(o); term != "" {
		return term
	}
	if a := s.added[o]; a != nil && len(a.designations) > 0 {
		return a.designations[0].Term
	}
	return ""
}

// Show fills into with what a list shows of concepts.
func (s *Supplemented) Show(ordinals []terminology.Ordinal, columns []int, anyTerm bool, into []terminology.Shown) {
	s.CodeSystem.Show(ordinals, nil, anyTerm, into)
	for i, o := range ordinals {
		for _, c := range columns {
			if term, ok := s.Preferred(o, c); ok {
				into[i].Display, into[i].Column = term, c
				break
			}
		}
		if into[i].Display == "" && anyTerm {
			into[i].Display = s.Display(o)
		}
	}
}

// Designations walks the designations of the code system, then those of supplements.
func (s *Supplemented) Designations(o terminology.Ordinal) iter.Seq[terminology.DesignationInfo] {
	a := s.added[o]
	if a == nil || len(a.designations) == 0 {
		return s.CodeSystem.Designations(o)
	}
	return func(yield func(terminology.DesignationInfo) bool) {
		for d := range s.CodeSystem.Designations(o) {
			if !yield(d) {
				return
			}
		}
		for _, d := range a.designations {
			if !yield(d) {
				return
			}
		}
	}
}

// Properties walks the properties of the code system, then those of supplements.
func (s *Supplemented) Properties(o terminology.Ordinal) iter.Seq[terminology.PropertyInfo] {
	a := s.added[o]
	if a == nil || len(a.properties) == 0 {
		return s.CodeSystem.Properties(o)
	}
	return func(yield func(terminology.PropertyInfo) bool) {
		for p := range s.CodeSystem.Properties(o) {
			if !yield(p) {
				return
			}
		}
		for _, p := range a.properties {
			if !yield(p) {
				return
			}
		}
	}
}

// What the code system can beside its columns it still can, by terminology.As.
var (
	_ terminology.CodeSystem    = (*Supplemented)(nil)
	_ terminology.Layered       = (*Supplemented)(nil)
	_ terminology.PropertyNamer = (*Supplemented)(nil)
)
