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
	System     []string `short:"s" placeholder:"SYSTEM" help:"Code system to search: URI, OID or a short name such as snomed, icd-10, icpc-2; may be repeated (default: all)."`
	ECL        string   `name:"ecl" xor:"set" placeholder:"CONSTRAINT" help:"Only concepts that this expression constraint of SNOMED CT selects."`
	Refset     string   `xor:"set" placeholder:"ID" help:"Only concepts in this reference set of SNOMED CT."`
	ValueSet   string   `xor:"set" placeholder:"URL" help:"Only concepts in this value set."`
	Tag        string   `placeholder:"TAG" help:"Only concepts with this semantic tag of SNOMED CT, such as disorder."`
	Terms      []string `placeholder:"LANG" help:"Languages whose terms may match, such as nb,nn (default: all). What is shown, --lang says."`
	Inactive   bool     `help:"Also inactive concepts."`
	WholeWords bool     `help:"Words are whole words, not beginnings of them."`
	Fuzzy      bool     `help:"Guess at typing errors also when something matches as it is typed; such hits come last."`
	Offset     int      `placeholder:"N" help:"Hits to leave out."`
	Facets     bool     `help:"Count what matches, by code system, semantic tag, module and language."`
	Explain    bool     `help:"Show what each hit is ranked by."`
	Text       []code   `arg:"" help:"Words, or beginnings of words, in any order."`
}

// Help is the end of kodeks search --help.
func (*searchCmd) Help() string {
	return `Every word must match a term of the concept, in any of its languages: as it is typed, in another form of it, as a part of a compound, or, when nothing else does, with a typing error. Best hits come first, 20 of them unless --limit says otherwise.

Examples:

    kodeks search hjerteinf
    kodeks search --system icd-10 hjerte inf
    kodeks search --lang nn --tag disorder brot
    kodeks search --ecl "< 64572001 : 363698007 = << 74281007" akutt
    kodeks search --value-set "http://snomed.info/sct?fhir_vs=isa/64572001" --limit 5 diabetes
    kodeks search --terms nb,nn --whole-words --facets hjerte
    kodeks search --explain --limit 3 infarkt`
}

// Run searches.
func (c *searchCmd) Run(ctx context.Context, a *app) error {
	words := make([]string, len(c.Text))
	for i, w := range c.Text {
		words[i] = string(w)
	}
	if c.Offset < 0 {
		return usage("--offset is %d, want 0 or more", c.Offset)
	}
	text := strings.Join(words, " ")
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.Search(ctx, &kodeksv1.SearchRequest{
			Text: text, Systems: c.System, ValueSet: c.ValueSet, Constraint: c.ECL, Refset: c.Refset, Tag: c.Tag,
			Language: a.Lang, Terms: c.Terms, Inactive: c.Inactive, WholeWords: c.WholeWords, Fuzzy: c.Fuzzy,
			Facets: c.Facets, Limit: int32(a.Limit), Offset: int32(c.Offset),
		})
		if err != nil {
			return badInput(err)
		}
		return a.show(c.answer(resp, text))
	})
}

// The columns of hits that marks stand in.
const (
	displayColumn = 1
	matchedColumn = 4
)

// answer lays out the hits, and with --facets the counts: below the hits on a screen,
// and in tsv as rows of their own, which have a facet.
func (c *searchCmd) answer(resp *kodeksv1.SearchResponse, text string) *answer {
	explained := inTSV
	if c.Explain {
		explained = always
	}
	ans := &answer{messages: []proto.Message{resp}, table: table{columns: []column{
		{name: "code", style: strong}, {name: "display", flex: true}, {name: "language", show: differs}, {name: "matched", show: inTSV}, {name: "matched", show: filled, flex: true, notes: true},
		{name: "tag", show: filled}, {name: "status", show: filled}, {name: "match", show: explained}, {name: "system", show: inTSV}, {name: "version", show: inTSV}, {name: "system", show: differs, notes: true},
		{name: "fallback", show: inTSV}, {name: "marked", show: inTSV}, {name: "match_number", show: inTSV}, {name: "tier_number", show: inTSV},
		{name: "tier", show: explained, flex: true}, {name: "letters", show: explained, right: true}, {name: "document", show: explained, right: true},
	}}}
	for _, h := range resp.GetHits() {
		addHit(&ans.table, h)
	}
	ans.note = searchNote(&ans.table, resp, text, c.Offset)
	if c.Explain && len(resp.GetHits()) > 0 {
		ans.note += "\nRanked by match, then tier, then document, the place of the term among those of its code system, shorter ones first; across code systems by letters."
	}
	if c.Facets {
		addFacets(ans, resp.GetFacets())
	}
	return ans
}

func addHit(t *table, h *kodeksv1.SearchHit) {
	status, matched, markedIn := "", h.GetTerm(), matchedColumn
	if matched == h.GetCoding().GetDisplay() {
		matched, markedIn = "", displayColumn // a reader has seen it
	}
	if h.GetInactive() {
		status = "inactive"
	}
	var parts []mark
	var places []string
	for _, m := range h.GetMarked() {
		parts = append(parts, mark{int(m.GetStart()), int(m.GetEnd())})
		places = append(places, strconv.Itoa(int(m.GetStart()))+"-"+strconv.Itoa(int(m.GetEnd())))
	}
	rank, coding, tier := h.GetRank(), h.GetCoding(), h.GetRank().GetTierName()
	if tier == "" {
		tier = "other"
	}
	number := func(n int32) string { return strconv.Itoa(int(n)) }
	t.add(coding.GetCode(), coding.GetDisplay(), h.GetLanguage(), h.GetTerm(), matched,
		h.GetTag(), status, h.GetMatch(), coding.GetSystem(), coding.GetVersion(), shortName(coding.GetSystem()),
		strconv.FormatBool(h.GetFallback()), strings.Join(places, " "), number(rank.GetMatch()), number(rank.GetTier()),
		tier, number(rank.GetLetters()), number(rank.GetDocument()))
	t.markLast(markedIn, parts)
}

// searchNote says how much of the whole is shown.
func searchNote(t *table, resp *kodeksv1.SearchResponse, text string, offset int) string {
	hits, of := len(resp.GetHits()), ""
	concepts := plural(max(hits, int(resp.GetTotal())), " concept", " concepts")
	switch {
	case hits == 0 && offset > 0 && !resp.GetExact():
		return "There are no concepts from number " + count(offset+1) + " on for " + strconv.Quote(text) + "."
	case hits == 0 && resp.GetTotal() > 0:
		return "There are no more than " + count(resp.GetTotal()) + concepts + " for " + strconv.Quote(text) + "."
	case hits == 0:
		return "No concept matches " + strconv.Quote(text) + "."
	}
	if !t.shows(10) {
		of = " of " + systemTitle(resp.GetHits()[0].GetCoding().GetSystem())
	}
	if offset > 0 {
		total := count(resp.GetTotal())
		if !resp.GetExact() {
			total = "more than " + total
		}
		return "\n" + count(offset+1) + " to " + count(offset+hits) + " of " + total + concepts + of
	}
	return "\n" + some(hits, resp.GetTotal(), resp.GetExact()) + concepts + of
}
