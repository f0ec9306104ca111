package valueset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// dice draws definitions.
type dice struct {
	*rand.Rand
	codes, urls []string
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// definition draws a definition that refers to value sets with a lower number only.
func (d dice) definition(url string, below int) *valueset.Compose {
	c := &valueset.Compose{URL: url}
	for range 1 + d.IntN(3) {
		c.Include = append(c.Include, d.set(below))
	}
	for range d.IntN(3) {
		c.Exclude = append(c.Exclude, d.set(below))
	}
	c.Apart = d.IntN(3) == 0
	if d.IntN(3) == 0 {
		inactive := d.IntN(2) == 0
		c.Inactive = &inactive
	}
	return c
}

func (d dice) set(below int) valueset.ConceptSet {
	var s valueset.ConceptSet
	if below > 0 && d.IntN(3) == 0 {
		for range 1 + d.IntN(2) {
			s.ValueSets = append(s.ValueSets, d.urls[d.IntN(below)])
		}
		if d.IntN(2) == 0 {
			return s
		}
	}
	s.System = pick(d, []string{sct, sct, sct, icd10})
	if s.System == sct {
		s.Version = pick(d, []string{"", "", "2024", "2025"})
	}
	switch d.IntN(6) {
	case 0:
		for range 1 + d.IntN(4) {
			s.Concepts = append(s.Concepts, valueset.ConceptReference{Code: pick(d, d.codes)})
		}
		return s
	case 1:
		return s
	}
	s.Refsets = d.IntN(8) == 0
	for range d.IntN(3) {
		f := valueset.Filter{Property: pick(d, []string{"concept", "code"}), Op: pick(d, []string{"=", "is-a", "descendent-of", "is-not-a", "generalizes", "child-of", "in"}), Value: pick(d, d.codes)}
		if f.Op == "in" && d.IntN(2) == 0 {
			f.Value = "723264001"
		}
		if d.IntN(6) == 0 {
			f = valueset.Filter{Property: pick(d, []string{"parent", "child"}), Op: "=", Value: pick(d, d.codes)}
		}
		s.Filters = append(s.Filters, f)
	}
	return s
}

// TestContainsAgreesWithEvaluate draws families of value sets, each of which may
// refer to those before it, and asks of every concept of three releases both ways.
func TestContainsAgreesWithEvaluate(t *testing.T) {
	lib := sample(t)
	codes := []string{"80891009", "i21.9", "I21.X"} // unknown, other case, unknown
	for _, cs := range lib.systems {
		for o := range terminology.Ordinal(cs.Len()) {
			codes = append(codes, cs.Code(o))
		}
	}
	empty, full := 0, 0
	for seed := range uint64(300) {
		d := dice{Rand: rand.New(rand.NewPCG(seed, 1)), codes: codes}
		lib.sets = map[string]*valueset.Compose{}
		for i := range 8 {
			url := fmt.Sprintf("http://example.org/%d", i)
			d.urls = append(d.urls, url)
			c := d.definition(url, i)
			lib.sets[url] = c
			agrees(t, c, lib)
			parts, _ := valueset.Evaluate(t.Context(), c, lib)
			n := uint64(0)
			for _, p := range parts {
				n += p.Set.GetCardinality()
			}
			if n == 0 {
				empty++
			} else {
				full++
			}
		}
	}
	if full < empty {
		t.Errorf("%d definitions hold nothing and %d something: the law was hardly tried", empty, full)
	}
}
