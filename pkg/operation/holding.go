package operation

import (
	"cmp"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// agreeing returns the verdicts on releases that go with the version of the coding, or
// else all.
func agreeing(list []*verdict) []*verdict {
	if !slices.ContainsFunc(list, func(x *verdict) bool { return x.differs }) {
		return list
	}
	agree := slices.DeleteFunc(slices.Clone(list), func(x *verdict) bool { return x.differs })
	if len(agree) == 0 {
		return list
	}
	return agree
}

// holding is what a definition holds of a coding: a verdict for each release in which it
// does, and when there is none, what is to be told of that. It is not changed once it is
// made, as several value sets may import the definition.
type holding struct {
	held  []*verdict
	named []*catalog.Installed // that its includes name, whether they hold the coding or not
	told  *verdict
}

// in returns the verdict for a release, nil when the coding is not held in it.
func (h *holding) in(r *catalog.Installed) *verdict {
	for _, x := range h.held {
		if x.base == r {
			return x
		}
	}
	return nil
}

// judged is judge for a definition that several may import: it is judged once.
func (v *validation) judged(given terminology.Coding, c *Compose, path []string) (*holding, error) {
	if known := v.asked[c]; known != nil {
		return known, nil
	}
	h, err := v.judgeDefinition(given, c, path)
	if err != nil {
		return nil, err
	}
	if v.asked == nil {
		v.asked = map[*Compose]*holding{}
	}
	v.asked[c] = h
	return h, nil
}

// enter adds a definition to those that led to it, outermost first.
func (v *validation) enter(c *Compose, path []string) ([]string, error) {
	const op = "operation.Validate"
	if err := v.spend(workJudge); err != nil {
		return nil, err
	}
	name := definitionName(c)
	if c.URL != "" && slices.Contains(path, name) {
		return nil, issueError(op, terminology.Invalid, issueCircular(append(path, name)))
	}
	if path = append(slices.Clip(path), name); len(path) > maxImports {
		return nil, issueError(op, terminology.TooCostly, issueTooDeep(path[0], maxImports))
	}
	return path, nil
}

// What the parts of a validation take of the budget of the request.
const (
	workJudge  = 1_500 // a value set, or an include of the code system of the coding
	workOther  = 100   // an include of another code system
	workRemark = 20    // a remark to be compared with others
	workByte   = 100   // of a code, which may be a long expression that each include reads
)

func (v *validation) spend(steps int64) error {
	return terminology.Spend(v.ctx, "operation.Validate", steps)
}

// judgeDefinition judges a definition: what its includes hold, less what its excludes hold in the
// same release, and less what it or the request wants not.
func (v *validation) judgeDefinition(given terminology.Coding, c *Compose, path []string) (*holding, error) {
	path, err := v.enter(c, path)
	if err != nil {
		return nil, err
	}
	out, err := v.excludes(given, c, path)
	if err != nil {
		return nil, err
	}
	in, err := v.includes(given, c, path)
	if err != nil {
		return nil, err
	}
	noInactive, noAbstract := v.unwanted(c, path)
	if len(c.Exclude) == 0 && !slices.ContainsFunc(in.held, func(x *verdict) bool { return v.keepsOut(x, noInactive, noAbstract) }) {
		return in, nil
	}
	h := &holding{named: in.named, told: in.told}
	for _, x := range in.held {
		if out.takes(x.base, in.named, !c.Apart) != nil {
			h.told = &verdict{given: given, reason: excludedReason}
			h.told.keepFrom(x)
			continue
		}
		if x = v.kept(x, noInactive, noAbstract); x.reason != "" {
			h.told = x
			continue
		}
		h.held = append(h.held, x)
	}
	switch {
	case len(h.held) > 0 && out.broken != nil: // what may be excluded is not known to be in
		unknown := &verdict{given: given, broken: true}
		unknown.keepFrom(h.held[0])
		unknown.add(out.broken.issues...)
		unknown.tellCauses(out.broken)
		h.held, h.told = nil, unknown
	case len(in.held) == 0 && len(out.held) > 0:
		h.told = &verdict{given: given, reason: excludedReason}
		h.told.keepFrom(out.held[0])
	case h.told.partial && out.partial:
		h.told = &verdict{given: given}
	}
	return h, nil
}

// excludedReason says that an exclude of the value set holds the coding.
const excludedReason = "excluded"

// exclusion is what the excludes of a definition hold of a coding.
type exclusion struct {
	held    []*verdict
	ofCodes []*verdict // those of held that name the code system
	broken  *verdict   // what is to be told of one that cannot be asked; nil: none
	partial bool       // one may hold the coding, in another fragment of its code system
}

// noExclusion takes nothing away. It is not changed.
var noExclusion = &exclusion{}

// takes returns the exclude that takes a coding of a release away: one that holds it in
// that release or, where codes of several versions count as one, one that names a release
// of the code system that no include names; it would else do nothing.
func (e *exclusion) takes(r *catalog.Installed, named []*catalog.Installed, merges bool) *verdict {
	for _, x := range e.held {
		if x.base == r {
			return x
		}
	}
	for _, x := range e.ofCodes {
		if merges && !slices.Contains(named, x.base) {
			return x
		}
	}
	return nil
}

// excludes judges the excludes of a definition.
func (v *validation) excludes(given terminology.Coding, c *Compose, path []string) (*exclusion, error) {
	if len(c.Exclude) == 0 {
		return noExclusion, nil
	}
	out := &exclusion{}
	for i := range c.Exclude {
		h, _, err := v.oneSet(given, &c.Exclude[i], path)
		if err != nil {
			return nil, c.Placed(err, "exclude", i)
		}
		if h == nil {
			continue
		}
		out.held = append(out.held, h.held...)
		if c.Exclude[i].System != "" {
			out.ofCodes = append(out.ofCodes, h.held...)
		}
		out.partial = out.partial || h.told != nil && h.told.partial
		if len(h.held) == 0 && h.told.broken && out.broken == nil {
			out.broken = h.told
		}
	}
	return out, nil
}

// oneSet judges one include or exclude; nil when it is of another code system. Agrees tells
// that its release goes with the version of the coding.
func (v *validation) oneSet(given terminology.Coding, set *valueset.ConceptSet, path []string) (h *holding, agrees bool, err error) {
	if set.System == "" {
		h, err = v.imports(given, set.ValueSets, path)
		return h, true, err
	}
	if err := v.spend(workOther); err != nil {
		return nil, false, err
	}
	if !v.snap.sameSystem(set.System, given.System) {
		return nil, false, nil
	}
	if err := v.spend(workJudge + workByte*int64(len(given.Code))); err != nil {
		return nil, false, err
	}
	try := &verdict{given: given}
	ch, err := v.choose(try, set.Version)
	if err != nil {
		return nil, false, err
	}
	try.add(ch.issues...)
	try.causes, try.differs = ch.unknown, !ch.agrees
	if ch.release == nil {
		if len(v.snap.VersionsOf(given.System)) == 0 {
			v.unknownSystem(try, given.System, cmp.Or(ch.wanted, given.Version), true)
		}
		try.broken = true
		return &holding{told: try}, ch.agrees, nil
	}
	try.base = ch.release
	h = &holding{named: []*catalog.Installed{ch.release}, told: try}
	in, err := v.inSet(try, set, ch)
	if err != nil {
		return nil, false, err
	}
	for _, url := range set.ValueSets {
		imported, err := v.imported(given, url, path)
		if err != nil {
			return nil, false, err
		}
		if !slices.Contains(imported.named, ch.release) {
			h.named = nil
		}
		x := imported.in(ch.release)
		switch {
		case in && x == nil:
			in = false
			try.miss(imported)
		case in:
			try.add(x.issues...)
			try.tellCauses(x)
			try.ref = cmp.Or(x.ref, try.ref)
		}
	}
	if in {
		h.held = []*verdict{try}
	}
	return h, ch.agrees, nil
}

// imported judges a value set that another one imports.
func (v *validation) imported(given terminology.Coding, url string, path []string) (*holding, error) {
	c, err := resolver{v.snap}.ValueSet(url)
	if err != nil {
		return nil, err
	}
	return v.judged(given, c, path)
}

// imports judges what all of some value sets hold, release by release.
func (v *validation) imports(given terminology.Coding, urls []string, path []string) (*holding, error) {
	out := &holding{told: &verdict{given: given}}
	for i, url := range urls {
		h, err := v.imported(given, url, path)
		if err == nil {
			err = v.spend(workOther + workRemark*int64(len(out.told.issues)+len(out.told.causes)))
		}
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out.held, out.named = h.held, h.named
		} else {
			out.named = slices.DeleteFunc(slices.Clone(out.named), func(r *catalog.Installed) bool { return !slices.Contains(h.named, r) })
			var both []*verdict
			for _, x := range out.held {
				if y := h.in(x.base); y != nil {
					both = append(both, x.with(y))
				}
			}
			out.held = both
		}
		switch {
		case len(h.held) == 0:
			out.told.miss(h)
		case !out.told.known:
			out.told.keepFrom(h.held[0])
		}
		out.told.partial = h.told != nil && h.told.partial && (i == 0 || out.told.partial)
	}
	return out, nil
}

