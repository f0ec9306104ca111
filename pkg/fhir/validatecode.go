package fhir

import (
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	noSupplements = "code system supplements are not read yet"
	noAbstract    = "abstract codes are always allowed"
)

// CodeSystemValidateCode is the parameter table of CodeSystem/$validate-code.
var CodeSystemValidateCode = &Operation{Resource: "CodeSystem", Name: "validate-code", Parameters: []Definition{
	{Name: "url", Type: URI},
	{Name: "system", Same: "url", Type: URI, In: Ecosystem},
	{Name: "codeSystem", Type: OtherType, Use: Refused, Note: "code systems that come with a request are not read yet"},
	{Name: "code", Type: Code},
	{Name: "version", Type: String},
	{Name: "display", Type: String},
	{Name: "coding", Type: CodingType},
	{Name: "codeableConcept", Type: CodeableConceptType},
	{Name: "date", Type: DateTime},
	{Name: "abstract", Type: Boolean, Only: "true", Note: noAbstract},
	{Name: "displayLanguage", Type: Code},
	{Name: "useSupplement", Type: URI, Many: true, In: OnlyR5, Use: Refused, Note: noSupplements},
	{Name: "lenient-display-validation", Type: Boolean, In: Ecosystem, Only: "false", Note: "a wrong display is an error"},
}}

// ValueSetValidateCode is the parameter table of ValueSet/$validate-code.
var ValueSetValidateCode = &Operation{Resource: "ValueSet", Name: "validate-code", Parameters: []Definition{
	{Name: "url", Type: URI},
	{Name: "context", Type: URI, Use: Refused, Note: "profiles are not known here; name the value set"},
	{Name: "valueSet", Type: ValueSetType},
	{Name: "valueSetVersion", Type: String},
	{Name: "code", Type: Code},
	{Name: "system", Type: URI},
	{Name: "systemVersion", Type: String},
	{Name: "display", Type: String},
	{Name: "coding", Type: CodingType},
	{Name: "codeableConcept", Type: CodeableConceptType},
	{Name: "date", Type: DateTime},
	{Name: "abstract", Type: Boolean, Only: "true", Note: noAbstract},
	{Name: "displayLanguage", Type: Code},
	{Name: "inferSystem", Type: Boolean, In: OnlyR5},
	{Name: "useSupplement", Type: URI, Many: true, In: OnlyR5, Use: Refused, Note: noSupplements},
	{Name: "system-version", Type: URI, Many: true, In: Ecosystem, Use: Refused, Note: noVersionRules},
	{Name: "check-system-version", Type: URI, Many: true, In: Ecosystem, Use: Refused, Note: noVersionRules},
	{Name: "force-system-version", Type: URI, Many: true, In: Ecosystem, Use: Refused, Note: noVersionRules},
	{Name: "default-valueset-version", Type: URI, Many: true, In: Ecosystem, Use: Refused, Note: noVersionRules},
	{Name: "lenient-display-validation", Type: Boolean, In: Ecosystem, Only: "false", Note: "a wrong display is an error"},
}}

// ValidateCodeRequests reads the parameters of $validate-code, on a code system or
// a value set: one request a coding, more than one only for a CodeableConcept.
func ValidateCodeRequests(p *Parameters) ([]operation.ValidateCodeRequest, error) {
	base, err := p.validateBase()
	if err != nil {
		return nil, err
	}
	if n := p.find("codeableConcept"); n != nil {
		if p.find("code") != nil || p.find("coding") != nil {
			return nil, elementError(terminology.Invalid, n.where(), "give one of 'code', 'coding' and 'codeableConcept'")
		}
		if len(n.Concept.Coding) == 0 {
			return nil, elementError(terminology.Invalid, n.where(), "the CodeableConcept has no coding")
		}
		reqs := make([]operation.ValidateCodeRequest, len(n.Concept.Coding))
		for i := range n.Concept.Coding {
			reqs[i] = base
			where := n.where() + ".coding[" + strconv.Itoa(i) + "]"
			if reqs[i].Coding, err = p.validated(n.Concept.Coding[i].Terminology(), where); err != nil {
				return nil, err
			}
		}
		return reqs, nil
	}
	system, version := "system", "systemVersion"
	if p.op == CodeSystemValidateCode {
		system, version = "url", "version"
	}
	if n := p.find("coding"); n != nil {
		if c := p.find("code"); c != nil {
			return nil, elementError(terminology.Invalid, c.where(), "give one of 'code', 'coding' and 'codeableConcept'")
		}
		base.Coding, err = p.validated(n.Coding.Terminology(), n.where())
	} else {
		if base.Coding, err = p.coding("coding", "code", system, version); err != nil && p.Bool("inferSystem") && p.find("code") != nil {
			err = nil // the operation finds the system in the value set
			base.Coding = terminology.Coding{Version: p.Text(version), Code: p.Text("code")}
		}
		base.Coding.Display = p.Text("display")
	}
	if err != nil {
		return nil, err
	}
	return []operation.ValidateCodeRequest{base}, nil
}

