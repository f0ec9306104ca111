package fhir

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Dependency is one dependency of ConceptMap/$translate: what is known besides the code.
type Dependency struct {
	Attribute string // URI (R5: attribute, R4: element)
	// Value is a code, with or without its code system, or a text in Display; of a Quantity
	// the text is number and unit.
	Value terminology.Coding
}

// readDependency reads the parts of a dependency: attribute and value (R5), or element and
// concept (R4).
func readDependency(t tree) (*Dependency, error) {
	var d Dependency
	valued := false
	for _, part := range t.objects("part") {
		switch name := part.text("name"); name {
		case "attribute", "element":
			key, err := valueKey(part)
			if err != nil {
				return nil, err
			}
			d.Attribute = part.text(key)
		case "value", "concept":
			if err := d.read(part); err != nil {
				return nil, err
			}
			valued = true
		default:
			if *t.err == nil {
				return nil, elementError(terminology.Invalid, part.path, "want attribute and value, or element and concept, not '%s'", name)
			}
		}
	}
	switch {
	case *t.err != nil:
		return nil, *t.err
	case d.Attribute == "":
		return nil, elementError(terminology.Invalid, t.path, "the dependency has no attribute")
	case !valued || d.Value == (terminology.Coding{}):
		return nil, elementError(terminology.Invalid, t.path, "the dependency has no value")
	}
	return &d, nil
}

// read reads the value of a dependency.
func (d *Dependency) read(part tree) error {
	key, err := valueKey(part)
	if err != nil {
		return err
	}
	switch v := part.object[key].(type) {
	case string:
		if key == "valueString" {
			d.Value.Display = v
		} else {
			d.Value.Code = v
		}
	case bool:
		d.Value.Code = strconv.FormatBool(v)
	case json.Number:
		d.Value.Display = v.String()
	default:
		child, _ := part.child(key)
		switch key {
		case "valueCoding":
			coding := readCoding(child)
			d.Value = coding.Terminology()
		case "valueCodeableConcept":
			concept := readConcept(child)
			if len(concept.Coding) > 0 {
				d.Value = concept.Coding[0].Terminology()
			} else {
				d.Value.Display = child.text("text")
			}
		case "valueQuantity":
			number, ok := child.object["value"].(json.Number)
			if !ok {
				return elementError(terminology.Invalid, child.path+".value", "want a number, not %s", jsonType(child.object["value"]))
			}
			d.Value.Display = number.String() + " " + firstOf(child.text("code"), child.text("unit"))
		default:
			return elementError(terminology.Invalid, part.path+"."+key, "want a code, Coding, string, boolean, Quantity or CodeableConcept")
		}
	}
	return *part.err
}

// The attributes of a patient by the ids of SNOMED CT and by plain names; other attributes
// are for ConceptMaps whose rows depend on them.
var patientAttributes = map[string]func(*operation.Patient, string){
	"424144002": ageNow, "age": ageNow, // Current chronological age
	"445518008": ageAtOnset, "age-at-onset": ageAtOnset, "ageatonset": ageAtOnset, // Age at onset of clinical finding
	"263495000": sex, "734000001": sex, "sex": sex, "gender": sex, // Gender, Biological sex
	"404684003": finding, "finding": finding, // Clinical finding
}

func ageNow(p *operation.Patient, v string)     { p.Age = v }
func ageAtOnset(p *operation.Patient, v string) { p.AgeAtOnset = v }
func sex(p *operation.Patient, v string)        { p.Sex = v }
func finding(p *operation.Patient, v string)    { p.Findings = append(p.Findings, v) }

// sexFindings are the findings of SNOMED CT that tell a sex, whatever the attribute.
var sexFindings = map[string]bool{"248152002": true, "248153007": true}

// patient reads what a request tells of the patient: its own parameters, which go before
// dependencies.
func (p *Parameters) patient() operation.Patient {
	var out operation.Patient
	for i := range p.list {
		d := p.list[i].Dependency
		if d == nil {
			continue
		}
		out.Terms = append(out.Terms, terminology.MapTerm{Property: d.Attribute, Value: d.Value})
		name := d.Attribute
		for _, prefix := range [...]string{"http://snomed.info/id/", "http://snomed.info/sct/", "http://snomed.info/sct|"} {
			name = strings.TrimPrefix(name, prefix)
		}
		value := firstOf(d.Value.Code, d.Value.Display)
		if sexFindings[value] {
			out.Sex = value
		} else if set := patientAttributes[strings.ToLower(name)]; set != nil {
			set(&out, value)
		}
	}
	out.Sex, out.Age, out.AgeAtOnset = firstOf(p.Text("sex"), out.Sex), firstOf(p.Text("age"), out.Age), firstOf(p.Text("ageAtOnset"), out.AgeAtOnset)
	out.Findings = append(out.Findings, p.texts("finding")...)
	return out
}
