package operation_test

import (
	"context"
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestBrowse looks around in the sample.
func TestBrowse(t *testing.T) {
	const sct, icd10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no"
	tests := []struct {
		name        string
		req         operation.BrowseRequest
		first       string // code and display
		path        []string
		shown       int
		total       int
		unknown     bool
		kind        terminology.Kind
		firstHasSub bool
	}{
		{name: "on top of SNOMED CT is its root, and no inactive concept", req: operation.BrowseRequest{System: sct}, first: "138875005 SNOMED CT-begrep", shown: 1, total: 1, firstHasSub: true},
		{name: "in nynorsk", req: operation.BrowseRequest{System: "snomed", Under: "57054005", Languages: languages(t, "nn"), Count: 1}, shown: 1, total: 4,
			first: "401303003 akutt hjarteinfarkt med ST-elevasjon", path: []string{"138875005", "404684003", "64572001", "362965005", "49601007", "56265001", "251061000", "22298006"}},
		{name: "chapters", req: operation.BrowseRequest{System: icd10, Count: 3}, first: "I (A00-B99) Smittsomme sykdommer og sykdommer fra parasitter", shown: 3, total: 21, firstHasSub: true},
		{name: "the last chapters", req: operation.BrowseRequest{System: icd10, Offset: 20}, first: "XXII (U00-U99) Koder for særlige formål", shown: 1, total: 21, firstHasSub: true},
		{name: "behind the end of chapters", req: operation.BrowseRequest{System: icd10, Offset: 21}, total: 21},
		{name: "by OID, typed in another form", req: operation.BrowseRequest{System: "2.16.578.1.12.4.1.1.7110", Under: "i219"}, shown: 1, total: 1, first: "I21.9a Akutt hjerteinfarkt, ikke nærmere angitt, type 4a", path: []string{"IX", "I20-I25", "I21"}},
		{name: "behind the end below a concept", req: operation.BrowseRequest{System: icd10, Under: "I21", Offset: 1 << 40}, total: 5, path: []string{"IX", "I20-I25"}},
		{name: "unknown code", req: operation.BrowseRequest{System: icd10, Under: "X99.9"}, unknown: true},
		{name: "unknown system", req: operation.BrowseRequest{System: "http://loinc.org"}, kind: terminology.NotFound},
		{name: "unknown version", req: operation.BrowseRequest{System: icd10, Version: "1900"}, kind: terminology.NotFound},
		{name: "negative offset", req: operation.BrowseRequest{System: icd10, Offset: -1}, kind: terminology.Invalid},
		{name: "too many", req: operation.BrowseRequest{System: icd10, Count: operation.MaxBrowse + 1}, kind: terminology.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := service.Browse(context.Background(), tt.req)
			if terminology.KindOf(err) != tt.kind {
				t.Fatalf("Browse = %v, want kind %v", err, tt.kind)
			}
			if err != nil {
				return
			}
			first, sub := "", false
			if len(resp.Concepts) > 0 {
				c := resp.Concepts[0]
				first, sub = c.Coding.Code+" "+c.Coding.Display, c.Narrower > 0
			}
			var path []string
			for _, c := range resp.Path {
				path = append(path, c.Code)
			}
			if first != tt.first || sub != tt.firstHasSub || len(resp.Concepts) != tt.shown || resp.Total != tt.total || resp.Found == tt.unknown || !slices.Equal(path, tt.path) {
				t.Errorf("Browse = %q (narrower %v), %d of %d, found %v, path %q", first, sub, len(resp.Concepts), resp.Total, resp.Found, path)
			}
		})
	}
}

