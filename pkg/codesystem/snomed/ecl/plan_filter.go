package ecl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// filter plans a description or concept filter.
func (pl *planner) filter(text string, f *FilterConstraint, of operand) operand {
	part := of.info()
	if f.Domain == ConceptDomain {
		c := &filtered{about: pl.part("conceptFilter", text, of), of: of}
		for _, one := range f.Filters {
			c.tests = append(c.tests, pl.conceptTest(one))
		}
		c.size, c.make, c.test = part.size, part.make+int64(part.size), part.test+50
		return c
	}
	d := &described{about: pl.part("descriptionFilter", text, of), of: of}
	d.filter = pl.descriptionFilter(f)
	d.test = part.test + 400
	d.make = part.make + int64(min(part.size*400, 3_000_000))
	d.size = part.size/4 + 1
	if d.filter.ids != nil {
		d.size = min(d.size, len(d.filter.ids))
		d.make = part.make + int64(100*d.size)
	}
	return d
}

func (pl *planner) descriptionFilter(f *FilterConstraint) descriptionFilter {
	out := descriptionFilter{status: Active}
	add := func(t descriptionTest) { out.tests = append(out.tests, t) }
	for _, one := range f.Filters {
		switch x := one.(type) {
		case *TermFilter:
			out.terms = append(out.terms, newTermTest(x))
		case *LanguageFilter:
			add(func(_ *evaluation, d *terminology.DesignationInfo) bool {
				for _, l := range x.Languages {
					if strings.EqualFold(l, d.Language) {
						return x.Comparison == Equal
					}
				}
				return x.Comparison == NotEqual
			})
		case *TypeTokenFilter:
			add(func(_ *evaluation, d *terminology.DesignationInfo) bool {
				for _, t := range x.Types {
					if d.Use == typeUse[t] {
						return x.Comparison == Equal
					}
				}
				return x.Comparison == NotEqual
			})
		case *TypeIDFilter:
			add(codeTest(pl.sub(x.Types), x.Comparison, func(d *terminology.DesignationInfo) string { return d.Use }))
		case *ModuleFilter:
			add(codeTest(pl.sub(x.Modules), x.Comparison, func(d *terminology.DesignationInfo) string { return d.Module }))
		case *DialectFilter:
			add(pl.dialectTest(x))
		case *EffectiveTimeFilter:
			t := timesOf(x)
			add(func(_ *evaluation, d *terminology.DesignationInfo) bool { return t.meets(uint32(d.Effective)) })
		case *ActiveFilter:
			out.status, out.never = activeStatus(x, &out)
		case *DescriptionIDFilter:
			pl.descriptionIDs(&out, x)
		}
	}
	out.onlyWords = len(out.tests) == 0 && !slices.ContainsFunc(out.terms, func(t termTest) bool { return !t.matched })
	return out
}

func newTermTest(x *TermFilter) termTest {
	t := termTest{terms: searchTerms(x.Terms, true), other: x.Comparison == NotEqual}
	t.matched = !t.other && !slices.ContainsFunc(t.terms, func(s searchTerm) bool { return s.kind != MatchSearch || len(s.parts) == 0 })
	return t
}

var typeUse = [...]string{Synonym: snomed.UseSynonym, FullySpecifiedName: snomed.UseFSN, Definition: snomed.UseDefinition}

// activeStatus returns the status that a filter asks for, beside that of the filters
// before it, and whether none can be met.
func activeStatus(x *ActiveFilter, f *descriptionFilter) (ActiveValue, bool) {
	status := statusOf(x)
	never := f.never || status == neverStatus
	switch {
	case !f.activeAny:
		f.activeAny = true
		return status, never
	case f.status == AnyStatus:
		return status, never
	case status != AnyStatus && status != f.status:
		return f.status, true
	}
	return f.status, never
}

// neverStatus is "active != *".
const neverStatus ActiveValue = 255

func statusOf(x *ActiveFilter) ActiveValue {
	if x.Comparison == Equal {
		return x.Value
	}
	switch x.Value {
	case Active:
		return Inactive
	case Inactive:
		return Active
	}
	return neverStatus
}

// codeTest compares a column that holds the code of a concept.
func codeTest(of operand, c Comparison, column func(*terminology.DesignationInfo) string) descriptionTest {
	return func(ev *evaluation, d *terminology.DesignationInfo) bool {
		return ev.hasCode(of, column(d)) != (c == NotEqual)
	}
}

func (pl *planner) descriptionIDs(f *descriptionFilter, x *DescriptionIDFilter) {
	ids := make([]uint64, len(x.IDs))
	for i, id := range x.IDs {
		ids[i] = uint64(id)
	}
	f.tests = append(f.tests, func(_ *evaluation, d *terminology.DesignationInfo) bool {
		return slices.Contains(ids, d.ID) != (x.Comparison == NotEqual)
	})
	if x.Comparison == Equal && f.ids == nil {
		f.ids = ids
	}
}

