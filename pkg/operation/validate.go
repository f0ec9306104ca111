package operation

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Validate tells whether codings are valid, and everything that there is to remark about
// each, in the words of the HL7 terminology ecosystem. Of several codings one that is in
// the value set is enough, but each must be right. An unknown value set is an error of
// kind NotFound; one that the value set imports, an unknown code system or code are
// answers.
func (s *Service) Validate(ctx context.Context, req ValidateRequest) (*ValidateResponse, error) {
	snap, err := s.snapshotOf(req.Languages, req.Date, req.With)
	if err != nil {
		return nil, err
	}
	defer snap.LetGo()
	return snap.validate(ctx, req)
}

// validate is Validate as the request sees what is installed.
func (s *snapshot) validate(ctx context.Context, req ValidateRequest) (*ValidateResponse, error) {
	v := &validation{ctx: ctx, snap: s, req: &req, resp: &ValidateResponse{}}
	return v.run()
}

// run answers the request, whose value set is given as a definition, or is that of the
// request.
func (v *validation) run() (*ValidateResponse, error) {
	var err error
	switch {
	case v.set != nil:
	case len(v.req.Definition) > 0:
		v.set, err = v.snap.given(v.req.Definition)
	case v.req.ValueSet != "":
		v.set, err = resolver{v.snap}.valueSet(v.req.ValueSet)
	}
	if err != nil {
		return nil, err
	}
	if v.set != nil {
		if err := v.readValueSet(); err != nil {
			return nil, err
		}
		if i, ok := unfinishedFilter(v.set); ok {
			return &ValidateResponse{Issues: []Issue{i}, Message: i.Text}, nil
		}
	}
	for i := range v.req.Codings {
		if err := v.coding(i); err != nil {
			return v.failed(err)
		}
	}
	v.finish()
	return v.resp, nil
}

// validation is one call of Validate.
type validation struct {
	ctx  context.Context
	snap *snapshot
	req  *ValidateRequest
	resp *ValidateResponse
	set  *Compose // nil: against the code system
	name string   // of the value set, with its version

	apart bool                  // codes of several versions are not one, as the value set says
	asked map[*Compose]*holding // definitions that were judged for the coding at hand

	outside []int // issues of the answer that are about codings that are not in

	anyIn bool // a coding is in the value set
	cause bool // the value set could not be asked, for a reason that an issue tells
	best  *verdict
}

// readValueSet takes over what a value set says of itself that matters to the answer.
func (v *validation) readValueSet() error {
	v.name = definitionName(v.set)
	source := v.snap.sourceOf(v.set)
	if source == nil {
		return nil
	}
	if err := v.snap.supplement(extensionSupplements(source)); err != nil {
		return err
	}
	v.apart = expansionParameter(source, "versionsMatch") == "false"
	if w := languagesOf(source); w.before(v.req.LanguageList, v.req.Languages, v.req.Negotiated) {
		v.req.LanguageList, v.req.Languages = w.list, w.pref
		v.snap.showIn(w.pref)
	}
	return nil
}

// membershipOnly reports whether the client wants to know only whether the codes are in the
// value set: nothing is then said of how they stand, and of their displays, and a coding
// that is not in, or not known, is no fault where another one is in.
func (v *validation) membershipOnly() bool { return v.req.Membership && v.set != nil }

// verdict is what is found of one coding.
type verdict struct {
	index   int
	given   terminology.Coding
	called  string             // what the client calls the code system, when given has another name
	base    *catalog.Installed // the release that answers, without supplements; nil: none
	in      bool               // in the value set, or, without one, in the code system
	broken  bool               // whether it is in cannot be told
	telling bool               // issues are those of an import, and tell why it is not in
	differs bool               // base does not go with the version of the coding
	reader  reader
	known   bool // reader is the code system of the coding
	thing   thing
	exists  bool // the code system has the code
	partial bool // it is not known, but the code system is a fragment
	why     string
	issues  []Issue
	onDay   validity
	inForce bool   // reader is in force on the day
	reason  string // what keeps a code out that the definition holds: inactive, abstract
	ref     *resource.ConceptReference
	// Code systems, with version, that the value set needs or the coding names, and that
	// are not known.
	causes, unknown []string
}

func (d *verdict) add(issues ...Issue) {
	for _, i := range issues {
		if !slices.Contains(d.issues, i) {
			d.issues = append(d.issues, i)
		}
	}
}

