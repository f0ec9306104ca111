package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// ReplacedBy is the property of a code that names the one to use instead of it.
const ReplacedBy = "replaced-by"

// findOn is find by the rules of the request, with its supplements, for the day that the
// snapshot is read for. When inForce is false, the day is before the oldest version that is
// installed, which is then returned. The error is Invalid for a version that the request
// does not allow.
func (s *snapshot) findOn(c terminology.Coding) (r reader, inForce bool, err error) {
	if c.System == "" {
		_, err = s.find(c)
		return reader{}, false, err
	}
	found, inForce, err := s.release(c.System, s.wanted(c.System, c.Version))
	if err != nil {
		return reader{}, false, err
	}
	if allowed := s.checkVersion(c.System, found.Release.Version); allowed != "" {
		return reader{}, false, issueError("operation.CodeSystem", terminology.Invalid, issueVersionCheck(c.System, found.Release.Version, allowed).nowhere())
	}
	return s.reader(s.supplemented(found)), inForce, nil
}

// validity is how a code stands on the day that an answer is about, and the issues that
// say so.
type validity struct {
	validity     terminology.Validity
	replacements []terminology.Coding
	issues       []Issue
}

// validity tells how a code stands on the day of the snapshot; nothing without one.
func (s *snapshot) validity(r reader, t thing, inForce bool) (validity, error) {
	switch {
	case s.day == 0:
		return validity{}, nil
	case t.composed != nil:
		return s.ofComposed(r, t.composed, inForce)
	}
	return s.ofConcept(r, t.o, inForce)
}

// ofConcept is validity for a concept. What a release tells
// of days before the oldest version that is installed is believed; where it tells
// nothing of them, nothing is known.
func (s *snapshot) ofConcept(r reader, o terminology.Ordinal, inForce bool) (v validity, err error) {
	info := r.cs().Info(o)
	coding := r.coding(o)
	v.validity = info.On(s.day)
	known := v.validity != terminology.NoLongerValid || info.Period().To != 0
	if v.validity == terminology.Valid {
		known = info.Tells(s.day)
	}
	if !inForce && !known {
		v.validity = terminology.NotInForce
	}
	if v.validity == terminology.NoLongerValid {
		if v.replacements, err = r.replacements(o, s.day); err != nil {
			return v, err
		}
	}
	if v.validity == terminology.NotYetValid || v.validity == terminology.NoLongerValid {
		v.issues = []Issue{issueNotValid(coding, s.day, v.validity, info.Period(), v.replacements)}
	}
	if !inForce && (v.validity == terminology.Valid || v.validity == terminology.NotInForce) {
		v.issues = []Issue{s.issueNotInForce(r, v.validity)}
	}
	return v, nil
}

// ofComposed is validity for an expression: it is valid when all its codes are, and else
// stands as one that is not.
func (s *snapshot) ofComposed(r reader, x terminology.Composed, inForce bool) (validity, error) {
	whole := validity{validity: terminology.Valid}
	seen := x.Parents()
	for a := range x.Attributes() {
		if a.Target != terminology.NoOrdinal && !slices.Contains(seen, a.Target) {
			seen = append(slices.Clip(seen), a.Target)
		}
	}
	for _, o := range seen {
		v, err := s.ofConcept(r, o, inForce)
		if err != nil {
			return whole, err
		}
		if v.validity != terminology.Valid {
			whole.validity = v.validity
		}
		for _, i := range v.issues {
			if !slices.Contains(whole.issues, i) {
				whole.issues = append(whole.issues, i)
			}
		}
	}
	return whole, nil
}

// elsewhere tells how a code stands on the day of the snapshot that the version in force
// does not have: by the nearest other version that has it, first of those before it.
func (s *snapshot) elsewhere(r reader, code, version string, inForce bool) (validity, error) {
	if _, dated := s.InForce(r.installed); s.day == 0 || !dated || version != "" && version != r.installed.Release.Edition {
		return validity{}, nil
	}
	versions := s.Versions(r.installed)
	at := slices.Index(versions, r.installed)
	for i := at - 1; i >= 0; i-- {
		if o, ok := versions[i].CodeSystem.Find(code); ok {
			next, _ := s.InForce(versions[i+1])
			return s.ofVersion(versions[i], o, terminology.NoLongerValid, terminology.Period{To: next.From.DayBefore()})
		}
	}
	for i := at + 1; i < len(versions); i++ {
		if o, ok := versions[i].CodeSystem.Find(code); ok {
			days, _ := s.InForce(versions[i])
			return s.ofVersion(versions[i], o, terminology.NotYetValid, terminology.Period{From: days.From})
		}
	}
	if !inForce {
		return validity{validity: terminology.NotInForce, issues: []Issue{s.issueNotInForce(r, terminology.NotInForce)}}, nil
	}
	return validity{}, nil
}

