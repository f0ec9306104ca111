package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// vote is how many codes of a finer code system lead to a target, and whether one with the
// term of the source does.
type vote struct {
	n    int
	same bool
}

// maxVoters is how many codes of a finer code system are asked where they lead.
const maxVoters = 256

// votes returns where other maps to the same code system lead from codes of a finer one: one
// that has the code of the source, with a term of it, and codes below it, as ICPC-2B has of
// ICPC-2; at "" all of them. It tells which map.
func (t *translation) votes(m usedMap, code string, said []saidTerm) (map[string]vote, string, error) {
	for _, r := range t.snap.Releases {
		if len(r.Release.Maps) == 0 || r.Damage() != nil || r.HasCodeSystem() || !t.snap.Default(r) {
			continue
		}
		for _, other := range r.Release.Maps {
			if place(other.Target) != place(m.Target) || place(other.Source) == place(m.Source) || other.Source == snomed.System || r.Ready() != nil {
				continue
			}
			finer, err := t.snap.CodeSystem(other.Source, "")
			if err != nil {
				continue
			}
			votes, err := t.votesOf(usedMap{other, r}, finer, code, said)
			if votes != nil || err != nil {
				return votes, title(usedMap{other, r}), err
			}
		}
	}
	return nil, "", nil
}

// votesOf returns where one map leads from the code and the codes below it, nil when its
// code system has not the code, or means another thing by it.
func (t *translation) votesOf(m usedMap, finer *catalog.Installed, code string, said []saidTerm) (map[string]vote, error) {
	cs := finer.CodeSystem
	o, ok := cs.Find(code)
	if !ok || !sayTheSame(said, termsOf([]*catalog.Installed{finer}, code)) {
		return nil, nil
	}
	votes := map[string]vote{}
	voters := append([]terminology.Ordinal{o}, cs.Children(o)...)
	voters = voters[:min(len(voters), maxVoters)]
	if err := t.spend(workVoter * int64(len(voters))); err != nil {
		return nil, err
	}
	for _, voter := range voters {
		rows, err := m.release.Maps.Forward(m.ID, cs.Code(voter))
		if err != nil {
			return nil, err
		}
		same := len(rows) > 0 && sayTheSame(said, termsOf([]*catalog.Installed{finer}, cs.Code(voter)))
		for _, row := range rows {
			if row.Target != "" && row.Relationship != terminology.NotRelatedTo {
				v, all := votes[row.Target], votes[""]
				v.n, all.n, v.same = v.n+1, all.n+1, v.same || same
				votes[row.Target], votes[""] = v, all
			}
		}
	}
	return votes, nil
}

// sayTheSame reports whether a preferred term of one code is one of another.
func sayTheSame(a, b []saidTerm) bool {
	return slices.ContainsFunc(a, func(x saidTerm) bool {
		return x.preferred && slices.ContainsFunc(b, func(y saidTerm) bool { return y.preferred && x.language == y.language && x.Same(y.Words) })
	})
}