// miss takes over what is to be told of an import that does not hold the coding.
func (d *verdict) miss(h *holding) {
	if len(h.held) > 0 {
		return // it does, in another release
	}
	told := h.told
	if told.known && !d.known {
		d.keepFrom(told)
	}
	d.broken = d.broken || told.broken
	if told.broken || told.telling || told.reason != "" && told.reason != excludedReason {
		d.telling = true
		d.add(told.issues...)
	}
	d.tellCauses(told)
}

// with returns a verdict with what another one of the same release tells.
func (d *verdict) with(other *verdict) *verdict {
	both := d.copied()
	both.add(other.issues...)
	both.tellCauses(other)
	both.ref = cmp.Or(other.ref, both.ref)
	return both
}

// copied returns a verdict that can be added to.
func (d *verdict) copied() *verdict {
	out := *d
	out.issues, out.causes, out.unknown = slices.Clip(d.issues), slices.Clip(d.causes), slices.Clip(d.unknown)
	return &out
}

func (d *verdict) keepFrom(try *verdict) {
	d.base, d.reader, d.known, d.thing, d.exists, d.inForce = try.base, try.reader, try.known, try.thing, try.exists, try.inForce
}

func (d *verdict) tellCauses(other *verdict) {
	for _, c := range other.causes {
		d.causes = appendNew(d.causes, c)
	}
	for _, c := range other.unknown {
		d.unknown = appendNew(d.unknown, c)
	}
}

