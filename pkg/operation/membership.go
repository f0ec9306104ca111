package operation

import (
	"errors"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// use takes a release as the one that answers for a coding.
func (v *validation) use(d *verdict, r *catalog.Installed) {
	r = v.snap.supplemented(r)
	v.snap.useSystem(r)
	d.reader, d.known, d.inForce = v.snap.reader(r), true, true
	if p, dated := v.snap.InForce(r); dated && v.req.Date != 0 && v.req.Date < p.From {
		d.inForce = d.given.Version != ""
	}
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
			v.tellUnknown(d)
		}
		return nil
	}
	r, err := v.snap.release(d.given.System, v.snap.wanted(d.given.System, d.given.Version))
	if terminology.KindOf(err) == terminology.NotFound {
		v.unknownSystem(d, d.given.System, d.given.Version, false)
		return nil
	}
	if err != nil {
		return err
	}
	v.use(d, r)
	v.find(d)
	return nil
}

func (v *validation) tellUnknown(d *verdict) {
	v.find(d)
}

// candidate is one include that may hold a coding.
type candidate struct {
	set    *valueset.ConceptSet
	choice choice
}

// choice is which release answers for an include and a coding.
type choice struct {
	release *catalog.Installed
	issues  []Issue
	agrees  bool // with the version of the coding
	unknown []string
}

