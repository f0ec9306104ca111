package main

import (
	"context"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// searchCmd is kodeks search.
type searchCmd struct {
	System   []string `short:"s" placeholder:"SYSTEM" help:"Code system to search: URI, OID or a short name such as snomed, icd-10, icpc-2; may be repeated (default: all)."`
	ValueSet string   `placeholder:"URL" help:"Only concepts in this value set."`
	Tag      string   `placeholder:"TAG" help:"Only concepts with this semantic tag of SNOMED CT, such as disorder."`
	Inactive bool     `help:"Also inactive concepts."`
	Text     []code   `arg:"" help:"Words, or beginnings of words, in any order."`
}

// Help is the end of kodeks search --help.
func (*searchCmd) Help() string {
	return `Every word must match a term of the concept, in any of its languages. Best hits come first, 20 of them unless --limit says otherwise.

Examples:

    kodeks search hjerteinf
    kodeks search --system icd-10 hjerte inf
    kodeks search --lang nn --tag disorder brot
    kodeks search --value-set "http://snomed.info/sct?fhir_vs=isa/64572001" --limit 5 diabetes`
}

// Run searches.
func (c *searchCmd) Run(ctx context.Context, a *app) error {
	words := make([]string, len(c.Text))
	for i, w := range c.Text {
		words[i] = string(w)
	}
	text := strings.Join(words, " ")
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.Search(ctx, &kodeksv1.SearchRequest{
			Text: text, Systems: c.System, ValueSet: c.ValueSet, Tag: c.Tag,
			Language: a.Lang, Inactive: c.Inactive, Limit: int32(a.Limit),
		})
		if err != nil {
			return badInput(err)
		}
		return a.show(searchAnswer(resp, text))
	})
}

func searchAnswer(resp *kodeksv1.SearchResponse, text string) *answer {
	ans := &answer{messages: []proto.Message{resp}, table: table{columns: []column{
		{name: "code", style: strong}, {name: "display", flex: true}, {name: "language", show: differs}, {name: "matched", show: inTSV}, {name: "matched", show: filled, flex: true, notes: true},
		{name: "tag", show: filled}, {name: "status", show: filled}, {name: "match", show: inTSV}, {name: "system", show: inTSV}, {name: "version", show: inTSV}, {name: "system", show: differs, notes: true},
	}}}
	for _, h := range resp.GetHits() {
		status, matched := "", h.GetTerm()
		if matched == h.GetCoding().GetDisplay() {
			matched = "" // a reader has seen it
		}
		if h.GetInactive() {
			status = "inactive"
		}
		ans.table.add(h.GetCoding().GetCode(), h.GetCoding().GetDisplay(), h.GetLanguage(), h.GetTerm(), matched,
			h.GetTag(), status, h.GetMatch(), h.GetCoding().GetSystem(), h.GetCoding().GetVersion(), shortName(h.GetCoding().GetSystem()))
	}
	hits := len(resp.GetHits())
	switch {
	case hits == 0:
		ans.note = "No concept matches " + strconv.Quote(text) + "."
	default:
		ans.note = "\n" + some(hits, resp.GetTotal(), resp.GetExact()) + " " + plural(hits, "concept", "concepts")
		if !ans.table.shows(len(ans.table.columns) - 1) {
			ans.note += " of " + systemTitle(resp.GetHits()[0].GetCoding().GetSystem())
		}
	}
	return ans
}
