package valueset

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The filter operators on properties, beside those on concepts.
const (
	opNotIn          = "not-in"
	opExists         = "exists"
	opRegex          = "regex"
	opDescendentLeaf = "descendent-leaf"
)

// The properties that are more than a list of values.
const (
	propParent   = "parent"
	propChild    = "child"
	propInactive = "inactive"
	propDisplay  = "display"
)

// property is a filter on the texts or properties of concepts, made ready for one code
// system.
type property struct {
	Filter
	cs    terminology.CodeSystem
	none  bool              // it asks for concepts of which no value fits: not-in, exists false
	any   bool              // every value fits: exists
	like  []string          // values that may fit, but for case; nil: any may
	fits  func(string) bool // a value; regular expressions take linear time
	above terminology.Ordinal
	steps int64 // that a regular expression has taken at most, and that are not drawn yet
}

// hasValues reports whether the filter is on texts or properties: not on the concept
// itself, nor on a property that the code system does not have.
func (f Filter) hasValues(cs terminology.CodeSystem) bool {
	switch {
	case onConcept(f.Property):
		return f.Op == opRegex
	case f.Property == propDisplay, f.Property == propInactive:
		return true
	case f.Property == propParent, f.Property == propChild:
		return f.Op != opEqual
	}
	return hasProperty(cs, f.Property)
}

// hasProperty reports whether a code system has a property: it says so itself, or one of
// its concepts has it.
func hasProperty(cs terminology.CodeSystem, code string) bool {
	if named, ok := terminology.As[terminology.PropertyNamer](cs); ok {
		return named.HasProperty(code)
	}
	for o := range terminology.Ordinal(cs.Len()) {
		for p := range cs.Properties(o) {
			if p.Code == code {
				return true
			}
		}
	}
	return false
}

// some reports whether a value of a concept fits.
func (p *property) some(o terminology.Ordinal) bool {
	code := func(x terminology.Ordinal) bool { return p.fits(p.cs.Code(x)) }
	switch {
	case onConcept(p.Property):
		return code(o)
	case p.Property == propDisplay:
		return p.fits(p.cs.Display(o))
	case p.Property == propParent:
		return slices.ContainsFunc(p.cs.Parents(o), code)
	case p.Property == propChild:
		return slices.ContainsFunc(p.cs.Children(o), code)
	case p.isInactive():
		return p.fits(boolText(p.cs.Info(o).Inactive))
	}
	for v := range p.cs.Properties(o) {
		if v.Code == p.Property && p.fits(v.Value) {
			return true
		}
	}
	return false
}

// isInactive reports whether the property is how concepts stand, and none that they have.
func (p *property) isInactive() bool {
	return p.Property == propInactive && !hasProperty(p.cs, propInactive)
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// holds reports whether a concept satisfies the filter.
func (p *property) holds(o terminology.Ordinal) bool { return p.some(o) != p.none }

// set returns the concepts that satisfy the filter; the bitmap is the caller's.
func (p *property) set(ctx context.Context) (*Set, error) {
	set, err := p.someSet(ctx)
	if err == nil {
		err = p.tired(ctx)
	}
	if err == nil && p.none {
		all := roaring.New()
		all.AddRange(0, uint64(p.cs.Len()))
		all.AndNot(set)
		set = all
	}
	return set, err
}

// someSet returns the concepts of which a value fits: from the values, where the code system
// knows who has them, and else concept by concept.
func (p *property) someSet(ctx context.Context) (*Set, error) {
	indexed, ok := p.cs.(terminology.PropertyIndexed)
	switch {
	case p.isInactive():
		return p.inactive(), nil
	case !ok || onConcept(p.Property) || p.Property == propDisplay:
		return p.scan(ctx)
	case p.any:
		return indexed.PropertyConcepts(p.Property).Clone(), nil
	case p.Property == propParent:
		return p.across(ctx, indexed.PropertyConcepts(propChild), p.cs.Children)
	case p.Property == propChild:
		return p.across(ctx, indexed.PropertyConcepts(propParent), p.cs.Parents)
	}
	set, at := roaring.New(), 0
	add := func(like string) error {
		for v, concepts := range indexed.PropertyValues(p.Property, like) {
			if at++; at&0x3ff == 0 || p.steps > breath {
				if err := p.tired(ctx); err != nil {
					return err
				}
			}
			if p.fits(v) {
				set.AddMany(concepts)
			}
		}
		return nil
	}
	if p.like == nil {
		return set, add("")
	}
	for _, like := range p.like {
		if err := add(like); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// inactive is someSet for how concepts stand.
func (p *property) inactive() *Set {
	set := roaring.New()
	if p.fits("false") {
		set.Or(p.cs.Active())
	}
	if p.fits("true") {
		out := roaring.New()
		out.AddRange(0, uint64(p.cs.Len()))
		out.AndNot(p.cs.Active())
		set = or(set, out)
	}
	return set
}

// across is someSet for parents and children: the codes that fit are looked for among
// those that are one of somebody, and who has them is next to them.
func (p *property) across(ctx context.Context, codes *Set, next func(terminology.Ordinal) []terminology.Ordinal) (*Set, error) {
	if p.like != nil || p.above != terminology.NoOrdinal {
		near := roaring.New()
		for _, like := range p.like {
			if o, ok := p.cs.Find(like); ok {
				near.Add(o)
			}
		}
		if p.above != terminology.NoOrdinal {
			near.Or(p.cs.Descendants(p.above))
			near.Add(p.above)
		}
		near.And(codes)
		codes = near
	}
	set, at := roaring.New(), 0
	for it := codes.Iterator(); it.HasNext(); {
		if at++; at&0x3ff == 0 || p.steps > breath {
			if err := p.tired(ctx); err != nil {
				return nil, err
			}
		}
		if o := it.Next(); p.fits(p.cs.Code(o)) {
			set.AddMany(next(o))
		}
	}
	return set, nil
}

// scan is someSet concept by concept: for codes and displays, of which every concept has
// its own.
func (p *property) scan(ctx context.Context) (*Set, error) {
	set := roaring.New()
	for o := range terminology.Ordinal(p.cs.Len()) {
		if o&0x3ff == 0x3ff || p.steps > breath {
			if err := p.tired(ctx); err != nil {
				return nil, err
			}
		}
		if p.some(o) {
			set.Add(o)
		}
	}
	return set, nil
}

// tired draws for what was looked at since the last time. The error is that there is no
// going on: the client has left, or the request takes too much.
func (p *property) tired(ctx context.Context) error {
	steps := p.steps + 1024*workValue
	p.steps = 0
	return spend(ctx, "valueset.Evaluate", steps)
}

// asConstraint returns a filter on an attribute as a constraint of the code system's own
// language ("Using SNOMED CT with FHIR", filters); false when it is none.
func (f Filter) asConstraint(cs terminology.CodeSystem) (Filter, bool) {
	if _, ok := terminology.As[terminology.Constrained](cs); !ok || f.Op != opEqual || onConcept(f.Property) {
		return f, false
	}
	if _, ok := cs.Find(f.Property); !ok {
		return f, false
	}
	return Filter{Property: "constraint", Op: opEqual, Value: "* : " + f.Property + " = " + f.Value}, true
}
