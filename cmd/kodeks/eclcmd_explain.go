package main

import (
	"bufio"
	"context"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// eclExplainCmd is kodeks ecl explain.
type eclExplainCmd struct {
	releaseFlags
	Expression string `arg:"" name:"expression" help:"The constraint; - reads standard input."`
	Code       string `arg:"" optional:"" help:"A concept or an expression: tell why it is selected, or is not."`
}

// Help is the end of kodeks ecl explain --help.
func (*eclExplainCmd) Help() string {
	return `Evaluates an expression constraint and prints its plan: of each part how many concepts it has (- when its set was not needed), how many were expected, how many of those that were tested were kept, and the time with its own parts. With a code it says of each part whether the concept satisfies it, and why, without making the whole set.

Examples:

    kodeks ecl explain "< 404684003 : 363698007 = << 80891009"
    kodeks ecl explain "< 404684003 : 363698007 = << 80891009" 22298006`
}

// Run explains.
func (c *eclExplainCmd) Run(ctx context.Context, a *app) error {
	text, version, err := c.read([]string{c.Expression})
	if err != nil {
		return err
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.ExplainConstraint(ctx, &kodeksv1.ExplainConstraintRequest{Version: version, Expression: text, Code: c.Code, Language: a.Lang})
		if err != nil {
			return badConstraint(err, text)
		}
		a.warn(resp.GetHead().GetWarnings())
		if c.Code == "" {
			return a.show(planAnswer(resp))
		}
		return a.show(reasonAnswer(resp))
	})
}

// planAnswer shows how a constraint was evaluated.
func planAnswer(r *kodeksv1.ExplainConstraintResponse) *answer {
	ans := &answer{messages: []proto.Message{r}, table: table{columns: []column{
		{name: "depth", show: inTSV}, {name: "operation", show: inTSV}, {name: "text", show: inTSV},
		{name: "has", show: inTSV}, {name: "has", right: true, style: strong, notes: true}, {name: "expected", right: true}, {name: "tested", right: true, show: filled}, {name: "kept", right: true, show: filled},
		{name: "milliseconds", show: inTSV}, {name: "cached", show: inTSV}, {name: "time", notes: true, right: true}, {name: "part", notes: true, flex: true},
	}}}
	for _, p := range r.GetPlan() {
		has, shown, tested, kept, time := "", "-", "", "", ""
		if p.GetMade() {
			has = strconv.Itoa(int(p.GetSize()))
			shown = has
		}
		if p.GetTested() > 0 {
			tested, kept = strconv.Itoa(int(p.GetTested())), strconv.Itoa(int(p.GetKept()))
		}
		switch {
		case p.GetCached():
			time = "cached"
		case p.GetMilliseconds() > 0:
			time = milliseconds(p.GetMilliseconds())
		}
		ans.table.add(strconv.Itoa(int(p.GetDepth())), p.GetOperation(), p.GetText(), has, shown, strconv.Itoa(int(p.GetEstimate())), tested, kept,
			strconv.FormatFloat(p.GetMilliseconds(), 'f', -1, 64), strconv.FormatBool(p.GetCached()), time,
			indented(p.GetDepth(), p.GetOperation(), p.GetDisplay()))
	}
	what := plural(int(r.GetHead().GetTotal()), "concept", "concepts")
	if len(r.GetHead().GetColumns()) > 0 {
		what = plural(int(r.GetHead().GetTotal()), "row", "rows")
	}
	ans.note = "\n" + count(r.GetHead().GetTotal()) + " " + what + " of " + systemTitle(r.GetHead().GetRelease().GetSystem()) + " in " + milliseconds(r.GetMilliseconds())
	return ans
}

// indented writes a part of a tree on its line.
func indented(depth int32, operation, text string) string {
	return strings.Repeat("  ", int(depth)) + operation + "  " + text
}

// milliseconds writes a time for people.
func milliseconds(ms float64) string {
	switch {
	case ms < 1:
		return strconv.FormatFloat(ms*1000, 'f', 0, 64) + " µs"
	case ms < 100:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
}

// reasonAnswer shows why a code is selected or not.
func reasonAnswer(r *kodeksv1.ExplainConstraintResponse) *answer {
	ans := &answer{messages: []proto.Message{r}, table: table{columns: []column{
		{name: "depth"}, {name: "holds"}, {name: "operation"}, {name: "text"}, {name: "note"},
	}}}
	for _, p := range r.GetReasons() {
		ans.table.add(strconv.Itoa(int(p.GetDepth())), strconv.FormatBool(p.GetHolds()), p.GetOperation(), p.GetText(), p.GetNote())
	}
	if len(r.GetReasons()) == 0 {
		ans.table.add("0", strconv.FormatBool(r.GetSelected()), "", r.GetHead().GetCanonical(), r.GetNotExpression())
	}
	ans.page = func(w *bufio.Writer, s screen) { writeReasons(w, s, r) }
	return ans
}

// verdicts are the marks of what holds and what does not.
var verdicts = map[bool]struct {
	mark  string
	style style
}{true: {"yes", good}, false: {"no ", bad}}

func writeReasons(w *bufio.Writer, s screen, r *kodeksv1.ExplainConstraintResponse) {
	if !r.GetFound() {
		writeUnknown(w, s, r.GetCoding(), r.GetNotExpression())
		return
	}
	verdict := "is selected by "
	if !r.GetSelected() {
		verdict = "is not selected by "
	}
	writeCoding(w, s, r.GetCoding())
	w.WriteString(s.set(bold, verdict) + clean(r.GetHead().GetCanonical()) + "\n")
	if len(r.GetReasons()) > 0 {
		w.WriteByte('\n')
	}
	for _, p := range r.GetReasons() {
		v := verdicts[p.GetHolds()]
		w.WriteString("  " + s.set(v.style, v.mark) + "  " + clean(indented(p.GetDepth(), p.GetOperation(), p.GetDisplay())))
		if p.GetNote() != "" {
			w.WriteString(s.set(dim, "  ("+clean(p.GetNote())+")"))
		}
		w.WriteByte('\n')
	}
}

// writeUnknown tells of a code that SNOMED CT does not have.
func writeUnknown(w *bufio.Writer, s screen, c *kodeksv1.Coding, fault string) {
	text := c.GetCode() + " is not a code of " + systemTitle(c.GetSystem())
	if fault != "" {
		text += ", and no expression: " + fault
	}
	w.WriteString(s.set(bad, clean(text)) + "\n")
}
