package snomed_test

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestParseEdition(t *testing.T) {
	tests := []struct {
		name, in string
		want     snomed.Edition
		kind     terminology.Kind
	}{
		{name: "default edition", in: "http://snomed.info/sct"},
		{name: "Norwegian edition", in: "http://snomed.info/sct/51000202101", want: snomed.Edition{Module: snomed.NorwegianModule}},
		{name: "version", in: "http://snomed.info/sct/51000202101/version/20250915", want: snomed.Edition{Module: snomed.NorwegianModule, Date: 20250915}},
		{name: "experimental version", in: "http://snomed.info/xsct/31000003106/version/20250909", want: snomed.Edition{Module: 31000003106, Date: 20250909, Experimental: true}},
		{name: "experimental, any", in: "http://snomed.info/xsct", want: snomed.Edition{Experimental: true}},
		{name: "trailing slash", in: "http://snomed.info/sct/", kind: terminology.Invalid},
		{name: "wrong check digit", in: "http://snomed.info/sct/51000202102", kind: terminology.Invalid},
		{name: "description as module", in: "http://snomed.info/sct/37436014", kind: terminology.Invalid},
		{name: "no such day", in: "http://snomed.info/sct/51000202101/version/20250230", kind: terminology.Invalid},
		{name: "no date", in: "http://snomed.info/sct/51000202101/version/", kind: terminology.Invalid},
		{name: "version without module", in: "http://snomed.info/sct/version/20250915", kind: terminology.Invalid},
		{name: "another system", in: "http://loinc.org", kind: terminology.Invalid},
		{name: "longer word", in: "http://snomed.info/sctx", kind: terminology.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := snomed.ParseEdition(tt.in)
			if got != tt.want || terminology.KindOf(err) != tt.kind {
				t.Errorf("ParseEdition(%q) = %+v, %v, want %+v, kind %v", tt.in, got, err, tt.want, tt.kind)
			}
			if err == nil && got.String() != tt.in {
				t.Errorf("ParseEdition(%q).String() = %q", tt.in, got)
			}
		})
	}
}

func TestEditionMatches(t *testing.T) {
	version := snomed.Edition{Module: snomed.NorwegianModule, Date: 20250915}
	for asked, want := range map[snomed.Edition]bool{
		{}:                               true,
		{Module: snomed.NorwegianModule}: true,
		version:                          true,
		{Module: snomed.CoreModule}:      false,
		{Module: snomed.NorwegianModule, Date: 20250815}:                     false,
		{Module: snomed.NorwegianModule, Date: 20250915, Experimental: true}: false,
	} {
		if got := asked.Matches(version); got != want {
			t.Errorf("%s.Matches(%s) = %v, want %v", asked, version, got, want)
		}
	}
}

