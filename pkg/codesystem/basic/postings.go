package basic

import (
	"cmp"
	"fmt"
	"slices"
)

// postings are the stored columns behind Postings: those of a type are from
// types[type] to types[type+1] in values, and the sources of value i from offsets[i]
// to offsets[i+1] in sources.
type postings struct{ types, values, offsets, sources []uint32 }

// putPostings writes which concepts have an attribute of a type and value. props are
// sorted by concept.
func (im *Image) putPostings(props []property, types int) {
	type posting struct {
		key    uint64 // type, value
		source uint32
	}
	all := make([]posting, len(props))
	for i, p := range props {
		all[i] = posting{uint64(p.typ)<<32 | uint64(p.value), p.concept}
	}
	slices.SortFunc(all, func(x, y posting) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.source, y.source))
	})
	all = slices.Compact(all) // the same in several groups
	s := postings{types: make([]uint32, types+1), sources: make([]uint32, len(all))}
	for i, p := range all {
		if i == 0 || p.key != all[i-1].key {
			s.types[p.key>>32+1]++
			s.values, s.offsets = append(s.values, uint32(p.key)), append(s.offsets, uint32(i))
		}
		s.sources[i] = p.source
	}
	s.offsets = append(s.offsets, uint32(len(all)))
	for t := range types {
		s.types[t+1] += s.types[t]
	}
	im.columns[colPostingTypes], im.columns[colPostingValues] = bytesOf(s.types), bytesOf(s.values)
	im.columns[colPostingOffsets], im.columns[colPostingSources] = bytesOf(s.offsets), bytesOf(s.sources)
}

// readPostings reads the columns of postings.
func (p *Provider) readPostings(r *reader) {
	p.postings.types = column[uint32](r, colPostingTypes, len(p.meta.Properties)+1)
	p.postings.values = column[uint32](r, colPostingValues, -1)
	p.postings.offsets = column[uint32](r, colPostingOffsets, len(p.postings.values)+1)
	p.postings.sources = column[uint32](r, colPostingSources, -1)
}

func (p *Provider) validatePostings(limits []uint32) error {
	s := &p.postings
	for _, err := range []error{
		ascend(colPostingTypes, s.types, len(s.values)),
		ascend(colPostingOffsets, s.offsets, len(s.sources)),
		below(colPostingSources, s.sources, p.meta.Concepts),
	} {
		if err != nil {
			return err
		}
	}
	for typ, limit := range limits {
		if err := below(colPostingValues, s.values[s.types[typ]:s.types[typ+1]], int(limit)); err != nil {
			return err
		}
	}
	return nil
}

// checkPostings compares the attributes of each concept with the postings, both ways.
func (p *Provider) checkPostings() error {
	for typ, t := range p.attributeTypes {
		posted := p.Postings(typ)
		if !strictlySorted(posted.Values) {
			return fmt.Errorf("the values of %s are not in order", t.Code)
		}
		for i, v := range posted.Values {
			if sources := posted.Sources[posted.Offsets[i]:posted.Offsets[i+1]]; len(sources) == 0 || !strictlySorted(sources) {
				return fmt.Errorf("the concepts with value %d of %s are not in order", v, t.Code)
			}
		}
	}
	pairs := 0
	var keys []uint64
	for o := range uint32(p.meta.Concepts) {
		attributes := p.Attributes(o)
		if !slices.IsSortedFunc(attributes, compareAttributes) {
			return fmt.Errorf("the properties of %s are not in order", p.Code(o))
		}
		keys = keys[:0]
		for _, a := range attributes {
			keys = append(keys, uint64(a.Type())<<32|uint64(a.Value()))
			posted := p.Postings(a.Type())
			i, ok := slices.BinarySearch(posted.Values, a.Value())
			if !ok || !contains(posted.Sources[posted.Offsets[i]:posted.Offsets[i+1]], o) {
				return fmt.Errorf("%s is not among the concepts by its properties", p.Code(o))
			}
		}
		slices.Sort(keys)
		pairs += len(slices.Compact(keys))
	}
	if pairs != len(p.postings.sources) {
		return fmt.Errorf("column %s has %d entries, want %d", colPostingSources, len(p.postings.sources), pairs)
	}
	return nil
}

// compareAttributes orders the attributes of a concept by group, type and value.
func compareAttributes(x, y Attribute) int {
	return cmp.Or(cmp.Compare(x.Group(), y.Group()), cmp.Compare(x.Type(), y.Type()), cmp.Compare(x.Value(), y.Value()))
}

func strictlySorted(s []uint32) bool {
	for i := 1; i < len(s); i++ {
		if s[i] <= s[i-1] {
			return false
		}
	}
	return true
}
