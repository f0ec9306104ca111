package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxReverse is how many rows of a map may lead to codes with a prefix.
const maxReverse = 10_000

// judged is a row of a map and what became of it.
type judged struct {
	row terminology.Mapping
	conceptmap.Judgement
}

// translate adds the matches of one map, and tells whether it has rows for the code.
func (t *translation) translate(m usedMap) (bool, error) {
	if t.reverse {
		return t.translateBack(m)
	}
	rows, err := t.forward(m, t.resp.Source.Code)
	if err != nil {
		return false, err
	}
	if len(rows) > 0 {
		return true, t.addRanked(m, t.resp.Source.Code, rows)
	}
	if t.req.Walk {
		if found, err := t.walk(m); found || err != nil {
			return found, err
		}
	}
	return t.unmapped(m, nil)
}

// forward returns the rows of a source code, evaluated.
func (t *translation) forward(m usedMap, code string) ([]judged, error) {
	rows, err := t.rowsOf(m, code)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	t.look(m)
	out := make([]judged, len(rows))
	for i, j := range conceptmap.Evaluate(rows, &t.given) {
		out[i] = judged{rows[i], j}
	}
	return out, nil
}

// look makes the code system of the source of a map the one in which findings are kinds of
// others. It is found when the first rule asks.
func (t *translation) look(m usedMap) {
	t.within, t.withinOf, t.withinSystem = nil, m.release, m.Source
}

// isA reports whether a finding is a concept or a kind of it.
func (t *translation) isA(finding, concept string) bool {
	if t.within == nil {
		if r := t.withinOf; r.CodeSystem != nil && r.Release.System == t.withinSystem {
			t.within = r.CodeSystem
		} else if r, err := t.snap.CodeSystem(t.withinSystem, ""); err == nil {
			t.within = r.CodeSystem
		} else {
			return false
		}
	}
	f, ok := t.within.Find(finding)
	c, known := t.within.Find(concept)
	return ok && known && t.within.Subsumes(c, f)
}

