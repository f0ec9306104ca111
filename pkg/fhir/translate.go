package fhir

import (
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Translate is the parameter table of ConceptMap/$translate. Readers know the
// parameters by their R5 names; the R4 names are other spellings, and both are
// taken in both versions.
var Translate = &Operation{Resource: "ConceptMap", Name: "translate", Parameters: []Definition{
	{Name: "url", Type: URI},
	{Name: "conceptMap", Type: ResourceType},
	{Name: "conceptMapVersion", Type: String, Use: Refused, Note: "the installed version of a map answers"},
	{Name: "sourceCode", Type: Code, In: OnlyR5},
	{Name: "code", Same: "sourceCode", Type: Code, In: OnlyR4},
	{Name: "system", Type: URI},
	{Name: "version", Type: String},
	{Name: "sourceSystem", Type: URI, In: Ecosystem},
	{Name: "sourceScope", Type: URI, In: OnlyR5},
	{Name: "source", Same: "sourceScope", Type: URI, In: OnlyR4},
	{Name: "sourceCoding", Type: CodingType, In: OnlyR5},
	{Name: "coding", Same: "sourceCoding", Type: CodingType, In: OnlyR4},
	{Name: "sourceCodeableConcept", Type: CodeableConceptType, In: OnlyR5},
	{Name: "codeableConcept", Same: "sourceCodeableConcept", Type: CodeableConceptType, In: OnlyR4},
	{Name: "targetCode", Type: Code, In: OnlyR5},
	{Name: "targetCoding", Type: CodingType, In: OnlyR5},
	{Name: "targetCodeableConcept", Type: CodeableConceptType, In: OnlyR5},
	{Name: "targetScope", Type: URI, In: OnlyR5},
	{Name: "target", Same: "targetScope", Type: URI, In: OnlyR4},
	{Name: "targetSystem", Type: URI, In: OnlyR5},
	{Name: "targetsystem", Same: "targetSystem", Type: URI, In: OnlyR4},
	{Name: "dependency", Type: OtherType, Many: true, Use: Refused, Note: "every rule of a map is told with its match"},
	{Name: "reverse", Type: Boolean, In: OnlyR4},
	{Name: "displayLanguage", Type: Code, In: Ecosystem},
}}

// TranslateRequests reads the parameters of ConceptMap/$translate: one request a
// coding, more than one only for a CodeableConcept.
func TranslateRequests(p *Parameters) ([]operation.TranslateRequest, error) {
	pref, err := p.Languages()
	if err != nil {
		return nil, err
	}
	base := operation.TranslateRequest{With: p.with(), URL: p.Text("url"), Languages: pref}
	reverse := p.find("targetCode") != nil || p.find("targetCoding") != nil || p.find("targetCodeableConcept") != nil
	if reverse {
		return p.reverseRequests(base)
	}
	base.Reverse = p.Bool("reverse")
	if base.Target, err = p.target(); err != nil {
		return nil, err
	}
	codings, err := p.codings("source", firstOf(p.Text("system"), p.Text("sourceSystem")))
	if err != nil {
		return nil, err
	}
	for i := range codings {
		if err := p.checkScope(codings[i].System); err != nil {
			return nil, err
		}
	}
	return requests(base, codings), nil
}

// reverseRequests reads a request of R5 for the codes that lead to a target code.
func (p *Parameters) reverseRequests(base operation.TranslateRequest) ([]operation.TranslateRequest, error) {
	for _, name := range []string{"sourceCode", "sourceCoding", "sourceCodeableConcept"} {
		if n := p.find(name); n != nil {
			return nil, elementError(terminology.Invalid, n.where(), "give a source or a target code, not both")
		}
	}
	target, err := p.target()
	if err != nil {
		return nil, err
	}
	codings, err := p.codings("target", firstOf(target, p.Text("system")))
	if err != nil {
		return nil, err
	}
	base.Reverse, base.Target = true, p.Text("sourceSystem")
	if base.Target == "" {
		base.Target = withoutAll(p.Text("sourceScope"))
	}
	return requests(base, codings), nil
}

func requests(base operation.TranslateRequest, codings []terminology.Coding) []operation.TranslateRequest {
	reqs := make([]operation.TranslateRequest, len(codings))
	for i := range reqs {
		reqs[i] = base
		reqs[i].Coding = codings[i]
	}
	return reqs
}

// codings reads what is to be translated from the three parameters of a side,
// "source" or "target".
func (p *Parameters) codings(side, system string) ([]terminology.Coding, error) {
	code, coding, concept := p.find(side+"Code"), p.find(side+"Coding"), p.find(side+"CodeableConcept")
	given := 0
	for _, n := range []*Parameter{code, coding, concept} {
		if n != nil {
			given++
		}
	}
	switch {
	case given > 1:
		return nil, elementError(terminology.Invalid, p.op.Path(), "give one of '%[1]sCode', '%[1]sCoding' and '%[1]sCodeableConcept'", side)
	case code != nil:
		if system == "" {
			return nil, p.missing("system")
		}
		return []terminology.Coding{{System: system, Version: p.Text("version"), Code: code.Text}}, nil
	case coding != nil:
		c, err := checkCoding(coding.Coding.Terminology(), coding.where())
		return []terminology.Coding{c}, err
	case concept != nil && len(concept.Concept.Coding) > 0:
		out := make([]terminology.Coding, 0, len(concept.Concept.Coding))
		for i := range concept.Concept.Coding {
			c, err := checkCoding(concept.Concept.Coding[i].Terminology(), concept.where()+".coding["+strconv.Itoa(i)+"]")
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
		return out, nil
	}
	return nil, p.missing("code or coding to translate")
}

// target reads the code system of the answer, given as such or as the value set of
// all its codes.
func (p *Parameters) target() (string, error) {
	system, scope := p.Text("targetSystem"), withoutAll(p.Text("targetScope"))
	if system != "" && scope != "" && system != scope {
		return "", elementError(terminology.Invalid, "targetSystem", "the target is both %s and %s", system, scope)
	}
	return firstOf(system, scope), nil
}

// checkScope returns the error that the value set of the source is not all codes of
// its system: parts of a map are not told apart.
func (p *Parameters) checkScope(system string) error {
	n := p.find("sourceScope")
	if n == nil || withoutAll(n.Text) == system {
		return nil
	}
	return elementError(terminology.NotSupported, n.where(), "parameter '%s' is only supported for all codes of the code system %s", n.Definition.Name, system)
}

// withoutAll returns the code system of an implicit value set of all its codes.
func withoutAll(url string) string {
	system, _ := strings.CutSuffix(url, "?fhir_vs")
	return system
}

// The elements of the rows of a SNOMED CT map, as the reference set descriptors
// name them.
const (
	mapGroup    = "http://snomed.info/id/900000000000501005"
	mapPriority = "http://snomed.info/id/900000000000502003"
	mapRule     = "http://snomed.info/id/900000000000503008"
	mapAdvice   = "http://snomed.info/id/900000000000504002"
)

// AppendTranslate writes the answer to ConceptMap/$translate. The matches of the
// codings of a CodeableConcept follow each other. Group, priority, rule and advice
// of a match are properties (R5, match.property), in R4 as well: R4 has no place for
// them, since a product is a further code to record.
func AppendTranslate(dst []byte, v Version, p *Parameters, answers []*operation.TranslateResponse) ([]byte, error) {
	result := false
	var messages []string
	for _, a := range answers {
		if a == nil {
			continue
		}
		result = result || a.Result
		if a.Message != "" {
			messages = append(messages, a.Message)
		}
	}
	// With reverse=true (R4) a match is the code that was found; with a target code it is
	// that code, and what was found is its source.
	asked := p.find("reverse") == nil
	dst = append(dst, openParameters...)
	dst = appendBoolParameter(dst, "result", result)
	dst = appendParameter(dst, "message", "valueString", strings.Join(messages, "; "))
	for _, a := range answers {
		if a == nil {
			continue
		}
		for i := range a.Matches {
			dst = appendMatch(dst, v, &a.Matches[i], asked && a.Matches[i].Reverse)
		}
	}
	return append(dst, closeParameters...), nil
}

func appendMatch(dst []byte, v Version, m *operation.Match, reverse bool) []byte {
	dst = append(openParameter(dst, "match"), `,"part":[`...)
	switch {
	case v == R5:
		dst = appendParameter(dst, "relationship", "valueCode", m.Relationship.String())
	case m.Coding.Code == "": // the map says that there is no target
		dst = appendParameter(dst, "equivalence", "valueCode", "unmatched")
	default:
		dst = appendParameter(dst, "equivalence", "valueCode", m.Relationship.Equivalence())
	}
	concept := m.Coding
	if reverse {
		concept = m.Target
	}
	if concept.Code != "" {
		dst = appendKey(openParameter(dst, "concept"), "valueCoding")
		dst = append(appendCoding(dst, concept), '}')
	}
	if reverse {
		dst = appendKey(openParameter(dst, "source"), "valueCoding")
		dst = append(appendCoding(dst, m.Coding), '}')
		return append(appendParameter(dst, "originMap", "valueCanonical", canonical(m.Map, m.MapVersion)), `]}`...)
	}
	dst = appendMapInteger(dst, mapGroup, m.Group)
	dst = appendMapInteger(dst, mapPriority, m.Priority)
	dst = appendMapText(dst, mapRule, m.Rule)
	dst = appendMapText(dst, mapAdvice, m.Advice)
	if m.Resource {
		dst = appendParameter(dst, "originMap", "valueCanonical", canonical(m.Map, m.MapVersion))
	} else if v == R4 {
		dst = appendParameter(dst, "source", "valueUri", m.Map)
	} else {
		dst = appendParameter(dst, "originMap", "valueCanonical", m.Map)
	}
	return append(dst, `]}`...)
}

func appendMapInteger(dst []byte, uri string, n int) []byte {
	if n == 0 {
		return dst
	}
	dst = append(openParameter(dst, "property"), `,"part":[`...)
	dst = appendParameter(dst, "uri", "valueUri", uri)
	dst = appendKey(openParameter(dst, "value"), "valueInteger")
	return append(strconv.AppendInt(dst, int64(n), 10), `}]}`...)
}

func appendMapText(dst []byte, uri, text string) []byte {
	if text == "" {
		return dst
	}
	dst = append(openParameter(dst, "property"), `,"part":[`...)
	dst = appendParameter(dst, "uri", "valueUri", uri)
	return append(appendParameter(dst, "value", "valueString", text), `]}`...)
}