// ofVersion tells how a code stands that only another version than the one in force has:
// as the code itself tells, where by that it is not valid, else by the days of versions.
func (s *snapshot) ofVersion(version *catalog.Installed, o terminology.Ordinal, v terminology.Validity, days terminology.Period) (validity, error) {
	r := s.reader(version)
	info := version.CodeSystem.Info(o)
	if own := info.On(s.day); own != terminology.Valid && info.Period() != (terminology.Period{}) {
		return s.ofConcept(r, o, true)
	}
	return validity{validity: v, issues: []Issue{issueOtherVersion(r.coding(o), s.day, v, days)}}, nil
}

// replacements returns the codes to use instead of one, on a day or, without one, now: a
// chain of replacements is followed to the code that is then valid, or to the first of
// the chain when none is.
func (r reader) replacements(o terminology.Ordinal, day terminology.Date) ([]terminology.Coding, error) {
	var out, first []terminology.Coding
	seen, next := []terminology.Ordinal{o}, []terminology.Ordinal{o}
	for i := 0; i < len(next); i++ {
		found, others, err := r.replacedBy(next[i])
		if err != nil {
			return nil, err
		}
		out = append(out, others...)
		for _, target := range found {
			if slices.Contains(seen, target) {
				continue
			}
			seen = append(seen, target)
			if i == 0 {
				first = append(first, r.coding(target))
			}
			if info := r.cs().Info(target); day == 0 && !info.Inactive || day != 0 && info.On(day) == terminology.Valid {
				out = append(out, r.coding(target))
			} else {
				next = append(next, target)
			}
		}
	}
	if len(out) == 0 {
		return first, nil
	}
	return out, nil
}

// replacedBy returns what a code is replaced by, as its release says: the property
// replaced-by, and of SNOMED CT the associations REPLACED BY and SAME AS. Others are
// codes that the release does not have.
func (r reader) replacedBy(o terminology.Ordinal) (found []terminology.Ordinal, others []terminology.Coding, err error) {
	if release, ok := terminology.As[*engine.Release](r.cs()); ok {
		all, err := release.Associations(o)
		for _, a := range all {
			if a.Target != terminology.NoOrdinal && (a.Refset == snomed.ReplacedBy || a.Refset == snomed.SameAs) {
				found = append(found, a.Target)
			}
		}
		return found, nil, err
	}
	for p := range r.cs().Properties(o) {
		switch {
		case p.Code != ReplacedBy:
		case p.Target != terminology.NoOrdinal:
			found = append(found, p.Target)
		default:
			if target, ok := r.cs().Find(p.Value); ok {
				found = append(found, target)
			} else {
				others = append(others, terminology.Coding{System: r.installed.Release.System, Code: p.Value})
			}
		}
	}
	return found, others, nil
}

// canonical returns an expression as an answer has it: of SNOMED CT as it was typed, since
// its grammar leaves open how to write one, else as the code system writes it.
func (r reader) canonical(typed string, x terminology.Composed) string {
	if r.installed.Release.System == snomed.System {
		return typed
	}
	return x.Code()
}

// issueNotInForce says that the day is before the oldest version.
func (s *snapshot) issueNotInForce(r reader, v terminology.Validity) Issue {
	p, _ := s.InForce(r.installed)
	return issueNotInForce(r.installed.Release, s.day, p.From, v == terminology.Valid)
}

// asOf returns a definition whose inactive codes are left to the day, and whether it
// leaves them out.
func asOf(c *valueset.Compose) (definition *valueset.Compose, activeOnly bool) {
	if c == nil || c.Inactive == nil || *c.Inactive {
		return c, false
	}
	as := *c
	as.Inactive = nil
	return &as, true
}

// keepOn leaves out what is not yet valid on a day, and with activeOnly what no longer
// is.
func keepOn(parts []valueset.Part, day terminology.Date, activeOnly bool) {
	for _, p := range parts {
		dated, ok := terminology.As[terminology.Dated](p.CodeSystem)
		if !ok {
			continue
		}
		valid, notYet := dated.On(day)
		if activeOnly {
			p.Set.And(valid)
		} else {
			p.Set.AndNot(notYet)
		}
	}
}
