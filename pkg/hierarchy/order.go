package hierarchy

import "fmt"

// CycleError says that the hierarchy has a cycle. Nodes are the members of one,
// in the order of the is-a edges.
type CycleError struct{ Nodes []uint32 }

// Error returns the length of the cycle; the caller knows the codes.
func (e *CycleError) Error() string {
	return fmt.Sprintf("the hierarchy has a cycle of %d concepts", len(e.Nodes))
}

// Order returns the ordinal of every node: its place in a depth-first walk from
// the nodes without parents, so that the descendants of a node are a few runs of
// ordinals. Roots and children are walked in ascending order. Nodes for which late
// reports true and that have neither parents nor children come after all others.
// The error is a *CycleError when the graph has a cycle.
func Order(parents, children Edges, late func(node uint32) bool) ([]uint32, error) {
	n := parents.Len()
	if err := checkAcyclic(parents, children); err != nil {
		return nil, err
	}
	const unseen = ^uint32(0)
	number := make([]uint32, n)
	for i := range number {
		number[i] = unseen
	}
	next := uint32(0)
	var stack []uint32
	walk := func(root uint32) {
		stack = append(stack[:0], root)
		for len(stack) > 0 {
			node := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if number[node] != unseen {
				continue
			}
			number[node] = next
			next++
			row := children.Of(node)
			for i := len(row) - 1; i >= 0; i-- {
				if number[row[i]] == unseen {
					stack = append(stack, row[i])
				}
			}
		}
	}
	isLate := func(i uint32) bool {
		return late != nil && len(children.Of(i)) == 0 && late(i)
	}
	for i := uint32(0); int(i) < n; i++ {
		if len(parents.Of(i)) == 0 && !isLate(i) {
			walk(i)
		}
	}
	for i := uint32(0); int(i) < n; i++ {
		if number[i] == unseen {
			walk(i)
		}
	}
	return number, nil
}

// checkAcyclic removes nodes without remaining parents until none is left; what
// then remains leads into a cycle.
func checkAcyclic(parents, children Edges) error {
	n := parents.Len()
	left := make([]uint32, n)
	queue := make([]uint32, 0, n)
	for i := range left {
		left[i] = uint32(len(parents.Of(uint32(i))))
		if left[i] == 0 {
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
	if len(queue) == n {
		return nil
	}
	node := uint32(0)
	for left[node] == 0 {
		node++
	}
	return &CycleError{Nodes: cycleFrom(node, parents, left)}
}

// cycleFrom walks up from a node that cannot be reached from a root; each such
// node has a parent of the same kind, so the walk must come back to itself.
func cycleFrom(node uint32, parents Edges, left []uint32) []uint32 {
	seen := map[uint32]int{}
	var path []uint32
	for {
		if start, ok := seen[node]; ok {
			return path[start:]
		}
		seen[node] = len(path)
		path = append(path, node)
		for _, p := range parents.Of(node) {
			if left[p] > 0 {
				node = p
				break
			}
		}
	}
}
