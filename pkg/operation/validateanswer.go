package operation

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

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
			texts = append(texts, i.Text)
		}
	}
	slices.Sort(texts)
	resp.Message = strings.Join(slices.Compact(texts), "; ")
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
