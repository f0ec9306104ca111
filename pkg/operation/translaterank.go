package operation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxRanked is how many orders of rows are kept.
const maxRanked = 20_000

// rankings are the orders of rows that were made in the snapshots of a graph of maps. They
// are safe for concurrent use.
type rankings struct {
	mu     sync.RWMutex
	known  map[rankedKey]*ranking
	byCode map[listedMap]bool
}

// rankedKey is a source of a map, and the code systems in which the ends of the map are read.
// It keeps no release, and is the same when one was let go of and is opened again.
type rankedKey struct {
	release uint64 // catalog.Installed.Content
	mapID   string
	code    string
	source  uint64 // the same; 0: it is not installed
	target  string
}

// listedMap is a map of a release.
type listedMap struct {
	release uint64 // catalog.Installed.Content
	id      string
}

// ranking is the order in which rows of one source are told.
type ranking struct {
	places []int
	why    string // of the first
}

// rankings returns the orders that are known in the snapshot, less what the request lays over it.
func (t *translation) rankings() *rankings { return &t.snap.service.baseGraph(t.snap.base).ranked }

// apt returns the order in which the rows of a source are told, the most apt first, nil for
// the order that they have. That is the author's, which is kept where it says anything: rows
// with priorities, with rules, in groups, or not in the order of their codes. What a row says
// of how near the target is goes before all that else is known of it.
func (t *translation) apt(m usedMap, code string, rows []judged) (*ranking, error) {
	unspecified := codesystem.Unspecified(m.Target)
	if len(rows) == 0 || unspecified == nil || ordered(m, rows) || !plain(rows) || !several(&m.MapInfo) {
		return nil, nil
	}
	if listed, err := t.listed(m); !listed || err != nil {
		return nil, err
	}
	if !t.snap.with.plain() { // the snapshot is of this request
		return t.rank(m, code, rows, unspecified)
	}
	known := t.rankings()
	key := rankedKey{release: m.release.Content(), mapID: m.ID, code: code, target: t.target}
	if t.source != nil {
		key.source = t.source.Content()
	}
	known.mu.RLock()
	r := known.known[key]
	known.mu.RUnlock()
	if r != nil {
		return r, nil
	}
	r, err := t.rank(m, code, rows, unspecified)
	if err != nil {
		return nil, err
	}
	known.mu.Lock()
	defer known.mu.Unlock()
	if len(known.known) == maxRanked {
		clear(known.known)
	}
	key.code, key.target = strings.Clone(key.code), strings.Clone(key.target) // which are of texts of releases, and of requests
	known.known[key] = r
	return r, nil
}

// listed is byCode, once in a snapshot.
func (t *translation) listed(m usedMap) (bool, error) {
	known, key := t.rankings(), listedMap{m.release.Content(), m.ID}
	known.mu.RLock()
	listed, ok := known.byCode[key]
	known.mu.RUnlock()
	if ok {
		return listed, nil
	}
	listed, err := byCode(m)
	if err != nil {
		return false, err
	}
	if !m.release.IsOverlay() { // else it is of this request
		known.mu.Lock()
		defer known.mu.Unlock()
		known.byCode[key] = listed
	}
	return listed, nil
}

// ordered reports whether the source of a map gives its rows priorities, as reference sets of
// SNOMED CT do that are more than pairs of codes.
func ordered(m usedMap, rows []judged) bool {
	return m.Ordered || m.release.Release.System == snomed.System && rows[0].row.Priority > 0
}

// plain reports whether rows are told apart by their codes alone.
func plain(rows []judged) bool {
	for i := range rows {
		if r := &rows[i].row; r.Rule != "" || r.Target == "" || r.Group != rows[0].row.Group {
			return false
		}
	}
	return len(rows) > 1
}

// How many sources with several targets are looked at to see whether their order is that of
// the codes, how many of them there must be, and how many of a hundred must be so.
const (
	listsLooked  = 200
	listsNeeded  = 8
	listsInOrder = 95
)

