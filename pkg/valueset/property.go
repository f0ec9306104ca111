package valueset

import (
	"context"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

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

// maxPattern is the longest regular expression that is read, in bytes; a longer one is
// an error, as the beginning of it says something else.
const maxPattern = 4096

// A test is a filter made ready for one code system: it tells of one concept whether it
// satisfies the filter. Regular expressions take linear time.
type test func(terminology.Ordinal) bool

// onProperties returns the test of a filter on the texts or properties of concepts; false
// when the filter is none. The error is NotSupported for a property that the code system
// does not have, and Invalid for a pattern that is none.
func (f Filter) onProperties(cs terminology.CodeSystem) (test, bool, error) {
	values, ok := f.values(cs)
	if !ok {
		return nil, false, nil
	}
	fold := !cs.Release().CaseSens
	same := func(a, b string) bool {
		return a == b || fold && strings.EqualFold(a, b) || isBool(a) && strings.EqualFold(a, b)
	}
	switch f.Op {
	case opEqual:
		return func(o terminology.Ordinal) bool {
			return slices.ContainsFunc(values(o), func(v string) bool { return same(v, f.Value) })
		}, true, nil
	case opIn, opNotIn:
		var list []string
		for v := range strings.SplitSeq(f.Value, ",") {
			list = append(list, strings.TrimSpace(v))
		}
		in := f.Op == opIn
		return func(o terminology.Ordinal) bool {
			return in == slices.ContainsFunc(values(o), func(v string) bool {
				return slices.ContainsFunc(list, func(w string) bool { return same(v, w) })
			})
		}, true, nil
	case opExists:
		if !isBool(f.Value) {
			return nil, true, invalid("valueset.Evaluate", "the filter %s exists of %s wants true or false, not %q", f.Property, cs.Release().System, f.Value)
		}
		want := strings.EqualFold(f.Value, "true")
		return func(o terminology.Ordinal) bool { return want == (len(values(o)) > 0) }, true, nil
	case opRegex:
		pattern, err := compile(f.Value)
		if err != nil {
			return nil, true, invalid("valueset.Evaluate", "the filter %s regex of %s: %w", f.Property, cs.Release().System, err)
		}
		return func(o terminology.Ordinal) bool { return slices.ContainsFunc(values(o), pattern.MatchString) }, true, nil
	case opIsA, opDescendentOf:
		above, ok := cs.Find(f.Value)
		return func(o terminology.Ordinal) bool {
			return ok && slices.ContainsFunc(values(o), func(v string) bool {
				x, found := cs.Find(v)
				return found && cs.Subsumes(above, x) && (f.Op == opIsA || x != above)
			})
		}, true, nil
	}
	return nil, true, f.unsupported(cs)
}

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

// compile reads a pattern that is to match a whole text (FHIR FilterOperator regex). It
// is read by itself first, so that nothing in it, an open bracket or quote or a flag,
// reaches beyond it. Matching takes time linear in the text.
func compile(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("the pattern has %d bytes, want %d at most", len(pattern), maxPattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl|syntax.DotNL)
	if err != nil {
		return nil, err
	}
	return regexp.Compile(`\A(?:` + tree.String() + `)\z`)
}

// values returns what a filter's property is of a concept; false when the filter is on
// the concept itself, or on a property that the code system does not have.
func (f Filter) values(cs terminology.CodeSystem) (func(terminology.Ordinal) []string, bool) {
	switch {
	case onConcept(f.Property):
		if f.Op != opRegex {
			return nil, false
		}
		return func(o terminology.Ordinal) []string { return []string{cs.Code(o)} }, true
	case f.Property == "display":
		return func(o terminology.Ordinal) []string { return []string{cs.Display(o)} }, true
	case f.Property == "parent" || f.Property == "child":
		if f.Op == opEqual {
			return nil, false
		}
		of := cs.Parents
		if f.Property == "child" {
			of = cs.Children
		}
		return func(o terminology.Ordinal) []string {
			var out []string
			for _, x := range of(o) {
				out = append(out, cs.Code(x))
			}
			return out
		}, true
	case !hasProperty(cs, f.Property):
		if f.Property != "inactive" {
			return nil, false
		}
		return func(o terminology.Ordinal) []string {
			if cs.Info(o).Inactive {
				return []string{"true"}
			}
			return []string{"false"}
		}, true
	}
	return func(o terminology.Ordinal) []string {
		var out []string
		for p := range cs.Properties(o) {
			if p.Code == f.Property {
				out = append(out, p.Value)
			}
		}
		return out
	}, true
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

// tested returns the concepts of a code system that satisfy a test.
func tested(ctx context.Context, cs terminology.CodeSystem, t test) (*Set, error) {
	set := roaring.New()
	for o := range terminology.Ordinal(cs.Len()) {
		if o&0xffff == 0xffff && ctx.Err() != nil {
			return nil, &terminology.Error{Op: "valueset.Evaluate", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if t(o) {
			set.Add(o)
		}
	}
	return set, nil
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