// candidate is what one include of the code system of a coding holds of it.
type candidate struct {
	*holding
	agrees bool
}

// includes judges the includes of a definition. Of the value set that was asked for, those
// of the code system of the coding count that agree with its version, or else all; what is
// told of several goes by the newest release.
func (v *validation) includes(given terminology.Coding, c *Compose, path []string) (*holding, error) {
	if len(c.Include) == 1 { // which is nearly all of them
		if h, _, err := v.oneSet(given, &c.Include[0], path); h != nil || err != nil {
			return h, c.Placed(err, "include", 0)
		}
	}
	out := &holding{told: &verdict{given: given}}
	var candidates []candidate
	for i := range c.Include {
		h, agrees, err := v.oneSet(given, &c.Include[i], path)
		switch {
		case err != nil:
			return nil, c.Placed(err, "include", i)
		case h == nil:
			continue
		}
		for _, r := range h.named {
			if !slices.Contains(out.named, r) {
				out.named = append(out.named, r)
			}
		}
		if c.Include[i].System != "" {
			candidates = append(candidates, candidate{h, agrees})
			continue
		}
		out.join(h.held)
		if len(h.held) == 0 {
			if err := v.spend(workRemark * int64(len(out.told.issues)+len(out.told.causes))); err != nil {
				return nil, err
			}
			out.told.miss(h)
			out.told.partial = out.told.partial || h.told.partial
		}
	}
	if len(path) > 1 { // an importer may want the others
		for _, x := range candidates {
			out.join(x.held)
		}
	}
	if slices.ContainsFunc(candidates, func(x candidate) bool { return x.agrees }) {
		candidates = slices.DeleteFunc(candidates, func(x candidate) bool { return !x.agrees })
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		x, y := a.told.base, b.told.base
		if x == nil || y == nil {
			return 0
		}
		return terminology.CompareVersions(y.Release.Version, x.Release.Version)
	})
	var first *verdict
	all := &verdict{}
	for _, x := range candidates {
		out.join(x.held)
		if err := v.spend(workRemark * int64(len(all.causes)+len(all.unknown))); err != nil {
			terminology.PlaceBudget(err, "value set "+definitionName(c)+", what is to be told of its includes", true)
			return nil, err
		}
		all.tellCauses(x.told)
		if len(x.held) == 0 && (first == nil || !first.exists && x.told.exists) {
			first = x.told
		}
	}
	if first != nil {
		told := first.with(out.told)
		told.broken, told.partial = first.broken || out.told.broken, first.partial || out.told.partial
		out.told = told
	}
	out.told.tellCauses(all)
	return out, nil
}

// join adds verdicts of releases in which the coding is not held yet. Of one release the
// one stays that the value set names the code in, or that remarks less.
func (h *holding) join(held []*verdict) {
	for _, x := range held {
		if h.in(x.base) == nil {
			h.held = append(h.held, x)
		}
	}
}
