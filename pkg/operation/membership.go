package operation

import (
	"cmp"
	"errors"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// use takes a release as the one that answers for a coding.
func (v *validation) use(d *verdict, r *catalog.Installed, inForce bool) {
	r = v.snap.supplemented(r)
	v.snap.useSystem(r)
	d.reader, d.known, d.inForce = v.snap.reader(r), true, inForce
}

// find looks for the code in the release that answers.
func (v *validation) find(d *verdict) {
	d.thing, d.exists, d.why = d.reader.meaning(d.given.Code)
	if d.exists {
		return
	}
	coding := terminology.Coding{System: d.given.System, Version: d.reader.installed.Release.Version, Code: d.given.Code}
	if d.reader.installed.Release.Content != "" {
		d.partial = d.partial || v.set == nil
		d.add(issueFragment(coding))
		return
	}
	i := issueUnknownCode(coding)
	i.Text += editionNote(d.reader.installed.Release)
	d.add(i)
	if d.why != "" {
		d.add(issueNotExpression(d.why))
	}
	if elsewhere, err := v.snap.elsewhere(d.reader, d.given.Code, d.given.Version, d.inForce); err == nil {
		d.onDay = elsewhere
		d.add(elsewhere.issues...)
	}
}

// inValueSet judges a coding against the value set, and tells what keeps it out.
func (v *validation) inValueSet(d *verdict) error {
	if err := v.member(d, v.set); err != nil {
		return err
	}
	if d.in || d.broken {
		return nil
	}
	if d.reason != "" { // known, and in it but for that
		d.add(issueProvided(d.given, v.name))
		return nil
	}
	if !d.partial {
		d.add(issueProvided(d.given, v.name))
	}
	if d.known {
		if !d.exists {
			v.find(d)
		}
		return nil
	}
	r, inForce, err := v.snap.release(cmp.Or(d.called, d.given.System), v.snap.wanted(d.given.System, d.given.Version))
	if terminology.KindOf(err) == terminology.NotFound {
		v.unknownSystem(d, d.given.System, d.given.Version, false)
		return nil
	}
	if err != nil {
		return err
	}
	v.use(d, r, inForce)
	v.find(d)
	return nil
}

// choice is which release answers for an include and a coding.
type choice struct {
	release *catalog.Installed
	issues  []Issue
	wanted  string   // the version that the include or a rule asks for; "": none
	inForce bool     // release is in force on the day, or named whatever the day
	agrees  bool     // with the version of the coding
	unknown []string // versions that are not known
}

// choose picks the release that answers for an include and the version of a coding, and
// tells where they do not agree.
func (v *validation) choose(d *verdict, included string) (choice, error) {
	s, system, given := v.snap, d.given.System, d.given.Version
	called := cmp.Or(d.called, system)
	want := s.wanted(system, included)
	c := choice{wanted: want, agrees: true}
	knows := func(version string) (*catalog.Installed, error) {
		r, inForce, err := s.release(called, version)
		if terminology.KindOf(err) == terminology.NotFound {
			return nil, nil
		}
		c.inForce = inForce
		return r, err
	}
	miss := func(version string) {
		c.issues = append(c.issues, issueUnknownVersion(system, version, s.knownVersions(system)))
		c.unknown = append(c.unknown, terminology.Canonical(system, version))
	}
	var ofGiven *catalog.Installed
	var err error
	if given != "" {
		if ofGiven, err = knows(given); err != nil {
			return c, err
		}
	}
	switch {
	case want == "" && ofGiven != nil:
		c.release = ofGiven // the last that was asked for, as is whether it is in force
	case want == "":
		if c.release, err = knows(""); err != nil {
			return c, err
		}
		if given != "" && c.release != nil {
			c.agrees = false
			miss(given)
			c.issues = append(c.issues, issueMismatchDefault(system, c.release.Release.Version, given))
		}
	case given != "" && ofGiven != nil && (versionMatches(want, given) || versionMatches(want, ofGiven.Release.Version)):
		c.release = ofGiven
	default:
		if c.release, err = knows(want); err != nil {
			return c, err
		}
		known := len(s.VersionsOf(system)) > 0
		if c.release == nil && known {
			miss(want)
		}
		if given == "" || given == want && c.release == nil || c.release != nil && (given == c.release.Release.Version || given == c.release.Release.Date) {
			break
		}
		c.agrees = false
		if !versionMatches(want, given) {
			c.issues = append(c.issues, issueMismatch(system, want, included, given))
		}
		if ofGiven == nil && known {
			miss(given)
		}
	}
	if c.release != nil {
		if allowed := s.checkVersion(system, c.release.Release.Version); allowed != "" {
			c.issues = append(c.issues, issueVersionCheck(system, c.release.Release.Version, allowed))
		}
	}
	return c, nil
}

// member judges whether a definition holds a coding. What it finds is in d.
func (v *validation) member(d *verdict, c *Compose) error {
	v.asked = nil
	h, err := v.judged(d.given, c, nil)
	if err != nil {
		return err
	}
	v.take(d, h)
	return nil
}

// take makes what was found of a definition the verdict on a coding.
func (v *validation) take(d *verdict, h *holding) {
	found := h.told
	if held := agreeing(h.held); len(held) > 0 {
		if found = held[0]; len(held) > 1 && !v.displaysHere(found) {
			if i := slices.IndexFunc(held, v.displaysHere); i >= 0 {
				found = held[i]
			}
		}
	}
	d.keepFrom(found)
	d.in, d.broken, d.reason, d.why, d.partial, d.ref = len(h.held) > 0, found.broken, found.reason, found.why, found.partial, found.ref
	d.add(found.issues...)
	d.tellCauses(found)
}

// unwanted tells which codes a definition wants not, or the request, which says it of the
// value set that it asks about: what that one excludes by an import is excluded though it
// is inactive, as in its expansion.
func (v *validation) unwanted(c *Compose, path []string) (inactive, abstract bool) {
	asked := len(path) == 1
	inactive = (asked && v.req.ActiveOnly || c.Inactive != nil && !*c.Inactive) && v.req.Date == 0
	return inactive, asked && v.req.NoAbstract
}

// keepsOut reports whether a code that a definition holds is one of those that are not
// wanted.
func (v *validation) keepsOut(d *verdict, noInactive, noAbstract bool) bool {
	if d.thing.composed != nil || !d.exists || !noInactive && !noAbstract {
		return false
	}
	inactive, _ := d.reader.standing(d.thing.o)
	return noInactive && inactive || noAbstract && d.reader.cs().Info(d.thing.o).Abstract
}

// kept returns the verdict on a code that a definition holds, with what keeps it out: that
// it is not active, or abstract, where the value set or the request wants no such code.
func (v *validation) kept(d *verdict, noInactive, noAbstract bool) *verdict {
	if !v.keepsOut(d, noInactive, noAbstract) {
		return d
	}
	d = d.copied()
	if inactive, _ := d.reader.standing(d.thing.o); inactive && noInactive {
		d.reason = "inactive"
		d.add(issueNotActive(d.reader.cs().Code(d.thing.o)))
	}
	if noAbstract && d.reader.cs().Info(d.thing.o).Abstract {
		d.reason = "abstract"
		d.add(issueAbstractNotAllowed(terminology.Coding{System: d.given.System, Code: d.given.Code}))
	}
	return d
}

// inSet reports whether one include of the code system of a coding holds it, in the
// release that was chosen, without the value sets that it imports.
func (v *validation) inSet(d *verdict, set *valueset.ConceptSet, ch choice) (bool, error) {
	v.use(d, ch.release, ch.inForce)
	d.thing, d.exists, d.why = d.reader.meaning(d.given.Code)
	if !d.exists {
		if d.reader.installed.Release.Content != "" && len(set.Filters) == 0 && len(set.ValueSets) == 0 {
			set, err := set.Whole()
			if err != nil {
				return false, err
			}
			if len(set.Concepts) == 0 || slices.ContainsFunc(set.Concepts, func(c valueset.ConceptReference) bool { return c.Code == d.given.Code }) {
				d.partial = true
			}
		}
		return false, nil
	}
	return set.Holds(v.ctx, v.snap, d.reader.cs(), d.thing.o, d.thing.composed)
}

// sameSystem reports whether two names mean one code system.
func (s *snapshot) sameSystem(a, b string) bool {
	if a == b {
		return true
	}
	x, err := s.System(a)
	if err != nil {
		return false
	}
	y, err := s.System(b)
	return err == nil && x == y
}

// unresolved returns the issues of an error about a value set that is imported and not
// known.
func unresolved(err error) (*IssueError, bool) {
	var e *IssueError
	if !errors.As(err, &e) || terminology.KindOf(err) != terminology.NotFound {
		return nil, false
	}
	return e, e.Issues[0].ID == "Unable_to_resolve_value_Set_"
}
