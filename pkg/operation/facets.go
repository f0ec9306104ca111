package operation

import (
	"cmp"
	"context"
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The names of the facets of a search.
const (
	FacetSystem   = "system"
	FacetTag      = "tag"
	FacetModule   = "module"
	FacetLanguage = "language"
)

// facetsOf counts the concepts that searches of scopes have found. A language counts the
// concepts that have a term in it that matches.
func facetsOf(ctx context.Context, scopes []scope) ([]Facet, error) {
	counts := [...]*counter{{name: FacetSystem}, {name: FacetTag}, {name: FacetModule}, {name: FacetLanguage}}
	exact := true
	for i := range scopes {
		sc := &scopes[i]
		exact = exact && sc.found.Exact
		if sc.found.Concepts == nil || sc.found.Concepts.IsEmpty() {
			continue
		}
		cs := sc.reader.cs()
		release := cs.Release()
		counts[0].add(release.System, release.Title, int(sc.found.Concepts.GetCardinality()))
		modules := map[string]int{}
		for it, n := sc.found.Concepts.Iterator(), 0; it.HasNext(); n++ {
			if n%4096 == 0 && ctx.Err() != nil {
				return nil, &terminology.Error{Op: "operation.Search", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			o := it.Next()
			if tag := cs.Tag(o); tag != "" {
				counts[1].add(tag, "", 1)
			}
			if m := cs.Info(o).Module; m != "" {
				modules[m]++
			}
		}
		for m, n := range modules {
			display := ""
			if o, ok := cs.Find(m); ok {
				display = sc.reader.coding(o).Display
			}
			counts[2].add(m, display, n)
		}
		for g, l := range sc.languages() {
			if n := sc.found.Groups[g]; n > 0 {
				counts[3].add(string(l), "", n)
			}
		}
	}
	facets := make([]Facet, len(counts))
	for i, c := range counts {
		facets[i] = Facet{Name: c.name, Exact: exact, Values: c.values()}
	}
	return facets, nil
}

// counter counts the values of one facet.
type counter struct {
	name string
	of   map[string]*FacetValue
}

func (c *counter) add(value, display string, n int) {
	if c.of == nil {
		c.of = map[string]*FacetValue{}
	}
	v := c.of[value]
	if v == nil {
		v = &FacetValue{Value: value, Display: display}
		c.of[value] = v
	}
	v.Count += n
}

// values returns the values, those with most concepts first.
func (c *counter) values() []FacetValue {
	all := make([]FacetValue, 0, len(c.of))
	for _, v := range c.of {
		all = append(all, *v)
	}
	slices.SortFunc(all, func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return all
}
