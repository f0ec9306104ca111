package fhir_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var systems = []operation.NamingSystem{
	{ID: "icd-10-no", Title: "ICD-10 (norsk utgave)", Installed: []string{"2025", "2026"}, IDs: []operation.UniqueID{
		{Type: "uri", Value: "http://hl7.org/fhir/sid/icd-10-no", Preferred: true}, {Type: "oid", Value: "2.16.578.1.12.4.1.1.7110", Preferred: true}}},
	{ID: "8452", Title: "Legemiddelform \"kort\"", IDs: []operation.UniqueID{{Type: "uri", Value: "urn:oid:2.16.578.1.12.4.1.1.8452", Preferred: true}}},
}

func TestNamingSystem(t *testing.T) {
	about := fhir.Server{Released: "2026-11-22", BaseURL: "https://example.org/fhir/r5"}
	for _, v := range []fhir.Version{fhir.R4, fhir.R5} {
		for i, want := range []string{"Icd_10_no", "N8452"} {
			r := operation.Resource{ResourceInfo: terminology.ResourceInfo{Type: "NamingSystem", ID: systems[i].ID}, Made: &operation.MadeOf{Naming: &systems[i]}}
			out := fhir.AppendResource(nil, v, about, &r, fhir.View{})
			var got struct{ ResourceType, ID, URL, Name, Title, Status, Kind, Date, Description string }
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatalf("%s: %v, %s", systems[i].ID, err, out)
			}
			if got.ResourceType != "NamingSystem" || got.ID != systems[i].ID || got.Name != want || got.Status != "active" || got.Kind != "codesystem" || got.Date != "2026-11-22" {
				t.Errorf("%s in %s: %s", systems[i].ID, v, out)
			}
			if r5 := v == fhir.R5; r5 != (got.URL != "") || r5 != (got.Title != "") {
				t.Errorf("%s in %s has url %q and title %q, which are of R5", systems[i].ID, v, got.URL, got.Title)
			}
			if !regexp.MustCompile(`^[A-Z][A-Za-z0-9_]{0,254}$`).MatchString(got.Name) || !strings.Contains(got.Description, systems[i].Title) {
				t.Errorf("%s: name %q, description %q", systems[i].ID, got.Name, got.Description)
			}
		}
	}
}
