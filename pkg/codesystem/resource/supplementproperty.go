package resource

import (
	"iter"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var _ terminology.PropertyIndexed = (*Supplemented)(nil)

// PropertyValues walks the values of a property in the code system, then those that
// supplements add.
func (s *Supplemented) PropertyValues(code, like string) iter.Seq2[string, []terminology.Ordinal] {
	own := s.addedValues()[code]
	return func(yield func(string, []terminology.Ordinal) bool) {
		for value, concepts := range indexOf(s.CodeSystem).PropertyValues(code, like) {
			if !yield(value, concepts) {
				return
			}
		}
		for _, v := range own {
			if (like == "" || strings.EqualFold(v.value, like)) && !yield(v.value, v.concepts) {
				return
			}
		}
	}
}

// PropertyConcepts returns the concepts that have a property in the code system or by a
// supplement.
func (s *Supplemented) PropertyConcepts(code string) *roaring.Bitmap {
	out := roaring.New()
	for _, v := range s.addedValues()[code] {
		out.AddMany(v.concepts)
	}
	base := indexOf(s.CodeSystem).PropertyConcepts(code)
	if out.IsEmpty() {
		return base
	}
	out.Or(base)
	return out
}

// indexOf returns the index of a code system, or one that looks at every concept.
func indexOf(cs terminology.CodeSystem) terminology.PropertyIndexed {
	if indexed, ok := cs.(terminology.PropertyIndexed); ok {
		return indexed
	}
	return walked{cs}
}

// walked finds by property in a code system that has no index.
type walked struct{ terminology.CodeSystem }

func (w walked) PropertyValues(code, like string) iter.Seq2[string, []terminology.Ordinal] {
	return func(yield func(string, []terminology.Ordinal) bool) {
		for o := range terminology.Ordinal(w.Len()) {
			for p := range w.Properties(o) {
				if p.Code == code && (like == "" || strings.EqualFold(p.Value, like)) && !yield(p.Value, []terminology.Ordinal{o}) {
					return
				}
			}
		}
	}
}

func (w walked) PropertyConcepts(code string) *roaring.Bitmap {
	out, edges := roaring.New(), roaring.New()
	for o := range terminology.Ordinal(w.Len()) {
		for p := range w.Properties(o) {
			if p.Code == code {
				out.Add(o)
			}
		}
		if code == "parent" && len(w.Parents(o)) > 0 || code == "child" && len(w.Children(o)) > 0 {
			edges.Add(o)
		}
	}
	if out.IsEmpty() {
		return edges
	}
	return out
}

// addedValue is a value that supplements give to concepts.
type addedValue struct {
	value    string
	concepts []terminology.Ordinal
}

// byProperty lists what supplements add, by property and in the order of values.
func (s *Supplemented) byProperty() map[string][]addedValue {
	out := map[string][]addedValue{}
	for o, a := range s.added {
		for _, p := range a.properties {
			i, ok := slices.BinarySearchFunc(out[p.Code], p.Value, func(v addedValue, value string) int { return strings.Compare(v.value, value) })
			if !ok {
				out[p.Code] = slices.Insert(out[p.Code], i, addedValue{value: p.Value})
			}
			v := &out[p.Code][i]
			v.concepts = append(v.concepts, o)
		}
	}
	for _, list := range out {
		for i := range list {
			slices.Sort(list[i].concepts)
			list[i].concepts = slices.Compact(list[i].concepts)
		}
	}
	return out
}