func timesOf(x *EffectiveTimeFilter) times {
	t := times{comparison: x.Comparison}
	for _, s := range x.Times {
		n, _ := strconv.ParseUint(s, 10, 32) // "" is 0, not published
		t.dates = append(t.dates, uint32(n))
	}
	return t
}

// dialectTest plans a dialect filter: a description passes when it is in one of the
// language reference sets with an acceptability that is asked for.
func (pl *planner) dialectTest(x *DialectFilter) descriptionTest {
	type one struct {
		columns             []int   // known before the evaluation
		of                  operand // else the language reference sets
		preferred, accepted bool
	}
	var all []one
	for _, d := range x.Dialects {
		o := one{}
		o.preferred, o.accepted = pl.acceptability(d)
		if d.Refsets != nil {
			o.of = pl.sub(d.Refsets)
			pl.checkDialects(d.Refsets)
		} else if id, ok := dialect(d.Alias); !ok {
			pl.warn(UnknownDialect, d.Position, d.Alias, "dialect %s is not known", d.Alias)
		} else if c := pl.column(id.String()); c < 0 {
			pl.warn(UnknownDialect, d.Position, d.Alias, "dialect %s: this release has no language reference set %s", d.Alias, id)
		} else {
			o.columns = []int{c}
		}
		all = append(all, o)
	}
	columns := pl.p.Columns()
	return func(ev *evaluation, d *terminology.DesignationInfo) bool {
		for _, o := range all {
			for c := range columns {
				if !(o.preferred && d.Preferred(c) || o.accepted && d.Acceptable(c)) || columns[c].Refset == "" {
					continue
				}
				if slices.Contains(o.columns, c) || o.of != nil && ev.hasCode(o.of, columns[c].Refset) {
					return x.Comparison == Equal
				}
			}
		}
		return x.Comparison == NotEqual
	}
}

// column returns the display column of a language reference set, or -1.
func (pl *planner) column(refset string) int {
	return slices.IndexFunc(pl.p.Columns(), func(c terminology.DisplayColumn) bool { return c.Refset == refset })
}

func (pl *planner) checkDialects(s *SubExpressionConstraint) {
	references(s, func(r *ConceptReference) {
		if code := r.ID.String(); pl.column(code) < 0 {
			pl.warn(UnknownDialect, r.Position, code, "%s is no language reference set of this release", code)
		}
	})
}

// acceptability returns what a dialect asks for; without any, both.
func (pl *planner) acceptability(d *Dialect) (preferred, accepted bool) {
	for _, r := range d.AcceptabilityIDs {
		preferred = preferred || r.ID == snomed.Preferred
		accepted = accepted || r.ID == snomed.Acceptable
		if r.ID != snomed.Preferred && r.ID != snomed.Acceptable {
			pl.warn(UnknownConcept, r.Position, r.ID.String(), "%s is no acceptability", r.ID)
		}
	}
	preferred = preferred || slices.Contains(d.Acceptability, Preferred)
	accepted = accepted || slices.Contains(d.Acceptability, Acceptable)
	if len(d.Acceptability)+len(d.AcceptabilityIDs) == 0 {
		return true, true
	}
	return preferred, accepted
}

// conceptTest plans one condition of a concept filter.
func (pl *planner) conceptTest(f Filter) conceptTest {
	switch x := f.(type) {
	case *ActiveFilter:
		status := statusOf(x)
		if status == neverStatus {
			return conceptTest{set: roaring.New()}
		}
		if status == AnyStatus {
			return conceptTest{set: roaring.New(), other: true}
		}
		return conceptTest{set: pl.p.Active(), other: status == Inactive}
	case *DefinitionStatusTokenFilter:
		defined, primitive := slices.Contains(x.Statuses, Defined), slices.Contains(x.Statuses, Primitive)
		return pl.definition(defined != (x.Comparison == NotEqual), primitive != (x.Comparison == NotEqual))
	case *DefinitionStatusIDFilter:
		of := pl.sub(x.Statuses)
		return conceptTest{status: of, other: x.Comparison == NotEqual}
	case *ModuleFilter:
		of := pl.sub(x.Modules)
		return conceptTest{module: of, other: x.Comparison == NotEqual}
	}
	t := timesOf(f.(*EffectiveTimeFilter))
	return conceptTest{times: &t}
}

// definition is a test of the definition status.
func (pl *planner) definition(defined, primitive bool) conceptTest {
	switch {
	case defined && primitive:
		return conceptTest{set: roaring.New(), other: true}
	case !defined && !primitive:
		return conceptTest{set: roaring.New()}
	}
	return conceptTest{set: pl.p.Defined(), other: primitive}
}
