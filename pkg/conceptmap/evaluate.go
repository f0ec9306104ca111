package conceptmap

import (
	"strconv"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// State is what became of a row of a map when it was evaluated.
type State uint8

// The states.
const (
	Applies    State = iota // it is part of the answer
	Candidate               // it is when what is missing turns out so
	Rejected                // its rule is false, or what it depends on is otherwise
	Passed                  // a row of its group that comes before it applies
	Overridden              // rows of a higher layer stand in its place
)

var stateNames = [...]string{"applies", "candidate", "rejected", "passed", "overridden"}

// String returns the state in a word.
func (s State) String() string { return stateNames[s] }

// Judgement is what became of one row, and why.
type Judgement struct {
	State State
	// Fired tells that the row applies since its rule, which not all rows of its group
	// have, is true.
	Fired bool
	// Assumed tells that the state rests on the age at onset, which was taken to be the age.
	Assumed bool
	// Needs are what is missing to decide about a candidate, each once.
	Needs []Need
	// Reason tells in words why the row is rejected, passed, overridden or undecided, or on
	// what its being true rests; "" when there is nothing to tell.
	Reason string
}

// Evaluate judges all rows of one source for a patient. The rows are in the order of group
// and priority, as Forward returns them, and the judgements are in theirs.
//
// Only rows of the highest layer count. In a group with rules the first row whose rule is
// true applies, and no other; a rule before it that cannot be decided leaves the rows from
// there on candidates. In a group without rules, as of a simple map, all rows apply. What
// a row depends on (FHIR dependsOn) is judged for each row by itself.
func Evaluate(rows []terminology.Mapping, g *Given) []Judgement {
	out := make([]Judgement, len(rows))
	top := uint8(0)
	for i := range rows {
		top = max(top, rows[i].Layer)
	}
	for start, end := 0, 0; start < len(rows); start = end {
		ruled := false
		for end = start; end < len(rows) && rows[end].Group == rows[start].Group; end++ {
			ruled = ruled || rows[end].Layer == top && rows[end].Rule != ""
		}
		group := groupState{ruled: ruled}
		for i := start; i < end; i++ {
			if rows[i].Layer < top {
				out[i] = Judgement{State: Overridden, Reason: "rows of an extension stand in its place"}
				continue
			}
			group.judge(&rows[i], g, &out[i])
		}
	}
	return out
}

// groupState is what is known of a group so far.
type groupState struct {
	ruled bool
	fired *terminology.Mapping // the row that applies, or would if nothing before it does
	open  bool                 // a row before cannot be decided
}

func (s *groupState) judge(row *terminology.Mapping, g *Given, out *Judgement) {
	if s.fired != nil {
		*out = Judgement{State: Passed, Reason: "row " + place(s.fired) + " comes before it"}
		return
	}
	v := judge(row, g)
	out.Reason, out.Needs, out.Assumed = v.Why, v.Needs, v.Assumed && v.Truth != Unknown
	switch {
	case v.Truth == False:
		out.State = Rejected
		return
	case v.Truth == Unknown:
		out.State = Candidate
		if v.Err != nil {
			out.Reason = "its rule cannot be read: " + terminology.Message(v.Err)
		}
		s.open = s.ruled
		return
	}
	if !s.ruled {
		return
	}
	s.fired = row
	if s.open {
		*out = Judgement{State: Candidate, Reason: "applies when no row of its group before it does"}
		return
	}
	out.Fired = true
}

// place returns group and priority of a row.
func place(row *terminology.Mapping) string {
	return strconv.Itoa(int(row.Group)) + "." + strconv.Itoa(int(row.Priority))
}

// judge decides whether a row applies by itself.
func judge(row *terminology.Mapping, g *Given) Verdict {
	v := Verdict{Truth: True}
	if row.Rule != "" {
		rule, err := ParseRule(row.Rule)
		if err != nil {
			return Verdict{Err: err}
		}
		v = rule.Judge(row.Source, g)
	}
	for i := range row.DependsOn {
		if v.Truth == False {
			break
		}
		v.dependOn(&row.DependsOn[i], g.Terms)
	}
	return v
}

// dependOn takes a dependency of a row into its verdict.
func (v *Verdict) dependOn(d *terminology.MapTerm, given []terminology.MapTerm) {
	said := false
	for i := range given {
		if given[i].Property != d.Property {
			continue
		}
		if sameValue(given[i].Value, d.Value) {
			return
		}
		said = true
	}
	if said {
		*v = Verdict{Truth: False, Why: d.Property + " is not " + valueText(d.Value)}
		return
	}
	v.Truth = Unknown
	v.need(Need{What: d.Property, Concept: d.Value})
}

// sameValue compares values: by code, and by system where both tell it; else by text.
func sameValue(a, b terminology.Coding) bool {
	if a.Code == "" || b.Code == "" {
		return valueText(a) == valueText(b)
	}
	return a.Code == b.Code && (a.System == b.System || a.System == "" || b.System == "")
}

func valueText(c terminology.Coding) string {
	if c.Code != "" {
		return c.Code
	}
	return c.Display
}