// validateBase reads what all codings of a request share.
func (p *Parameters) validateBase() (operation.ValidateCodeRequest, error) {
	req := operation.ValidateCodeRequest{Date: p.Day("date")}
	var err error
	if req.Languages, err = p.Languages(); err != nil || p.op != ValueSetValidateCode {
		return req, err
	}
	req.ValueSet, req.Compose, err = p.valueSet()
	return req, err
}

// valueSet reads which value set a request means: by its URL, or given whole.
func (p *Parameters) valueSet() (url string, compose *operation.Compose, err error) {
	u, n := p.find("url"), p.find("valueSet")
	switch {
	case n != nil:
		compose, err = n.ValueSet.Compose()
		if err == nil && u != nil && n.ValueSet.URL != "" && n.ValueSet.URL != u.Text {
			err = elementError(terminology.Invalid, u.where(), "'url' is %s, but the value set in the request is %s", u.Text, n.ValueSet.URL)
		}
		return "", compose, err
	case u != nil:
		return canonical(u.Text, p.Text("valueSetVersion")), nil, nil
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
	return checkCoding(c, where)
}

// AppendValidateCode writes the answer to $validate-code. Of the codings of a
// CodeableConcept the first valid one answers; when none is, all their issues do.
func AppendValidateCode(dst []byte, _ Version, p *Parameters, answers []*operation.ValidateCodeResponse) ([]byte, error) {
	concept := p.find("codeableConcept")
	best, issues, prefix := answers[0], []operation.Issue(nil), ""
	if concept != nil {
		best, issues = chooseAnswer(answers)
	} else {
		issues = best.Issues
		if p.find("coding") != nil {
			prefix = "Coding."
		}
	}
	dst = append(dst, openParameters...)
	dst = appendBoolParameter(dst, "result", best.Result)
	dst = appendParameter(dst, "code", "valueCode", firstOf(best.Given, best.Coding.Code))
	if best.Given != "" {
		dst = appendParameter(dst, "normalized-code", "valueCode", best.Coding.Code)
	}
	dst = appendParameter(dst, "system", "valueUri", best.Coding.System)
	dst = appendParameter(dst, "version", "valueString", best.Coding.Version)
	dst = appendParameter(dst, "display", "valueString", best.Coding.Display)
	if best.Inactive {
		dst = appendBoolParameter(dst, "inactive", true)
	}
	if concept != nil {
		dst = appendKey(openParameter(dst, "codeableConcept"), "valueCodeableConcept")
		dst = append(appendConcept(dst, concept.Concept), '}')
	}
	dst = appendParameter(dst, "message", "valueString", message(best, answers))
	if len(issues) > 0 {
		dst = appendKey(openParameter(dst, "issues"), "resource")
		dst = append(appendIssues(dst, issues, prefix), '}')
	}
	return append(dst, closeParameters...), nil
}

// chooseAnswer returns the answer for a CodeableConcept, and its issues with the
// place of the coding that each is about.
func chooseAnswer(answers []*operation.ValidateCodeResponse) (*operation.ValidateCodeResponse, []operation.Issue) {
	var issues []operation.Issue
	place := func(i int) {
		for _, is := range answers[i].Issues {
			if is.Expression != "" {
				is.Expression = "CodeableConcept.coding[" + strconv.Itoa(i) + "]." + is.Expression
			}
			issues = append(issues, is)
		}
	}
	for i, a := range answers {
		if a != nil && a.Result {
			place(i)
			return a, issues
		}
	}
	var first *operation.ValidateCodeResponse
	for i, a := range answers {
		if a == nil {
			continue
		}
		if first == nil {
			first = a
		}
		place(i)
	}
	return first, issues
}

// message returns the message of a valid answer, or those of all answers.
func message(best *operation.ValidateCodeResponse, answers []*operation.ValidateCodeResponse) string {
	if best.Result || len(answers) == 1 {
		return best.Message
	}
	var texts []string
	for _, a := range answers {
		if a != nil && a.Message != "" {
			texts = append(texts, a.Message)
		}
	}
	return strings.Join(texts, "; ")
}

func appendConcept(dst []byte, c *CodeableConcept) []byte {
	dst = append(dst, `{"coding":[`...)
	for i := range c.Coding {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendCoding(dst, c.Coding[i].Terminology())
	}
	dst = append(dst, ']')
	dst = appendMember(dst, "text", c.Text)
	return append(dst, '}')
}
