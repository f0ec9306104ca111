package operation

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

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
	if providerOf(r.cs()) == nil && len(e.set.refs.of) == 0 && len(e.req.Properties) == 0 && !e.req.Designations {
		return // there is nothing more
	}
	reference := e.set.refs.in(e.snap, r.installed.Release)
	for i := range codes {
		c := &codes[i]
		d := detailed{e: e, c: c, r: r}
		d.fromCodeSystem()
		if ref := reference(c.Coding.Code); ref != nil {
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
	var concept *resource.Concept
	if p != nil {
		if concept = p.Concept(d.c.Ordinal); concept == nil {
			return
		}
		if concept.Display == "" && d.c.Coding.Display == concept.Definition {
			d.c.Coding.Display = "" // a definition is no display
		}
	}
	switch {
	case !d.e.req.Details:
		if d.e.req.Designations {
			d.designations = d.r.designations(d.c.Ordinal)
		}
	case p == nil:
		if d.e.req.Designations {
			d.designations = otherTerms(d.r.designations(d.c.Ordinal), d.c.Coding.Display)
			if len(d.e.req.Terms) > 0 {
				d.designations = slices.DeleteFunc(d.designations, func(t Designation) bool { return !d.e.wantsTerm(t.Language, t.Use) })
			}
		}
	default:
		d.concept(p.Resource(), concept)
		if s, ok := d.r.cs().(*resource.Supplemented); ok {
			for _, a := range s.Additions(d.c.Ordinal) {
				d.concept(a.Supplement, a.Concept)
			}
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
	if c.Display != "" && c.Display != d.c.Coding.Display && r.Language != "" && d.e.wantsTerm(r.Language, preferredForLanguage) {
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
		if !d.e.wantsTerm(x.Language, x.Use) {
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
func (e *expansion) wantsTerm(lang string, use terminology.Coding) bool {
	if len(e.req.Terms) == 0 {
		return true
	}
	return slices.ContainsFunc(e.req.Terms, func(want string) bool {
		system, code, ok := strings.Cut(want, "|")
		switch {
		case !ok: // a code alone
			return isLanguage(lang, system) || use.Code == system
		case system == languageTags:
			return isLanguage(lang, code)
		}
		return use.System == system && use.Code == code
	})
}

// languageTags is the code system of languages.
const languageTags = "urn:ietf:bcp:47"

// isLanguage reports whether a language is the one that is wanted, in whatever spelling;
// that of a country is another one.
func isLanguage(lang, want string) bool {
	a, ok := language.ParseTag(lang)
	b, wanted := language.ParseTag(want)
	return lang == want || ok && wanted && a == b
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
	if ref.Display != "" && d.e.req.LanguageList == "" && d.e.req.Languages.IsZero() {
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
