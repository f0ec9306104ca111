package operation

import (
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// readSource takes over what the value set says of itself that matters to its expansion.
func (e *expansion) readSource(definition *valueset.Compose) error {
	source := e.snap.sourceOf(definition)
	if source == nil {
		return nil
	}
	e.source = source
	e.resp.Definition = source.Raw
	if err := e.snap.supplement(extensionSupplements(source)); err != nil {
		return err
	}
	if list := languageOfValueSet(source); list != "" && e.req.LanguageList == "" {
		if p, err := language.Parse(list); err == nil {
			e.req.LanguageList, e.req.Languages = list, p
			e.snap.languages, e.snap.unasked = p.Or(e.snap.service.options.Languages), p.IsZero()
		}
	}
	if expansionParameter(source, "activeOnly") == "true" {
		e.req.ActiveOnly = true
	}
	e.versionsMatch = expansionParameter(source, "versionsMatch")
	return nil
}

// reshape takes away what the request leaves out, and what excludes of other versions
// take away.
func (e *expansion) reshape(set *evaluatedSet) error {
	if len(e.req.ExcludeSystems) > 0 {
		set.parts = slices.DeleteFunc(slices.Clone(set.parts), func(p valueset.Part) bool {
			r := p.CodeSystem.Release()
			return slices.ContainsFunc(e.req.ExcludeSystems, func(c string) bool {
				system, version := splitCanonical(c)
				return e.snap.sameSystem(system, r.System) && (version == "" || versionMatches(version, r.Version))
			})
		})
	}
	if e.versionsMatch != "false" {
		if err := e.excludeOthers(set); err != nil {
			return err
		}
	}
	if e.versionsMatch == "true" {
		e.merge(set.parts)
	}
	order(set)
	return nil
}

// order puts versions of a code system in order: those that the value set names, newest
// first, and then the one that it leaves open.
func order(set *evaluatedSet) {
	named := func(r terminology.Release) string {
		for i := range set.definition.Include {
			if s := &set.definition.Include[i]; s.System == r.System && s.Version != "" && versionMatches(s.Version, r.Version) {
				return r.Version
			}
		}
		return ""
	}
	slices.SortStableFunc(set.parts, func(a, b valueset.Part) int {
		x, y := a.CodeSystem.Release(), b.CodeSystem.Release()
		if x.System != y.System {
			return 0
		}
		return terminology.CompareVersions(named(y), named(x))
	})
}

// excludeOthers takes away codes that an exclude holds in a version of their code system
// that no include has: it would else do nothing.
func (e *expansion) excludeOthers(set *evaluatedSet) error {
	for i := range set.definition.Exclude {
		x := set.definition.Exclude[i]
		if x.System == "" {
			continue
		}
		parts, err := valueset.Evaluate(e.ctx, &valueset.Compose{Include: []valueset.ConceptSet{x}}, resolver{e.snap})
		if err != nil {
			return err
		}
		for _, out := range parts {
			if slices.ContainsFunc(set.parts, func(p valueset.Part) bool { return p.CodeSystem == out.CodeSystem }) {
				continue
			}
			for _, p := range set.parts {
				if p.CodeSystem.Release().System == out.CodeSystem.Release().System {
					e.resp.Merged = true
					removeCodes(p, out)
				}
			}
		}
	}
	return nil
}

// merge leaves each code in the newest version only that has it.
func (e *expansion) merge(parts []valueset.Part) {
	e.resp.Merged = true
	for i := range parts {
		for k := range parts {
			a, b := parts[i].CodeSystem.Release(), parts[k].CodeSystem.Release()
			if i != k && a.System == b.System && terminology.CompareVersions(a.Version, b.Version) > 0 {
				removeCodes(parts[k], parts[i])
			}
		}
	}
}

// removeCodes takes the codes of one part away from a part of another version.
func removeCodes(from, what valueset.Part) {
	gone := roaring.New()
	for it := what.Set.Iterator(); it.HasNext(); {
		if o, ok := from.CodeSystem.Find(what.CodeSystem.Code(it.Next())); ok {
			gone.Add(o)
		}
	}
	from.Set.AndNot(gone)
}

// keepsHierarchy reports whether the members are to be told as a hierarchy: all of them,
// of a value set that takes whole systems, or by one filter, and names no codes.
func (e *expansion) keepsHierarchy(definition *valueset.Compose) bool {
	if !e.req.Nested || e.req.Count >= 0 || e.req.Offset > 0 || e.req.Text != "" || len(definition.Exclude) > 0 {
		return false
	}
	for i := range definition.Include {
		set := &definition.Include[i]
		if len(set.Concepts) > 0 || len(set.ValueSets) > 0 || len(set.Filters) > 1 {
			return false
		}
		if len(set.Filters) == 1 && set.Filters[0].Op != "is-a" && set.Filters[0].Op != "descendent-of" {
			return false
		}
	}
	return true
}

// nest puts codes of one release below the nearest of those that are above them. The
// order stays.
func nest(cs terminology.CodeSystem, codes []ExpandedCode) []ExpandedCode {
	place := make(map[terminology.Ordinal]int, len(codes))
	for i := range codes {
		place[codes[i].Ordinal] = i
	}
	children := make([][]int, len(codes))
	var roots []int
	for i := range codes {
		if above, ok := above(cs, codes[i].Ordinal, place); ok {
			children[above] = append(children[above], i)
		} else {
			roots = append(roots, i)
		}
	}
	var build func(list []int) []ExpandedCode
	build = func(list []int) []ExpandedCode {
		var out []ExpandedCode
		for _, i := range list {
			c := codes[i]
			c.Contains = build(children[i])
			out = append(out, c)
		}
		return out
	}
	return build(roots)
}

// above returns the place of the nearest ancestor that is there, by first parents first.
func above(cs terminology.CodeSystem, o terminology.Ordinal, place map[terminology.Ordinal]int) (int, bool) {
	seen := map[terminology.Ordinal]bool{o: true}
	for next := cs.Parents(o); len(next) > 0; {
		var more []terminology.Ordinal
		for _, p := range next {
			if seen[p] {
				continue
			}
			seen[p] = true
			if i, ok := place[p]; ok {
				return i, true
			}
			more = append(more, cs.Parents(p)...)
		}
		next = more
	}
	return 0, false
}

// The properties of codes that an expansion tells unasked, and what they mean.
const (
	propWeight     = "weight"
	propLabel      = "label"
	propOrder      = "order"
	propStatus     = "status"
	propDefinition = "definition"
)

var standardProperties = map[string]string{
	propWeight: conceptProperties + "itemWeight", propLabel: conceptProperties + "label", propOrder: conceptProperties + "order",
	propStatus: conceptProperties + "status", propDefinition: conceptProperties + "definition",
}

// extensionProperties are the extensions of concepts that are told as properties.
var extensionProperties = map[string]struct {
	code string
	kind terminology.ValueKind
}{
	"http://hl7.org/fhir/StructureDefinition/codesystem-conceptOrder": {propOrder, terminology.ValueDecimal},
	"http://hl7.org/fhir/StructureDefinition/valueset-conceptOrder":   {propOrder, terminology.ValueDecimal},
	"http://hl7.org/fhir/StructureDefinition/codesystem-label":        {propLabel, terminology.ValueString},
	"http://hl7.org/fhir/StructureDefinition/valueset-label":          {propLabel, terminology.ValueString},
	"http://hl7.org/fhir/StructureDefinition/itemWeight":              {propWeight, terminology.ValueDecimal},
	"http://hl7.org/fhir/StructureDefinition/ordinalValue":            {propWeight, terminology.ValueDecimal},
}

// echoed are the extensions of concepts that an expansion repeats.
var echoed = map[string]bool{
	"http://hl7.org/fhir/StructureDefinition/rendering-style":             true,
	"http://hl7.org/fhir/StructureDefinition/rendering-xhtml":             true,
	"http://hl7.org/fhir/StructureDefinition/valueset-deprecated":         true,
	"http://hl7.org/fhir/StructureDefinition/valueset-concept-definition": true,
	"http://hl7.org/fhir/StructureDefinition/valueset-concept-comments":   true,
	"http://hl7.org/fhir/StructureDefinition/valueset-supplement":         true,
}

// echoedOfTerms are the extensions of designations that an expansion repeats.
var echoedOfTerms = map[string]bool{resource.ExtDescriptionID: true, resource.ExtStandardsStatus: true}

// detail tells of the codes of one release what FHIR has a place for beyond their terms.
func (e *expansion) detail(r *reader, codes []ExpandedCode) {
	if providerOf(r.cs()) == nil && len(e.refs) == 0 && len(e.req.Properties) == 0 && !e.req.Designations {
		return // there is nothing more
	}
	for i := range codes {
		c := &codes[i]
		d := detailed{e: e, c: c, r: r}
		d.fromCodeSystem()
		if ref := e.refs[refKey{r.installed.Release.System, c.Coding.Code}]; ref != nil {
			d.fromReference(ref)
		}
		d.asked()
		if e.req.Designations {
			c.Designations = d.designations
		}
		for _, p := range c.Properties {
			e.declare(p.Code, d.uris[p.Code])
		}
	}
}

// detailed is one code that is being told.
type detailed struct {
	e            *expansion
	c            *ExpandedCode
	r            *reader
	designations []Designation
	uris         map[string]string
}

func (d *detailed) set(p Property) {
	for i := range d.c.Properties {
		if d.c.Properties[i].Code == p.Code {
			d.c.Properties[i] = p
			return
		}
	}
	d.c.Properties = append(d.c.Properties, p)
}

func (d *detailed) extensions(list []resource.Extension) {
	for _, x := range list {
		if p, ok := extensionProperties[x.URL]; ok && x.Value != "" {
			d.set(Property{Code: p.code, Kind: p.kind, Value: x.Value})
		}
		if echoed[x.URL] {
			d.c.Extensions = slices.DeleteFunc(d.c.Extensions, func(y Extension) bool { return y.URL == x.URL })
			d.c.Extensions = append(d.c.Extensions, extensionOf(x))
		}
	}
}

// fromCodeSystem tells what the code system says, and its supplements.
func (d *detailed) fromCodeSystem() {
	p := providerOf(d.r.cs())
	if p == nil && !d.e.req.Designations {
		return
	}
	if p == nil {
		d.designations = otherTerms(d.r.designations(d.c.Ordinal), d.c.Coding.Display)
		return
	}
	concept := p.Concept(d.c.Ordinal)
	if concept == nil {
		return
	}
	if concept.Display == "" && d.c.Coding.Display == concept.Definition {
		d.c.Coding.Display = "" // a definition is no display
	}
	d.concept(p.Resource(), concept)
	if s, ok := d.r.cs().(*resource.Supplemented); ok {
		for i, c := range s.Additions(d.c.Ordinal) {
			d.concept(s.Supplements()[min(i, len(s.Supplements())-1)], c)
		}
	}
}

func (d *detailed) concept(r *resource.Resource, c *resource.Concept) {
	d.extensions(c.Extensions)
	status := propertyCode(r, "status")
	for _, q := range c.Properties {
		if q.Code == status && q.Value != "active" && r.CodeSystem.Supplements == "" {
			d.set(Property{Code: propStatus, Kind: terminology.ValueCode, Value: q.Value})
		}
	}
	if x, ok := extension(c.Extensions, resource.ExtStandardsStatus); ok {
		d.set(Property{Code: propStatus, Kind: terminology.ValueCode, Value: x.Value})
	}
	if c.Display != "" && c.Display != d.c.Coding.Display && r.Language != "" && d.e.wantsTerm(resource.Designation{Language: r.Language, Use: preferredForLanguage}) {
		d.designations = append(d.designations, Designation{Language: r.Language, Term: c.Display, Use: preferredForLanguage})
	}
	d.terms(c.Designations, c.Display)
	d.uri(r)
}

// uri takes over what the properties of a code system mean.
func (d *detailed) uri(r *resource.Resource) {
	for _, q := range r.CodeSystem.Properties {
		if d.uris == nil {
			d.uris = map[string]string{}
		}
		d.uris[q.Code] = q.URI
	}
}

// terms adds designations, without the one that is shown in the place of the display.
func (d *detailed) terms(list []resource.Designation, display string) {
	for _, x := range list {
		if !d.e.wantsTerm(x) {
			continue
		}
		if display != d.c.Coding.Display && x.Value == d.c.Coding.Display && x.Language != "" && sameLanguage(x.Language, d.e.req.Languages) {
			continue
		}
		t := Designation{Language: x.Language, Use: x.Use, Term: x.Value}
		for _, y := range x.Extensions {
			if echoedOfTerms[y.URL] {
				t.Extensions = append(t.Extensions, extensionOf(y))
			}
		}
		d.designations = append(d.designations, t)
	}
}

// wantsTerm reports whether a designation is one of those that the request asks for: by
// language or by use.
func (e *expansion) wantsTerm(x resource.Designation) bool {
	if len(e.req.Terms) == 0 {
		return true
	}
	return slices.ContainsFunc(e.req.Terms, func(want string) bool {
		system, code := splitCanonical(want)
		if system == "urn:ietf:bcp:47" {
			return x.Language == code
		}
		return x.Use.System == system && x.Use.Code == code
	})
}

func sameLanguage(lang string, p language.Preference) bool {
	tag, ok := language.ParseTag(lang)
	return ok && slices.ContainsFunc(p.Tags(), func(want language.Tag) bool { return want.Primary() == tag.Primary() })
}

// fromReference tells what the value set says of a code that it names.
func (d *detailed) fromReference(ref *resource.ConceptReference) {
	d.extensions(ref.Extensions)
	if x, ok := extension(ref.Extensions, resource.ExtStandardsStatus); ok {
		d.c.Extensions = append(d.c.Extensions, extensionOf(x))
	}
	if ref.Display != "" && d.e.req.LanguageList == "" {
		d.c.Coding.Display = ref.Display
	}
	d.terms(ref.Designations, d.c.Coding.Display)
}

// asked tells the properties that the request asks for.
func (d *detailed) asked() {
	for _, name := range d.e.req.Properties {
		if name == propDefinition {
			if text := d.definition(); text != "" {
				d.set(Property{Code: propDefinition, Kind: terminology.ValueString, Value: text})
			}
			continue
		}
		for _, p := range d.r.properties(d.r.cs().Properties(d.c.Ordinal), wanted{name}) {
			if slices.ContainsFunc(d.c.Properties, func(q Property) bool { return q.Code == p.Code && q.Value == p.Value }) {
				continue
			}
			d.c.Properties = append(d.c.Properties, p)
		}
	}
}

func (d *detailed) definition() string {
	for t := range d.r.cs().Designations(d.c.Ordinal) {
		if isDefinition(t.Use) && !t.Inactive {
			return t.Term
		}
	}
	return ""
}

// detailLookup tells the terms and properties of a concept as the resources have them
// that they come from: a term without language stays one, and extensions are no
// properties.
func (r reader) detailLookup(resp *LookupResponse, o terminology.Ordinal) {
	p := providerOf(r.cs())
	if p == nil {
		return
	}
	concept := p.Concept(o)
	if concept == nil {
		return
	}
	resp.Name = p.Resource().Name
	resp.Properties = slices.DeleteFunc(resp.Properties, func(q Property) bool { return strings.Contains(q.Code, "/StructureDefinition/") })
	var definitions []Designation
	for _, d := range resp.Designations {
		if d.Use.Code == terminology.UseDefinition || isDefinition(d.Use.Code) {
			definitions = append(definitions, d)
		}
	}
	resp.Designations = definitions
	add := func(source *resource.Resource, c *resource.Concept) {
		if c.Display != "" {
			resp.Designations = append(resp.Designations, Designation{Language: source.Language, Use: preferredForLanguage, Term: c.Display})
		}
		for _, x := range c.Designations {
			resp.Designations = append(resp.Designations, Designation{Language: x.Language, Use: x.Use, Term: x.Value})
		}
	}
	add(p.Resource(), concept)
	if s, ok := r.cs().(*resource.Supplemented); ok {
		for i, c := range s.Additions(o) {
			add(s.Supplements()[min(i, len(s.Supplements())-1)], c)
		}
	}
}

// detailComposed tells of an expression what the ecosystem does: its display as a term,
// and how its first focus concept stands, with the concepts around that.
func (r reader) detailComposed(resp *LookupResponse, x terminology.Composed, w wanted) {
	e, ok := x.(*engine.Expression)
	if !ok {
		return
	}
	resp.Designations = []Designation{{Language: r.installed.Release.Language, Use: preferredForLanguage, Term: resp.Coding.Display}}
	for c := range e.Tree().References() {
		o, ok := r.cs().Find(c.ID.String())
		if !ok {
			return
		}
		info := r.cs().Info(o)
		resp.Info.Inactive, resp.Info.Effective, resp.Info.Module = info.Inactive, info.Effective, ""
		if w.has("parent") {
			resp.Parents = r.codings(r.cs().Parents(o))
		}
		children := r.cs().Children(o)
		resp.ChildCount = len(children)
		if w.has("child") {
			resp.Children = r.codings(children[:min(len(children), MaxChildren)])
		}
		return
	}
}

// preferredForLanguage is the use of the display of a code system among its terms.
var preferredForLanguage = terminology.Coding{System: "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra", Code: "preferredForLanguage", Display: "Preferred For Language"}

// otherTerms leaves out definitions, retired terms and the one that is the display.
func otherTerms(list []Designation, display string) []Designation {
	shown := false
	return slices.DeleteFunc(list, func(d Designation) bool {
		is := d.Term == display && len(d.PreferredIn) > 0 && !shown
		shown = shown || is
		return d.Inactive || is
	})
}

// declare notes that a property is told, and what it means.
func (e *expansion) declare(code, uri string) {
	if slices.ContainsFunc(e.resp.Declared, func(p PropertyURI) bool { return p.Code == code }) {
		return
	}
	if standard, ok := standardProperties[code]; ok {
		uri = standard
	}
	e.resp.Declared = append(e.resp.Declared, PropertyURI{code, uri})
}

func extensionOf(x resource.Extension) Extension {
	out := Extension{URL: x.URL, Member: "value" + x.Kind, Value: x.Value, Quoted: true}
	switch x.Kind {
	case "Boolean", "Integer", "Decimal", "PositiveInt", "UnsignedInt":
		out.Quoted = false
	default:
		if strings.HasPrefix(x.Value, "{") {
			out.Quoted = false
		}
	}
	return out
}

// refKey names a code that a value set names one by one.
type refKey struct{ system, code string }

// references collects how the value sets name codes one by one.
func (e *expansion) references(definition *valueset.Compose) {
	for _, c := range append([]*valueset.Compose{definition}, e.snap.usedValueSets...) {
		source := e.snap.sourceOf(c)
		if source == nil || source.ValueSet == nil {
			continue
		}
		for i := range source.ValueSet.Include {
			set := &source.ValueSet.Include[i]
			for k := range set.Concepts {
				ref := &set.Concepts[k]
				if ref.Display == "" && len(ref.Designations) == 0 && len(ref.Extensions) == 0 {
					continue
				}
				if e.refs == nil {
					e.refs = map[refKey]*resource.ConceptReference{}
				}
				if key := (refKey{set.System, ref.Code}); e.refs[key] == nil {
					e.refs[key] = ref
				}
			}
		}
	}
}

// tell fills in what the answer rests on.
func (e *expansion) tell(definition *valueset.Compose) {
	resp := e.resp
	resp.LanguageList = e.req.LanguageList
	resp.Title = implicitTitle(definition.URL)
	resp.Rules = e.snap.usedRules
	for _, c := range e.snap.usedValueSets {
		resp.UsedValueSets = appendNew(resp.UsedValueSets, definitionName(c))
	}
	for _, s := range e.snap.usedSupplements {
		resp.UsedSupplements = appendNew(resp.UsedSupplements, canonicalOf(s.URL, s.Version))
	}
	resp.Warnings = e.snap.warnings(definition)
	versions := map[string][]string{}
	for _, sets := range [][]valueset.ConceptSet{definition.Include, definition.Exclude} {
		for i := range sets {
			if sets[i].System != "" {
				versions[sets[i].System] = appendNew(versions[sets[i].System], sets[i].Version)
			}
		}
	}
	for _, list := range versions {
		resp.SeveralVersions = resp.SeveralVersions || len(list) > 1
	}
	for i, a := range resp.Used {
		for _, b := range resp.Used[:i] {
			resp.SeveralVersions = resp.SeveralVersions || a.System == b.System
		}
		if a.Content != "" {
			resp.Fragments = appendNew(resp.Fragments, canonicalOf(a.System, a.Version))
			resp.Unclosed = true
		}
	}
	e.closed(definition)
}

// implicitTitle is what an implicit value set of SNOMED CT is called.
func implicitTitle(url string) string {
	v, ok, err := snomed.ParseImplicitValueSet(url)
	if !ok || err != nil {
		return ""
	}
	what := ""
	switch v.Kind {
	case snomed.AllConcepts:
		what = "All of SNOMED CT"
	case snomed.AllRefsets:
		what = "All reference sets"
	case snomed.IsAConcept:
		what = "Concept " + v.ID.String() + " and descendants"
	case snomed.InRefset:
		what = v.ID.String()
	default:
		what = v.ECL
	}
	return "SNOMED CT Reference Set (" + what + ")"
}

// closed tells whether there are members that no list can name: expressions in the place
// of codes.
func (e *expansion) closed(definition *valueset.Compose) {
	for i := range definition.Include {
		set := &definition.Include[i]
		cs, err := resolver{e.snap}.CodeSystem(set.System, set.Version)
		if set.System == "" || err != nil || len(set.Concepts) > 0 {
			continue
		}
		if s, ok := cs.(*resource.Supplemented); ok {
			cs = s.Base()
		}
		if _, ok := cs.(terminology.Composable); !ok {
			continue
		}
		if len(set.Filters) == 0 && len(set.ValueSets) == 0 && !set.Refsets {
			e.resp.Unclosed, e.resp.Infinite = true, set.System
		}
		for _, f := range set.Filters {
			if f.Property == "constraint" || f.Property == "expressions" && f.Value == "true" {
				e.resp.Unclosed = true
			}
		}
	}
}
