package main

import (
	"context"
	"os"
	"strings"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// expandCmd is kodeks expand.
type expandCmd struct {
	Filter       string `placeholder:"TEXT" help:"Only codes with a term that matches these beginnings of words."`
	Count        *int   `placeholder:"N" help:"As --limit; 0 gives only the total."`
	Offset       int    `placeholder:"N" help:"Leave out the first N codes."`
	ActiveOnly   bool   `help:"Leave out inactive codes."`
	Designations bool   `help:"Give all terms of each code."`
	Date         string `placeholder:"DAY" help:"The codes as they were on this day: 2025-06-30; 2025 and 2025-06 mean their last day."`
	ValueSet     string `arg:"" name:"url-or-file" help:"Canonical URL of a value set, or a FHIR ValueSet in a JSON file."`
}

// Help is the end of kodeks expand --help.
func (*expandCmd) Help() string {
	return `Implicit value sets of SNOMED CT: http://snomed.info/sct?fhir_vs (all), ?fhir_vs=isa/ID (a concept and all below it), ?fhir_vs=refset (all reference sets), ?fhir_vs=refset/ID (the members of one), ?fhir_vs=ecl/CONSTRAINT. All codes of another code system: its URI and ?vs or ?fhir_vs.

Examples:

    kodeks expand "http://snomed.info/sct?fhir_vs=isa/22298006"
    kodeks expand "http://snomed.info/sct?fhir_vs=isa/64572001" --filter "hjerte inf" --limit 10
    kodeks expand "http://hl7.org/fhir/sid/icd-10-no?vs" --filter hjerteinf
    kodeks expand my-valueset.json --format tsv`
}

// Run expands the value set.
func (c *expandCmd) Run(ctx context.Context, a *app) error {
	if c.Offset < 0 || c.Count != nil && *c.Count < 0 {
		return usage("--offset and --count cannot be negative")
	}
	req := &kodeksv1.ExpandRequest{
		Filter: c.Filter, Offset: int32(c.Offset), ActiveOnly: c.ActiveOnly,
		IncludeDesignations: c.Designations, Language: a.Lang, Date: c.Date,
	}
	switch {
	case c.Count != nil:
		req.Count = proto.Int32(int32(*c.Count))
	case a.Limit > 0:
		req.Count = proto.Int32(int32(a.Limit))
	}
	if strings.Contains(c.ValueSet, ":") {
		req.Url = c.ValueSet
	} else {
		data, err := os.ReadFile(c.ValueSet)
		if err != nil {
			return usage("%q is neither the URL of a value set nor a file that can be read: %v", c.ValueSet, err)
		}
		compose, err := readValueSet(data)
		if err != nil {
			return usage("%s: %s", c.ValueSet, terminology.Message(err))
		}
		req.Compose = grpcserver.ComposeMessage(compose)
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.Expand(ctx, req)
		if err != nil {
			return badInput(err)
		}
		return a.show(expandAnswer(resp))
	})
}

// readValueSet returns the definition in a FHIR ValueSet.
func readValueSet(data []byte) (*operation.Compose, error) {
	vs, err := fhir.ReadValueSet(data)
	if err != nil {
		return nil, err
	}
	return vs.Compose()
}

func expandAnswer(r *kodeksv1.ExpandResponse) *answer {
	ans := &answer{messages: []proto.Message{r}, table: table{columns: []column{
		{name: "code", style: strong}, {name: "display", flex: true}, {name: "status", show: filled},
		{name: "system", show: inTSV}, {name: "version", show: inTSV}, {name: "system", show: differs, notes: true}, {name: "designations", show: filled, flex: true},
	}}}
	for _, c := range r.GetCodes() {
		var status, terms []string
		if c.GetInactive() {
			status = append(status, "inactive")
		}
		if c.GetAbstract() {
			status = append(status, "abstract")
		}
		for _, d := range c.GetDesignations() {
			terms = append(terms, d.GetLanguage()+": "+d.GetTerm())
		}
		ans.table.add(c.GetCoding().GetCode(), c.GetCoding().GetDisplay(), strings.Join(status, " "),
			c.GetCoding().GetSystem(), c.GetCoding().GetVersion(), shortName(c.GetCoding().GetSystem()), strings.Join(terms, "; "))
	}
	n := len(r.GetCodes())
	switch {
	case n > 0:
		ans.note = "\n" + some(n, r.GetTotal(), r.GetExact()) + " " + plural(n, "code", "codes")
		if used := r.GetUsed(); len(used) == 1 {
			ans.note += " of " + systemTitle(used[0].GetSystem())
		}
		if r.GetOffset() > 0 {
			ans.note += ", from number " + count(r.GetOffset()+1)
		}
	case r.GetTotal() > 0:
		ans.note = count(r.GetTotal()) + " " + plural(int(r.GetTotal()), "code", "codes") + " in all, none in this page"
	default:
		ans.note = "No code is in this value set, or none matches the filter."
	}
	return ans
}
