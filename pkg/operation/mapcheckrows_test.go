package operation

import (
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestUndecided: of a source and group, a row that always applies before another one is
// told once; rules, values that rows depend on, groups and layers keep rows apart.
func TestUndecided(t *testing.T) {
	row := func(target string, group, priority uint16, rule string) terminology.Mapping {
		return terminology.Mapping{Source: "22298006", Target: target, Group: group, Priority: priority, Rule: rule}
	}
	depends := row("I21.9", 1, 1, "")
	depends.DependsOn = []terminology.MapTerm{{Property: "p", Value: terminology.Coding{Code: "v"}}}
	above := row("I22.9", 1, 1, "TRUE")
	above.Layer = 1
	for _, tt := range []struct {
		name       string
		rows       []terminology.Mapping
		want       []string // targets of the rows that are told
		overridden int
	}{
		{"one row", []terminology.Mapping{row("I21.9", 1, 1, "")}, nil, 0},
		{"two rows without rules", []terminology.Mapping{row("I21.0", 1, 1, ""), row("I21.9", 1, 2, "")}, []string{"I21.9"}, 0},
		{"four are told once", []terminology.Mapping{row("I21.0", 1, 1, "TRUE"), row("I21.1", 1, 2, "TRUE"), row("I21.2", 1, 3, "TRUE"), row("I21.9", 1, 4, "TRUE")}, []string{"I21.1"}, 0},
		{"the same target twice", []terminology.Mapping{row("I21.9", 1, 1, ""), row("I21.9", 1, 2, "")}, nil, 0},
		{"a rule and the rest", []terminology.Mapping{row("I21.0", 1, 1, "IFA 248152002"), row("I21.9", 1, 2, "OTHERWISE TRUE")}, nil, 0},
		{"a rule that is never asked", []terminology.Mapping{row("I21.0", 1, 1, "OTHERWISE TRUE"), row("I21.9", 1, 2, "IFA 248152002")}, []string{"I21.9"}, 0},
		{"groups go together", []terminology.Mapping{row("I51.0", 1, 1, "TRUE"), row("Z98.8", 2, 1, "TRUE")}, nil, 0},
		{"each group by itself", []terminology.Mapping{row("A", 1, 1, ""), row("B", 1, 2, ""), row("C", 2, 1, ""), row("D", 2, 2, "")}, []string{"B", "D"}, 0},
		{"a row without a target", []terminology.Mapping{row("", 1, 1, "TRUE"), row("I21.9", 1, 2, "TRUE")}, nil, 0},
		{"a row that depends on a value", []terminology.Mapping{depends, row("I22.9", 1, 2, "")}, nil, 0},
		{"rows that others stand for", []terminology.Mapping{row("I21.0", 1, 1, ""), above, row("I21.9", 1, 2, "")}, nil, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			c := &mapCheck{MapCheck: &MapCheck{}, req: &MapCheckRequest{Finding: func(_ *MapCheck, f MapFinding) error {
				if f.Fault == Undecided {
					got = append(got, f.Row.Target)
				}
				return nil
			}}}
			if err := c.rows(slices.Clone(tt.rows)); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) || c.Overridden != tt.overridden {
				t.Errorf("told %q, %d rows overridden; want %q, %d", got, c.Overridden, tt.want, tt.overridden)
			}
		})
	}
}

// TestCyclesEnd states what holds for every map within one code system: the search ends,
// and finds a cycle in one that has a code for each to lead to, and none where each leads
// to one that comes after it.
func TestCyclesEnd(t *testing.T) {
	for n := range 200 {
		ring, line := map[string][]terminology.Mapping{}, map[string][]terminology.Mapping{}
		code := func(i int) string { return string(rune('A' + i%20000)) }
		for i := range n + 1 {
			ring[code(i)] = []terminology.Mapping{{Source: code(i), Target: code((i*7 + 3) % (n + 1))}, {Source: code(i), Target: code((i*i + 1) % (n + 1))}}
			line[code(i)] = []terminology.Mapping{{Source: code(i), Target: code(i + 1)}, {Source: code(i), Target: code(i + 2 + i%5)}}
		}
		for _, tt := range []struct {
			rows map[string][]terminology.Mapping
			some bool
		}{{ring, true}, {line, false}} {
			c := &mapCheck{MapCheck: &MapCheck{}, req: &MapCheckRequest{}, replaced: tt.rows}
			if err := c.cycles(); err != nil || c.Counts[Cycle] > 0 != tt.some {
				t.Fatalf("of %d codes: %d cycles, %v; want some: %v", n+1, c.Counts[Cycle], err, tt.some)
			}
		}
	}
}
