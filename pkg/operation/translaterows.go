package operation

import (
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxReverse is how many rows of a map may lead to codes with a prefix.
const maxReverse = 10_000

// What the parts of a translation take of the budget of the request.
const (
	workTranslate = 20_000 // a code
	workRow       = 2_000  // a row of it, to be judged and told
	workTarget    = 20_000 // a target to be compared with others by what is known of it
	workVoter     = 5_000  // a code of a finer code system to be asked where it leads
	workBack      = 100    // a row that leads to a target too
)

func (t *translation) spend(steps int64) error {
	return terminology.Spend(t.ctx, "operation.Translate", steps)
}

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
	if err := t.spend(workRow * int64(len(rows))); err != nil {
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
