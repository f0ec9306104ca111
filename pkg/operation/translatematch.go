package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

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
