package main

import (
	"bufio"
	"context"
	"strconv"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// lookupCmd is kodeks lookup.
type lookupCmd struct {
	systemFlags
	dateFlag
	Property []string `placeholder:"NAME" help:"Only this property, may be repeated."`
	Codes    []code   `arg:"" name:"code" help:"Codes to look up."`
}

// Help is the end of kodeks lookup --help.
func (*lookupCmd) Help() string {
	return `Shows the term, status, designations, attributes and place in the hierarchy of each code. --limit says how many children and designations to show. Of SNOMED CT a code may also be an expression; of an inactive concept it shows what became of it.

Examples:

    kodeks lookup 22298006
    kodeks lookup --lang nn 22298006
    kodeks lookup --system icd-10 I21.0 I21.1
    kodeks lookup --system icd-10 --date 2019-06-30 R50.0
    kodeks lookup "22298006 : { 263502005 = 424124008 }"
    kodeks lookup --format json 22298006`
}

// Run looks the codes up.
func (c *lookupCmd) Run(ctx context.Context, a *app) error {
	c.day = c.Date
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		var found []*kodeksv1.LookupResponse
		for _, code := range c.Codes {
			resp, err := c.lookup(ctx, s, string(code), a.Lang)
			if err != nil {
				return badInput(err)
			}
			found = append(found, resp)
		}
		return a.show(lookupAnswer(found, a.Limit))
	})
}

func (c *lookupCmd) lookup(ctx context.Context, s grpcserver.Terminology, code, lang string) (*kodeksv1.LookupResponse, error) {
	system, err := c.system(ctx, s, code)
	if err != nil {
		return nil, err
	}
	if system == "" {
		return &kodeksv1.LookupResponse{Coding: &kodeksv1.Coding{Code: code}}, nil
	}
	return s.Lookup(ctx, &kodeksv1.LookupRequest{
		Coding:     &kodeksv1.Coding{System: system, Version: c.Version, Code: code},
		Language:   lang,
		Properties: c.Property,
		Date:       c.Date,
	})
}

// lookupAnswer shows concepts as cards, and a row each in tsv.
func lookupAnswer(found []*kodeksv1.LookupResponse, limit int) *answer {
	ans := &answer{table: table{columns: []column{
		{name: "code"}, {name: "display"}, {name: "language"}, {name: "status"}, {name: "fully_specified_name"},
		{name: "system"}, {name: "version"}, {name: "effective"}, {name: "module"}, {name: "parents"}, {name: "children"},
		{name: "valid_from"}, {name: "valid_to"}, {name: "replaced_by"}, {name: "typed"},
	}}}
	for _, r := range found {
		ans.messages = append(ans.messages, r)
		parents := codesOf(r.GetParents(), " ")
		children := ""
		if r.GetFound() {
			children = strconv.Itoa(int(r.GetChildCount()))
		}
		ans.table.add(r.GetCoding().GetCode(), r.GetCoding().GetDisplay(), r.GetLanguage(), conceptStatus(r), fullName(r),
			r.GetCoding().GetSystem(), r.GetCoding().GetVersion(), r.GetEffective(), r.GetModule(), parents, children,
			r.GetValidFrom(), r.GetValidTo(), codesOf(r.GetReplacements(), " "), r.GetGiven())
	}
	ans.page = func(w *bufio.Writer, s screen) {
		for i, r := range found {
			if i > 0 {
				w.WriteByte('\n')
			}
			writeCard(w, s, r, limit)
		}
	}
	return ans
}

// codesOf returns the codes of codings with a text between them.
func codesOf(list []*kodeksv1.Coding, between string) string {
	codes := make([]string, len(list))
	for i, c := range list {
		codes[i] = c.GetCode()
	}
	return strings.Join(codes, between)
}

// conceptStatus returns whether a code is unknown, active or inactive; of a day, how it
// stood then.
func conceptStatus(r *kodeksv1.LookupResponse) string {
	switch {
	case r.GetValidity() != "":
		return r.GetValidity()
	case !r.GetFound():
		return "unknown"
	case r.GetInactive():
		return "inactive"
	}
	return "active"
}
