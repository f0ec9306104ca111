package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// translateCmd is kodeks translate.
type translateCmd struct {
	System  string `short:"s" name:"system" aliases:"from" placeholder:"SYSTEM" help:"Code system of the codes: URI, OID or a short name; also --from. Needed when more than one has the code."`
	Version string `placeholder:"VERSION" help:"Version of that code system (default: the latest that is installed)."`
	To      string `placeholder:"SYSTEM" help:"Code system to map to (default: any)."`
	Map     string `placeholder:"URL" help:"Canonical URL or reference set id of the map (default: all that fit)."`
	Reverse bool   `help:"Map from target to source."`
	Codes   []code `arg:"" name:"code" help:"Codes to map."`
}

// Help is the end of kodeks translate --help.
func (*translateCmd) Help() string {
	return `Gives the codes that maps lead to, in the order of the map. "kodeks list --format json" names the maps.

Examples:

    kodeks translate 22298006 --to icd-10
    kodeks translate --system icpc-2 T90 --to icd-10
    kodeks translate --system icd-10 --to snomed --reverse I21.9`
}

// Run translates the codes.
func (c *translateCmd) Run(ctx context.Context, a *app) error {
	from := systemFlags{System: c.System, Version: c.Version}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		var sources []*kodeksv1.Coding
		var all []*kodeksv1.TranslateResponse
		for _, code := range c.Codes {
			system, err := from.system(ctx, s, string(code))
			if err != nil {
				return err
			}
			coding := &kodeksv1.Coding{System: system, Version: c.Version, Code: string(code)}
			resp := &kodeksv1.TranslateResponse{Message: nowhere(string(code))}
			if system != "" {
				resp, err = s.Translate(ctx, &kodeksv1.TranslateRequest{Url: c.Map, Coding: coding, TargetSystem: c.To, Reverse: c.Reverse, Language: a.Lang})
			}
			if err != nil {
				return badInput(err)
			}
			if a.Limit > 0 && len(resp.GetMatches()) > a.Limit {
				resp.Matches = resp.GetMatches()[:a.Limit]
			}
			sources, all = append(sources, coding), append(all, resp)
		}
		return a.show(translateAnswer(sources, all))
	})
}

// translateAnswer shows the matches of all codes in one table. The sources are the
// codes as they were asked for.
func translateAnswer(sources []*kodeksv1.Coding, all []*kodeksv1.TranslateResponse) *answer {
	ans := &answer{table: table{columns: []column{
		{name: "code", style: strong}, {name: "display", show: inTSV}, {name: "display", flex: true, notes: true}, {name: "relationship"},
		{name: "source_code", show: differs, style: strong}, {name: "source_display", show: differs, flex: true}, {name: "system", show: inTSV}, {name: "system", show: differs, notes: true},
		{name: "group", show: inTSV}, {name: "priority", show: inTSV}, {name: "order", show: differs, notes: true}, {name: "rule", show: filled, flex: true}, {name: "advice", show: filled, flex: true},
		{name: "category", show: inTSV}, {name: "map", show: inTSV}, {name: "map", show: differs, flex: true, notes: true}, {name: "source_system", show: inTSV},
	}}}
	var notes []string
	for i, r := range all {
		ans.messages = append(ans.messages, r)
		source := r.GetSource()
		if source.GetCode() == "" {
			source = sources[i]
		}
		for _, m := range r.GetMatches() {
			rule := m.GetRule()
			if rule == "TRUE" || rule == "OTHERWISE TRUE" {
				rule = ""
			}
			shown := m.GetCoding().GetDisplay()
			if m.GetCoding().GetCode() == "" && shown == "" {
				shown = "(no target)"
			}
			group, priority := strconv.Itoa(int(m.GetGroup())), strconv.Itoa(int(m.GetPriority()))
			ans.table.add(m.GetCoding().GetCode(), m.GetCoding().GetDisplay(), shown, m.GetRelationship(), source.GetCode(), source.GetDisplay(), m.GetCoding().GetSystem(), shortName(m.GetCoding().GetSystem()),
				group, priority, group+"."+priority, rule, m.GetAdvice(), m.GetCategory(), m.GetMap(), mapTitle(m), source.GetSystem())
		}
		notes = append(notes, translateNote(source, r))
	}
	ans.note = strings.Join(notes, "\n")
	if len(ans.table.rows) > 0 {
		ans.note = "\n" + ans.note
	}
	return ans
}

// translateNote tells what was translated, and with which map, or why there is no
// match.
func translateNote(source *kodeksv1.Coding, r *kodeksv1.TranslateResponse) string {
	from := source.GetCode()
	if source.GetDisplay() != "" {
		from += " " + source.GetDisplay()
	}
	if len(r.GetMatches()) == 0 {
		reason := "no map has a row for it"
		if r.GetMessage() != "" {
			reason = r.GetMessage()
		}
		return clean(from + ": " + reason)
	}
	var maps []string
	for _, m := range r.GetMatches() {
		if title := mapTitle(m); !slices.Contains(maps, title) {
			maps = append(maps, title)
		}
	}
	return clean(from + ", by " + strings.Join(maps, " and by "))
}

func mapTitle(m *kodeksv1.Match) string {
	if m.GetMapTitle() != "" {
		return m.GetMapTitle()
	}
	return m.GetMap()
}
