package valueset

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// check refuses an include that the standard does not allow (FHIR vsd-1 to vsd-3).
func (s *ConceptSet) check() error {
	const op = "valueset.Evaluate"
	switch {
	case s.System == "" && len(s.ValueSets) == 0:
		return invalid(op, "an include has neither a system nor a value set (vsd-1)")
	case s.System == "" && (len(s.Concepts) > 0 || len(s.Filters) > 0):
		return invalid(op, "an include with concepts or filters has no system (vsd-2)")
	case len(s.Concepts) > 0 && len(s.Filters) > 0:
		return invalid(op, "an include of %s has both concepts and filters (vsd-3)", s.System)
	}
	for _, f := range s.Filters {
		if f.Property == "" || f.Op == "" || f.Value == "" {
			return invalid(op, "a filter of %s lacks its property, op or value: %+v", s.System, f)
		}
	}
	return nil
}

// set returns the concepts of one code system; the bitmap is the caller's.
func (s *ConceptSet) set(ctx context.Context, cs terminology.CodeSystem) (*Set, error) {
	if err := spend(ctx, "valueset.Evaluate", workOf(cs)+workFind*int64(len(s.Concepts))); err != nil {
		return nil, err
	}
	if len(s.Concepts) > 0 {
		return s.listed(cs), nil
	}
	set := roaring.New()
	if len(s.Filters) == 0 || s.Refsets {
		if s.Refsets {
			set.Or(cs.Refsets())
		} else {
			set.AddRange(0, uint64(cs.Len()))
		}
	}
	for i, f := range s.Filters {
		found, err := f.found(ctx, cs)
		if err != nil {
			terminology.PlaceBudget(err, fmt.Sprintf("filter[%d]", i), false)
			return nil, err
		}
		if i == 0 && !s.Refsets {
			set.Or(found)
		} else {
			set.And(found)
		}
	}
	return set, nil
}

// listed returns the concepts that an enumeration names; the bitmap is the caller's.
func (s *ConceptSet) listed(cs terminology.CodeSystem) *Set {
	set := roaring.New()
	for _, c := range s.Concepts {
		if o, ok := cs.Find(c.Code); ok {
			set.Add(o)
		}
	}
	return set
}

// composed returns the expressions among the codes of an enumeration.
func (s *ConceptSet) composed(ctx context.Context, cs terminology.CodeSystem) ([]terminology.Composed, error) {
	composable, ok := terminology.As[terminology.Composable](cs)
	if !ok {
		return nil, nil
	}
	var out []terminology.Composed
	for _, c := range s.Concepts {
		if _, found := cs.Find(c.Code); found {
			continue
		}
		if err := spend(ctx, "valueset.Evaluate", composing(c.Code)); err != nil {
			return nil, err
		}
		if x, err := composable.Compose(c.Code); err == nil {
			out = append(out, x)
		}
	}
	return out, nil
}

func invalid(op, format string, args ...any) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}
