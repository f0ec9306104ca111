package operation

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
)

// maxPlanSteps and maxWays bound the search for ways.
const (
	maxWays      = maxChainRead
	maxPlanSteps = 1_000_000 // maps that are looked at
)

// mapGraph is the maps of a snapshot that answer for a source as roads between code
// systems: those of the default releases, and of the code system of a source that names
// another release those of that one. It holds of every snapshot that has the same releases,
// and keeps none. It is safe for concurrent use.
type mapGraph struct {
	written uint64           // catalog.Snapshot.WrittenSystemsNumber
	over    *catalog.Overlay // what a request lays over them; nil: nothing
	reads   *catalog.Reads   // the releases, names and defaults that it was made by

	roads map[string][]road // by the code system that they begin in
	plans *plans

	mu     sync.Mutex
	others map[*catalog.Installed]*mapGraph // of sources in these releases, none of them a default

	damaged []road // maps that would be roads if their releases could be opened

	ranked rankings // of rows of its maps
}

// plans are the ways that were found in graphs of the same roads.
type plans struct {
	mu   sync.Mutex
	ways map[[2]string][][]road // nil with a key: there are too many
}

// road is a map, read forward or back.
type road struct {
	usedMap
	back bool
	to   string // place
}

// place is a code system in the graph: the ICD-10 of WHO and the Norwegian one are one.
func place(system string) string {
	if sameEnd(system, norwegianICD10) {
		return norwegianICD10
	}
	return system
}

