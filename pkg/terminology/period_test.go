package terminology_test

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleConceptInfo_On() {
	feverWithChills := terminology.ConceptInfo{From: 19990101, To: 20091231, Inactive: true} // R50.0 of ICD-10
	for _, text := range []string{"1998", "2009-12", "2010-01-01T08:30:00+01:00"} {
		days, _ := terminology.ParseDateTime(text)
		fmt.Println(days.To, feverWithChills.On(days.To))
	}
	// Output:
	// 1998-12-31 not yet valid
	// 2009-12-31 valid
	// 2010-01-01 no longer valid
}

func TestParseDateTime(t *testing.T) {
	tests := []struct {
		in   string
		want terminology.Period
	}{
		{"2025", terminology.Period{From: 20250101, To: 20251231}},
		{"2024-02", terminology.Period{From: 20240201, To: 20240229}},
		{"2025-02", terminology.Period{From: 20250201, To: 20250228}},
		{"2025-12", terminology.Period{From: 20251201, To: 20251231}},
		{"2025-12-31", terminology.Period{From: 20251231, To: 20251231}},
		{"2025-12-31T23:30:00Z", terminology.Period{From: 20251231, To: 20251231}},
		{"2026-01-01T00:30:00.125+01:00", terminology.Period{From: 20260101, To: 20260101}},
		{"2026-01-01T00:30", terminology.Period{From: 20260101, To: 20260101}},
		{in: ""}, {in: "25"}, {in: "2025-13"}, {in: "2025/02"}, {in: "2025.02"}, {in: "2025-02.01"}, {in: "7280.77"}, {in: "2025-02-30"}, {in: "20250230"}, {in: "20250101"}, {in: "2025-1-1"},
		{in: "2025T10:00:00Z"}, {in: "2025-01-01T"}, {in: "2025-01-01T25:00:00Z"}, {in: "2025-01-01 10:00"}, {in: "31.12.2025"}, {in: "i dag"}, {in: "2025-01-0a"},
	}
	for _, tt := range tests {
		got, ok := terminology.ParseDateTime(tt.in)
		if want := tt.want != (terminology.Period{}); ok != want || ok && got != tt.want {
			t.Errorf("ParseDateTime(%q) = %v, %v, want %v", tt.in, got, ok, tt.want)
		}
	}
}

// FuzzParseDateTime: what is read is a period of at most a year, of days that exist.
func FuzzParseDateTime(f *testing.F) {
	for _, s := range []string{"2025", "2024-02", "2025-12-31", "2025-12-31T23:30:00Z", "2025-02-30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := terminology.ParseDateTime(s)
		if !ok {
			if p != (terminology.Period{}) {
				t.Errorf("ParseDateTime(%q) = %s and false", s, p)
			}
			return
		}
		for _, day := range []terminology.Date{p.From, p.To} {
			if same, ok := terminology.ParseDate(day.Compact()); !ok || same != day {
				t.Errorf("ParseDateTime(%q) = %d to %d, which are no days", s, p.From, p.To)
			}
		}
		if p.From > p.To || p.From/10000 != p.To/10000 {
			t.Errorf("ParseDateTime(%q) = %s", s, p)
		}
	})
}

func TestDayBefore(t *testing.T) {
	for day, want := range map[terminology.Date]terminology.Date{0: 0, 20260101: 20251231, 20240301: 20240229, 20250301: 20250228, 20250502: 20250501} {
		if got := day.DayBefore(); got != want {
			t.Errorf("%d.DayBefore() = %d, want %d", day, got, want)
		}
	}
}

func TestConceptOn(t *testing.T) {
	tests := []struct {
		name   string
		info   terminology.ConceptInfo
		day    terminology.Date
		want   terminology.Validity
		period string
	}{
		{"no days", terminology.ConceptInfo{}, 20250601, terminology.Valid, ""},
		{"first day", terminology.ConceptInfo{From: 20250101}, 20250101, terminology.Valid, "from 2025-01-01"},
		{"day before", terminology.ConceptInfo{From: 20250101}, 20241231, terminology.NotYetValid, "from 2025-01-01"},
		{"last day", terminology.ConceptInfo{From: 19990101, To: 20251231, Inactive: true}, 20251231, terminology.Valid, "from 1999-01-01 to 2025-12-31"},
		{"day after", terminology.ConceptInfo{To: 20251231}, 20260101, terminology.NoLongerValid, "until 2025-12-31"},
		{"inactive, it is not told since when", terminology.ConceptInfo{Inactive: true}, 20250101, terminology.NoLongerValid, ""},
		{"inactive since a day", terminology.ConceptInfo{Inactive: true, Effective: 20250915}, 20250915, terminology.NoLongerValid, "until 2025-09-14"},
		{"the day before it became so", terminology.ConceptInfo{Inactive: true, Effective: 20250915}, 20250914, terminology.Valid, "until 2025-09-14"},
		{"changed later, active", terminology.ConceptInfo{Effective: 20250915}, 20250101, terminology.Valid, ""},
	}
	for _, tt := range tests {
		if got := tt.info.On(tt.day); got != tt.want {
			t.Errorf("%s: On(%s) = %s, want %s", tt.name, tt.day, got, tt.want)
		}
		if got := tt.info.Period().String(); got != tt.period {
			t.Errorf("%s: Period() = %q, want %q", tt.name, got, tt.period)
		}
	}
}
