package hierarchy

import (
	"errors"
	"slices"
)

// maxAncestors is how many ancestors all nodes may have together, 256 MB of them: six
// times those of a full edition of SNOMED CT. A chain of twelve thousand nodes has more,
// and needs some hundred kilobytes to be sent.
const maxAncestors = 64 << 20

// ErrTooDeep is that the nodes have more ancestors together than are kept.
var ErrTooDeep = errors.New("the hierarchy is too deep: the concepts have more than 67108864 ancestors together")

// Ancestors returns the transitive closure of parents: for every node all its
// ancestors, ascending, without the node itself. The graph must have no cycle
// (see Order). The error is ErrTooDeep.
func Ancestors(parents, children Edges) (Edges, error) {
	n := parents.Len()
	sorted := topological(parents, children)
	lists := make([][]uint32, n)
	var merged []uint32
	total := 0
	block := min(1<<20, 8*n) // what a small release needs, and no more
	arena := make([]uint32, 0, block)
	for _, node := range sorted {
		merged = merged[:0]
		for _, p := range parents.Of(node) {
			merged = append(append(merged, p), lists[p]...)
		}
		slices.Sort(merged)
		merged = slices.Compact(merged)
		if total += len(merged); total > maxAncestors {
			return Edges{}, ErrTooDeep
		}
		if len(arena)+len(merged) > cap(arena) {
			arena = make([]uint32, 0, max(block, len(merged)))
		}
		start := len(arena)
		arena = append(arena, merged...)
		lists[node] = arena[start:len(arena):len(arena)]
	}
	e := Edges{Offsets: make([]uint32, n+1), Targets: make([]uint32, 0, total)}
	for i, list := range lists {
		e.Targets = append(e.Targets, list...)
		e.Offsets[i+1] = uint32(len(e.Targets))
	}
	return e, nil
}

// topological returns the nodes so that parents come before their children.
func topological(parents, children Edges) []uint32 {
	n := parents.Len()
	left := make([]uint32, n)
	queue := make([]uint32, 0, n)
	for i := range left {
		if left[i] = uint32(len(parents.Of(uint32(i)))); left[i] == 0 {
			queue = append(queue, uint32(i))
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, c := range children.Of(queue[i]) {
			if left[c]--; left[c] == 0 {
				queue = append(queue, c)
			}
		}
	}
	return queue
}

// Subsumes reports whether a is b or one of its ancestors. It takes a binary
// search in the ancestors of b and does not allocate.
func Subsumes(ancestors Edges, a, b uint32) bool {
	if a == b {
		return true
	}
	_, found := slices.BinarySearch(ancestors.Of(b), a)
	return found
}
