package hierarchy

import "slices"

// Edges is a directed graph as compressed rows: the neighbours of node i are
// Targets[Offsets[i]:Offsets[i+1]], in ascending order and each once.
type Edges struct {
	Offsets []uint32 // one more than there are nodes
	Targets []uint32
}

// NewEdges collects pairs of nodes below n into rows. Pairs given twice count once.
func NewEdges(n int, from, to []uint32) Edges {
	offsets := make([]uint32, n+1)
	for _, f := range from {
		offsets[f+1]++
	}
	for i := 0; i < n; i++ {
		offsets[i+1] += offsets[i]
	}
	targets := make([]uint32, len(from))
	next := slices.Clone(offsets[:n])
	for i, f := range from {
		targets[next[f]] = to[i]
		next[f]++
	}
	kept := uint32(0)
	for i := 0; i < n; i++ {
		row := targets[offsets[i]:offsets[i+1]]
		slices.Sort(row)
		offsets[i] = kept
		for j, t := range row {
			if j == 0 || t != row[j-1] {
				// kept never passes the place that is read, and row[j-1] was
				// read before it can be overwritten with an equal or later value
				targets[kept] = t
				kept++
			}
		}
	}
	offsets[n] = kept
	return Edges{Offsets: offsets, Targets: targets[:kept:kept]}
}

// Len returns the number of nodes.
func (e Edges) Len() int { return max(0, len(e.Offsets)-1) }

// Of returns the neighbours of node i. The slice is shared.
func (e Edges) Of(i uint32) []uint32 {
	return e.Targets[e.Offsets[i]:e.Offsets[i+1]:e.Offsets[i+1]]
}

// Reverse returns the graph with every edge turned round.
func (e Edges) Reverse() Edges {
	n := e.Len()
	offsets := make([]uint32, n+1)
	for _, t := range e.Targets {
		offsets[t+1]++
	}
	for i := 0; i < n; i++ {
		offsets[i+1] += offsets[i]
	}
	targets := make([]uint32, len(e.Targets))
	next := slices.Clone(offsets[:n])
	for i := 0; i < n; i++ { // in ascending order, so rows come out sorted
		for _, t := range e.Of(uint32(i)) {
			targets[next[t]] = uint32(i)
			next[t]++
		}
	}
	return Edges{Offsets: offsets, Targets: targets}
}

// Renumber returns the graph with node i called number[i]. Numbers must be a
// permutation of the nodes.
func (e Edges) Renumber(number []uint32) Edges {
	n := e.Len()
	from := make([]uint32, 0, len(e.Targets))
	to := make([]uint32, 0, len(e.Targets))
	for i := 0; i < n; i++ {
		for _, t := range e.Of(uint32(i)) {
			from = append(from, number[i])
			to = append(to, number[t])
		}
	}
	return NewEdges(n, from, to)
}