// byCode reports whether the order of the targets of each source of a map is that of their
// codes, as in the icd10 column of ICPC-2e: such an order says what falls under a source, and
// nothing of what it mostly is. Any other is the author's.
func byCode(m usedMap) (bool, error) {
	walker, ok := m.release.Maps.(terminology.MapWalker)
	if !ok {
		return false, nil
	}
	lists, sorted := 0, 0
	for rows, err := range walker.All(m.ID) {
		if err != nil {
			return false, err
		}
		if len(rows) < 2 {
			continue
		}
		if lists++; slices.IsSortedFunc(rows, func(a, b terminology.Mapping) int { return strings.Compare(a.Target, b.Target) }) {
			sorted++
		}
		if lists == listsLooked {
			break
		}
	}
	return lists >= listsNeeded && 100*sorted >= listsInOrder*lists, nil
}

// rank makes the order of the rows of a source.
func (t *translation) rank(m usedMap, code string, rows []judged, unspecified func(string) bool) (*ranking, error) {
	codes := make([]string, len(rows))
	for i := range rows {
		codes[i] = rows[i].row.Target
	}
	said, to := termsOf(t.endsOf(m.Source, m.SourceVersion), code), t.endsOf(m.Target, m.TargetVersion)
	votes, by, err := t.votes(m, code, said)
	if err != nil {
		return nil, err
	}
	evidence := make([]conceptmap.Evidence, len(rows))
	for i, target := range codes {
		e := &evidence[i]
		e.Whole = unspecified(target) || conceptmap.CategoryOf(target) == target
		agree(e, said, termsOf(to, target))
		v, all := votes[target], votes[""]
		if e.Same = v.same; all.n > 0 {
			e.Voted = 1000 * v.n / all.n
		}
		back, err := m.release.Maps.Reverse(m.ID, target)
		if err != nil {
			return nil, err
		}
		if len(back) > 0 {
			e.Own = 1000 / len(back)
		}
		if err := t.spend(workTarget + workBack*int64(len(back))); err != nil {
			return nil, err
		}
	}
	r := &ranking{places: conceptmap.BestFirst(codes, evidence)}
	near := func(place int) int { return conceptmap.Rank(rows[place].row.Relationship) }
	slices.SortStableFunc(r.places, func(a, b int) int { return cmp.Compare(near(a), near(b)) })
	if near(r.places[0]) < near(r.places[1]) { // whatever else is known
		r.why = putFirst(len(rows), "the map says that it is nearest")
	} else {
		r.why = because(codes, evidence, r.places[0], by)
	}
	return r, nil
}

// putFirst tells why one of some targets is the first.
func putFirst(n int, why ...string) string {
	return fmt.Sprintf("the map lists %d codes in their own order; put first since %s", n, strings.Join(why, ", and "))
}

// because tells in words what is known of a target that is the first of some by it.
func because(codes []string, evidence []conceptmap.Evidence, first int, by string) string {
	e, why := &evidence[first], []string(nil)
	if e.Same {
		why = append(why, by+" gives it for the same term")
	} else if e.Voted > 0 {
		why = append(why, by+" gives it for terms of the source")
	}
	if e.Words >= 500 {
		why = append(why, "its term agrees with the source's")
	}
	if e.Whole {
		why = append(why, "it is for what is not specified")
	}
	if len(why) == 0 {
		why = append(why, little(codes, evidence, first))
	}
	return putFirst(len(codes), why...)
}

// little tells what puts a target first of which little is known.
func little(codes []string, evidence []conceptmap.Evidence, first int) string {
	in, most, words := map[string]int{}, 0, 0
	for i, code := range codes {
		category := conceptmap.CategoryOf(code)
		in[category]++
		most = max(most, in[category])
		if i != first {
			words = max(words, evidence[i].Words)
		}
	}
	switch e := &evidence[first]; {
	case e.Words > words:
		return "its term agrees with the source's more than theirs"
	case most > 1 && in[conceptmap.CategoryOf(codes[first])] == most:
		return "its category has most of them"
	}
	return "nothing is known that tells them apart, or fewer other codes lead to it"
}

// addRanked adds the rows of a code as matches, the most apt first, after some steps from
// the source to the code.
func (t *translation) addRanked(m usedMap, code string, rows []judged, steps ...Hop) error {
	order, err := t.apt(m, code, rows)
	for n := range rows {
		place := order.at(n)
		t.add(m, &rows[place], steps...)
		if match := &t.resp.Matches[len(t.resp.Matches)-1]; n == 0 && order != nil && match.Reason == "" {
			match.Reason = order.why
		}
	}
	return err
}

// at returns the place of the row that is the nth; of no ranking it is the nth itself.
func (r *ranking) at(n int) int {
	if r == nil {
		return n
	}
	return r.places[n]
}
