package terminology_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	snomedCT = "http://snomed.info/sct"
	icd10    = "urn:oid:2.16.578.1.12.4.1.1.7110"
)

func ExampleError() {
	err := &terminology.Error{
		Op: "store.Row", Kind: terminology.NotFound,
		Coding: terminology.Coding{System: snomedCT, Code: "22298006"},
		Err:    errors.New("no such key"),
	}
	fmt.Println(err)
	fmt.Println(terminology.KindOf(fmt.Errorf("lookup: %w", err)))
	fmt.Println(terminology.Message(err))
	// Output:
	// store.Row: http://snomed.info/sct#22298006: not found: no such key
	// not found
	// no such key
}

func ExampleCanonical() {
	fmt.Println(terminology.Canonical("http://hl7.org/fhir/sid/icd-10-no", "2026"))
	fmt.Println(terminology.Canonical("http://hl7.org/fhir/sid/icd-10-no", ""))
	fmt.Printf("%q", terminology.Canonical("", "2026"))
	// Output:
	// http://hl7.org/fhir/sid/icd-10-no|2026
	// http://hl7.org/fhir/sid/icd-10-no
	// ""
}

func ExampleRowError() {
	err := &terminology.RowError{File: "sct2_Concept_Snapshot_NO.txt", Line: 3, Column: "effectiveTime", Err: errors.New("found 20250231, want yyyymmdd")}
	fmt.Println(err)
	fmt.Println(terminology.KindOf(err))
	// Output:
	// sct2_Concept_Snapshot_NO.txt:3:effectiveTime: found 20250231, want yyyymmdd
	// invalid input
}

func ExampleParseDate() {
	d, ok := terminology.ParseDate("20250915")
	fmt.Println(d, d.Compact(), ok)
	_, ok = terminology.ParseDate("20250229") // no leap year
	fmt.Println(ok)
	// Output:
	// 2025-09-15 20250915 true
	// false
}

func TestParseDate(t *testing.T) {
	tests := []struct {
		in   string
		want terminology.Date
		ok   bool
	}{
		{"20020131", 20020131, true}, // first release of SNOMED CT
		{"20240229", 20240229, true},
		{"20000229", 20000229, true},
		{"19000229", 0, false},
		{"20250431", 0, false},
		{"20251301", 0, false},
		{"20250001", 0, false},
		{"20250100", 0, false},
		{"17991231", 0, false},
		{"2025-9-1", 0, false},
		{"2025091", 0, false},
		{"202509150", 0, false},
		{"٢٠٢٥", 0, false}, // eight bytes of other digits
		{"", 0, false},
	}
	for _, tt := range tests {
		if got, ok := terminology.ParseDate(tt.in); got != tt.want || ok != tt.ok {
			t.Errorf("ParseDate(%q) = %d, %v, want %d, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
	if got := terminology.Date(0).String() + terminology.Date(0).Compact(); got != "" {
		t.Errorf("no date prints %q, want nothing", got)
	}
}

// FuzzParseDate holds ParseDate to the calendar of package time: it accepts what
// time accepts from the year 1800 on, and prints it back.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"20250915", "20240229", "19000229", "00000000", "9999-1-1", "1e100000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := terminology.ParseDate(s)
		day, err := time.Parse("20060102", s)
		if want := err == nil && day.Year() >= 1800; ok != want {
			t.Fatalf("ParseDate(%q) = %v, %v, want %v", s, d, ok, want)
		}
		if ok && (d.Compact() != s || d.String() != day.Format(time.DateOnly)) {
			t.Fatalf("ParseDate(%q) prints %q and %q", s, d.Compact(), d)
		}
	})
}

