package operation

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// Options are the choices of a server.
type Options struct {
	// Languages is what is shown when a client asks for no language; the zero value
	// shows each release in its own language, as a FHIR CodeSystem always is: what its
	// author recommends (CodeSystem.concept.display) is shown then.
	Languages language.Preference
	// MaxCodes is the most codes that one answer carries; 0 means DefaultMaxCodes.
	MaxCodes int
	// Closures keeps closure tables; nil: there are none.
	Closures terminology.ClosureStore
	// MaxClosures is the most closure tables, MaxClosureConcepts the most concepts of one;
	// 0 means DefaultMaxClosures and DefaultMaxClosureConcepts.
	MaxClosures, MaxClosureConcepts int
	// MaxWork is the budget of a request, in steps of about a nanosecond; 0 means
	// terminology.DefaultWork.
	MaxWork int64
}

// DefaultMaxCodes is the most codes of one expansion. More is TooCostly, unless the
// client asks for a page.
const DefaultMaxCodes = 100_000

// Service answers all operations from the releases of a catalog.
type Service struct {
	catalog *catalog.Catalog
	options Options

	evaluated  evaluated
	scratch    sync.Pool // of *searchScratch
	shown      sync.Pool // of *[32]terminology.Shown
	readers    atomic.Pointer[knownReaders]
	known      atomic.Pointer[knownResources]
	named      atomic.Pointer[knownNaming]
	overlays   overlays
	graph      atomic.Pointer[mapGraph]
	laidGraphs laidGraphs
	listed     listed
	briefs     briefs
	swept      atomic.Uint64 // catalog.Catalog.Left, when what is kept was looked through

	definitions definitions
	closures    closures
	caches      caches
}

// New returns a Service over a catalog, which stays the caller's to close.
func New(c *catalog.Catalog, o Options) *Service {
	if o.MaxCodes == 0 {
		o.MaxCodes = DefaultMaxCodes
	}
	return &Service{catalog: c, options: o}
}

// budgeted returns a context with the budget of one request, from which all calls draw that
// are made with it. A call without one has a budget of its own.
func (s *Service) budgeted(ctx context.Context) context.Context {
	return terminology.WithBudget(ctx, s.options.MaxWork)
}

// snapshot is one snapshot and how one client wants to read it.
type snapshot struct {
	*catalog.Snapshot
	base      *catalog.Snapshot // what is installed, without what the request brings
	service   *Service
	languages language.Preference
	unasked   bool             // languages are those of the server
	day       terminology.Date // that the client asks about; 0: none
	strict    bool             // a code system of which nothing was in force on the day is an error

	// What the request brings, and what of it was used.
	with            With
	supplements     []*resource.Resource
	usedSupplements []*resource.Resource
	changed         map[*catalog.Installed]*catalog.Installed
	sources         map[*valueset.Compose]*resource.Resource
	usedRules       []UsedRule
	rules           ruleIndex
	usedSystems     []*catalog.Installed
	usedValueSets   []*valueset.Compose
	imports         map[string]*valueset.Compose

	brief   bool                            // long lists of value sets need not be read
	briefed map[*resource.Resource]*briefed // by what stands for them in sources
}

// reader is a release with the languages of the client resolved against it.
type reader struct {
	installed *catalog.Installed
	columns   language.Columns
	tiers     []string // of the text index, in the order of the languages
}

// knownReaders are readers that were made of releases, by the languages that were asked
// for. They are not changed; more are kept in new ones.
type knownReaders struct{ list []knownReader }

type knownReader struct {
	languages language.Preference
	unasked   bool // the client asked for none, and languages are those of the server
	reader    reader
}

// maxReaders is how many readers a service keeps.
const maxReaders = 32

func (s *Service) acquire(p language.Preference) *snapshot { return s.acquireOn(p, 0) }

// acquireOn is acquire for a client that asks about a day.
func (s *Service) acquireOn(p language.Preference, day terminology.Date) *snapshot {
	return s.over(s.catalog.Acquire(), p, day)
}

// over is acquireOn for a snapshot that has been acquired.
func (s *Service) over(base *catalog.Snapshot, p language.Preference, day terminology.Date) *snapshot {
	s.sweep(base)
	return &snapshot{Snapshot: base, base: base, service: s, languages: p.Or(s.options.Languages), unasked: p.IsZero(), day: day}
}

// sweep lets go of what is kept of releases that are gone, once they are: what they took is
// not to wait until somebody asks for the same again.
func (s *Service) sweep(snapshot *catalog.Snapshot) {
	left := s.catalog.Left()
	if before := s.swept.Load(); before == left || !s.swept.CompareAndSwap(before, left) {
		return
	}
	s.evaluated.letGo(snapshot)
	s.listed.letGo()
	if known := s.readers.Load(); known != nil {
		list := slices.DeleteFunc(slices.Clone(known.list), func(k knownReader) bool { return k.reader.installed.Gone() })
		s.readers.CompareAndSwap(known, &knownReaders{list}) // else one that was made meanwhile goes next time
	}
	if g := s.graph.Load(); g != nil && g.isGone() {
		s.graph.CompareAndSwap(g, nil)
	}
	s.laidGraphs.letGo()
}

