package operation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// codeCheck tells how codes of one code system stand.
type codeCheck struct {
	release *catalog.Installed
	part    bool              // the release has only some codes of its system
	known   map[string]status // of the codes that were asked for
}

type status struct {
	unknown, inactive bool
	validity          terminology.Validity // on the day; NotAsked without one
	period            terminology.Period
	dated             bool // its own days tell why it is not valid
}

// newCodeCheck returns the codeCheck of the code system at an end of a map that a release
// holds; nil when it is not installed. A release answers for its own system.
func newCodeCheck(snap *snapshot, r *catalog.Installed, system string) (*codeCheck, error) {
	found := r
	if !r.HasCodeSystem() || r.Release.System != system {
		if system == "" {
			return nil, nil
		}
		var err error
		found, _, err = snap.CodeSystemOn(system, "", snap.day)
		if terminology.KindOf(err) == terminology.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return &codeCheck{release: found, part: found.Release.Content != "", known: map[string]status{}}, nil
}

// check returns what is wrong with a code on a day, 0 for none: unknown, or the fault for
// inactive or for not valid, which come after it. The text is empty when nothing is.
func (c *codeCheck) check(code string, day terminology.Date, unknown MapFault) (MapFault, string) {
	s, ok := c.known[code]
	if !ok {
		s = c.status(code, day)
		c.known[code] = s
	}
	release := c.release.Release.Title + " " + c.release.Release.Date
	switch {
	case s.unknown && !c.part:
		return unknown, fmt.Sprintf("%s is not in %s", code, release)
	case s.unknown, day == 0 && !s.inactive, day != 0 && s.validity == terminology.Valid:
		return 0, ""
	case s.inactive && !s.dated:
		return unknown + (TargetInactive - TargetUnknown), fmt.Sprintf("%s is inactive in %s", code, release)
	}
	return unknown + (TargetNotValid - TargetUnknown), strings.TrimSpace(fmt.Sprintf("%s is %s on %s in %s: it is %s", code, s.validity, day, release, s.period))
}

// status looks a code up. An expression of several codes stands as the worst of them.
func (c *codeCheck) status(code string, day terminology.Date) status {
	cs := c.release.CodeSystem
	if o, ok := cs.Find(code); ok {
		return statusOf(cs.Info(o), day)
	}
	composable, ok := cs.(terminology.Composable)
	if !ok {
		return status{unknown: true}
	}
	x, err := composable.Compose(code)
	if err != nil {
		return status{unknown: true}
	}
	parts := slices.Clone(x.Parents())
	for a := range x.Attributes() {
		if a.Target != terminology.NoOrdinal {
			parts = append(parts, a.Target)
		}
	}
	whole := status{}
	for _, o := range parts {
		if s := statusOf(cs.Info(o), day); s.inactive || s.validity > whole.validity {
			whole = s
		}
	}
	return whole
}

func statusOf(info terminology.ConceptInfo, day terminology.Date) status {
	s := status{inactive: info.Inactive}
	if day != 0 {
		s.validity, s.period = info.On(day), info.Period()
		s.dated = s.validity == terminology.NotYetValid || info.To != 0 && day > info.To
	}
	return s
}
