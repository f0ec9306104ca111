package fhir

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// judging are the parameters of $validate-code on code systems and value sets alike.
var judging = append([]Definition{
	{Name: "code", Type: Code},
	{Name: "display", Type: String},
	{Name: "coding", Type: CodingType},
	{Name: "codeableConcept", Type: CodeableConceptType},
	{Name: "date", Type: DateTime},
	{Name: "abstract", Type: Boolean},
	{Name: "displayLanguage", Type: Code},
	{Name: "activeOnly", Type: Boolean, In: Ecosystem},
	{Name: "lenient-display-validation", Type: Boolean, In: Ecosystem},
	{Name: "valueset-membership-only", Type: Boolean, In: Ecosystem},
	{Name: "diagnostics", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "answers carry no diagnostics"},
}, versionRules...)

// CodeSystemValidateCode is the parameter table of CodeSystem/$validate-code.
var CodeSystemValidateCode = &Operation{Resource: "CodeSystem", Name: "validate-code", Parameters: append([]Definition{
	{Name: "url", Type: URI},
	{Name: "system", Same: "url", Type: URI, In: Ecosystem},
	{Name: "codeSystem", Type: ResourceType},
	{Name: "version", Type: String},
	{Name: "systemVersion", Same: "version", Type: String, In: Ecosystem},
	{Name: "inferSystem", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "the system is that of the operation"},
}, judging...)}

// ValueSetValidateCode is the parameter table of ValueSet/$validate-code.
var ValueSetValidateCode = &Operation{Resource: "ValueSet", Name: "validate-code", Parameters: append([]Definition{
	{Name: "url", Type: URI},
	{Name: "context", Type: URI, Use: Refused, Note: "profiles are not known here; name the value set"},
	{Name: "valueSet", Type: ValueSetType},
	{Name: "valueSetVersion", Type: String},
	{Name: "system", Type: URI},
	{Name: "systemVersion", Type: String},
	{Name: "version", Same: "systemVersion", Type: String, In: Ecosystem},
	{Name: "inferSystem", Type: Boolean, In: OnlyR5},
	{Name: "excludeNested", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "of expansions"},
	{Name: "includeDefinition", Type: Boolean, In: Ecosystem, Use: Ignored, Note: "of expansions"},
}, judging...)}

// ValidateRequest reads the parameters of $validate-code, on a code system or a value
// set.
func ValidateRequest(p *Parameters) (operation.ValidateRequest, error) {
	req := operation.ValidateRequest{
		With: p.with(), Date: p.Day("date"), InferSystem: p.Bool("inferSystem"),
		ActiveOnly: p.Bool("activeOnly"), NoAbstract: p.Text("abstract") == "false", Lenient: p.Bool("lenient-display-validation"),
		Membership: p.Bool("valueset-membership-only"),
	}
	w, err := p.languages()
	if err != nil {
		return req, err
	}
	req.Languages, req.LanguageList, req.Negotiated = w.pref, w.list, w.negotiated
	if p.op == ValueSetValidateCode {
		if req.ValueSet, req.Definition, err = p.valueSet(); err != nil {
			return req, err
		}
	}
	req.Form, req.Codings, err = p.validatedCodings(req.InferSystem)
	return req, err
}

// validatedCodings reads what is to be validated from the one of three parameters that
// is given.
func (p *Parameters) validatedCodings(infer bool) (operation.Form, []terminology.Coding, error) {
	code, coding, concept := p.find("code"), p.find("coding"), p.find("codeableConcept")
	given := 0
	for _, n := range []*Parameter{code, coding, concept} {
		if n != nil {
			given++
		}
	}
	ofSystem := p.op == CodeSystemValidateCode
	system, version := "system", "systemVersion"
	if ofSystem {
		system, version = "url", "version"
	}
	switch {
	case given > 1:
		return 0, nil, elementError(terminology.Invalid, firstOf(concept.whereOr(""), coding.whereOr("")), "give one of 'code', 'coding' and 'codeableConcept'")
	case concept != nil:
		if len(concept.Concept.Coding) == 0 && (ofSystem || concept.Concept.Text == "") { // text alone is in no value set
			return 0, nil, elementError(terminology.Invalid, concept.where(), "the CodeableConcept has no coding")
		}
		list := make([]terminology.Coding, len(concept.Concept.Coding))
		for i := range list { // one without a code is told of beside the others
			var err error
			if list[i], err = p.validated(concept.Concept.Coding[i].Terminology(), concept.where()+".coding["+strconv.Itoa(i)+"]"); err != nil {
				return 0, nil, err
			}
		}
		return operation.FormConcept, list, nil
	case coding != nil:
		c, err := p.validated(coding.Coding.Terminology(), coding.where())
		if c.Code == "" && err == nil {
			err = elementError(terminology.Invalid, coding.where()+".code", "the coding has no code")
		}
		return operation.FormCoding, []terminology.Coding{c}, err
	case code != nil:
		c := terminology.Coding{System: p.Text(system), Version: p.Text(version), Code: code.Text, Display: p.Text("display")}
		if c.System == "" && ofSystem {
			c.System = p.codeSystemURL()
		}
		if c.System == "" && !infer {
			break
		}
		return operation.FormCode, []terminology.Coding{c}, nil
	}
	return 0, nil, &terminology.Error{Op: "fhir.Read", Kind: terminology.Invalid, Err: &operation.IssueError{Issues: []operation.Issue{noCodeGiven}}}
}

