package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExpansionsAreCitable asks a server for expansions, then the same folder served by
// another process after a kill, and then a folder into which the same files were imported
// anew: every answer is the same, byte by byte. An answer that differs in anything has
// another identifier.
func TestExpansionsAreCitable(t *testing.T) {
	testdata := filepath.Join("..", "..", "testdata")
	folders := [2]string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
	for _, data := range folders {
		if status, _, errs := kodeks("import", "--data", data, filepath.Join(testdata, "snomed"), filepath.Join(testdata, "icd10", "icd10-fat.json"), "--release-version", "2026"); status != exitAnswered {
			t.Fatal(errs)
		}
	}
	sct := url.QueryEscape("http://snomed.info/sct?fhir_vs")
	isA := url.QueryEscape("http://snomed.info/sct?fhir_vs=isa/22298006")
	targets := []string{
		"url=" + sct + "&count=20", "url=" + sct + "&count=20&offset=20", "url=" + isA, "url=" + isA + "&activeOnly=true",
		"url=" + isA + "&filter=nedre", "url=" + isA + "&displayLanguage=nn", "url=" + isA + "&includeDesignations=true",
		"url=" + url.QueryEscape("http://hl7.org/fhir/sid/icd-10-no?vs") + "&date=2026-06-30", "url=http://example.org/hjerte", "url=http://example.org/hjerte&includeDefinition=true",
	}
	const hjerte = `{"resourceType":"ValueSet","id":"hjerte","url":"http://example.org/hjerte","version":"1","status":"active","date":"2026-03-01","compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"22298006"}]},{"system":"http://hl7.org/fhir/sid/icd-10-no","concept":[{"code":"I21.9"}]}],"exclude":[{"system":"http://snomed.info/sct","concept":[{"code":"1755008"}]}]}}`
	answers := func(data string) map[string]string {
		s := serve(t, data)
		defer s.kill()
		client := &http.Client{}
		if status, body := ask(client, http.MethodPut, s.base+"/r4/ValueSet/hjerte", hjerte); status != http.StatusCreated && status != http.StatusOK {
			t.Fatalf("PUT: %d %s", status, body)
		}
		out := map[string]string{}
		for _, version := range []string{"/r4", "/r5"} {
			for _, target := range targets {
				status, body := ask(client, http.MethodGet, s.base+version+"/ValueSet/$expand?"+target, "")
				if status != http.StatusOK || !strings.Contains(body, `"contains"`) {
					t.Fatalf("%s: %d %s", target, status, body)
				}
				out[version+" "+target] = body
			}
		}
		return out
	}
	first := answers(folders[0])
	for what, data := range map[string]string{"another process": folders[0], "another import": folders[1]} {
		for target, body := range answers(data) {
			if body != first[target] {
				t.Errorf("%s answers %s with\n%s\nand not with\n%s", what, target, body, first[target])
			}
		}
	}
	identifier := regexp.MustCompile(`"identifier":"(urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"`)
	of := map[string]string{}
	for target, body := range first {
		found := identifier.FindStringSubmatch(body)
		if found == nil {
			t.Fatalf("%s has no identifier: %s", target, body)
		}
		if other, ok := of[found[1]]; ok {
			t.Errorf("%s and %s are both %s", target, other, found[1])
		}
		of[found[1]] = target
	}
}