// coding judges one coding.
func (v *validation) coding(index int) error {
	d := &verdict{index: index, given: v.req.Codings[index]}
	if err := v.judge(d); err != nil {
		return err
	}
	for _, i := range d.issues {
		if v.membershipOnly() && !d.in && strings.HasPrefix(i.ID, unknownCodePrefix) {
			continue // that it is not in the value set is all that was asked
		}
		v.resp.Issues = append(v.resp.Issues, v.placed(i, index))
		if !d.in {
			v.outside = append(v.outside, len(v.resp.Issues)-1)
		}
	}
	for _, c := range d.causes {
		v.resp.CausedBy = appendNew(v.resp.CausedBy, c)
	}
	for _, c := range d.unknown {
		v.resp.Unknown = appendNew(v.resp.Unknown, c)
	}
	if d.in || d.partial {
		if v.best == nil || !v.best.in && !v.best.partial {
			v.best = d
		}
		v.anyIn = true
	}
	v.cause = v.cause || d.broken
	if v.best == nil && v.req.Form != FormConcept {
		v.best = d
	}
	return nil
}

func (v *validation) judge(d *verdict) error {
	if d.given.System == "" {
		if done, err := v.infer(d); done || err != nil {
			return err
		}
	}
	stop, err := v.system(d)
	if stop || err != nil {
		return err
	}
	if v.set == nil {
		err = v.inCodeSystem(d)
	} else {
		err = v.inValueSet(d)
	}
	if err != nil {
		return err
	}
	return v.remarks(d)
}

// infer finds the code system of a code that has none, and tells that there is none.
func (v *validation) infer(d *verdict) (done bool, err error) {
	if v.set == nil {
		return false, nil
	}
	if !v.req.InferSystem {
		d.add(issueProvided(d.given, v.name), issueCodingNoSystem())
		return true, nil
	}
	named, err := v.systems()
	if err != nil {
		return true, err
	}
	var systems []string
	missing := &verdict{} // code systems that might have the code too
	for _, system := range named {
		try := &verdict{given: d.given}
		try.given.System = system
		if err := v.member(try, v.set); err != nil {
			return true, err
		}
		missing.tellCauses(try)
		if try.in && !slices.Contains(systems, system) {
			systems = append(systems, system)
		}
	}
	if len(systems) == 1 {
		d.given.System = systems[0]
		return false, nil
	}
	d.tellCauses(missing)
	switch len(systems) {
	case 0:
		d.add(issueProvided(d.given, v.name), issueNotInferred(d.given.Code, v.name))
	default:
		d.add(issueProvided(d.given, v.name), issueInferredTwice(d.given.Code, v.name, systems))
	}
	return true, nil
}

// systems lists the code systems that the value set and those that it imports name, each
// value set looked at once.
func (v *validation) systems() ([]string, error) {
	var out []string
	seen, next := map[string]bool{}, []*Compose{v.set}
	for len(next) > 0 {
		c := next[0]
		next = next[1:]
		for i := range c.Include {
			if system := c.Include[i].System; system != "" {
				out = appendNew(out, system)
			}
			for _, url := range c.Include[i].ValueSets {
				if seen[url] {
					continue
				}
				seen[url] = true
				imported, err := resolver{v.snap}.ValueSet(url)
				if err != nil {
					return nil, err
				}
				next = append(next, imported)
			}
		}
	}
	return out, nil
}

// maxImports is how deep value sets that import each other are followed.
const maxImports = 30

// system looks at the code system of a coding for itself; stop tells that there is
// nothing more to say of the coding.
func (v *validation) system(d *verdict) (stop bool, err error) {
	uri := d.given.System
	if preferred, err := v.snap.System(uri); err == nil {
		if preferred != uri {
			d.called, d.given.System = uri, preferred
		}
		return false, nil
	}
	notIn := func() {
		if v.set != nil {
			d.add(issueProvided(d.given, v.name))
		}
	}
	if found, err := v.snap.Resource(resource.TypeCodeSystem, uri, d.given.Version); err == nil && found.Supplements != "" {
		notIn()
		d.add(issueSystemIsSupplement(canonicalOf(found.URL, found.Version)))
		return true, nil
	}
	if _, err := v.snap.Resource(resource.TypeValueSet, uri, ""); err == nil {
		notIn()
		d.add(issueSystemIsValueSet(uri))
		return true, nil
	}
	if !strings.Contains(uri, ":") {
		d.add(issueRelativeSystem())
	}
	return false, nil
}

// inCodeSystem judges a coding against its code system alone.
func (v *validation) inCodeSystem(d *verdict) error {
	want := v.snap.wanted(d.given.System, d.given.Version)
	r, inForce, err := v.snap.release(cmp.Or(d.called, d.given.System), want)
	if terminology.KindOf(err) == terminology.NotFound {
		v.unknownSystem(d, d.given.System, want, true)
		return nil
	}
	if err != nil {
		return err
	}
	if allowed := v.snap.checkVersion(d.given.System, r.Release.Version); allowed != "" {
		d.add(issueVersionCheck(d.given.System, r.Release.Version, allowed))
	}
	v.use(d, r, inForce)
	v.find(d)
	d.in = d.exists
	if d.exists && d.thing.composed == nil && v.req.ActiveOnly && v.req.Date == 0 {
		if inactive, _ := d.reader.standing(d.thing.o); inactive {
			d.add(issueNotActive(d.reader.cs().Code(d.thing.o)))
		}
	}
	return nil
}