// noCodeGiven is what is told of a request that has no code to validate, in the words of
// the HL7 terminology ecosystem.
var noCodeGiven = operation.Issue{Type: "invalid", Text: "Unable to find code to validate (looked for coding | codeableConcept | code+system | code+inferSystem in parameters"}

// codeSystemURL is the URL of a code system that comes as a resource.
func (p *Parameters) codeSystemURL() string {
	n := p.find("codeSystem")
	if n == nil {
		return ""
	}
	var head struct{ URL string }
	if json.Unmarshal(n.Raw, &head) != nil {
		return ""
	}
	return head.URL
}

func (p *Parameter) whereOr(otherwise string) string {
	if p == nil {
		return otherwise
	}
	return p.where()
}

// valueSet reads which value set a request means: by its URL, or given whole.
func (p *Parameters) valueSet() (url string, definition []byte, err error) {
	u, n := p.find("url"), p.find("valueSet")
	switch {
	case n != nil:
		if u != nil && n.ValueSet.URL != "" && n.ValueSet.URL != u.Text {
			err = elementError(terminology.Invalid, u.where(), "'url' is %s, but the value set in the request is %s", u.Text, n.ValueSet.URL)
		}
		if v := p.Text("valueSetVersion"); err == nil && v != "" && n.ValueSet.Version != "" && n.ValueSet.Version != v {
			err = elementError(terminology.Invalid, "valueSetVersion", "'valueSetVersion' is %s, but the value set in the request is version %s", v, n.ValueSet.Version)
		}
		return "", n.Raw, err
	case u != nil:
		v := p.Text("valueSetVersion")
		if url, own, ok := strings.Cut(u.Text, "|"); ok && v != "" {
			if own != v {
				return "", nil, elementError(terminology.Invalid, "valueSetVersion", "'valueSetVersion' is %s, but 'url' names version %s", v, own)
			}
			return terminology.Canonical(url, v), nil, nil
		}
		return terminology.Canonical(u.Text, v), nil, nil
	}
	return "", nil, p.missing("url or valueSet")
}

// validated completes a coding with the code system that the operation is asked
// of, and checks that the two agree.
func (p *Parameters) validated(c terminology.Coding, where string) (terminology.Coding, error) {
	if p.op == CodeSystemValidateCode {
		url := p.Text("url")
		switch {
		case c.System == "":
			c.System = url
		case url != "" && url != c.System:
			return c, elementError(terminology.Invalid, where+".system", "'url' is %s, but the coding is of %s", url, c.System)
		}
		if c.Version == "" {
			c.Version = p.Text("version")
		}
	}
	if c.Display == "" {
		c.Display = p.Text("display")
	}
	return c, nil
}

// AppendValidate writes the answer to $validate-code.
func AppendValidate(dst []byte, _ Version, p *Parameters, a *operation.ValidateResponse) ([]byte, error) {
	dst = append(dst, openParameters...)
	dst = appendBoolParameter(dst, "result", a.Result)
	if a.Found {
		dst = appendParameter(dst, "code", "valueCode", a.Coding.Code)
		dst = appendParameter(dst, "normalized-code", "valueCode", a.Code)
		dst = appendParameter(dst, "system", "valueUri", a.Coding.System)
		dst = appendParameter(dst, "version", "valueString", a.Coding.Version)
		dst = appendParameter(dst, "display", "valueString", a.Coding.Display)
	}
	if a.Inactive {
		dst = appendBoolParameter(dst, "inactive", true)
	}
	dst = appendParameter(dst, "status", "valueCode", a.Status)
	if concept := p.find("codeableConcept"); concept != nil {
		dst = appendKey(openParameter(dst, "codeableConcept"), "valueCodeableConcept")
		dst = append(appendConcept(dst, concept.Concept), '}')
	}
	for _, system := range a.Unknown {
		dst = appendParameter(dst, "x-unknown-system", "valueCanonical", system)
	}
	for _, system := range a.CausedBy {
		dst = appendParameter(dst, "x-caused-by-unknown-system", "valueCanonical", system)
	}
	dst = appendParameter(dst, "message", "valueString", a.Message)
	if len(a.Issues) > 0 {
		dst = appendKey(openParameter(dst, "issues"), "resource")
		dst = append(appendIssues(dst, a.Issues, ""), '}')
	}
	return append(dst, closeParameters...), nil
}

func appendConcept(dst []byte, c *CodeableConcept) []byte {
	dst = append(dst, '{')
	for i := range c.Coding {
		if i == 0 {
			dst = append(dst, `"coding":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = appendCoding(dst, c.Coding[i].Terminology())
	}
	if len(c.Coding) > 0 {
		dst = append(dst, ']')
	}
	dst = appendMember(dst, "text", c.Text)
	return append(dst, '}')
}