// translateBack adds the codes from which a map leads to the code, and with Prefix to codes
// that begin with it or that it is more special than.
func (t *translation) translateBack(m usedMap) (bool, error) {
	code := t.resp.Source.Code
	exact, err := t.rowsTo(m, t.codes(), code)
	if err != nil {
		return false, err
	}
	list, err := t.back(m, exact)
	if err != nil {
		return false, err
	}
	for i := range list {
		t.add(m, &list[i])
	}
	if !t.req.Prefix {
		return len(exact) > 0, nil
	}
	begin, err := t.below(m, exact)
	if err != nil {
		return false, err
	}
	if list, err = t.back(m, begin); err != nil {
		return false, err
	}
	for i := range list {
		t.add(m, &list[i], t.step(list[i].row.Target, terminology.SourceIsBroader))
	}
	found := len(exact) + len(begin)
	if found > 0 {
		return true, nil
	}
	for _, general := range t.moreGeneral() {
		rows, err := t.rowsTo(m, t.codes(), general)
		if err != nil {
			return false, err
		}
		if list, err = t.back(m, rows); err != nil {
			return false, err
		}
		for i := range list {
			t.add(m, &list[i], t.step(general, terminology.SourceIsNarrower))
		}
		if len(rows) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// moreGeneral returns the codes that the source begins with and that are more general, the
// nearest first: its ancestors, or where its code system is not installed its beginnings.
func (t *translation) moreGeneral() []string {
	var out []string
	if t.source != nil && !t.unknown {
		levels(t.source.CodeSystem, t.ordinal, func(level []terminology.Ordinal) bool {
			for _, o := range level {
				out = append(out, t.source.CodeSystem.Code(o))
			}
			return true
		})
		return out
	}
	code := t.resp.Source.Code
	if isNumber(code) {
		return nil
	}
	for n := len(code) - 1; n >= shortestCategory; n-- {
		if code[n-1] != '.' {
			out = append(out, code[:n])
		}
	}
	return out
}

// shortestCategory is the length of the shortest code of a classification that others
// begin with, such as A01 of ICD-10.
const shortestCategory = 3

// step is one step in the code system of the source, to another code of it.
func (t *translation) step(code string, r terminology.Relationship) Hop {
	c := terminology.Coding{System: t.resp.Source.System, Code: code}
	if t.source != nil {
		if o, ok := t.source.CodeSystem.Find(code); ok {
			c = t.snap.reader(t.source).coding(o)
		}
	}
	return Hop{Coding: c, Relationship: r}
}

// levels calls do with the parents of a concept, with theirs, and so on, each concept once
// at its least distance, until it is told to stop.
func levels(cs terminology.CodeSystem, o terminology.Ordinal, do func([]terminology.Ordinal) bool) {
	seen := map[terminology.Ordinal]bool{o: true}
	for level := []terminology.Ordinal{o}; ; {
		var next []terminology.Ordinal
		for _, child := range level {
			for _, p := range cs.Parents(child) {
				if !seen[p] {
					seen[p] = true
					next = append(next, p)
				}
			}
		}
		if len(next) == 0 || !do(next) {
			return
		}
		level = next
	}
}

// walk adds the rows of the nearest ancestors that have some: all that are at the same
// distance.
func (t *translation) walk(m usedMap) (found bool, err error) {
	if t.source == nil || t.unknown {
		return false, nil
	}
	cs := t.source.CodeSystem
	levels(cs, t.ordinal, func(level []terminology.Ordinal) bool {
		for _, o := range level {
			var rows []judged
			if rows, err = t.forward(m, cs.Code(o)); err != nil {
				return false
			}
			if len(rows) == 0 {
				continue
			}
			found = true
			if err = t.addRanked(m, cs.Code(o), rows, t.up(o)...); err != nil {
				return false
			}
		}
		return !found
	})
	if found {
		t.note("%s has no row in %s: those of its nearest ancestors, which say less", t.resp.Source.Code, title(m))
	}
	return found, err
}

// up returns a shortest way from the source to an ancestor, by single steps.
func (t *translation) up(to terminology.Ordinal) []Hop {
	cs, at := t.source.CodeSystem, t.ordinal
	before := map[terminology.Ordinal]terminology.Ordinal{}
	for level := []terminology.Ordinal{at}; len(level) > 0; {
		var next []terminology.Ordinal
		for _, child := range level {
			for _, p := range cs.Parents(child) {
				if _, ok := before[p]; !ok && cs.Subsumes(to, p) {
					before[p] = child
					next = append(next, p)
				}
			}
		}
		if _, ok := before[to]; ok {
			break
		}
		level = next
	}
	var way []Hop
	for o := to; o != at; o = before[o] {
		way = append(way, Hop{Coding: t.snap.reader(t.source).coding(o), Relationship: terminology.SourceIsNarrower})
	}
	slices.Reverse(way)
	return way
}

func title(m usedMap) string {
	if m.Title != "" {
		return m.Title
	}
	return m.URL
}

// add adds a row as a match, after some steps from the source to the code whose row it is.
func (t *translation) add(m usedMap, j *judged, steps ...Hop) {
	match := t.match(m, j, t.reverse)
	if len(steps) > 0 {
		match.From = steps[len(steps)-1].Coding
		relationship := match.Relationship
		for i := len(steps) - 1; i >= 0; i-- {
			relationship = conceptmap.Then(steps[i].Relationship, relationship)
		}
		last := Hop{Coding: match.Coding, Relationship: match.Relationship, Map: match.Map, MapTitle: match.MapTitle, Reverse: match.Reverse}
		match.Path, match.Relationship = append(slices.Clone(steps), last), relationship
	}
	t.resp.Matches = append(t.resp.Matches, match)
}

// match returns a row as a match, from its source or, back, from its target.
func (t *translation) match(m usedMap, j *judged, back bool) Match {
	row := &j.row
	t.tell(j)
	match := Match{
		Relationship: row.Relationship, Map: m.URL, MapTitle: m.Title, MapVersion: m.release.Release.Version,
		Group: int(row.Group), Priority: int(row.Priority), Rule: row.Rule, Advice: row.Advice, Category: row.Category,
		State: j.State, Fired: j.Fired, Needs: t.needs(m, j), Reason: j.Reason, Products: row.Products, File: row.File, Line: int(row.Line), Row: row.ID,
	}
	code, system, display := row.Target, m.Target, row.Display
	if back {
		code, system, display = row.Source, m.Source, ""
		match.Relationship = conceptmap.Inverse(row.Relationship)
		match.Reverse = true
		match.Target = terminology.Coding{System: m.Target, Code: row.Target}
	}
	match.Coding = terminology.Coding{System: system, Code: code}
	switch {
	case code == "":
	case m.release.IsOverlay(): // a ConceptMap of the request: its groups say no more than its rows
		match.Group, match.Priority, match.Resource = 0, 0, true
		match.Coding.System = endOfMap(t.snap.Snapshot, m.release, system)
		if match.Coding.Version = m.TargetVersion; back {
			match.Coding.Version, match.Target.Version = m.SourceVersion, m.TargetVersion
		}
	default:
		match.Coding = t.withDisplay(match.Coding, m, display)
	}
	return match
}

// tell keeps what the notes tell of a row.
func (t *translation) tell(j *judged) {
	t.taken = t.taken || j.Assumed
	if j.State == conceptmap.Overridden {
		t.over++
	}
}

// needs returns what is missing to decide about a row, in words; findings by their terms in
// the language of the client.
func (t *translation) needs(m usedMap, j *judged) []string {
	if len(j.Needs) == 0 {
		return nil
	}
	out := make([]string, len(j.Needs))
	for i, n := range j.Needs {
		if n.What == conceptmap.NeedFinding || n.What == conceptmap.NeedValue {
			n.Concept.Display = t.withDisplay(terminology.Coding{System: m.Source, Code: n.Concept.Code}, m, n.Concept.Display).Display
		}
		out[i] = n.String()
	}
	return out
}

// maxUnmapped is how many maps may refer to each other for codes without rows.
const maxUnmapped = 10

// unmapped adds what a map says of codes that it has no rows for. The maps that led to it
// are not asked again.
func (t *translation) unmapped(m usedMap, path []string) (bool, error) {
	u := m.Unmapped
	if u == nil || t.reverse {
		return false, nil
	}
	match := Match{Relationship: u.Relationship, Map: m.URL, MapTitle: m.Title, MapVersion: m.release.Release.Version, Resource: m.release.IsOverlay(),
		Reason: "the map has no row for the code: unmapped, " + string(u.Mode)}
	switch u.Mode {
	case terminology.UnmappedSource:
		match.Coding = t.withDisplay(terminology.Coding{System: m.Target, Code: t.resp.Source.Code}, m, "")
	case terminology.UnmappedFixed:
		match.Coding = t.withDisplay(terminology.Coding{System: m.Target, Code: u.Code}, m, u.Display)
	case terminology.UnmappedOther:
		return t.otherMap(u.Map, append(path, m.ID))
	default:
		return false, nil
	}
	t.resp.Matches = append(t.resp.Matches, match)
	return true, nil
}

// otherMap answers from the map that another one names for codes without rows.
func (t *translation) otherMap(url string, path []string) (bool, error) {
	maps, err := t.maps(url)
	if err != nil {
		return false, err
	}
	found := false
	for _, m := range maps {
		if slices.Contains(path, m.ID) || len(path) > maxUnmapped {
			continue
		}
		rows, err := t.forward(m, t.resp.Source.Code)
		if err != nil {
			return false, err
		}
		for i := range rows {
			t.add(m, &rows[i])
		}
		if len(rows) == 0 {
			if more, err := t.unmapped(m, path); err != nil {
				return false, err
			} else if more {
				found = true
			}
			continue
		}
		found = true
	}
	return found, nil
}
