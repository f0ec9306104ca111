package fhir

import (
	"bytes"
	"encoding/json"
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
	{Name: "conceptMapVersion", Type: String},
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
	{Name: "dependency", Type: DependencyType, Many: true},
	{Name: "reverse", Type: Boolean, In: OnlyR4},
	{Name: "displayLanguage", Type: Code, In: Ecosystem},
	{Name: "useSupplement", Type: URI, Many: true, In: Ecosystem},

	// Ours, for rules of maps, and for answers where a map has no row.
	{Name: "age", Type: String, In: Ecosystem},
	{Name: "ageAtOnset", Type: String, In: Ecosystem},
	{Name: "sex", Type: Code, In: Ecosystem},
	{Name: "finding", Type: Code, Many: true, In: Ecosystem},
	{Name: "prefix", Type: Boolean, In: Ecosystem},
	{Name: "walk", Type: Boolean, In: Ecosystem},
	{Name: "into", Type: URI, In: Ecosystem},
	{Name: "chain", Type: Boolean, In: Ecosystem},
}}

// TranslateRequests reads the parameters of ConceptMap/$translate: one request a
// coding, more than one only for a CodeableConcept.
func TranslateRequests(p *Parameters) ([]operation.TranslateRequest, error) {
	pref, err := p.Languages()
	if err != nil {
		return nil, err
	}
	url, err := p.mapURL()
	if err != nil {
		return nil, err
	}
	base := operation.TranslateRequest{With: p.with(), URL: url, Languages: pref, Patient: p.patient(),
		Prefix: p.Bool("prefix"), Walk: p.Bool("walk"), Into: p.Text("into"), NoChain: p.Text("chain") == "false"}
	reverse := p.find("targetCode") != nil || p.find("targetCoding") != nil || p.find("targetCodeableConcept") != nil
	if reverse {
		return p.reverseRequests(base)
	}
	base.Reverse = p.Bool("reverse")
	if base.Target, base.TargetScope, err = p.end("targetSystem", "targetScope"); err != nil {
		return nil, err
	}
	base.SourceScope = p.Text("sourceScope")
	codings, err := p.codings("source", firstOf(p.Text("system"), p.Text("sourceSystem")))
	if err != nil {
		return nil, err
	}
	return requests(base, codings), nil
}

// mapURL reads which map is asked for: by URL, with a version in it or beside it, or the
// one that the request brings.
func (p *Parameters) mapURL() (string, error) {
	url, version := p.Text("url"), p.Text("conceptMapVersion")
	if n := p.find("conceptMap"); n != nil {
		if url != "" {
			return "", elementError(terminology.Invalid, n.where(), "give one of 'url' and 'conceptMap'")
		}
		var head struct{ URL, Version string }
		if err := json.Unmarshal(n.Raw, &head); err != nil {
			return "", elementError(terminology.Invalid, n.where(), "%v", err)
		}
		if head.URL == "" { // a map may do without
			head.URL = unnamedMap
			n.Raw = append([]byte(`{"url":"`+unnamedMap+`",`), bytes.TrimPrefix(bytes.TrimSpace(n.Raw), []byte("{"))...)
		}
		return terminology.Canonical(head.URL, head.Version), nil
	}
	if version == "" {
		return url, nil
	}
	if url == "" {
		return "", elementError(terminology.Invalid, "conceptMapVersion", "a version is of a map: give its 'url' as well")
	}
	if base, own, ok := strings.Cut(url, "|"); ok {
		if own != version {
			return "", elementError(terminology.Invalid, "conceptMapVersion", "the map is asked for in version %s and in version %s", own, version)
		}
		url = base
	}
	return terminology.Canonical(url, version), nil
}

// unnamedMap is the URL of a ConceptMap in a request that has none.
const unnamedMap = "urn:kodeks:map:of-request"