func TestCodingString(t *testing.T) {
	for want, c := range map[string]terminology.Coding{
		"":                                 {},
		icd10 + "#I21.9":                   {System: icd10, Code: "I21.9", Display: "Uspesifisert akutt hjerteinfarkt"},
		icd10 + "|2026#I21.9":              {System: icd10, Version: "2026", Code: "I21.9"},
		"urn:oid:2.16.578.1.12.4.1.1.7170": {System: "urn:oid:2.16.578.1.12.4.1.1.7170"},
		"#K75":                             {Code: "K75"},
	} {
		if got := c.String(); got != want {
			t.Errorf("%#v.String() = %q, want %q", c, got, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	notFound := &terminology.Error{Op: "catalog.Find", Kind: terminology.NotFound}
	row := &terminology.RowError{File: "Kodeliste.txt", Line: 2, Err: errors.New("empty code")}
	tests := []struct {
		name string
		err  error
		want terminology.Kind
	}{
		{"no error", nil, terminology.Other},
		{"an error of others", errors.New("disk full"), terminology.Other},
		{"ours", notFound, terminology.NotFound},
		{"ours inside text", fmt.Errorf("open: %w", notFound), terminology.NotFound},
		{"a kind below a wrapper without one", &terminology.Error{Op: "a", Err: notFound}, terminology.NotFound},
		{"the outer kind wins", &terminology.Error{Kind: terminology.Corrupt, Err: notFound}, terminology.Corrupt},
		{"a bad row", row, terminology.Invalid},
		{"many bad rows", errors.Join(row, row), terminology.Invalid},
		{"a bad row below a wrapper", &terminology.Error{Op: "importer.Run", Err: row}, terminology.Invalid},
		{"a bad row whose cause has no kind", &terminology.RowError{File: "f", Err: &terminology.Error{Op: "basic.Row"}}, terminology.Invalid},
	}
	for _, tt := range tests {
		if got := terminology.KindOf(tt.err); got != tt.want {
			t.Errorf("%s: KindOf(%v) = %v, want %v", tt.name, tt.err, got, tt.want)
		}
	}
}

func TestMessage(t *testing.T) {
	twice := &terminology.Error{Op: "basic.Concept", Kind: terminology.Invalid, Err: errors.New("code I21.9 is given twice")}
	first := &terminology.RowError{File: "icd10.txt", Line: 7, Column: "Kode", Err: twice}
	second := &terminology.RowError{File: "icd10.txt", Line: 9, Err: errors.New("found 3 fields, want 4")}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"the cause", &terminology.Error{Op: "catalog.Find", Err: twice}, "code I21.9 is given twice"},
		{"the coding, when there is no cause", &terminology.Error{Op: "a.B", Kind: terminology.NotFound, Coding: terminology.Coding{System: icd10, Code: "X99"}}, icd10 + "#X99: not found"},
		{"the kind, when there is nothing else", &terminology.Error{Op: "a.B", Kind: terminology.TooCostly}, "too costly"},
		{"an error of others", errors.New("disk full"), "disk full"},
		{"a row keeps its place", first, "icd10.txt:7:Kode: code I21.9 is given twice"},
		{"every row of an import", &terminology.Error{Op: "importer.Run", Kind: terminology.Invalid, Err: errors.Join(first, second)},
			"icd10.txt:7:Kode: code I21.9 is given twice\nicd10.txt:9: found 3 fields, want 4"},
	}
	for _, tt := range tests {
		if got := terminology.Message(tt.err); got != tt.want {
			t.Errorf("%s: Message = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestKindNames(t *testing.T) {
	seen := map[string]bool{}
	for k := terminology.Other; k <= terminology.Conflict; k++ {
		if seen[k.String()] {
			t.Errorf("two kinds are called %q", k)
		}
		seen[k.String()] = true
	}
	if got := terminology.Kind(200).String(); got != "failed" {
		t.Errorf("unknown kind prints %q", got)
	}
}

// TestRelationship pins both spellings of FHIR: R5 speaks of the source, R4 of
// the target.
func TestRelationship(t *testing.T) {
	tests := []struct {
		in     terminology.Relationship
		r5, r4 string
	}{
		{terminology.RelatedTo, "related-to", "relatedto"},
		{terminology.Equivalent, "equivalent", "equivalent"},
		{terminology.SourceIsNarrower, "source-is-narrower-than-target", "wider"},
		{terminology.SourceIsBroader, "source-is-broader-than-target", "narrower"},
		{terminology.NotRelatedTo, "not-related-to", "disjoint"},
	}
	for _, tt := range tests {
		if tt.in.String() != tt.r5 || tt.in.Equivalence() != tt.r4 {
			t.Errorf("%d: %s, %s, want %s, %s", tt.in, tt.in, tt.in.Equivalence(), tt.r5, tt.r4)
		}
	}
}

func TestDesignationAcceptability(t *testing.T) {
	d := terminology.DesignationInfo{Term: "hjerteinfarkt"}.WithAcceptability(2 | 1<<2 | 2<<62)
	want := map[int][2]bool{0: {true, false}, 1: {false, true}, 2: {false, false}, 31: {true, false}}
	for column, w := range want {
		if got := [2]bool{d.Preferred(column), d.Acceptable(column)}; got != w {
			t.Errorf("column %d: preferred, acceptable = %v, want %v", column, got, w)
		}
	}
}