// TestBrowseReachesAll holds that walking down from the top, page by page, meets every
// active concept, as many times as it has ways from the top at most.
func TestBrowseReachesAll(t *testing.T) {
	for _, system := range []string{"http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no", "urn:oid:2.16.578.1.12.4.1.1.7170"} {
		met := map[string]bool{}
		active := 0
		var down func(code string)
		down = func(code string) {
			for at := 0; ; {
				resp, err := service.Browse(context.Background(), operation.BrowseRequest{System: system, Under: code, Offset: at, Count: 7})
				if err != nil || !resp.Found {
					t.Fatalf("Browse below %q: %v", code, err)
				}
				active = resp.Release.Active
				for _, c := range resp.Concepts {
					if met[c.Coding.Code] {
						continue
					}
					met[c.Coding.Code] = true
					if c.Narrower > 0 {
						down(c.Coding.Code)
					}
				}
				if at += len(resp.Concepts); at >= resp.Total {
					return
				}
			}
		}
		down("")
		if len(met) < active {
			t.Errorf("%s: met %d concepts, want all %d active ones", system, len(met), active)
		}
	}
}

// TestBrowseTells holds what a code system tells of itself.
func TestBrowseTells(t *testing.T) {
	resp, err := service.Browse(context.Background(), operation.BrowseRequest{System: "icd-10"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(resp.Names, operation.UniqueID{Type: "oid", Value: "2.16.578.1.12.4.1.1.7110", Preferred: true}) {
		t.Errorf("names %v, want the OID", resp.Names)
	}
	if !slices.ContainsFunc(resp.Properties, func(p operation.Property) bool { return p.Code == "sex" && p.Kind == terminology.ValueString }) {
		t.Errorf("properties %v, want sex", resp.Properties)
	}
	if len(resp.Filters) == 0 || resp.Filters[0].Property != "concept" || !slices.Contains(resp.Filters[0].Ops, "is-a") {
		t.Errorf("filters %v, want is-a on concepts first", resp.Filters)
	}
}

// TestOfferedFilters holds that the filters that a code system is said to have are evaluated.
func TestOfferedFilters(t *testing.T) {
	for _, system := range []string{"http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no"} {
		b, err := service.Browse(context.Background(), operation.BrowseRequest{System: system})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range b.Filters {
			for _, op := range f.Ops {
				property, value := f.Property, b.Concepts[0].Coding.Code
				switch {
				case property == "":
					property = b.Properties[0].Code
				case property == "expressions":
					value = "false"
				}
				if op == "exists" {
					value = "true"
				}
				compose := &operation.Compose{Include: []operation.ConceptSet{{System: system, Filters: []operation.Filter{{Property: property, Op: op, Value: value}}}}}
				if _, err := service.Expand(context.Background(), operation.ExpandRequest{Compose: compose, Count: 1}); err != nil {
					t.Errorf("%s %s %s of %s: %v", property, op, value, system, err)
				}
			}
		}
	}
}

// TestMapRows takes the first rows of maps.
func TestMapRows(t *testing.T) {
	const toICD10 = "http://snomed.info/sct?fhir_cm=447562003"
	resp, err := service.MapRows(context.Background(), operation.MapRowsRequest{URL: toICD10, Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Rows) != 2 || !resp.More || resp.Map.Rows != 166 || resp.Rows[0].Source.Display != "akutt bronkitt" || resp.Rows[0].Target.Code != "J20.9" || resp.Rows[0].Target.Display != "Akutt bronkitt, ikke nærmere angitt" {
		t.Errorf("MapRows = %+v", resp)
	}
	whole, err := service.MapRows(context.Background(), operation.MapRowsRequest{URL: toICD10, Count: operation.MaxBrowse, Version: resp.Release.Version})
	if err != nil || len(whole.Rows) != whole.Map.Rows || whole.More {
		t.Errorf("MapRows = %d rows, %v, want all %d", len(whole.Rows), err, whole.Map.Rows)
	}
	for _, req := range []operation.MapRowsRequest{{URL: "http://example.org/none"}, {URL: toICD10, Version: "1900"}} {
		if _, err := service.MapRows(context.Background(), req); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("MapRows(%+v) = %v, want NotFound", req, err)
		}
	}
	if _, err := service.MapRows(context.Background(), operation.MapRowsRequest{URL: toICD10, Count: -1}); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("MapRows of -1 rows = %v, want Invalid", err)
	}
}