// reverseRequests reads a request of R5 for the codes that lead to a target code.
func (p *Parameters) reverseRequests(base operation.TranslateRequest) ([]operation.TranslateRequest, error) {
	for _, name := range []string{"sourceCode", "sourceCoding", "sourceCodeableConcept"} {
		if n := p.find(name); n != nil {
			return nil, elementError(terminology.Invalid, n.where(), "give a source or a target code, not both")
		}
	}
	target, scope, err := p.end("targetSystem", "targetScope")
	if err != nil {
		return nil, err
	}
	codings, err := p.codings("target", firstOf(target, p.Text("system")))
	if err != nil {
		return nil, err
	}
	base.Reverse, base.SourceScope = true, scope
	if base.Target, base.TargetScope, err = p.end("sourceSystem", "sourceScope"); err != nil {
		return nil, err
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

// end reads an end of a translation: a code system, given as such or as the value set of
// all its codes, and any other value set.
func (p *Parameters) end(systemName, scopeName string) (system, scope string, err error) {
	system, scope = p.Text(systemName), p.Text(scopeName)
	all, isAll := strings.CutSuffix(scope, "?fhir_vs")
	if !isAll {
		return system, scope, nil
	}
	if system != "" && system != all {
		return "", "", elementError(terminology.Invalid, systemName, "the code system is both %s and %s", system, all)
	}
	return firstOf(system, all), "", nil
}

// The elements of the rows of a SNOMED CT map, as the reference set descriptors
// name them.
const (
	mapGroup    = "http://snomed.info/id/900000000000501005"
	mapPriority = "http://snomed.info/id/900000000000502003"
	mapRule     = "http://snomed.info/id/900000000000503008"
	mapAdvice   = "http://snomed.info/id/900000000000504002"
)

// What we tell of a match besides: what became of its row and why, what is missing to
// decide, the steps to it, and where the map says it.
const (
	matchState  = "urn:kodeks:match:state"
	matchReason = "urn:kodeks:match:reason"
	matchNeeds  = "urn:kodeks:match:needs"
	matchStep   = "urn:kodeks:match:step"
	matchRow    = "urn:kodeks:match:row"
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
		messages = append(messages, a.Notes...)
		if len(a.Needs) > 0 {
			messages = append(messages, "to decide, these are needed: "+strings.Join(a.Needs, ", "))
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
			if a.Matches[i].State == operation.Overridden {
				continue
			}
			dst = appendMatch(dst, v, &a.Matches[i], asked && a.Matches[i].Reverse)
		}
	}
	return append(dst, closeParameters...), nil
}

// appendMatch writes a match. A row that does not apply to the patient is not related to
// the source: who takes all matches that are related takes no wrong one. With reverse it is
// told as the map has it, from the source that was found to the target that was asked about.
func appendMatch(dst []byte, v Version, m *operation.Match, reverse bool) []byte {
	dst = append(openParameter(dst, "match"), `,"part":[`...)
	relationship := m.Relationship
	if reverse {
		relationship = m.OfRow()
	}
	if m.State > operation.Candidate || m.Coding.Code == "" {
		relationship = terminology.NotRelatedTo
	}
	switch {
	case v == R5:
		dst = appendParameter(dst, "relationship", "valueCode", relationship.String())
	case m.Coding.Code == "": // the map says that there is no target
		dst = appendParameter(dst, "equivalence", "valueCode", "unmatched")
	default:
		dst = appendParameter(dst, "equivalence", "valueCode", relationship.Equivalence())
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
		dst = appendEvaluation(dst, m)
		return append(appendParameter(dst, "originMap", "valueCanonical", terminology.Canonical(m.Map, m.MapVersion)), `]}`...)
	}
	dst = appendMapInteger(dst, mapGroup, m.Group)
	dst = appendMapInteger(dst, mapPriority, m.Priority)
	dst = appendMapText(dst, mapRule, m.Rule)
	dst = appendMapText(dst, mapAdvice, m.Advice)
	dst = appendEvaluation(dst, m)
	for i := range m.Products {
		dst = appendProduct(dst, v, &m.Products[i])
	}
	return append(appendOrigin(dst, v, m), `]}`...)
}

// appendOrigin writes the map of a match with its version: R4 calls it the source, and has
// also taken over originMap, for maps that come with a request.
func appendOrigin(dst []byte, v Version, m *operation.Match) []byte {
	origin := terminology.Canonical(m.Map, m.MapVersion)
	if v == R4 && !m.Resource {
		return appendParameter(dst, "source", "valueUri", origin)
	}
	return appendParameter(dst, "originMap", "valueCanonical", origin)
}

// appendEvaluation writes what became of the row of a match.
func appendEvaluation(dst []byte, m *operation.Match) []byte {
	switch {
	case m.State != operation.Applies:
		dst = appendMapText(dst, matchState, m.State.String())
	case m.Fired:
		dst = appendMapText(dst, matchState, "fired")
	}
	dst = appendMapText(dst, matchReason, m.Reason)
	for _, n := range m.Needs {
		dst = appendMapText(dst, matchNeeds, n)
	}
	for i := range m.Path {
		dst = appendMapText(dst, matchStep, m.Path[i].String())
	}
	if m.File != "" && !m.Resource {
		dst = appendMapText(dst, matchRow, m.Place())
	}
	return dst
}

// appendProduct writes what goes with a target.
func appendProduct(dst []byte, v Version, t *terminology.MapTerm) []byte {
	dst = append(openParameter(dst, "product"), `,"part":[`...)
	name, value := "attribute", "value"
	if v == R4 {
		name, value = "element", "concept"
	}
	dst = appendParameter(dst, name, "valueUri", t.Property)
	if t.Value.Code == "" && v == R5 {
		return append(appendParameter(dst, value, "valueString", t.Value.Display), `]}`...)
	}
	dst = appendKey(openParameter(dst, value), "valueCoding")
	return append(appendCoding(dst, t.Value), `}]}`...)
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
