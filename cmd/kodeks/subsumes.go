package main

import (
	"bufio"
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// subsumesCmd is kodeks subsumes.
type subsumesCmd struct {
	systemFlags
	A code `arg:"" help:"One code."`
	B code `arg:"" help:"The other."`
}

// Help is the end of kodeks subsumes --help.
func (*subsumesCmd) Help() string {
	return `Tells whether A is the same as B (equivalent), broader (subsumes), narrower (subsumed-by) or neither (not-subsumed), in FHIR's words.

Examples:

    kodeks subsumes 22298006 57054005
    kodeks subsumes --system icd-10 I20-I25 I21.0`
}

// Run tells how the codes relate.
func (c *subsumesCmd) Run(ctx context.Context, a *app) error {
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		codeA, codeB := string(c.A), string(c.B)
		system, err := c.system(ctx, s, codeA)
		if err != nil {
			return err
		}
		if system == "" {
			return a.show(subsumesAnswer(&kodeksv1.SubsumesResponse{Unknown: []string{codeA}},
				&kodeksv1.Coding{Code: codeA}, &kodeksv1.Coding{Code: codeB}))
		}
		return relate(ctx, a, s, system, c.Version, codeA, codeB)
	})
}

// relate tells how two codes, or expressions, of one code system relate.
func relate(ctx context.Context, a *app, s grpcserver.Terminology, system, version, codeA, codeB string) error {
	resp, err := s.Subsumes(ctx, &kodeksv1.SubsumesRequest{System: system, Version: version, CodeA: codeA, CodeB: codeB})
	if err != nil {
		return badInput(err)
	}
	var sides [2]*kodeksv1.Coding // the answer is about codes; a person wants terms
	for i, code := range []string{codeA, codeB} {
		named, err := s.Lookup(ctx, &kodeksv1.LookupRequest{
			Coding: &kodeksv1.Coding{System: system, Version: version, Code: code}, Language: a.Lang, Properties: []string{"code"},
		})
		if err != nil {
			return badInput(err)
		}
		sides[i] = named.GetCoding()
		if sides[i] == nil {
			sides[i] = &kodeksv1.Coding{Code: code}
		}
	}
	return a.show(subsumesAnswer(resp, sides[0], sides[1]))
}

// outcomes are the outcomes in a sentence.
var outcomes = map[string]string{
	"equivalent":   "is the same concept as",
	"subsumes":     "subsumes (is broader than)",
	"subsumed-by":  "is subsumed by (is narrower than)",
	"not-subsumed": "neither subsumes nor is subsumed by",
}

func subsumesAnswer(r *kodeksv1.SubsumesResponse, a, b *kodeksv1.Coding) *answer {
	ans := &answer{messages: []proto.Message{r}, table: table{columns: []column{
		{name: "code"}, {name: "display"}, {name: "outcome"}, {name: "code_b"}, {name: "display_b"}, {name: "system"}, {name: "version"},
	}}}
	outcome := r.GetOutcome()
	if outcome == "" {
		outcome = "unknown"
	}
	ans.table.add(a.GetCode(), a.GetDisplay(), outcome, b.GetCode(), b.GetDisplay(), r.GetSystem(), r.GetVersion())
	ans.page = func(w *bufio.Writer, s screen) {
		if r.GetOutcome() == "" {
			for _, code := range r.GetUnknown() {
				text := nowhere(code)
				if r.GetSystem() != "" {
					text = code + " is not a code of " + systemTitle(r.GetSystem())
				}
				w.WriteString(s.set(bad, clean(text)) + "\n")
			}
			for _, reason := range r.GetReasons() {
				w.WriteString("  " + clean(reason) + "\n")
			}
			return
		}
		writeCoding(w, s, a)
		w.WriteString("  " + s.set(bold, outcomes[outcome]) + "\n")
		writeCoding(w, s, b)
	}
	return ans
}

// writeCoding writes a code and its term on a line.
func writeCoding(w *bufio.Writer, s screen, c *kodeksv1.Coding) {
	if strings.ContainsAny(c.GetCode(), ":+|=") && c.GetDisplay() != "" {
		w.WriteString(clean(c.GetDisplay()) + "\n") // an expression: its codes are in it
		return
	}
	w.WriteString(s.set(strong, clean(c.GetCode())))
	if c.GetDisplay() != "" {
		w.WriteString("  " + clean(c.GetDisplay()))
	}
	w.WriteByte('\n')
}