// choose picks the release that answers for an include and the version of a coding, and
// tells where they do not agree.
func (v *validation) choose(d *verdict, included string) (choice, error) {
	s, system, given := v.snap, d.given.System, d.given.Version
	want := s.wanted(system, included)
	c := choice{agrees: true}
	knows := func(version string) (*catalog.Installed, error) {
		r, err := s.release(system, version)
		if terminology.KindOf(err) == terminology.NotFound {
			return nil, nil
		}
		return r, err
	}
	miss := func(version string) {
		c.issues = append(c.issues, issueUnknownVersion(system, version, s.knownVersions(system)))
		c.unknown = append(c.unknown, canonicalOf(system, version))
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
		c.release = ofGiven
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
		if c.release == nil && len(s.VersionsOf(system)) > 0 {
			miss(want)
		}
		if given != "" && (c.release == nil || given != c.release.Release.Version && given != c.release.Release.Date) {
			c.agrees = false
			c.issues = append(c.issues, issueMismatch(system, want, included, given))
			if ofGiven == nil && len(s.VersionsOf(system)) > 0 {
				miss(given)
			}
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
	return v.holds(d, c, nil)
}

func (v *validation) holds(d *verdict, c *Compose, path []string) error {
	name := definitionName(c)
	if c.URL != "" {
		if slices.Contains(path, name) || len(path) > maxImports {
			return issueError("operation.Validate", terminology.Invalid, issueCircular(append(path, name)))
		}
		path = append(slices.Clone(path), name)
	}
	if err := v.excluded(d, c, path); err != nil || d.reason == excludedReason {
		return err
	}
	var candidates []candidate
	for i := range c.Include {
		set := &c.Include[i]
		if set.System == "" {
			in, err := v.imported(d, set.ValueSets, path)
			if err != nil {
				return err
			}
			if in {
				d.in = true
			}
			continue
		}
		if !v.snap.sameSystem(set.System, d.given.System) {
			continue
		}
		ch, err := v.choose(d, set.Version)
		if err != nil {
			return err
		}
		candidates = append(candidates, candidate{set, ch})
	}
	if d.in {
		return nil
	}
	return v.among(d, c, candidates, path)
}

// excludedReason says that an exclude of the value set holds the coding.
const excludedReason = "excluded"

// excluded judges the excludes of a definition.
func (v *validation) excluded(d *verdict, c *Compose, path []string) error {
	for i := range c.Exclude {
		set := &c.Exclude[i]
		try := &verdict{given: d.given}
		if set.System == "" {
			in, err := v.imported(try, set.ValueSets, path)
			if err != nil {
				return err
			}
			if in {
				d.keepFrom(try)
				d.reason = excludedReason
			}
			continue
		}
		if !v.snap.sameSystem(set.System, d.given.System) {
			continue
		}
		ch, err := v.choose(try, set.Version)
		if err != nil {
			return err
		}
		if ch.release == nil {
			continue
		}
		in, err := v.inSet(try, set, ch, path)
		if err != nil {
			return err
		}
		if in {
			d.keepFrom(try)
			d.reason = excludedReason
			return nil
		}
	}
	return nil
}

func (d *verdict) keepFrom(try *verdict) {
	d.reader, d.known, d.thing, d.exists, d.inForce = try.reader, try.known, try.thing, try.exists, try.inForce
}

// imported reports whether all of some value sets hold a coding.
func (v *validation) imported(d *verdict, urls []string, path []string) (bool, error) {
	for _, url := range urls {
		c, err := resolver{v.snap}.ValueSet(url)
		if err != nil {
			return false, err
		}
		try := &verdict{given: d.given}
		if err := v.holds(try, c, path); err != nil {
			return false, err
		}
		if try.known && (!d.known || try.in) {
			d.keepFrom(try)
		}
		if !try.in {
			d.broken = d.broken || try.broken
			if try.reason != "" && try.reason != excludedReason {
				d.add(try.issues...)
			} else if try.broken {
				d.add(try.issues...)
			}
			return false, nil
		}
		d.add(try.issues...)
		d.partial = d.partial || try.partial
		if try.ref != nil {
			d.ref = try.ref
		}
	}
	return len(urls) > 0, nil
}

// among judges the includes of the code system of a coding: those that agree with its
// version, or else all; the one whose release has the display that was given goes first.
func (v *validation) among(d *verdict, c *Compose, candidates []candidate, path []string) error {
	if slices.ContainsFunc(candidates, func(x candidate) bool { return x.choice.agrees }) {
		candidates = slices.DeleteFunc(candidates, func(x candidate) bool { return !x.choice.agrees })
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		x, y := a.choice.release, b.choice.release
		if x == nil || y == nil {
			return 0
		}
		return terminology.CompareVersions(y.Release.Version, x.Release.Version)
	})
	var found, first *verdict
	for i := range candidates {
		x := &candidates[i]
		try := &verdict{given: d.given}
		try.add(x.choice.issues...)
		if x.choice.release == nil {
			if len(x.choice.issues) == 0 {
				v.unknownSystem(try, d.given.System, "", true)
			}
			for _, u := range x.choice.unknown {
				v.resp.CausedBy = appendNew(v.resp.CausedBy, u)
			}
			try.broken = true
			if first == nil {
				first = try
			}
			continue
		}
		in, err := v.inSet(try, x.set, x.choice, path)
		if err != nil {
			return err
		}
		if in {
			v.keepOut(try, c)
		}
		for _, u := range x.choice.unknown {
			v.resp.CausedBy = appendNew(v.resp.CausedBy, u)
		}
		switch {
		case in && try.reason == "" && (found == nil || !v.displays(found) && v.displays(try)):
			try.in = true
			found = try
		case first == nil || !first.exists && try.exists || try.reason != "":
			first = try
		}
	}
	if found == nil {
		found = first
	}
	if found == nil {
		return nil
	}
	d.keepFrom(found)
	d.in, d.broken, d.reason, d.why = found.in, found.broken, found.reason, found.why
	d.partial = found.partial
	if found.ref != nil {
		d.ref = found.ref
	}
	d.add(found.issues...)
	return nil
}

// keepOut tells what keeps a code out that the definition holds: that it is not active,
// or abstract, where the value set or the request wants no such code.
func (v *validation) keepOut(d *verdict, c *Compose) {
	if d.thing.composed != nil || !d.exists {
		return
	}
	inactive, _ := d.reader.standing(d.thing.o)
	if inactive && (v.req.ActiveOnly || c.Inactive != nil && !*c.Inactive) && v.req.Date == 0 {
		d.reason = "inactive"
		d.add(issueNotActive(d.reader.cs().Code(d.thing.o)))
	}
	if v.req.NoAbstract && d.reader.cs().Info(d.thing.o).Abstract {
		d.reason = "abstract"
		d.add(issueAbstractNotAllowed(terminology.Coding{System: d.given.System, Code: d.given.Code}))
	}
}

// inSet reports whether one include of the code system of a coding holds it, in the
// release that was chosen.
func (v *validation) inSet(d *verdict, set *valueset.ConceptSet, ch choice, path []string) (bool, error) {
	v.use(d, ch.release)
	d.thing, d.exists, d.why = d.reader.meaning(d.given.Code)
	if !d.exists {
		if d.reader.installed.Release.Content != "" && len(set.Filters) == 0 && len(set.ValueSets) == 0 {
			if len(set.Concepts) == 0 || slices.ContainsFunc(set.Concepts, func(c valueset.ConceptReference) bool { return c.Code == d.given.Code }) {
				d.partial = true
			}
		}
		return false, nil
	}
	only := *set
	only.ValueSets = nil
	alone := &Compose{Include: []valueset.ConceptSet{only}}
	in, err := d.thing.in(v.ctx, alone, sole{d.reader.cs()}, d.reader.cs())
	if err != nil || !in {
		return false, err
	}
	if len(set.ValueSets) > 0 {
		if in, err = v.imported(&verdict{given: d.given}, set.ValueSets, path); err != nil || !in {
			return false, err
		}
	}
	return true, nil
}

// sole is a resolver of one release.
type sole struct{ cs terminology.CodeSystem }

func (s sole) CodeSystem(string, string) (terminology.CodeSystem, error) { return s.cs, nil }

func (s sole) ValueSet(url string) (*valueset.Compose, error) {
	return nil, issueError("operation.Validate", terminology.NotFound, issueNoValueSet(url))
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

// warnings lists the resources that an answer rests on and that are not for use as they
// are: value sets, and code systems that were used.
func (s *snapshot) warnings(root *Compose) []Warning {
	var out []Warning
	var source *resource.Resource
	add := func(r *resource.Resource) {
		if r == nil {
			return
		}
		if what := standingOf(r, source); what != "" {
			w := Warning{what, canonicalOf(r.URL, r.Version), r.Type}
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	if root != nil {
		source = s.sourceOf(root)
		add(source)
	}
	for _, c := range s.usedValueSets {
		add(s.sourceOf(c))
	}
	for _, r := range s.usedSystems {
		if p := providerOf(r.CodeSystem); p != nil {
			add(p.Resource())
		}
	}
	return out
}

// standingOf returns the word for a resource that is not for use as it is. One that is
// itself only a draft or an experiment may rest on others.
func standingOf(r, source *resource.Resource) string {
	standard, _ := r.Extension(resource.ExtStandardsStatus)
	switch {
	case standard == "deprecated" || standard == "withdrawn":
		return standard
	case r.Status == "retired":
		return "retired"
	case source == nil || r == source:
		return ""
	case r.Experimental && !source.Experimental:
		return "experimental"
	case r.Status == "draft" && source.Status != "draft" && !source.Experimental:
		return "draft"
	}
	return ""
}

// providerOf returns the code system of a resource that answers, nil when what answers is
// none.
func providerOf(cs terminology.CodeSystem) *resource.Provider {
	if s, ok := cs.(*resource.Supplemented); ok {
		cs = s.Base()
	}
	p, _ := cs.(*resource.Provider)
	return p
}