func TestParseImplicitValueSet(t *testing.T) {
	const norway = "http://snomed.info/sct/51000202101/version/20250915"
	edition := snomed.Edition{Module: snomed.NorwegianModule, Date: 20250915}
	tests := []struct {
		name, in string
		want     snomed.ImplicitValueSet
		ok       bool
		kind     terminology.Kind
		url      string // printed back; empty: as it was
	}{
		{name: "all concepts", in: "http://snomed.info/sct?fhir_vs", ok: true},
		{name: "all concepts, form with equals sign", in: "http://snomed.info/sct?fhir_vs=", ok: true, url: "http://snomed.info/sct?fhir_vs"},
		{name: "all refsets", in: norway + "?fhir_vs=refset", ok: true, want: snomed.ImplicitValueSet{Edition: edition, Kind: snomed.AllRefsets}},
		{name: "is-a", in: norway + "?fhir_vs=isa/404684003", ok: true, want: snomed.ImplicitValueSet{Edition: edition, Kind: snomed.IsAConcept, ID: 404684003}},
		{name: "refset", in: "http://snomed.info/sct?fhir_vs=refset/1991000202102", ok: true, want: snomed.ImplicitValueSet{Kind: snomed.InRefset, ID: 1991000202102}},
		{name: "experimental edition", in: "http://snomed.info/xsct/31000003106?fhir_vs=isa/404684003", ok: true,
			want: snomed.ImplicitValueSet{Edition: snomed.Edition{Module: 31000003106, Experimental: true}, Kind: snomed.IsAConcept, ID: 404684003}},
		{name: "expression, encoded", in: "http://snomed.info/sct?fhir_vs=ecl/%3C%2022298006%20MINUS%20%3E%2057054005", ok: true,
			want: snomed.ImplicitValueSet{Kind: snomed.ByExpression, ECL: "< 22298006 MINUS > 57054005"}},
		{name: "expression, plain", in: "http://snomed.info/sct?fhir_vs=ecl/<<22298006 {{ +HISTORY }}", ok: true,
			want: snomed.ImplicitValueSet{Kind: snomed.ByExpression, ECL: "<<22298006 {{ +HISTORY }}"},
			url:  "http://snomed.info/sct?fhir_vs=ecl/%3C%3C22298006%20%7B%7B%20+HISTORY%20%7D%7D"},
		{name: "is-a of a description", in: "http://snomed.info/sct?fhir_vs=isa/37436014", ok: true, kind: terminology.Invalid},
		{name: "is-a of nothing", in: "http://snomed.info/sct?fhir_vs=isa", ok: true, kind: terminology.Invalid},
		{name: "empty expression", in: "http://snomed.info/sct?fhir_vs=ecl/", ok: true, kind: terminology.Invalid},
		{name: "unknown form", in: "http://snomed.info/sct?fhir_vs=parents/404684003", ok: true, kind: terminology.Invalid},
		{name: "bad edition", in: "http://snomed.info/sct/1?fhir_vs", ok: true, kind: terminology.Invalid},
		{name: "not implicit", in: "http://snomed.info/sct"},
		{name: "another parameter", in: "http://snomed.info/sct?fhir_vsx=1"},
		{name: "another system", in: "http://loinc.org?fhir_vs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok, err := snomed.ParseImplicitValueSet(tt.in)
			if got != tt.want || ok != tt.ok || terminology.KindOf(err) != tt.kind {
				t.Errorf("ParseImplicitValueSet(%q) = %+v, %v, %v, want %+v, %v, kind %v", tt.in, got, ok, err, tt.want, tt.ok, tt.kind)
			}
			if tt.url == "" {
				tt.url = tt.in
			}
			if ok && err == nil && tt.want.Kind != snomed.ByExpression && got.String() != tt.url {
				t.Errorf("ParseImplicitValueSet(%q).String() = %q, want %q", tt.in, got, tt.url)
			}
		})
	}
}

// FuzzParseImplicitValueSet: what is accepted prints as a URL that reads the same.
func FuzzParseImplicitValueSet(f *testing.F) {
	f.Add("http://snomed.info/sct?fhir_vs")
	f.Add("http://snomed.info/xsct/31000003106?fhir_vs=ecl/%3C%2022298006 + 100%")
	f.Add("http://snomed.info/sct/51000202101/version/20250915?fhir_vs=isa/404684003")
	f.Fuzz(func(t *testing.T, s string) {
		v, ok, err := snomed.ParseImplicitValueSet(s)
		if !ok || err != nil {
			return
		}
		if again, ok, err := snomed.ParseImplicitValueSet(v.String()); again != v || !ok || err != nil {
			t.Fatalf("%q reads as %+v, and its URL %q as %+v, %v, %v", s, v, v, again, ok, err)
		}
	})
}

