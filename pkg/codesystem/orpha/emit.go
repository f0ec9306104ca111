package orpha

import (
	"context"
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxTargets is the most codes of one code system that a disorder may refer to.
const maxTargets = 1000

// say says what has been read to the sink.
func (r *reader) say(ctx context.Context) error {
	for _, say := range []func(*disorder) error{r.concept, r.text} {
		for i, d := range r.disorders {
			if i&0xff == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "orpha.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			if err := say(d); err != nil {
				return err
			}
		}
	}
	for _, e := range r.edges {
		if err := tabular.Kept(r.to, e.file, e.line, r.to.Parent(e.child, e.parent)); err != nil {
			return err
		}
	}
	for i := range maps {
		if err := r.mapping(i); err != nil {
			return err
		}
	}
	return r.replacements(ctx)
}

// replacements says which disorders take the place of others, as a map.
func (r *reader) replacements(ctx context.Context) error {
	m := crossmap.Replacements(r.release)
	for _, d := range r.disorders {
		for _, p := range d.properties {
			if p.code != crossmap.ReplacedBy {
				continue
			}
			if err := r.kept(d, m.Replace(d.code, p.value, d.file, d.line)); err != nil {
				return err
			}
		}
	}
	return m.Say(ctx, r.to)
}

func (r *reader) concept(d *disorder) error {
	return r.kept(d, r.to.Concept(terminology.Concept{Code: d.code, Inactive: d.inactive}))
}

func (r *reader) text(d *disorder) error {
	for _, t := range d.terms {
		err := r.to.Designation(terminology.Designation{Concept: d.code, Language: t.language, Use: t.use, Term: t.text, Preferred: t.use == terminology.UseDisplay})
		if err := r.kept(d, err); err != nil {
			return err
		}
	}
	for _, ref := range d.references {
		d.say(slug(ref.source), ref.text(), terminology.ValueString)
	}
	for _, p := range d.properties {
		if err := r.kept(d, r.to.Property(terminology.Property{Concept: d.code, Code: p.code, Kind: p.kind, Value: p.value})); err != nil {
			return err
		}
	}
	return nil
}

// mapping says the references to one code system as a map, when there are any.
func (r *reader) mapping(i int) error {
	m := maps[i]
	declared := false
	for _, d := range r.disorders {
		seen := []string(nil)
		for _, ref := range d.references {
			if ref.source != m.source || slices.Contains(seen, ref.code) {
				continue
			}
			if !declared {
				declared = true
				if err := r.to.Map(terminology.MapInfo{ID: m.id, URL: m.id, Title: m.title, Source: System, Target: m.target}); err != nil {
					return err
				}
			}
			if len(seen) == maxTargets {
				return r.to.Bad(&terminology.RowError{File: d.file, Line: d.line, Err: fmt.Errorf("disorder %s has more than %d references to %s", d.code, maxTargets, m.source)})
			}
			seen = append(seen, ref.code)
			err := r.to.Mapping(terminology.Mapping{Map: m.id, Source: d.code, Target: ref.code, Group: 1, Priority: uint16(len(seen)),
				Relationship: relationships[ref.relation], Advice: ref.about(), File: d.file, Line: crossmap.Line(ref.line)})
			if err := tabular.Kept(r.to, d.file, ref.line, err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) kept(d *disorder, err error) error { return tabular.Kept(r.to, d.file, d.line, err) }
