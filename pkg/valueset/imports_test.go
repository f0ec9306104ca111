package valueset_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// counting is a library that counts how often a definition is asked for.
type counting struct {
	library
	asked map[string]int
}

func (c counting) ValueSet(url string) (*valueset.Compose, error) {
	c.asked[url]++
	return c.library.ValueSet(url)
}

// diamonds is a library in which each of some value sets imports the next one in three
// ways, so that there are three to the power of n paths to the last.
func diamonds(t testing.TB, n int) (counting, string) {
	url := func(i int) string { return fmt.Sprintf("http://example.org/diamond-%d", i) }
	lib := counting{library{systems: sample(t).systems, sets: map[string]*valueset.Compose{}}, map[string]int{}}
	for i := range n {
		next := []string{url(i + 1)}
		lib.sets[url(i)] = &valueset.Compose{URL: url(i), Include: []valueset.ConceptSet{{ValueSets: next}, {System: sct, ValueSets: next}}, Exclude: []valueset.ConceptSet{{System: icd10, ValueSets: next}}}
	}
	lib.sets[url(n)] = &valueset.Compose{URL: url(n), Include: only(valueset.Filter{Property: "concept", Op: "is-a", Value: "22298006"})}
	return lib, url(0)
}

// TestDiamonds asks of value sets to which there are billions of paths: each is asked
// for some few times.
func TestDiamonds(t *testing.T) {
	lib, url := diamonds(t, 25)
	parts, err := valueset.Evaluate(t.Context(), lib.sets[url], lib)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := codes(parts), []string{"2025: 1755008 22298006 57054005"}; !slices.Equal(got, want) {
		t.Errorf("Evaluate = %v, want %v", got, want)
	}
	agrees(t, lib.sets[url], lib.library)
	for url, n := range lib.asked {
		if n > 3 {
			t.Errorf("%s was asked for %d times, want 3 at most", url, n)
		}
	}
}

// TestSharedImportIsNotChanged intersects a value set that is imported twice with less,
// and then includes it whole.
func TestSharedImportIsNotChanged(t *testing.T) {
	lib := sample(t)
	hearts := []string{"http://example.org/hearts"}
	c := &valueset.Compose{Include: []valueset.ConceptSet{{ValueSets: hearts}, {System: sct, ValueSets: hearts, Concepts: []valueset.ConceptReference{{Code: "22298006"}}}, {ValueSets: hearts}},
		Exclude: []valueset.ConceptSet{{ValueSets: hearts, System: sct, Concepts: []valueset.ConceptReference{{Code: "57054005"}}}, {ValueSets: hearts, System: sct, Concepts: []valueset.ConceptReference{{Code: "1755008"}}}}}
	parts, err := valueset.Evaluate(t.Context(), c, lib)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := codes(parts), []string{"2025: 194828000 22298006 251061000 414545008 56265001"}; !slices.Equal(got, want) {
		t.Errorf("Evaluate = %v, want %v", got, want)
	}
	agrees(t, c, lib)
}

// TestContainsCanceled asks of one concept when nobody waits any more.
func TestContainsCanceled(t *testing.T) {
	lib := sample(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := valueset.Contains(ctx, &valueset.Compose{Include: only()}, lib, lib.systems[0], 0); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Contains: %v, want Unavailable", err)
	}
}

// kept is a library that keeps lists as sets.
type kept struct {
	library
	made *int
	sets map[*valueset.ConceptReference]*valueset.Set
}

func (k kept) Listed(list []valueset.ConceptReference, _ terminology.CodeSystem, make func() *valueset.Set) (*valueset.Set, bool) {
	if k.sets[&list[0]] == nil {
		k.sets[&list[0]] = make()
		*k.made++
	}
	return k.sets[&list[0]], true
}

// TestListed asks of every concept whether a long list has it: the list is walked once.
func TestListed(t *testing.T) {
	made := 0
	lib := kept{sample(t), &made, map[*valueset.ConceptReference]*valueset.Set{}}
	s := valueset.ConceptSet{System: icd10, Concepts: []valueset.ConceptReference{{Code: "i21.9"}, {Code: "R50.0"}}}
	for i := range 100 {
		s.Concepts = append(s.Concepts, valueset.ConceptReference{Code: fmt.Sprint("X", i)})
	}
	c := &valueset.Compose{Include: []valueset.ConceptSet{s}}
	agrees(t, c, lib.library)
	cs := lib.systems[1]
	for o := range terminology.Ordinal(cs.Len()) {
		in, err := valueset.Contains(t.Context(), c, lib, cs, o)
		if want := slices.Contains([]string{"I21.9", "R50.0"}, cs.Code(o)); err != nil || in != want {
			t.Errorf("Contains %s = %v, %v, want %v", cs.Code(o), in, err, want)
		}
	}
	if made != 1 {
		t.Errorf("the list was walked %d times, want once", made)
	}
}
