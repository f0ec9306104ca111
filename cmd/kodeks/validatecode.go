package main

import (
	"context"
	"strconv"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// validateCodeCmd is kodeks validate-code.
type validateCodeCmd struct {
	systemFlags
	dateFlag
	ValueSet string `placeholder:"URL" help:"Value set that the codes must be in (default: the code system)."`
	Display  string `placeholder:"TEXT" help:"Text that must be a term of the code."`
	Codes    []code `arg:"" name:"code" help:"Codes to validate."`
}

// Help is the end of kodeks validate-code --help.
func (*validateCodeCmd) Help() string {
	return `A code that is not valid is an answer too: the exit status is 0, and column "valid" says false.

Examples:

    kodeks validate-code 22298006
    kodeks validate-code --system icd-10 I21.9 I21.X
    kodeks validate-code --display hjerteinfarkt 22298006
    kodeks validate-code --system icd-10 --date 2019-06-30 R50.0
    kodeks validate-code --value-set "http://snomed.info/sct?fhir_vs=isa/64572001" 22298006`
}

// Run validates the codes.
func (c *validateCodeCmd) Run(ctx context.Context, a *app) error {
	c.day = c.Date
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		var all []*kodeksv1.ValidateCodeResponse
		for _, code := range c.Codes {
			resp, err := c.validate(ctx, s, string(code), a.Lang)
			if err != nil {
				return badInput(err)
			}
			all = append(all, resp)
		}
		return a.show(validateAnswer(c.Codes, all))
	})
}

func (c *validateCodeCmd) validate(ctx context.Context, s grpcserver.Terminology, code, lang string) (*kodeksv1.ValidateCodeResponse, error) {
	system, err := c.system(ctx, s, code)
	if err != nil {
		return nil, err
	}
	coding := &kodeksv1.Coding{System: system, Version: c.Version, Code: code, Display: c.Display}
	if system == "" {
		return &kodeksv1.ValidateCodeResponse{Message: nowhere(code)}, nil
	}
	return s.ValidateCode(ctx, &kodeksv1.ValidateCodeRequest{Coding: coding, ValueSet: c.ValueSet, Language: lang, Date: c.Date})
}

func validateAnswer(codes []code, all []*kodeksv1.ValidateCodeResponse) *answer {
	ans := &answer{table: table{columns: []column{
		{name: "code", style: strong}, {name: "display", flex: true}, {name: "valid"}, {name: "status", show: filled}, {name: "message", show: filled, flex: true},
		{name: "system", show: inTSV}, {name: "version", show: inTSV}, {name: "replaced_by", show: filled}, {name: "typed", show: filled},
	}}}
	for i, r := range all {
		ans.messages = append(ans.messages, r)
		c := r.GetCoding()
		found := c.GetCode()
		if found == "" {
			found = string(codes[i])
		}
		status := ""
		switch {
		case r.GetValidity() != "":
			status = r.GetValidity()
		case r.GetInactive():
			status = "inactive"
		}
		ans.table.add(found, c.GetDisplay(), strconv.FormatBool(r.GetResult()), status, verdict(r), c.GetSystem(), c.GetVersion(),
			codesOf(r.GetReplacements(), " "), r.GetGiven())
	}
	return ans
}

// verdict returns why a code is not valid, or what there is to remark.
func verdict(r *kodeksv1.ValidateCodeResponse) string {
	if r.GetMessage() != "" {
		return r.GetMessage()
	}
	var texts []string
	for _, i := range r.GetIssues() {
		texts = append(texts, i.GetText())
	}
	return strings.Join(texts, "; ")
}
