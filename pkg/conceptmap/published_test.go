package conceptmap_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestPublishedRules evaluates the rows of 12481008 in a fixture that others publish:
// between 12 and 19 years, else before 19 years, else nothing.
func TestPublishedRules(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "rf2-fixtures", "snowstorm-lite", "SnomedCT_MiniRF2", "*", "Refset", "Map", "der2_iisssccRefset_ExtendedMap*"))
	if err != nil || len(files) == 0 {
		t.Skip("skipped: there is no such real data here:", err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var rows []terminology.Mapping
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) < 13 || f[2] != "1" || f[5] != "12481008" {
			continue
		}
		group, _ := strconv.Atoi(f[6])
		priority, _ := strconv.Atoi(f[7])
		rows = append(rows, terminology.Mapping{Map: f[4], Source: f[5], Group: uint16(group), Priority: uint16(priority), Rule: f[8], Advice: f[9], Target: f[10], Correlation: f[11], Category: f[12]})
	}
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	slices.SortFunc(rows, func(a, b terminology.Mapping) int { return int(a.Priority) - int(b.Priority) })
	for _, tt := range []struct {
		age, onset string
		want       string // the states of Z00.3, Z00.2 and no target
		needs      string
	}{
		{onset: "0d", want: "rejected applies* passed"},
		{onset: "11y", want: "rejected applies* passed"},
		{onset: "143mo", want: "rejected applies* passed"},
		{onset: "4381d", want: "rejected applies* passed"},
		{onset: "4382d", want: "candidate candidate passed", needs: "age at onset in years"}, // 12 years have 4,382 or 4,383 days
		{onset: "4383d", want: "applies* passed passed"},
		{onset: "12y", want: "applies* passed passed"},
		{onset: "144mo", want: "applies* passed passed"},
		{onset: "18y", want: "applies* passed passed"},
		{onset: "18.9y", want: "applies* passed passed"},
		{onset: "19y", want: "rejected rejected applies*"},
		{onset: "101y", want: "rejected rejected applies*"},
		{age: "11y", want: "rejected applies* passed"},
		{age: "15y", want: "applies* passed passed"},
		{want: "candidate candidate candidate", needs: "age at onset"},
	} {
		given := conceptmap.Given{Age: age(t, tt.age), Onset: age(t, tt.onset)}
		var states, needs []string
		for _, j := range conceptmap.Evaluate(rows, &given) {
			s := j.State.String()
			if j.Fired {
				s += "*"
			}
			states = append(states, s)
			for _, n := range j.Needs {
				if !slices.Contains(needs, n.String()) {
					needs = append(needs, n.String())
				}
			}
		}
		if got := strings.Join(states, " "); got != tt.want || strings.Join(needs, ", ") != tt.needs {
			t.Errorf("age %q, onset %q: %s, needs %q, want %s and %q", tt.age, tt.onset, got, needs, tt.want, tt.needs)
		}
	}
}