// unknownSystem tells that a code system, or its version, is not known.
func (v *validation) unknownSystem(d *verdict, system, version string, cause bool) {
	known := v.snap.knownVersions(system)
	if version == "" {
		d.add(issueUnknownSystem(system))
	} else {
		d.add(issueUnknownVersion(system, version, known))
	}
	if len(known) == 0 && len(v.snap.VersionsOf(system)) == 0 {
		version = ""
		if !cause {
			d.unknown = appendNew(d.unknown, system)
			return
		}
	}
	d.causes = appendNew(d.causes, canonicalOf(system, version))
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// finish makes the answer of what was found of all codings.
func (v *validation) finish() {
	resp := v.resp
	if v.req.Form == FormConcept && v.set != nil && !v.anyIn && !v.cause {
		resp.Issues = append(resp.Issues, issueNoneValid(v.name))
	}
	for _, w := range v.snap.warnings(v.set) {
		resp.Issues = append(resp.Issues, issueReference(w.What, w.Type, w.Canonical))
	}
	if v.membershipOnly() && v.anyIn {
		for _, i := range v.outside { // one that is in is enough
			if resp.Issues[i].Severity == SeverityError {
				resp.Issues[i].Severity = SeverityWarning
			}
		}
	}
	wrong := slices.ContainsFunc(resp.Issues, func(i Issue) bool { return i.Severity == SeverityError })
	resp.Result = v.anyIn && !wrong
	var texts []string
	for _, i := range resp.Issues {
		if i.told || i.Severity == SeverityError {
			texts = appendNew(texts, i.Text)
		}
	}
	slices.Sort(texts)
	resp.Message = strings.Join(texts, "; ")
	if v.best != nil {
		v.answerFor(v.best)
	}
}

// answerFor fills in what the answer tells of the code.
func (v *validation) answerFor(d *verdict) {
	resp := v.resp
	if v.req.Form == FormConcept && !d.in && !d.partial {
		return
	}
	resp.Found = true
	resp.Coding = terminology.Coding{System: d.given.System, Code: d.given.Code}
	if d.known { // however the client calls it
		resp.Coding.System, resp.Coding.Version = d.reader.installed.Release.System, d.reader.installed.Release.Version
	}
	if !d.exists {
		return
	}
	shown := d.coding()
	resp.Coding.Display = shown.Display
	if d.ref != nil && d.ref.Display != "" && v.req.LanguageList == "" {
		resp.Coding.Display = d.ref.Display
	}
	if shown.Code != d.given.Code {
		resp.Code = shown.Code
	}
	resp.Inactive = d.onDay.validity == terminology.NoLongerValid
	if d.thing.composed != nil {
		return
	}
	inactive, status := d.reader.standing(d.thing.o)
	if v.req.Date == 0 {
		resp.Inactive = inactive
	}
	if inactive && resp.Inactive && status != "inactive" || status == "deprecated" {
		resp.Status = status
	}
}

// coding returns what the code is, as its code system writes it.
func (d *verdict) coding() terminology.Coding {
	if d.thing.composed != nil {
		return d.reader.expression(d.reader.canonical(d.given.Code, d.thing.composed), d.thing.composed)
	}
	return d.reader.coding(d.thing.o)
}

// failed makes an answer of an error that the value set itself is the cause of; other
// errors stay errors.
func (v *validation) failed(err error) (*ValidateResponse, error) {
	if i, ok := badConstraint(v.set, err); ok {
		return nil, issueError("operation.Validate", terminology.Invalid, i)
	}
	e, ok := unresolved(err)
	if !ok && !(errors.As(err, &e) && e.Issues[0].ID == unfinishedFilterID) { // as of the value set itself
		return nil, err
	}
	return &ValidateResponse{Issues: e.Issues, Message: e.Error()}, nil
}

// placed returns an issue with the whole expression of what it is about.
func (v *validation) placed(i Issue, index int) Issue {
	if i.ID == "None_of_the_provided_codes_are_in_the_value_set_one" && v.req.Form == FormConcept {
		i.Severity, i.Code = SeverityInformation, "this-code-not-in-vs"
	}
	base := ""
	switch v.req.Form {
	case FormCoding:
		base = "Coding"
	case FormConcept:
		base = "CodeableConcept.coding[" + strconv.Itoa(index) + "]"
	}
	switch {
	case i.Expression == "" && base != "":
		i.Expression = base
	case i.Expression == "":
		i.Expression = "code"
	case base != "":
		i.Expression = base + "." + i.Expression
	}
	return i
}
