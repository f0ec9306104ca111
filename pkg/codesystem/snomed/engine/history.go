package engine

import (
	"cmp"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Association is what one historical association says of an inactive concept.
type Association struct {
	Refset  snomed.ID           // the association reference set, such as snomed.ReplacedBy
	Target  terminology.Ordinal // NoOrdinal when the release does not have it
	Code    string              // of the target
	Suggest bool                // the target may stand in the place of the concept
}

// associations are the historical association reference sets, best replacement first.
// Those after the first few say where a concept went or what it was, not what to
// record in its place.
var associations = []struct {
	refset  snomed.ID
	suggest bool
}{
	{snomed.ReplacedBy, true}, {snomed.SameAs, true}, {snomed.PossiblyReplacedBy, true}, {snomed.PossiblyEquivalentTo, true},
	{snomed.PartiallyEquivalentTo, true}, {snomed.Alternative, true}, {snomed.SimilarTo, true}, {snomed.WasA, true},
	{snomed.MovedTo, false}, {snomed.MovedFrom, false}, {snomed.RefersTo, false},
}

// inactivation is the reference set that says why a concept is inactive.
const inactivation = "900000000000489007"

// Associations returns what the active historical associations of a concept say, best
// replacement first: REPLACED BY, SAME AS, then those that are only possible or part of
// it. Active targets come before inactive ones of the same kind.
func (r *Release) Associations(o terminology.Ordinal) ([]Association, error) {
	var out []Association
	for _, a := range associations {
		if members, ok := r.Members(a.refset.String()); !ok || !members.Contains(o) {
			continue // to ask the set is cheaper than to read rows
		}
		first := len(out)
		rows, err := r.Rows(a.refset.String(), r.Code(o))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Inactive || len(row.Fields) == 0 {
				continue
			}
			found := Association{Refset: a.refset, Target: terminology.NoOrdinal, Code: row.Fields[0], Suggest: a.suggest}
			if target, ok := r.Find(row.Fields[0]); ok {
				found.Target = target
			} else {
				found.Suggest = false
			}
			out = append(out, found)
		}
		slices.SortFunc(out[first:], func(x, y Association) int {
			return cmp.Or(cmp.Compare(r.rank(x), r.rank(y)), cmp.Compare(len(x.Code), len(y.Code)), cmp.Compare(x.Code, y.Code))
		})
	}
	return out, nil
}

// rank is the place of a target among those of its kind.
func (r *Release) rank(a Association) int {
	switch {
	case a.Target == terminology.NoOrdinal:
		return 2
	case r.Info(a.Target).Inactive:
		return 1
	}
	return 0
}

// Inactivation returns the concept that says why a concept is inactive, such as
// duplicate or ambiguous; false when the release does not say.
func (r *Release) Inactivation(o terminology.Ordinal) (reason terminology.Ordinal, ok bool, err error) {
	if members, known := r.Members(inactivation); !known || !members.Contains(o) {
		return terminology.NoOrdinal, false, nil
	}
	rows, err := r.Rows(inactivation, r.Code(o))
	if err != nil {
		return terminology.NoOrdinal, false, err
	}
	for _, row := range rows {
		if !row.Inactive && len(row.Fields) > 0 {
			if reason, ok = r.Find(row.Fields[0]); ok {
				return reason, true, nil
			}
		}
	}
	return terminology.NoOrdinal, false, nil
}
