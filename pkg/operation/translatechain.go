package operation

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The bounds of a chain.
const (
	maxHops      = 3      // maps that are joined
	maxChainRead = 4_000  // codes that are looked for in maps
	maxChainRows = 40_000 // rows that are found
)

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
			t.snap.service.laidGraphs.forget()
			continue
		}
		t.noteDamaged(g.missed(t.resp.Source.System, t.target))
		return joined, err
	}
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
