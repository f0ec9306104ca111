package operation

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The bounds of a chain.
const (
	maxHops      = 3      // maps that are joined
	maxChainRead = 4_000  // codes that are looked for in maps
	maxChainRows = 40_000 // rows that are found
	maxWays      = maxChainRead
	maxPlanSteps = 1_000_000 // maps that are looked at to find ways
)

// mapGraph is the maps of a snapshot that answer for a source as roads between code
// systems: those of the default releases, and of the code system of a source that names
// another release those of that one. It is safe for concurrent use.
type mapGraph struct {
	snapshot *catalog.Snapshot
	roads    map[string][]road // by the code system that they begin in

	mu    sync.Mutex
	plans map[[2]string][][]road // nil with a key: there are too many

	others map[*catalog.Installed]*mapGraph // of sources in these releases, none of them a default

	damaged []road // maps that would be roads if their releases could be opened
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
	g := s.graph.Load()
	if g == nil || g.snapshot != snap.Snapshot {
		g = newMapGraph(snap.Snapshot, nil)
		if snap.with.plain() { // else it comes with one request
			s.graph.Store(g)
		}
	}
	if source == nil || isDefault(snap.Snapshot, source) || !slices.Contains(snap.Releases, source) {
		return g
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	other := g.others[source]
	if other == nil {
		other = newMapGraph(snap.Snapshot, source)
		g.others[source] = other
	}
	return other
}

// newMapGraph makes a graph of the default releases, in which that of the source, unless it
// is nil, stands in the place of the default one of its code system.
func newMapGraph(snap *catalog.Snapshot, source *catalog.Installed) *mapGraph {
	g := &mapGraph{snapshot: snap, roads: map[string][]road{}, plans: map[[2]string][][]road{}, others: map[*catalog.Installed]*mapGraph{}}
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
	return g
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
	g.mu.Lock()
	defer g.mu.Unlock()
	if known, ok := g.plans[key]; ok {
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
	g.plans[key] = out
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

// chained is a code that a chain has reached.
type chained struct {
	code         string
	relationship terminology.Relationship // of the source to it
	before       *chained                 // nil: it is the source
	road         *road                    // from before
	row          judged
	candidate    bool // a row on the way is only one
	assumed      bool // a row that was judged on the way rests on the age at onset being the age
	ways         int
	order        int
	why          string // it is the first of the row's source
}

// chain answers from maps that are joined: over as few of them as give a code, since each
// loses something, and with as few read backwards, since the author of a map says what its
// sources become, and not what becomes of its targets. It tells whether maps can be joined
// at all.
func (t *translation) chain() (bool, error) {
	for {
		g := t.snap.service.mapGraphOf(t.snap, t.source)
		work := chainWork{t: t}
		joined, err := work.over(g)
		if work.gaveWay { // once for each release at most, since the next graph is without it
			t.snap.service.graph.Store(nil)
			continue
		}
		t.noteDamaged(g.missed(t.resp.Source.System, t.target))
		return joined, err
	}
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

// over answers by the ways of a graph.
func (w *chainWork) over(g *mapGraph) (bool, error) {
	ways := g.plan(w.t.resp.Source.System, w.t.target)
	if ways == nil {
		return true, w.tooCostly()
	}
	for start, end := 0, 0; start < len(ways); start = end {
		found := map[string]*chained{}
		back := backwards(ways[start])
		for end = start; end < len(ways) && len(ways[end]) == len(ways[start]) && backwards(ways[end]) == back; end++ {
			if err := w.follow(ways[end], found); err != nil || w.gaveWay {
				return true, err
			}
		}
		if len(found) > 0 {
			w.t.addChains(found, back)
			return true, nil
		}
	}
	return len(ways) > 0, nil
}

// chainWork counts what chains take.
type chainWork struct {
	t           *translation
	reads, rows int
	gaveWay     bool // a release on a way cannot be opened, which was not known
}

// follow adds the codes at the end of one way.
func (w *chainWork) follow(way []road, found map[string]*chained) error {
	at := map[string]*chained{"": {code: w.t.resp.Source.Code, relationship: terminology.Equivalent, ways: 1}}
	for i := range way {
		r := &way[i]
		if r.release.Ready() != nil {
			w.gaveWay = true
			return nil
		}
		next := map[string]*chained{}
		for _, c := range inOrder(at) {
			if err := w.step(r, c, next); err != nil {
				return err
			}
		}
		if len(next) == 0 {
			return nil
		}
		at = next
	}
	for _, c := range inOrder(at) {
		merge(found, c)
	}
	return nil
}

// inOrder returns codes in the order in which they were found.
func inOrder(codes map[string]*chained) []*chained {
	out := make([]*chained, 0, len(codes))
	for _, c := range codes {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *chained) int { return cmp.Compare(a.order, b.order) })
	return out
}

// step adds the codes that one map leads to from a code.
func (w *chainWork) step(r *road, from *chained, next map[string]*chained) error {
	if w.reads++; w.reads > maxChainRead {
		return w.tooCostly()
	}
	var rows []judged
	var err error
	if r.back {
		var list []terminology.Mapping
		if list, err = w.t.rowsTo(r.usedMap, w.t.startOf(r), from.code); err == nil {
			rows, err = w.t.back(r.usedMap, list)
		}
	} else {
		rows, err = w.t.forward(r.usedMap, from.code)
	}
	if err != nil {
		return err
	}
	if w.rows += len(rows); w.rows > maxChainRows {
		return w.tooCostly()
	}
	end := w.t.endOf(r)
	assumed := from.assumed || slices.ContainsFunc(rows, func(j judged) bool { return j.Assumed })
	var order *ranking
	if !r.back {
		if order, err = w.t.apt(r.usedMap, from.code, rows); err != nil {
			return err
		}
	}
	for n := range rows {
		j := &rows[order.at(n)]
		code, relationship := j.row.Target, j.row.Relationship
		if r.back {
			code, relationship = j.row.Source, conceptmap.Inverse(relationship)
		}
		relationship = conceptmap.Then(from.relationship, relationship)
		if code == "" || j.State > conceptmap.Candidate || relationship == terminology.NotRelatedTo {
			continue
		}
		if end != nil { // maps write codes in their own ways
			if o, ok := end.Find(code); ok {
				code = end.Code(o)
			}
		}
		c := &chained{code: code, relationship: relationship, before: from, road: r, row: *j,
			candidate: from.candidate || j.State == conceptmap.Candidate, assumed: assumed, ways: from.ways, order: len(next)}
		if order != nil && n == 0 {
			c.why = order.why
		}
		merge(next, c)
	}
	return nil
}

func (w *chainWork) tooCostly() error {
	s := w.t.resp.Source
	return &terminology.Error{Op: "operation.Translate", Kind: terminology.TooCostly, Coding: s,
		Err: fmt.Errorf("no map leads from %s to %s, and to join maps for %s takes more than %d look-ups or %d rows: name a map, or ask in two steps", s.System, w.t.target, s.Code, maxChainRead, maxChainRows)}
}

// endOf returns the code system that a road leads to, nil when it is not installed.
func (t *translation) endOf(r *road) terminology.CodeSystem {
	if r.back {
		return t.codesOf(r.Source)
	}
	return t.codesOf(r.Target)
}

// startOf returns the code system that a road begins in, nil when it is not installed.
func (t *translation) startOf(r *road) terminology.CodeSystem {
	if r.back {
		return t.codesOf(r.Target)
	}
	return t.codesOf(r.Source)
}

func (t *translation) codesOf(system string) terminology.CodeSystem {
	if sameEnd(system, t.resp.Source.System) && t.source != nil {
		return t.source.CodeSystem
	}
	if sameEnd(system, t.target) {
		system = t.target
	}
	found, err := t.snap.CodeSystem(system, "")
	if err != nil {
		return nil
	}
	return found.CodeSystem
}
