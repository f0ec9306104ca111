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
	Prefix  bool   `help:"With --reverse: also what leads to codes that begin with the one given."`
	Walk    bool   `help:"A code without rows takes those of its nearest ancestors that have some."`
	Into    string `placeholder:"URL" help:"Instead of maps: the most special members of this value set that are the code or more general."`
	NoChain bool   `help:"Do not join maps where none leads to the code system."`

	Age     string   `placeholder:"AGE" help:"Age of the patient, for rules of maps: 63y, 5mo, 3w, 27d, 6h."`
	Onset   string   `placeholder:"AGE" help:"Age at which the patient got it (default: taken to be --age where that is needed)."`
	Sex     string   `placeholder:"SEX" help:"Sex of the patient, for rules of maps: female, male, other."`
	Finding []string `placeholder:"CODE" help:"What else the patient has, for rules of maps; may be repeated; none: nothing else."`

	Codes []code `arg:"" name:"code" help:"Codes to map."`
}

// Help is the end of kodeks translate --help.
func (*translateCmd) Help() string {
	return `Gives the codes that maps lead to. "kodeks list --format json" names the maps.

Rows of SNOMED CT maps have rules. Of each group the first row whose rule is true of the
patient applies; where that cannot be decided, the answer tells what it needs. Where no map
leads to the code system, up to three are joined, forward or backwards, and the answer tells
by way of which codes, and what is lost.

Examples:

    kodeks translate 22298006 --to icd-10
    kodeks translate --system icpc-2 T90 --to icd-10
    kodeks translate 102480003 --to icd-10 --age 14y --sex female
    kodeks translate --from icd-10 --to snomed --reverse I21.9
    kodeks translate --from icd-10 --to snomed --reverse --prefix I21
    kodeks translate 22298006 --into 'http://snomed.info/sct?fhir_vs=refset/723264001'`
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
				resp, err = s.Translate(ctx, &kodeksv1.TranslateRequest{Url: c.Map, Coding: coding, TargetSystem: c.To, Reverse: c.Reverse, Language: a.Lang,
					Prefix: c.Prefix, Walk: c.Walk, Into: c.Into, NoChain: c.NoChain,
					Patient: &kodeksv1.Patient{Sex: c.Sex, Age: c.Age, AgeAtOnset: c.Onset, Findings: c.Finding}})
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
		{name: "state", show: differs}, {name: "why", show: filled, flex: true}, {name: "by_way_of", show: filled, flex: true},
		{name: "file", show: inTSV}, {name: "line", show: inTSV}, {name: "row", show: inTSV},
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
			line := ""
			if m.GetLine() > 0 {
				line = strconv.Itoa(int(m.GetLine()))
			}
			shown := m.GetCoding().GetDisplay()
			if m.GetCoding().GetCode() == "" && shown == "" {
				shown = "(no target)"
			}
			group, priority := strconv.Itoa(int(m.GetGroup())), strconv.Itoa(int(m.GetPriority()))
			ans.table.add(m.GetCoding().GetCode(), m.GetCoding().GetDisplay(), shown, m.GetRelationship(), source.GetCode(), source.GetDisplay(), m.GetCoding().GetSystem(), shortName(m.GetCoding().GetSystem()),
				group, priority, group+"."+priority, rule, m.GetAdvice(), m.GetCategory(), m.GetMap(), mapTitle(m), source.GetSystem(),
				m.GetState(), why(m), byWayOf(m), m.GetFile(), line, m.GetRow())
		}
		notes = append(notes, translateNote(source, r))
	}
	ans.note = strings.Join(notes, "\n")
	if len(ans.table.rows) > 0 {
		ans.note = "\n" + ans.note
	}
	return ans
}

// why tells why a match is in its state.
func why(m *kodeksv1.Match) string {
	if len(m.GetNeeds()) == 0 {
		return m.GetReason()
	}
	return strings.TrimPrefix(m.GetReason()+"; needs "+strings.Join(m.GetNeeds(), ", "), "; ")
}

// byWayOf returns the codes between the source and a match.
func byWayOf(m *kodeksv1.Match) string {
	var out []string
	for _, h := range m.GetPath() {
		out = append(out, strings.TrimSpace(h.GetCoding().GetCode()+" "+h.GetCoding().GetDisplay()))
	}
	if len(out) > 0 && m.GetPath()[len(out)-1].GetCoding().GetCode() == m.GetCoding().GetCode() {
		out = out[:len(out)-1]
	}
	return strings.Join(out, " > ")
}

// translateNote tells what was translated, with which maps, what was lost and what is
// needed, or why there is no match.
func translateNote(source *kodeksv1.Coding, r *kodeksv1.TranslateResponse) string {
	from := source.GetCode()
	if source.GetDisplay() != "" {
		from += " " + source.GetDisplay()
	}
	var lines []string
	if len(r.GetMatches()) == 0 {
		reason := "no map has a row for it"
		if r.GetMessage() != "" {
			reason = r.GetMessage()
		}
		lines = append(lines, clean(from+": "+reason))
	} else {
		var maps []string
		for _, m := range r.GetMatches() {
			if title := mapTitle(m); !slices.Contains(maps, title) {
				maps = append(maps, title)
			}
		}
		lines = append(lines, clean(from+", by "+strings.Join(maps, " and by ")))
	}
	for _, n := range r.GetNotes() {
		lines = append(lines, clean(from+": "+n))
	}
	if len(r.GetNeeds()) > 0 {
		var needs []string
		for _, n := range r.GetNeeds() {
			if flag := neededFlag(n); flag != "" {
				n += " (" + flag + ")"
			}
			needs = append(needs, n)
		}
		lines = append(lines, clean(from+": needs "+strings.Join(needs, ", ")+" to decide"))
	}
	return strings.Join(lines, "\n")
}

// neededFlag returns the flag that gives what is needed, "" when none does.
func neededFlag(need string) string {
	for _, flag := range [...][2]string{{"age at onset", "--onset"}, {"age", "--age"}, {"sex", "--sex"}, {"finding", "--finding"}} {
		if need == flag[0] || strings.HasPrefix(need, flag[0]+" ") {
			return flag[1]
		}
	}
	return ""
}

func mapTitle(m *kodeksv1.Match) string {
	if m.GetMapTitle() != "" {
		return m.GetMapTitle()
	}
	return m.GetMap()
}
