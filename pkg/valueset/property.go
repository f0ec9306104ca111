package valueset

import (
	"context"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

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

// maxPattern is the longest regular expression that is read, in bytes; a longer one is
// an error, as the beginning of it says something else.
const maxPattern = 4096

// breath is how many steps regular expressions take before they are drawn from the budget of
// the request: one for each byte of a text and each instruction of the pattern.
const breath = 10_000_000

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

// onProperties returns a filter that hasValues made ready. The error is NotSupported for
// an operator that properties do not have, and Invalid for a value that the operator
// cannot have.
func (f Filter) onProperties(cs terminology.CodeSystem) (*property, error) {
	p := &property{Filter: f, cs: cs, above: terminology.NoOrdinal}
	fold := !cs.Release().CaseSens
	same := func(a, b string) bool {
		return a == b || (fold || isBool(a)) && strings.EqualFold(a, b)
	}
	switch f.Op {
	case opEqual:
		p.like = []string{f.Value}
	case opIn, opNotIn:
		for v := range strings.SplitSeq(f.Value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				p.like = append(p.like, v)
			}
		}
		p.none = f.Op == opNotIn
	case opExists:
		if !isBool(f.Value) {
			return nil, invalid("valueset.Evaluate", "the filter %s exists of %s wants true or false, not %q", f.Property, cs.Release().System, f.Value)
		}
		p.any, p.none = true, strings.EqualFold(f.Value, "false")
		p.fits = func(string) bool { return true }
		return p, nil
	case opRegex:
		pattern, size, err := compile(f.Value)
		if err != nil {
			return nil, invalid("valueset.Evaluate", "the filter %s regex of %s: %w", f.Property, cs.Release().System, err)
		}
		p.steps = int64(size) * workFind // to have compiled it
		p.fits = func(v string) bool {
			p.steps += int64(len(v)+1) * int64(size)
			return pattern.MatchString(v)
		}
		return p, nil
	case opIsA, opDescendentOf:
		if o, ok := cs.Find(f.Value); ok {
			p.above = o
		}
		p.fits = func(v string) bool {
			x, found := cs.Find(v)
			return found && p.above != terminology.NoOrdinal && cs.Subsumes(p.above, x) && (f.Op == opIsA || x != p.above)
		}
		return p, nil
	default:
		return nil, f.unsupported(cs)
	}
	p.fits = func(v string) bool {
		return slices.ContainsFunc(p.like, func(w string) bool { return same(v, w) })
	}
	if len(p.like) > maxCompared {
		p.fits = oneOf(p.like, fold)
	}
	return p, nil
}

// maxCompared is how many values a value is compared with one by one.
const maxCompared = 16

// oneOf returns whether a value is one of a long list; with fold, but for case, in which true
// and false are always the same.
func oneOf(list []string, fold bool) func(string) bool {
	exact, folded := make(map[string]bool, len(list)), make(map[string]bool, len(list))
	for _, v := range list {
		exact[v], folded[foldKey(v)] = true, true
	}
	return func(v string) bool { return exact[v] || (fold || isBool(v)) && folded[foldKey(v)] }
}

// foldKey returns a text that is the same of all texts that strings.EqualFold calls equal.
func foldKey(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for x := unicode.SimpleFold(r); x != r; x = unicode.SimpleFold(x) {
			least = min(least, x)
		}
		return least
	}, s)
}

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

// compile reads a pattern that is to match a whole text (FHIR FilterOperator regex). It
// is read by itself first, so that nothing in it, an open bracket or quote or a flag,
// reaches beyond it. Matching takes time linear in the text, and in size, the number of
// instructions of the pattern.
func compile(pattern string) (re *regexp.Regexp, size int, err error) {
	if len(pattern) > maxPattern {
		return nil, 0, fmt.Errorf("the pattern has %d bytes, want %d at most", len(pattern), maxPattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl|syntax.DotNL)
	if err != nil {
		return nil, 0, err
	}
	if re, err = regexp.Compile(`\A(?:` + tree.String() + `)\z`); err != nil {
		return nil, 0, err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, 0, err
	}
	return re, len(program.Inst), nil
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