// mapGraphOf returns the graph of a snapshot for a source in a release of its code system,
// which is made once. The release may be nil: the code system is not installed.
func (s *Service) mapGraphOf(snap *snapshot, source *catalog.Installed) *mapGraph {
	g := s.baseGraph(snap.base)
	if snap.Snapshot != snap.base {
		g = s.laidGraphs.of(snap.Snapshot, g)
	}
	if source == nil || isDefault(snap.Snapshot, source) || !slices.Contains(snap.Releases, source) {
		return g
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	other := g.others[source]
	if other == nil || !other.isOf(snap.Snapshot) { // which may have asked for more than g did
		other = newMapGraph(snap.Snapshot, source, nil)
		g.others[source] = other
	}
	return other
}

// baseGraph returns the graph of a snapshot that nothing is laid over.
func (s *Service) baseGraph(base *catalog.Snapshot) *mapGraph {
	g := s.graph.Load()
	if g == nil || !g.isOf(base) {
		g = newMapGraph(base, nil, g)
		s.graph.Store(g)
	}
	return g
}

// isOf reports whether the graph is that of a snapshot.
func (g *mapGraph) isOf(snap *catalog.Snapshot) bool {
	return g.written == snap.WrittenSystemsNumber() && snap.Answers(g.reads)
}

// isGone reports whether the graph keeps a release that no snapshot has any more.
func (g *mapGraph) isGone() bool {
	for _, roads := range g.roads {
		if slices.ContainsFunc(roads, func(r road) bool { return r.release.Gone() }) {
			return true
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for source, other := range g.others {
		if source.Gone() || other.isGone() {
			return true
		}
	}
	return false
}

// laidGraphs keeps the graphs of what requests lay over snapshots, those of the last ones:
// a client that sends its resources with each request has them planned once. It is safe for
// concurrent use.
type laidGraphs struct {
	mu   sync.Mutex
	list []*mapGraph // the last that was made at the end
}

// What is kept of graphs of requests.
const (
	maxLaidGraphs     = 8
	maxLaidGraphBytes = 4 << 20 // of JSON of the resources of one
)

// of returns the graph of a snapshot with resources laid over it; below is that without them.
func (l *laidGraphs) of(snap *catalog.Snapshot, below *mapGraph) *mapGraph {
	l.mu.Lock()
	at := slices.IndexFunc(l.list, func(g *mapGraph) bool { return g.isOf(snap) })
	if at >= 0 {
		defer l.mu.Unlock()
		return l.list[at]
	}
	l.mu.Unlock()
	g := newMapGraph(snap, nil, below)
	if snap.Overlay().Bytes() > maxLaidGraphBytes {
		return g
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(slices.DeleteFunc(l.list, func(other *mapGraph) bool { return other.over == g.over }), g)
	l.list = slices.Delete(l.list, 0, max(0, len(l.list)-maxLaidGraphs))
	return g
}

func (l *laidGraphs) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// letGo lets go of graphs that keep a release that is gone.
func (l *laidGraphs) letGo() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, (*mapGraph).isGone)
}

// newMapGraph makes a graph of the default releases, in which that of the source, unless it
// is nil, stands in the place of the default one of its code system. With the roads of
// another graph, which may be nil, it has its plans too.
func newMapGraph(snap *catalog.Snapshot, source *catalog.Installed, other *mapGraph) *mapGraph {
	g := &mapGraph{written: snap.WrittenSystemsNumber(), over: snap.Overlay(), roads: map[string][]road{}, others: map[*catalog.Installed]*mapGraph{},
		ranked: rankings{known: map[rankedKey]*ranking{}, byCode: map[listedMap]bool{}}}
	snap, g.reads = snap.Reading()
	for _, r := range snap.Releases {
		if len(r.Release.Maps) == 0 {
			continue
		}
		if source != nil && r.HasCodeSystem() && r.Release.System == source.Release.System {
			if r != source {
				continue
			}
		} else if r.Damage() != nil || !isDefault(snap, r) {
			if snap.Missed(r, "") != nil {
				for _, m := range r.Release.Maps {
					g.damaged = append(g.damaged, road{usedMap: usedMap{m, r}, to: place(m.Target)})
				}
			}
			continue
		}
		for _, m := range r.Release.Maps {
			from, to := place(endOfMap(snap, r, m.Source)), place(endOfMap(snap, r, m.Target))
			if m.Rows == 0 && m.Sources == 0 && !r.IsOverlay() || from == "" || to == "" || from == to {
				continue
			}
			g.roads[from] = append(g.roads[from], road{usedMap: usedMap{m, r}, to: to})
			g.roads[to] = append(g.roads[to], road{usedMap: usedMap{m, r}, back: true, to: from})
		}
	}
	if other != nil && maps.EqualFunc(g.roads, other.roads, func(a, b []road) bool { return slices.EqualFunc(a, b, road.is) }) {
		g.plans = other.plans
	} else {
		g.plans = &plans{ways: map[[2]string][][]road{}}
	}
	return g
}

// is reports whether two roads are the same map of one release, read in one direction.
func (r road) is(other road) bool {
	return r.release == other.release && r.ID == other.ID && r.URL == other.URL && r.back == other.back && r.to == other.to
}

// isDefault reports whether a release answers when no version is asked for.
func isDefault(snap *catalog.Snapshot, r *catalog.Installed) bool {
	if !r.HasCodeSystem() {
		return snap.Default(r)
	}
	found, err := snap.CodeSystem(r.Release.System, "")
	return err == nil && found == r
}

// plan returns the ways from a code system to another over at most maxHops maps, through
// no code system twice, nil when there are too many: those over fewer maps first, of these
// those that read fewer of them backwards, and of these those over fewer that have several
// targets for a source.
func (g *mapGraph) plan(from, to string) [][]road {
	key := [2]string{place(from), place(to)}
	if len(g.roads[key[0]]) == 0 || len(g.roads[key[1]]) == 0 { // as of any that a request brings: no plan is kept of it
		return [][]road{}
	}
	g.plans.mu.Lock()
	defer g.plans.mu.Unlock()
	if known, ok := g.plans.ways[key]; ok {
		return known
	}
	out, steps := [][]road{}, 0
	var walk func(at string, way []road)
	walk = func(at string, way []road) {
		for _, r := range g.roads[at] {
			if steps++; steps > maxPlanSteps || len(out) > maxWays {
				return
			}
			passed := r.to == key[0] || slices.ContainsFunc(way, func(w road) bool { return w.to == r.to })
			switch {
			case passed:
			case r.to == key[1]:
				out = append(out, append(slices.Clone(way), r))
			case len(way)+1 < maxHops:
				walk(r.to, append(slices.Clone(way), r))
			}
		}
	}
	if walk(key[0], nil); steps > maxPlanSteps || len(out) > maxWays {
		out = nil
	}
	slices.SortStableFunc(out, func(a, b []road) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(backwards(a), backwards(b)), cmp.Compare(manifold(a), manifold(b)))
	})
	key[0], key[1] = strings.Clone(key[0]), strings.Clone(key[1]) // of requests
	g.plans.ways[key] = out
	return out
}

// missed returns the damaged maps that could be a part of a way between two code systems:
// those that begin or end in one of them, and those between what maps join to each.
func (g *mapGraph) missed(from, to string) (out []usedMap) {
	from, to = place(from), place(to)
	near := func(at, end string) bool {
		return at == end || slices.ContainsFunc(g.roads[end], func(r road) bool { return r.to == at })
	}
	for _, r := range g.damaged {
		a, b := place(r.Source), r.to
		if a == from || a == to || b == from || b == to || near(a, from) && near(b, to) || near(b, from) && near(a, to) {
			out = append(out, r.usedMap)
		}
	}
	return out
}

// backwards is how many maps of a way are read from their targets to their sources.
func backwards(way []road) int {
	n := 0
	for i := range way {
		if way[i].back {
			n++
		}
	}
	return n
}

// manifold is how many maps of a way have several targets for a source.
func manifold(way []road) int {
	n := 0
	for i := range way {
		if several(&way[i].MapInfo) {
			n++
		}
	}
	return n
}
