package operation

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The extensions that say something of a code in a value set, and of how it is to be
// expanded.
const (
	extDeprecated = "http://hl7.org/fhir/StructureDefinition/valueset-deprecated"
	extParameter  = "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter"
)

// remarks adds what there is to say of a code that exists: how it stands, how it was
// written, and whether its display is right.
func (v *validation) remarks(d *verdict) error {
	if !d.exists {
		return nil
	}
	coding := d.coding()
	var err error
	if d.onDay, err = v.snap.validity(d.reader, d.thing, d.inForce); err != nil {
		return err
	}
	d.add(d.onDay.issues...)
	if coding.Code != d.given.Code {
		d.add(issueForm(d.given.Code, coding))
	}
	if v.membershipOnly() {
		return nil
	}
	if d.thing.composed != nil {
		v.displayComposed(d, coding)
		resp := &ValidateCodeResponse{Coding: coding}
		err := d.reader.remarkComposed(v.ctx, resp, v.set != nil, d.thing.composed)
		d.add(resp.Issues...)
		return err
	}
	inactive, status := d.reader.standing(d.thing.o)
	switch {
	case inactive && v.req.Date == 0:
		d.add(issueStatus(coding.Code, status))
	case status == "deprecated":
		d.add(issueDeprecated(coding.Code))
	}
	if v.set == nil && v.req.NoAbstract && d.reader.cs().Info(d.thing.o).Abstract {
		d.add(issueAbstractNotAllowed(coding))
	}
	if d.in && v.set != nil {
		if err := v.references(d); err != nil {
			return err
		}
		if d.ref != nil && deprecatedHere(d.ref) {
			d.add(issueDeprecatedInValueSet(coding, v.name))
		}
	}
	if d.given.Display != "" {
		v.display(d, coding)
	}
	return nil
}

// standing tells whether a concept is inactive, and the word of its code system for how
// it stands, "" when there is none.
func (r reader) standing(o terminology.Ordinal) (inactive bool, status string) {
	inactive = r.cs().Info(o).Inactive
	if p := providerOf(r.cs()); p != nil {
		status = ownStatus(p, o)
	} else {
		status = r.statusWord(o, inactive)
	}
	if status == "active" {
		status = ""
	}
	if inactive && status == "" {
		status = "inactive"
	}
	return inactive, status
}

// ownStatus returns the word of a resource for how one of its concepts stands.
func ownStatus(p *resource.Provider, o terminology.Ordinal) (status string) {
	c := p.Concept(o)
	if c == nil {
		return ""
	}
	code := propertyCode(p.Resource(), propStatus)
	for _, q := range c.Properties {
		if q.Code == code {
			status = q.Value
		}
	}
	if x, ok := extension(c.Extensions, resource.ExtStandardsStatus); ok && status == "" {
		status = x.Value
	}
	return status
}

// statusWord returns the word for how a concept stands of a code system that is no
// resource. Its publisher may write anything there: only the words that FHIR has
// ("Concept Properties") are told.
func (r reader) statusWord(o terminology.Ordinal, inactive bool) string {
	if named, ok := terminology.As[terminology.PropertyNamer](r.cs()); ok && !named.HasProperty(propStatus) || !ok && !inactive {
		return ""
	}
	return readStatus(r.cs(), o)
}

// readStatus is statusWord of a code system that has such a property. It stands by itself
// since what it makes to read properties is made when it is called.
func readStatus(cs terminology.CodeSystem, o terminology.Ordinal) string {
	for p := range cs.Properties(o) {
		if p.Code != propStatus {
			continue
		}
		switch word := strings.ToLower(p.Value); word {
		case "retired", "withdrawn", "deprecated":
			return word
		}
	}
	return ""
}

const conceptProperties = "http://hl7.org/fhir/concept-properties#"

// propertyCode returns the code of the property that means what the standard calls name.
func propertyCode(r *resource.Resource, name string) string {
	if r.CodeSystem != nil {
		for _, p := range r.CodeSystem.Properties {
			if p.URI == conceptProperties+name {
				return p.Code
			}
		}
	}
	return name
}

func extension(list []resource.Extension, url string) (resource.Extension, bool) {
	for _, x := range list {
		if x.URL == url {
			return x, true
		}
	}
	return resource.Extension{}, false
}

// deprecatedHere reports whether a value set says that one of its codes is deprecated.
func deprecatedHere(ref *resource.ConceptReference) bool {
	if x, ok := extension(ref.Extensions, extDeprecated); ok && x.Value == "true" {
		return true
	}
	x, ok := extension(ref.Extensions, resource.ExtStandardsStatus)
	return ok && (x.Value == "deprecated" || x.Value == "withdrawn")
}

// expansionParameter returns a parameter that a value set says is to be used in its
// expansion, "" when it says nothing.
func expansionParameter(r *resource.Resource, name string) string {
	if r.ValueSet == nil {
		return ""
	}
	for _, list := range [][]resource.Extension{r.ValueSet.Extensions, r.Extensions} {
		for _, x := range list {
			if x.URL != extParameter {
				continue
			}
			if n, ok := extension(x.Extensions, "name"); ok && n.Value == name {
				value, _ := extension(x.Extensions, "value")
				return value.Value
			}
		}
	}
	return ""
}

// editionNote names the edition of SNOMED CT after a version, since its URI says little.
func editionNote(r terminology.Release) string {
	if r.System != snomed.System {
		return ""
	}
	return " (" + editionName(r.Version) + ")"
}

func editionName(version string) string {
	e, err := snomed.ParseEdition(version)
	if err != nil {
		return "Unknown Edition"
	}
	switch name := strings.TrimLeft(strings.TrimPrefix(e.Title(), "SNOMED CT"), ", "); {
	case snomed.KnownExperimental(e.Module): // a part of the International Edition, for tests
		return "International Edition"
	case e.Experimental:
		return name + ", experimental"
	default:
		return name
	}
}