func TestParseImplicitMap(t *testing.T) {
	tests := []struct {
		name, in string
		want     snomed.ImplicitMap
		ok       bool
		kind     terminology.Kind
	}{
		{name: "ICD-10 map of the default edition", in: "http://snomed.info/sct?fhir_cm=447562003", ok: true, want: snomed.ImplicitMap{Refset: snomed.ICD10Map}},
		{name: "of the Norwegian edition", in: "http://snomed.info/sct/51000202101?fhir_cm=68101000202102", ok: true,
			want: snomed.ImplicitMap{Edition: snomed.Edition{Module: snomed.NorwegianModule}, Refset: snomed.ICPC2Map}},
		{name: "no refset", in: "http://snomed.info/sct?fhir_cm", ok: true, kind: terminology.Invalid},
		{name: "wrong check digit", in: "http://snomed.info/sct?fhir_cm=447562004", ok: true, kind: terminology.Invalid},
		{name: "value set", in: "http://snomed.info/sct?fhir_vs=refset/447562003"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok, err := snomed.ParseImplicitMap(tt.in)
			if got != tt.want || ok != tt.ok || terminology.KindOf(err) != tt.kind {
				t.Errorf("ParseImplicitMap(%q) = %+v, %v, %v, want %+v, %v, kind %v", tt.in, got, ok, err, tt.want, tt.ok, tt.kind)
			}
			if ok && err == nil && got.String() != tt.in {
				t.Errorf("ParseImplicitMap(%q).String() = %q", tt.in, got)
			}
		})
	}
}

func TestMapOf(t *testing.T) {
	for _, tt := range []struct {
		refset, edition snomed.ID
		target          string
	}{
		{snomed.ICD10Map, snomed.NorwegianModule, "http://hl7.org/fhir/sid/icd-10-no"},
		{snomed.ICD10Map, snomed.CoreModule, "http://hl7.org/fhir/sid/icd-10"},
		{snomed.ICPC2Map, snomed.NorwegianModule, "http://hl7.org/fhir/sid/icpc-2"},
		{snomed.NKPKMap, snomed.NorwegianModule, "urn:oid:2.16.578.1.12.4.1.1.7275"},
		{snomed.SameAs, snomed.CoreModule, snomed.System},
		{1991000202102, snomed.NorwegianModule, ""},
	} {
		if got := snomed.MapOf(tt.refset, tt.edition); got.Target != tt.target || got.Title == "" || got.URL != "http://snomed.info/sct?fhir_cm="+got.ID {
			t.Errorf("MapOf(%d, %d) = %+v, want target %q", tt.refset, tt.edition, got, tt.target)
		}
	}
}

// TestEditionsAndLanguages: every module and language known here is an SCTID.
func TestEditionsAndLanguages(t *testing.T) {
	for id, want := range map[snomed.ID]string{snomed.Bokmal: "nb", snomed.Nynorsk: "nn", snomed.BokmalGP: "nb-x-gp", snomed.USEnglish: "en-US", 22298006: ""} {
		tag, ok := snomed.LanguageTag(id)
		if tag != want || ok != (want != "") {
			t.Errorf("LanguageTag(%d) = %q, %v, want %q", id, tag, ok, want)
		}
		if back, ok := snomed.LanguageRefset(tag); ok && back != id {
			t.Errorf("LanguageRefset(%q) = %d, want %d", tag, back, id)
		}
	}
	norway := snomed.Edition{Module: snomed.NorwegianModule}
	if norway.Title() != "SNOMED CT Norwegian Edition" || norway.Name() != "snomed-51000202101" || norway.Language() != "nb" {
		t.Errorf("Norwegian edition: %q, %q, %q", norway.Title(), norway.Name(), norway.Language())
	}
}

func ExampleParseEdition() {
	e, err := snomed.ParseEdition("http://snomed.info/sct/51000202101/version/20250915")
	fmt.Println(e.Title(), e.Date, e.URI(), err)

	_, err = snomed.ParseEdition("http://snomed.info/sct/2025")
	fmt.Println(err)
	// Output:
	// SNOMED CT Norwegian Edition 2025-09-15 http://snomed.info/sct/51000202101 <nil>
	// snomed.ParseEdition: invalid input: found "http://snomed.info/sct/2025", want http://snomed.info/sct/MODULE/version/YYYYMMDD, with or without module and version
}

func ExampleParseImplicitValueSet() {
	v, ok, err := snomed.ParseImplicitValueSet("http://snomed.info/sct?fhir_vs=isa/22298006")
	fmt.Println(v.Kind == snomed.IsAConcept, v.ID, ok, err)
	// Output: true 22298006 true <nil>
}