// reader returns the release read in the languages of the client.
func (s *snapshot) reader(r *catalog.Installed) reader {
	if !s.with.plain() || len(s.supplements) > 0 {
		return s.newReader(r)
	}
	known := s.service.readers.Load()
	if known == nil {
		known = &knownReaders{}
	}
	for i := range known.list {
		if k := &known.list[i]; k.reader.installed == r && k.unasked == s.unasked && k.languages.Equal(s.languages) {
			return k.reader
		}
	}
	rd := s.newReader(r)
	list := known.list
	if len(list) == maxReaders {
		list = nil
	}
	if !r.Gone() {
		s.service.readers.Store(&knownReaders{append(slices.Clone(list), knownReader{s.languages, s.unasked, rd})})
	}
	return rd
}

func (s *snapshot) newReader(r *catalog.Installed) reader {
	p, recommends := s.languages, providerOf(r.CodeSystem) != nil
	if s.unasked && (recommends || !answersIn(p, r.CodeSystem.Columns())) {
		p = language.Preference{} // the code system in its own language
	}
	if p.IsZero() {
		if tag, ok := language.ParseTag(r.Release.Language); ok {
			p = language.Of(tag)
		}
	}
	rd := reader{installed: r}
	if recommends {
		rd.columns = language.ResolveOwn(p, r.CodeSystem.Columns(), r.Release.Language)
	} else {
		rd.columns = language.Resolve(p, r.CodeSystem.Columns())
	}
	for _, c := range rd.columns.Order() {
		rd.tiers = append(rd.tiers, basic.Tier(c, true), basic.Tier(c, false))
	}
	return rd
}

// answersIn reports whether one of some columns is in a language of a preference itself.
func answersIn(p language.Preference, columns []terminology.DisplayColumn) bool {
	for i := range columns {
		if language.Resolve(p, columns).Asked(i) {
			return true
		}
	}
	return false
}

// find returns the release that answers for a coding.
func (s *snapshot) find(c terminology.Coding) (reader, error) {
	if c.System == "" {
		return reader{}, &terminology.Error{Op: "operation.find", Kind: terminology.Invalid, Err: errNoSystem}
	}
	r, err := s.CodeSystem(c.System, c.Version)
	if err != nil {
		return reader{}, err
	}
	return s.reader(r), nil
}

func (r reader) cs() terminology.CodeSystem { return r.installed.CodeSystem }

// coding returns a concept as a coding with its display.
func (r reader) coding(o terminology.Ordinal) terminology.Coding {
	c, _, _ := r.concept(o)
	return c
}

// codings returns concepts as codings with their displays, of this code system.
func (r reader) codings(ordinals []terminology.Ordinal) []terminology.Coding {
	if len(ordinals) == 0 {
		return nil
	}
	out := make([]terminology.Coding, len(ordinals))
	for i, o := range ordinals {
		out[i] = r.coding(o)
	}
	return out
}

// concept returns a concept as a coding with its display, the language that the
// display is in, and whether that is not one that was asked for.
func (r reader) concept(o terminology.Ordinal) (c terminology.Coding, lang string, fallback bool) {
	display, column := r.columns.Display(r.cs(), o)
	c = terminology.Coding{System: r.installed.Release.System, Version: r.installed.Release.Version, Code: r.cs().Code(o), Display: display}
	lang, fallback = r.languageOf(column, display)
	return c, lang, fallback
}

// languageOf returns the language of a display by the column that it stands in, and whether
// that is not one that was asked for.
func (r reader) languageOf(column int, display string) (lang string, fallback bool) {
	if column < 0 {
		return "", display != "" // where fallback is refused, nothing is given
	}
	return r.cs().Columns()[column].Language, !r.columns.Asked(column)
}

// resolver lets value sets find releases in one snapshot.
type resolver struct{ *snapshot }

// CodeSystem returns the code system that answers by the rules of the request and on its
// day, with the supplements of the request.
func (r resolver) CodeSystem(system, version string) (terminology.CodeSystem, error) {
	found, err := r.chosen(system, version)
	if err != nil {
		return nil, err
	}
	r.useSystem(found)
	return found.CodeSystem, nil
}

// chosen returns the release that answers by the rules of the request and on its day, with
// the supplements of the request. The error is NotFound where there is none, also where
// the day is before all versions and the snapshot is strict about that, and Invalid for a
// version that the request does not allow.
func (s *snapshot) chosen(system, version string) (*catalog.Installed, error) {
	const op = "operation.CodeSystem"
	found, inForce, err := s.release(system, s.wanted(system, version))
	if err != nil {
		return nil, err
	}
	if allowed := s.checkVersion(system, found.Release.Version); allowed != "" {
		return nil, issueError(op, terminology.Invalid, issueVersionCheck(system, found.Release.Version, allowed).nowhere())
	}
	if !inForce && s.strict {
		text := s.issueNotInForce(reader{installed: found}, terminology.NotInForce).Text
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: terminology.Coding{System: found.Release.System}, Err: textError(text)}
	}
	return s.supplemented(found), nil
}

