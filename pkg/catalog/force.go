package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Begins returns the first day on which a release is in force: its date, or the first
// day of its month or year. It is 0 where the date is none, such as 2.78 of LOINC.
func Begins(r terminology.Release) terminology.Date {
	if day, ok := terminology.ParseDate(r.Date); ok {
		return day
	}
	p, _ := terminology.ParseDateTime(r.Date)
	return p.From
}

// periods finds the days on which each of some releases is in force: from the day it begins
// until the day before a later one of the same name does. Versions that begin on one
// day, such as 2026 and 2026-01-01, end together. Releases whose first day is not known
// have none, and end none.
func periods(releases []*Installed) map[*Installed]terminology.Period {
	inForce := make(map[*Installed]terminology.Period, len(releases))
	dated := slices.DeleteFunc(slices.Clone(releases), func(r *Installed) bool { return Begins(r.Release) == 0 })
	slices.SortStableFunc(dated, func(a, b *Installed) int {
		return cmp.Or(strings.Compare(a.Release.Name, b.Release.Name), cmp.Compare(Begins(a.Release), Begins(b.Release)))
	})
	for i, r := range slices.Backward(dated) {
		p := terminology.Period{From: Begins(r.Release)}
		if i+1 < len(dated) && dated[i+1].Release.Name == r.Release.Name {
			next := inForce[dated[i+1]]
			if p.To = next.From.DayBefore(); next.From == p.From {
				p.To = next.To
			}
		}
		inForce[r] = p
	}
	return inForce
}

// begun returns the releases whose first day came, or is to come again, between the day
// of the snapshot and another.
func (s *Snapshot) begun(today terminology.Date) []*Installed {
	if today == s.base.today {
		return nil
	}
	var out []*Installed
	for _, r := range s.Releases {
		if p, _ := s.period(r); (p.From <= s.base.today) != (p.From <= today) {
			out = append(out, r)
		}
	}
	return out
}

// InForce returns the days on which a release is in force, as far as the releases that
// are installed tell; false when its first day is not known.
func (s *Snapshot) InForce(r *Installed) (terminology.Period, bool) {
	return s.period(r)
}

// Versions returns the versions of a code system that stand side by side with a
// release, and the release itself, oldest first. Of SNOMED CT they are of one edition.
func (s *Snapshot) Versions(r *Installed) []*Installed {
	var out []*Installed
	for _, other := range s.ofSystem(r.Release.System) {
		if other.Release.Name == r.Release.Name && other.HasCodeSystem() && other.Ready() == nil {
			out = append(out, other)
		}
	}
	slices.SortStableFunc(out, func(a, b *Installed) int {
		return cmp.Or(cmp.Compare(Begins(a.Release), Begins(b.Release)), strings.Compare(a.Release.Date, b.Release.Date))
	})
	return out
}

// CodeSystemOn is CodeSystem for what was in force on a day: when the version leaves a
// choice, being "" or the URI of an edition of SNOMED CT, it is made by the day. When
// the day is before the oldest version that is installed, that one is returned and
// inForce is false. Day 0 is no day, and all releases are in force that tell no days.
func (s *Snapshot) CodeSystemOn(name, version string, day terminology.Date) (r *Installed, inForce bool, err error) {
	r, err = s.CodeSystem(name, version)
	if err != nil || day == 0 {
		return r, err == nil, err
	}
	if a := ask(r.Release.System, version); version != "" && (!a.sct || a.edition.Date != 0) {
		return r, true, nil
	}
	for {
		found, inForce := s.beside(r, day)
		if found == nil {
			return r, true, nil // nothing tells of days
		}
		if found.Ready() == nil { // else the one before it was in force, as far as we can tell
			return found, inForce, nil
		}
	}
}

// beside returns the version beside a release that was in force on a day; of days before all
// of them the oldest, and false. Versions that were found to be broken are left out.
func (s *Snapshot) beside(r *Installed, day terminology.Date) (found *Installed, inForce bool) {
	oldest := (*Installed)(nil)
	from := func(r *Installed) terminology.Date { p, _ := s.period(r); return p.From }
	for _, other := range s.ofSystem(r.Release.System) {
		p, dated := s.period(other)
		switch {
		case !dated || other.Release.Name != r.Release.Name || other.isBroken() || !other.HasCodeSystem():
		case p.From <= day && (found == nil || p.From > from(found)):
			found = other
		case oldest == nil || p.From < from(oldest):
			oldest = other
		}
	}
	if found != nil {
		return found, true
	}
	return oldest, false
}
