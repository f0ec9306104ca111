package hierarchy_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/hierarchy"
)

// randomGraph returns the is-a edges of n nodes; every parent has a lower number,
// so there is no cycle, and about a tenth of the nodes stand alone.
func randomGraph(n int, seed uint64) hierarchy.Edges {
	r := rand.New(rand.NewPCG(seed, 1))
	var from, to []uint32
	for i := 1; i < n; i++ {
		if r.IntN(10) == 0 {
			continue
		}
		for range 1 + r.IntN(3) {
			from, to = append(from, uint32(i)), append(to, uint32(r.IntN(i)))
		}
	}
	return hierarchy.NewEdges(n, from, to)
}

// slowAncestors walks up edge by edge.
func slowAncestors(parents hierarchy.Edges, node uint32) []uint32 {
	seen := map[uint32]bool{}
	var walk func(uint32)
	walk = func(i uint32) {
		for _, p := range parents.Of(i) {
			if !seen[p] {
				seen[p] = true
				walk(p)
			}
		}
	}
	walk(node)
	out := []uint32{}
	for i := range seen {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

func TestClosureAgreesWithWalking(t *testing.T) {
	for seed := range uint64(20) {
		parents := randomGraph(300, seed)
		children := parents.Reverse()
		number, err := hierarchy.Order(parents, children, nil)
		if err != nil {
			t.Fatalf("Order: %v", err)
		}
		parents = parents.Renumber(number)
		children = parents.Reverse()
		ancestors, _ := hierarchy.Ancestors(parents, children)
		sets, err := hierarchy.Descendants(ancestors)
		if err != nil {
			t.Fatalf("Descendants: %v", err)
		}
		for i := range uint32(300) {
			want := slowAncestors(parents, i)
			if diff := cmp.Diff(want, append([]uint32{}, ancestors.Of(i)...)); diff != "" {
				t.Fatalf("seed %d: ancestors of %d (-want +got):\n%s", seed, i, diff)
			}
			for j := range uint32(300) {
				is := slices.Contains(want, j)
				if got := hierarchy.Subsumes(ancestors, j, i); got != (is || i == j) {
					t.Fatalf("seed %d: Subsumes(%d, %d) = %v, want %v", seed, j, i, got, !got)
				}
				if got := sets.Get(int(j)).Contains(i); got != is {
					t.Fatalf("seed %d: %d in descendants of %d = %v, want %v", seed, i, j, got, is)
				}
			}
		}
	}
}

func TestOrderIsDepthFirst(t *testing.T) {
	// 0 is the root of 1 and 2; 3 is below 1; 4 is below both; 5 stands alone and is late
	parents := hierarchy.NewEdges(6, []uint32{1, 2, 3, 4, 4, 4}, []uint32{0, 0, 1, 2, 1, 1})
	number, err := hierarchy.Order(parents, parents.Reverse(), func(n uint32) bool { return n == 5 })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]uint32{0, 1, 4, 2, 3, 5}, number); diff != "" {
		t.Errorf("Order (-want +got):\n%s", diff)
	}
}

func TestOrderNamesACycle(t *testing.T) {
	parents := hierarchy.NewEdges(5, []uint32{1, 2, 3, 4}, []uint32{3, 1, 2, 0})
	_, err := hierarchy.Order(parents, parents.Reverse(), nil)
	var cycle *hierarchy.CycleError
	if !errors.As(err, &cycle) {
		t.Fatalf("Order = %v, want a CycleError", err)
	}
	got := slices.Clone(cycle.Nodes)
	slices.Sort(got)
	if diff := cmp.Diff([]uint32{1, 2, 3}, got); diff != "" {
		t.Errorf("cycle (-want +got):\n%s", diff)
	}
}

func TestSubsumesDoesNotAllocate(t *testing.T) {
	parents := randomGraph(1000, 3)
	ancestors, _ := hierarchy.Ancestors(parents, parents.Reverse())
	if n := testing.AllocsPerRun(100, func() { hierarchy.Subsumes(ancestors, 7, 900) }); n != 0 {
		t.Errorf("Subsumes allocates %v times, want 0", n)
	}
}

func BenchmarkSubsumes(b *testing.B) {
	parents := randomGraph(100_000, 1)
	ancestors, _ := hierarchy.Ancestors(parents, parents.Reverse())
	r := rand.New(rand.NewPCG(2, 2))
	pairs := make([][2]uint32, 1024)
	for i := range pairs {
		pairs[i] = [2]uint32{r.Uint32N(100_000), r.Uint32N(100_000)}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p := pairs[i%len(pairs)]
		hierarchy.Subsumes(ancestors, p[0], p[1])
		i++
	}
}

// TestAncestorsEnd wants a chain with more ancestors than are kept told as that: a small
// file with one would else take all memory.
func TestAncestorsEnd(t *testing.T) {
	chain := func(n int) hierarchy.Edges {
		var from, to []uint32
		for i := range uint32(n - 1) {
			from, to = append(from, i+1), append(to, i)
		}
		return hierarchy.NewEdges(n, from, to)
	}
	for n, want := range map[int]error{2000: nil, 20_000: hierarchy.ErrTooDeep} {
		parents := chain(n)
		if _, err := hierarchy.Ancestors(parents, parents.Reverse()); !errors.Is(err, want) {
			t.Errorf("a chain of %d: %v, want %v", n, err, want)
		}
	}
}
