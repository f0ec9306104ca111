package basic_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// random returns a release of n concepts with a hierarchy without cycles, terms in
// two reference sets and members; a tenth of the concepts stands alone.
func random(n int, seed uint64) records {
	source := rand.New(rand.NewPCG(seed, 1))
	r := records{tables: [][]string{{"refset"}}}
	codes := make([]string, n)
	for i, code := range source.Perm(n) {
		codes[i] = fmt.Sprint(10_000_000 + code*7919%1_000_000_007)
		alone := source.IntN(10) == 0
		r.concepts = append(r.concepts, terminology.Concept{Code: codes[i], Inactive: alone && source.IntN(2) == 0, Effective: terminology.Date(20000101 + i%28)})
		for range 1 + source.IntN(3) {
			if i > 0 && !alone {
				r.parents = append(r.parents, [2]string{codes[i], codes[source.IntN(i)]})
			}
		}
		for j, refset := range []string{bokmal, usEnglish} {
			id := uint64(i*2 + j + 1)
			r.designations = append(r.designations, terminology.Designation{Concept: codes[i], ID: id, Language: "nb", Use: synonym, Term: fmt.Sprintf("term %d of %s", j, codes[i])})
			if source.IntN(4) > 0 {
				r.acceptable = append(r.acceptable, terminology.Acceptability{Designation: id, Refset: refset, Preferred: true})
			}
		}
		if source.IntN(5) == 0 {
			r.rows = append(r.rows, terminology.Row{Table: "refset", Component: codes[i]})
		}
	}
	return r
}

// shuffled returns the records in another order.
func (r records) shuffled(seed uint64) records {
	source := rand.New(rand.NewPCG(seed, 2))
	shuffle := func(n int, swap func(i, j int)) { source.Shuffle(n, swap) }
	r.concepts, r.designations, r.acceptable = slices.Clone(r.concepts), slices.Clone(r.designations), slices.Clone(r.acceptable)
	r.parents, r.rows = slices.Clone(r.parents), slices.Clone(r.rows)
	shuffle(len(r.concepts), func(i, j int) { r.concepts[i], r.concepts[j] = r.concepts[j], r.concepts[i] })
	shuffle(len(r.acceptable), func(i, j int) { r.acceptable[i], r.acceptable[j] = r.acceptable[j], r.acceptable[i] })
	shuffle(len(r.parents), func(i, j int) { r.parents[i], r.parents[j] = r.parents[j], r.parents[i] })
	shuffle(len(r.rows), func(i, j int) { r.rows[i], r.rows[j] = r.rows[j], r.rows[i] })
	// the terms of one concept keep their order, as in the file of any source
	at := map[string]int{}
	for i, c := range r.concepts {
		at[c.Code] = i
	}
	slices.SortStableFunc(r.designations, func(x, y terminology.Designation) int { return at[x.Concept] - at[y.Concept] })
	return r
}

// TestHierarchyLaws compares all ways to ask for the hierarchy with each other.
func TestHierarchyLaws(t *testing.T) {
	const n = 150
	for seed := range uint64(10) {
		r := random(n, seed)
		p := r.open(t, norwegianEdition, snomedRules())
		for o := range uint32(n) {
			if found, ok := p.Find(p.Code(o)); !ok || found != o {
				t.Fatalf("Find(Code(%d)) = %d, %v", o, found, ok)
			}
			ancestors, descendants := p.Ancestors(o), p.Descendants(o)
			if !slices.IsSorted(ancestors) || slices.Contains(ancestors, o) || descendants.Contains(o) {
				t.Fatalf("ancestors of %d: %v, descendants: %v", o, ancestors, descendants)
			}
			for _, a := range ancestors {
				for _, b := range p.Ancestors(a) {
					if !slices.Contains(ancestors, b) {
						t.Fatalf("%d is an ancestor of %d and that of %d, but it is not of %d", b, a, o, o)
					}
				}
			}
			for _, parent := range p.Parents(o) {
				if !slices.Contains(ancestors, parent) || !slices.Contains(p.Children(parent), o) {
					t.Fatalf("parent %d of %d is no ancestor, or does not have it as child", parent, o)
				}
			}
			for b := range uint32(n) {
				want := b == o || slices.Contains(p.Ancestors(b), o)
				if got := p.Subsumes(o, b); got != want || descendants.Contains(b) != (want && b != o) {
					t.Fatalf("Subsumes(%d, %d) = %v, in descendants %v, want %v", o, b, got, descendants.Contains(b), want)
				}
			}
		}
		for _, edge := range r.parents {
			if child, parent := must(t, p, edge[0]), must(t, p, edge[1]); !slices.Contains(p.Parents(child), parent) {
				t.Fatalf("%s is a %s, but the release does not say so", edge[0], edge[1])
			}
		}
	}
}

// TestOrderOfRecords imports the same records in other orders: every column and
// every row is the same, byte for byte.
func TestOrderOfRecords(t *testing.T) {
	r := random(300, 7)
	want := r.stored(t, norwegianEdition, snomedRules())
	p, err := basic.Open(want, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		got := r.shuffled(seed).stored(t, norwegianEdition, snomedRules())
		for _, name := range columnNames(p) {
			a, errA := want.Column(name)
			b, errB := got.Column(name)
			if errA != nil || errB != nil || !bytes.Equal(a, b) {
				t.Errorf("seed %d: column %s has %d bytes, %v, and in another order %d, %v, or others", seed, name, len(a), errA, len(b), errB)
			}
		}
		rows, others := rowsOf(want), rowsOf(got)
		if diff := cmp.Diff(rows, others); diff != "" {
			t.Errorf("seed %d: rows (-first order +other):\n%s", seed, diff)
		}
	}
}

// columnNames are the columns of a release, as layout.go lists them.
func columnNames(p *basic.Provider) []string {
	names := strings.Fields(`alternate.bytes alternate.concepts alternate.offsets alternate.schemes ancestor.offsets ancestor.targets child.offsets child.targets code.bytes code.hash
		code.offsets concept.effective concept.flags concept.module concept.tag concept.terms descendant.offsets descendant.sets
		display.any documents member.offsets member.sets meta parent.offsets parent.targets posting.offsets posting.sources posting.types posting.values property.entries
		property.offsets term.accept term.byid term.bytes term.concept term.effective term.id term.meta term.offsets
		value.bytes value.offsets`)
	from, to := terminology.Date(0), terminology.Date(0)
	for o := range uint32(p.Len()) {
		from, to = max(from, p.Info(o).From), max(to, p.Info(o).To)
	}
	if from != 0 {
		names = append(names, "concept.from")
	}
	if to != 0 {
		names = append(names, "concept.to")
	}
	for c := range p.Columns() {
		names = append(names, fmt.Sprintf("display.%03d", c))
	}
	for i, table := range p.Tables() {
		if table.ConceptRows == 0 {
			continue
		}
		for _, what := range []string{"active", "concept", "effective", "id", "module"} {
			if what != "id" || table.UUIDs {
				names = append(names, fmt.Sprintf("rows.%05d.%s", i, what))
			}
		}
		for f := range table.Columns {
			if !slices.Contains(table.Long, f) {
				name := fmt.Sprintf("rows.%05d.%02d.", i, f)
				names = append(names, name+"bytes", name+"offsets", name+"values")
			}
		}
	}
	slices.Sort(names)
	return names
}

func rowsOf(m *store.Memory) []string {
	var out []string
	for kv := range m.Rows(basic.TableRows, nil) {
		out = append(out, fmt.Sprintf("%q %q", kv.Key, kv.Value))
	}
	return out
}
