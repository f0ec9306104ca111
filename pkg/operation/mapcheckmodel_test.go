package operation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestCheckedRowsLaw holds what the check tells of random rows against what is plain: a
// group is undecided when two of its rows lead elsewhere and the first of them is never
// false, for no patient; a rule is bad when it cannot be read.
func TestCheckedRowsLaw(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	rules := []string{"", "TRUE", "true", " Otherwise  True ", "OTHERWISE TRUE", "IFA 248152002", "IFA 248153007 OR IFA 445518008 < 2 days", "IFA gal"}
	patients := []conceptmap.Given{{}, {Sex: conceptmap.Female, NoOther: true}, {Sex: conceptmap.Male, NoOther: true}, {Sex: conceptmap.OtherSex, NoOther: true}}
	for range 3000 {
		var rows []terminology.Mapping
		for group := range uint16(1 + random.IntN(3)) {
			for priority := range uint16(1 + random.IntN(4)) {
				rows = append(rows, terminology.Mapping{Source: "A", Target: []string{"", "B", "C"}[random.IntN(3)], Group: group + 1, Priority: priority + 1,
					Rule: rules[random.IntN(len(rules))], Layer: uint8(random.IntN(2))})
			}
		}
		want := [mapFaults]int{}
		top := slices.MaxFunc(rows, func(a, b terminology.Mapping) int { return int(a.Layer) - int(b.Layer) }).Layer
		undecided := map[uint16]bool{}
		for i, a := range rows {
			if a.Layer < top {
				continue
			}
			if _, err := conceptmap.ParseRule(a.Rule); err != nil {
				want[BadRule]++
			}
			always := true
			for _, p := range patients {
				always = always && conceptmap.Evaluate(rows[i:i+1], &p)[0].State == conceptmap.Applies
			}
			for _, b := range rows[i+1:] {
				if always && b.Layer == top && a.Group == b.Group && a.Target != "" && b.Target != "" && a.Target != b.Target {
					undecided[a.Group] = true
				}
			}
		}
		want[Undecided] = len(undecided)
		c := &mapCheck{MapCheck: &MapCheck{}, req: &MapCheckRequest{}}
		if err := c.rows(slices.Clone(rows)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, c.Counts); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", rows, diff)
		}
	}
}

// TestCyclesLaw holds the cycles of random maps against which codes come back to
// themselves: some when one does, and each by a row whose target leads to its source.
func TestCyclesLaw(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	for range 2000 {
		n := 1 + random.IntN(8)
		replaced, leads := map[string][]terminology.Mapping{}, map[[2]int]bool{}
		code := func(i int) string { return fmt.Sprint("c", i) }
		for range random.IntN(2*n + 1) {
			a, b := random.IntN(n), random.IntN(n)
			replaced[code(a)] = append(replaced[code(a)], terminology.Mapping{Source: code(a), Target: code(b)})
			leads[[2]int{a, b}] = true
		}
		for via := range n {
			for a := range n {
				for b := range n {
					if leads[[2]int{a, via}] && leads[[2]int{via, b}] {
						leads[[2]int{a, b}] = true
					}
				}
			}
		}
		some := false
		for a := range n {
			some = some || leads[[2]int{a, a}]
		}
		c := &mapCheck{MapCheck: &MapCheck{}, replaced: replaced, req: &MapCheckRequest{Finding: func(_ *MapCheck, f MapFinding) error {
			var a, b int
			if _, err := fmt.Sscanf(f.Row.Source+" "+f.Row.Target, "c%d c%d", &a, &b); err != nil {
				return err
			}
			if a != b && !leads[[2]int{b, a}] {
				t.Errorf("%s: %s is told for a cycle of %v", f.Row.Source, f.Text, replaced)
			}
			return nil
		}}}
		if err := c.cycles(); err != nil || c.Counts[Cycle] > 0 != some {
			t.Fatalf("%d cycles, %v; want some: %v, of %v", c.Counts[Cycle], err, some, replaced)
		}
	}
}

// TestManyCycles: each of many codes in a row leads back to the first one. Telling so takes
// no more than the rows.
func TestManyCycles(t *testing.T) {
	const n = 50_000
	replaced := map[string][]terminology.Mapping{}
	code := func(i int) string { return fmt.Sprintf("%06d", i) }
	for i := range n {
		replaced[code(i)] = []terminology.Mapping{{Source: code(i), Target: code(0)}, {Source: code(i), Target: code(i + 1)}}
	}
	last := ""
	c := &mapCheck{MapCheck: &MapCheck{}, replaced: replaced, req: &MapCheckRequest{Finding: func(_ *MapCheck, f MapFinding) error { last = f.Text; return nil }}}
	start := time.Now()
	if err := c.cycles(); err != nil || c.Counts[Cycle] != n {
		t.Fatalf("%d cycles, %v; want %d", c.Counts[Cycle], err, n)
	}
	if want := "000000, then 000001, then 000002, then 000003, then 000004, then 000005, then 000006, then 000007, …, then 000000 again"; last != want {
		t.Errorf("told %q, want %q", last, want)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