func (s *snapshot) useSystem(r *catalog.Installed) {
	if !slices.Contains(s.usedSystems, r) {
		s.usedSystems = append(s.usedSystems, r)
	}
}

// ValueSet returns the definition of a canonical URL that a value set imports.
func (r resolver) ValueSet(url string) (*valueset.Compose, error) {
	if known := r.imports[url]; known != nil {
		return known, nil
	}
	canonical, version := splitCanonical(url)
	if version == "" {
		if v, rule := r.versionFor(r.with.Versions.ValueSets, ruleValueSet, canonical); v != "" {
			r.useRule(ruleValueSet, rule)
			version = v
		}
	}
	c, err := r.valueSet(terminology.Canonical(canonical, version))
	if err != nil {
		return nil, err
	}
	if i, ok := unfinishedFilter(c); ok {
		return nil, issueError("operation.ValueSet", terminology.Invalid, i)
	}
	if source := r.sourceOf(c); source != nil { // before it is known, so that who asks again hears it again
		if err := r.supplement(extensionSupplements(source)); err != nil {
			return nil, err
		}
	}
	if r.snapshot.imports == nil {
		r.snapshot.imports = map[string]*valueset.Compose{}
	}
	r.snapshot.imports[url] = c
	r.snapshot.usedValueSets = append(r.snapshot.usedValueSets, c)
	return c, nil
}

// valueSet returns the definition of a canonical URL: an implicit value set of
// SNOMED CT, or all of an installed code system by its URI and ?vs, as FHIR's
// "implicit value sets" of code systems, or ?fhir_vs, as of SNOMED CT and LOINC.
func (r resolver) valueSet(url string) (*valueset.Compose, error) {
	const op = "operation.ValueSet"
	canonical, version := splitCanonical(url)
	if version == "" {
		version = r.own(resource.TypeValueSet, canonical)
	}
	implicit, ok, err := snomed.ParseImplicitValueSet(canonical)
	if err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
	}
	if ok {
		return r.snomedValueSet(canonical, version, implicit)
	}
	if all := r.allOf(canonical, version, "?vs"); all != nil {
		return all, nil
	}
	if definition, err := r.installedValueSet(canonical, version); definition != nil || err != nil {
		return definition, err
	}
	if all := r.allOf(canonical, version, "?fhir_vs"); all != nil {
		return all, nil
	}
	return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: terminology.Coding{System: url}, Err: &IssueError{[]Issue{issueNoValueSet(url)}}}
}

// snomedValueSet is the definition that an implicit value set of SNOMED CT stands
// for (FHIR, "Using SNOMED CT with FHIR", 4.3.1.0.7). The error is NotFound, as of any value
// set that is not known, when it names a concept that the edition that answers does not
// have, or a reference set that is none.
func (r resolver) snomedValueSet(url, version string, v snomed.ImplicitValueSet) (*valueset.Compose, error) {
	const op = "operation.ValueSet"
	set := valueset.ConceptSet{System: snomed.System, Version: version}
	if v.Edition != (snomed.Edition{}) {
		set.Version = v.Edition.String()
	}
	id := ""
	if v.ID != 0 {
		id = v.ID.String()
	}
	switch v.Kind {
	case snomed.AllConcepts:
	case snomed.AllRefsets:
		set.Refsets = true
	case snomed.IsAConcept:
		set.Filters = []valueset.Filter{{Property: "concept", Op: "is-a", Value: id}}
	case snomed.InRefset:
		set.Filters = []valueset.Filter{{Property: "concept", Op: "in", Value: id}}
	case snomed.ByExpression:
		set.Filters = []valueset.Filter{{Property: "constraint", Op: "=", Value: v.ECL}}
	}
	if v.ID != 0 { // a value set of nothing is not known
		found, _, err := r.release(set.System, r.wanted(set.System, set.Version))
		switch {
		case terminology.KindOf(err) == terminology.NotFound: // the include tells it
		case err != nil:
			return nil, err
		case !names(v.Kind, id, found.CodeSystem):
			return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: terminology.Coding{System: url}, Err: &IssueError{[]Issue{issueNoValueSet(url)}}}
		}
	}
	return &valueset.Compose{URL: url, Version: version, Include: []valueset.ConceptSet{set}}, nil
}

// names reports whether a code system has the concept that an implicit value set of a kind
// names.
func names(kind snomed.ValueSetKind, id string, cs terminology.CodeSystem) bool {
	if kind == snomed.InRefset {
		_, ok := cs.Members(id)
		return ok
	}
	_, ok := cs.Find(id)
	return ok
}
