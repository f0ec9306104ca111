package operation_test

import (
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// supplementOf is a supplement that gives one code a term of a house.
func supplementOf(system, code, term string) operation.With {
	return operation.With{Supplements: []string{"http://example.org/house"}, Resources: [][]byte{[]byte(`{"resourceType":"CodeSystem","url":"http://example.org/house","version":"1","status":"active",
		"content":"supplement","supplements":"` + system + `","concept":[{"code":"` + code + `","designation":[{"language":"nb","value":"` + term + `"}]}]}`)}}
}

// TestUnderSupplement asks SNOMED CT for what only it can do while a supplement lies over
// it: constraints, expressions, normal forms, history, and how codes stand on a day.
func TestUnderSupplement(t *testing.T) {
	with := supplementOf(sct, "22298006", "infarkt på husets språk")
	const infarction = "22298006:{363698007=74281007}"
	url := func(ecl string) string { return sct + "?fhir_vs=ecl/" + ecl }
	for _, tt := range []struct {
		name, set, code string
		want            bool
	}{
		{"a constraint", url("<< 64572001 : 363698007 = << 74281007"), "22298006", true},
		{"a constraint that does not select it", url("< 22298006"), "22298006", false},
		{"an expression", url("<< 22298006"), infarction, true},
		{"an expression in the code system", "", infarction, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := service.Validate(t.Context(), operation.ValidateRequest{With: with, ValueSet: tt.set, Codings: []terminology.Coding{{System: sct, Code: tt.code}}})
			if err != nil || resp.Result != tt.want {
				t.Errorf("Validate: %+v, %v, want %v", resp, err, tt.want)
			}
		})
	}
	t.Run("expansions", func(t *testing.T) {
		for _, ecl := range []string{"<< 22298006", "< 64572001 : 363698007 = << 74281007"} {
			plain, err := service.Expand(t.Context(), operation.ExpandRequest{URL: url(ecl), Count: -1})
			if err != nil {
				t.Fatal(err)
			}
			under, err := service.Expand(t.Context(), operation.ExpandRequest{With: with, URL: url(ecl), Count: -1})
			if err != nil || plain.Total == 0 || under.Total != plain.Total {
				t.Errorf("%s: %d codes under a supplement, %v, want %d", ecl, under.Total, err, plain.Total)
			}
		}
	})
	t.Run("look-ups", func(t *testing.T) {
		for _, code := range []string{"22298006", "155728006"} {
			req := operation.LookupRequest{Coding: terminology.Coding{System: sct, Code: code}, Properties: []string{"normalForm", "parent"}}
			plain, err := service.Lookup(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			req.With = with
			under, err := service.Lookup(t.Context(), req)
			if err != nil || !slices.Equal(under.Properties, plain.Properties) || len(under.Properties) == 0 || under.Inactivation != plain.Inactivation || !slices.Equal(under.Associations, plain.Associations) {
				t.Errorf("%s under a supplement: %+v, %v\nwant %+v", code, under, err, plain)
			}
		}
	})
	t.Run("the term of the house", func(t *testing.T) {
		resp, err := service.Validate(t.Context(), operation.ValidateRequest{With: with, Codings: []terminology.Coding{{System: sct, Code: "22298006", Display: "infarkt på husets språk"}}})
		if err != nil || !resp.Result {
			t.Errorf("Validate: %+v, %v", resp, err)
		}
	})
}

// TestNoConstraintsUnderSupplement asks a code system that has no constraints and is not
// in danger of having some by a supplement: the answer is the same with and without.
func TestNoConstraintsUnderSupplement(t *testing.T) {
	set := func(f operation.Filter) *operation.Compose {
		return &operation.Compose{Include: []operation.ConceptSet{{System: codesystem.ICD10NO, Filters: []operation.Filter{f}}}}
	}
	with := supplementOf(codesystem.ICD10NO, "I21.9", "infarkt")
	for _, f := range []operation.Filter{{Property: "constraint", Op: "=", Value: "<< I21"}, {Property: "I21", Op: "=", Value: "I21.9"}, {Property: "concept", Op: "is-a", Value: "I21"}} {
		req := operation.ExpandRequest{Compose: set(f), Count: -1}
		plain, err := service.Expand(t.Context(), req)
		req.With = with
		under, underErr := service.Expand(t.Context(), req)
		if terminology.KindOf(err) != terminology.KindOf(underErr) || err == nil && plain.Total != under.Total {
			t.Errorf("%+v: %v, %v under a supplement, want %v, %v", f, under, underErr, plain, err)
		}
	}
}

// TestDayUnderSupplement holds an expansion for a day to the same codes with a supplement.
func TestDayUnderSupplement(t *testing.T) {
	for _, day := range []terminology.Date{20200101, 20260101} {
		req := operation.ExpandRequest{Compose: &operation.Compose{Include: []operation.ConceptSet{{System: codesystem.ICD10NO}}}, Count: -1, Date: day, ActiveOnly: true}
		plain, err := service.Expand(t.Context(), req)
		req.With = supplementOf(codesystem.ICD10NO, "I21.9", "infarkt")
		under, underErr := service.Expand(t.Context(), req)
		if terminology.KindOf(err) != terminology.KindOf(underErr) || err == nil && plain.Total != under.Total {
			t.Errorf("on %s: %v codes, %v under a supplement, want %v, %v", day, under, underErr, plain, err)
		}
	}
}

// TestSupplementsKeepTheirLanguages asks with two supplements in different languages, of
// which one says something of a code that the other does not know.
func TestSupplementsKeepTheirLanguages(t *testing.T) {
	of := func(name, language, code, display string) []byte {
		return []byte(`{"resourceType":"CodeSystem","url":"http://example.org/` + name + `","language":"` + language + `","status":"active","content":"supplement","supplements":"http://example.org/fruit","concept":[{"code":"` + code + `","display":"` + display + `"}]}`)
	}
	with := operation.With{Resources: append(fruit(), of("danish", "da", "pear", "Pære"), of("german", "de", "apple", "Apfel")), Supplements: []string{"http://example.org/danish", "http://example.org/german"}}
	for code, want := range map[string]operation.Designation{"pear": {Language: "da", Term: "Pære"}, "apple": {Language: "de", Term: "Apfel"}} {
		has := func(list []operation.Designation) bool {
			return slices.ContainsFunc(list, func(d operation.Designation) bool { return d.Language == want.Language && d.Term == want.Term }) &&
				!slices.ContainsFunc(list, func(d operation.Designation) bool { return d.Language != want.Language && d.Term == want.Term })
		}
		looked, err := service.Lookup(t.Context(), operation.LookupRequest{With: with, Coding: terminology.Coding{System: "http://example.org/fruit", Code: code}, Details: true})
		if err != nil || !has(looked.Designations) {
			t.Errorf("Lookup of %s: %+v, %v, want %s in %s", code, looked, err, want.Term, want.Language)
		}
		expanded, err := service.Expand(t.Context(), operation.ExpandRequest{With: with, URL: "http://example.org/vs/fruit", Count: -1, Designations: true, Details: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range expanded.Codes {
			if c.Coding.Code == code && !has(c.Designations) {
				t.Errorf("Expand: %s is %+v, want %s in %s", code, c.Designations, want.Term, want.Language)
			}
		}
	}
}

// TestSupplementOnce asks for one supplement in several ways, and in a value set that says
// that it needs it: what it says is told once, and the expansion is the one of asking once.
func TestSupplementOnce(t *testing.T) {
	const url = "http://example.org/house"
	base := supplementOf("http://example.org/fruit", "apple", "eple")
	base.Resources = append(base.Resources, fruit()...)
	base.Resources = append(base.Resources, []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/needs","status":"active","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-supplement","valueCanonical":"`+url+`"}],"compose":{"include":[{"system":"http://example.org/fruit"}]}}`))
	for _, set := range []string{"http://example.org/vs/fruit", "http://example.org/vs/needs"} {
		var basis operation.Basis
		for _, names := range [][]string{{url}, {url, url}, {url, url + "|1"}, {url + "|1", url + "|1", url}} {
			with := base
			with.Supplements = names
			looked, err := service.Lookup(t.Context(), operation.LookupRequest{With: with, Coding: terminology.Coding{System: "http://example.org/fruit", Code: "apple"}, Details: true})
			if err != nil {
				t.Fatal(err)
			}
			expanded, err := service.Expand(t.Context(), operation.ExpandRequest{With: with, URL: set, Count: -1, Designations: true, Details: true})
			if err != nil {
				t.Fatal(err)
			}
			apple := slices.IndexFunc(expanded.Codes, func(c operation.ExpandedCode) bool { return c.Coding.Code == "apple" })
			for door, list := range map[string][]operation.Designation{"Lookup": looked.Designations, "Expand": expanded.Codes[apple].Designations} {
				told := 0
				for _, d := range list {
					if d.Term == "eple" {
						told++
					}
				}
				if told != 1 {
					t.Errorf("%s with %q: the term is told %d times, want once", door, names, told)
				}
			}
			if basis == (operation.Basis{}) {
				basis = expanded.Basis
			}
			if expanded.Basis != basis || !slices.Equal(expanded.UsedSupplements, []string{url + "|1"}) {
				t.Errorf("Expand with %q: %s used, basis %x, want %x", names, expanded.UsedSupplements, expanded.Basis, basis)
			}
		}
	}
}

// TestSupplementOfAnImport: a supplement that an imported value set says that it needs, and
// that is not known, is as wrong as one of the value set itself.
func TestSupplementOfAnImport(t *testing.T) {
	set := func(name, head, include string) []byte {
		return []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/` + name + `","status":"active",` + head + `"compose":{"include":[` + include + `]}}`)
	}
	with := operation.With{Resources: append(fruit(),
		set("needs", `"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-supplement","valueCanonical":"http://example.org/none"}],`, `{"system":"http://example.org/fruit"}`),
		set("imports", "", `{"valueSet":["http://example.org/vs/needs"]}`), set("deep", "", `{"valueSet":["http://example.org/vs/imports"]}`))}
	for _, name := range []string{"needs", "imports", "deep"} {
		url := "http://example.org/vs/" + name
		if _, err := service.Expand(t.Context(), operation.ExpandRequest{With: with, URL: url, Count: -1}); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("Expand of %s: %v, want NotFound", name, err)
		}
		resp, err := service.Validate(t.Context(), operation.ValidateRequest{With: with, ValueSet: url, Codings: []terminology.Coding{{System: "http://example.org/fruit", Code: "apple"}}})
		if terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("Validate in %s: %+v, %v, want NotFound", name, resp, err)
		}
	}
}
