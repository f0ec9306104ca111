package basic

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The properties that every hierarchy has, where concepts have none of that name.
const (
	propParent = "parent"
	propChild  = "child"
)

// propertyIndex is what is made of the postings of one property when it is first asked
// for: eight bytes a distinct value, and a bitmap. A release has at most as many as it has
// properties, and two for its hierarchy.
type propertyIndex struct {
	values   []postedValue // in the order of compareFolded, then as they are written
	concepts *roaring.Bitmap
}

// postedValue is a value by its place in the postings of a type of attributes.
type postedValue struct{ typ, place uint32 }

// PropertyValues walks the values of a property, each with the concepts that have it in
// ascending order. With like, it walks only the values that are equal to it but for case,
// and goes to them by search. What it yields is shared.
func (p *Provider) PropertyValues(code, like string) iter.Seq2[string, []terminology.Ordinal] {
	values := p.propertyIndex(code).values
	if like != "" {
		from := sort.Search(len(values), func(i int) bool { return compareFolded(p.posted(values[i]), like) >= 0 })
		n := sort.Search(len(values)-from, func(i int) bool { return compareFolded(p.posted(values[from+i]), like) > 0 })
		values = values[from : from+n]
	}
	return func(yield func(string, []terminology.Ordinal) bool) {
		for _, v := range values {
			posted := p.Postings(int(v.typ))
			if !yield(p.posted(v), posted.Sources[posted.Offsets[v.place]:posted.Offsets[v.place+1]]) {
				return
			}
		}
	}
}

// PropertyConcepts returns the concepts that have a property, whatever its value. Where
// concepts have no property of that name, parent stands for the concepts that have a
// parent, and child for those that have a child. The set is shared.
func (p *Provider) PropertyConcepts(code string) *roaring.Bitmap {
	return p.propertyIndex(code).concepts
}

// posted returns the text of a value.
func (p *Provider) posted(v postedValue) string {
	value := p.Postings(int(v.typ)).Values[v.place]
	if p.attributeTypes[v.typ].Text {
		return p.ValueText(value)
	}
	return p.Code(value)
}

// propertyIndex returns the index of a property, and makes it when it is first asked for.
func (p *Provider) propertyIndex(code string) *propertyIndex {
	if !p.HasProperty(code) && code != propParent && code != propChild {
		return &propertyIndex{concepts: roaring.New()} // names that are asked for are not kept
	}
	if x, ok := p.properties.Load(code); ok {
		return x.(*propertyIndex)
	}
	x, _ := p.properties.LoadOrStore(code, p.makePropertyIndex(code))
	return x.(*propertyIndex)
}

func (p *Provider) makePropertyIndex(code string) *propertyIndex {
	x := &propertyIndex{}
	in := make([]uint64, (p.meta.Concepts+63)/64)
	for typ := range p.attributeTypes {
		if p.attributeTypes[typ].Code != code {
			continue
		}
		posted := p.Postings(typ)
		for place := range posted.Values {
			x.values = append(x.values, postedValue{uint32(typ), uint32(place)})
			for _, o := range posted.Sources[posted.Offsets[place]:posted.Offsets[place+1]] {
				in[o/64] |= 1 << (o % 64)
			}
		}
	}
	if !p.HasProperty(code) {
		edges := p.parents
		if code == propChild {
			edges = p.children
		}
		for o := range uint32(p.meta.Concepts) {
			if edges.Offsets[o] < edges.Offsets[o+1] {
				in[o/64] |= 1 << (o % 64)
			}
		}
	}
	slices.SortFunc(x.values, func(a, b postedValue) int {
		s, t := p.posted(a), p.posted(b)
		return cmp.Or(compareFolded(s, t), cmp.Compare(s, t))
	})
	x.concepts = roaring.FromDense(in, false)
	x.concepts.RunOptimize()
	return x
}

// compareFolded orders texts so that those that strings.EqualFold holds for equal stand
// together.
func compareFolded(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			if c := cmp.Compare(leastFold(x), leastFold(y)); c != 0 {
				return c
			}
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

// leastFold returns the first of the letters that differ from one in case only.
func leastFold(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case r < 'a':
		return r
	}
	least := r
	for x := unicode.SimpleFold(r); x != r; x = unicode.SimpleFold(x) {
		least = min(least, x)
	}
	return least
}
