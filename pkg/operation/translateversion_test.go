package operation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// inTwoVersions are a code system in two versions, whose code means another thing in each.
func inTwoVersions(url string) [][]byte {
	var out [][]byte
	for _, version := range []string{"1", "2"} {
		out = append(out, fmt.Appendf(nil, `{"resourceType":"CodeSystem","url":%q,"version":%q,"status":"active","content":"complete","concept":[{"code":"x","display":"x of %[2]s"},{"code":"y","display":"y of %[2]s"}]}`, url, version))
	}
	return out
}

// TestVersionsOfGroups: of groups of a ConceptMap that differ in the versions of their ends,
// those of the version that is asked about answer, with codes of the versions that they
// name, as R4 and R5 write them, in both directions.
func TestVersionsOfGroups(t *testing.T) {
	const a, b, url = "http://example.org/va", "http://example.org/vb", "http://example.org/versions"
	group := func(r5 bool, version, target string) string {
		source, of := fmt.Sprintf(`"source":%q,"sourceVersion":%q`, a, version), fmt.Sprintf(`"target":%q,"targetVersion":%q`, b, version)
		if r5 {
			source, of = fmt.Sprintf(`"source":"%s|%s"`, a, version), fmt.Sprintf(`"target":"%s|%s"`, b, version)
		}
		return fmt.Sprintf(`{%s,%s,"element":[{"code":"x","target":[{"code":%q}]}]}`, source, of, target)
	}
	for _, r5 := range []bool{false, true} {
		req := operation.TranslateRequest{URL: url}
		req.Resources = append(append(inTwoVersions(a), inTwoVersions(b)...), fmt.Appendf(nil, `{"resourceType":"ConceptMap","url":%q,"version":"1","status":"active","group":[%s,%s]}`, url, group(r5, "1", "x"), group(r5, "2", "y")))
		said := func(c terminology.Coding) string { return c.Code + " of " + c.Version }
		for version, want := range map[string]string{"1": "x of 1", "2": "y of 2", "": "y of 2"} {
			req.Coding, req.Reverse = terminology.Coding{System: a, Code: "x", Version: version}, false
			resp, err := service.Translate(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if len(resp.Matches) != 1 || said(resp.Matches[0].Coding) != want {
				t.Errorf("R5 %v, from version %q: %+v, want %s", r5, version, resp.Matches, want)
			}
			code := want[:1]
			req.Coding, req.Reverse = terminology.Coding{System: b, Code: code, Version: version}, true
			if resp, err = service.Translate(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if of := "x of " + want[len(want)-1:]; len(resp.Matches) != 1 || said(resp.Matches[0].Coding) != of || said(resp.Matches[0].Target) != want {
				t.Errorf("R5 %v, to %s of version %q: %+v, want %s", r5, code, version, resp.Matches, of)
			}
		}
	}
}

// TestMapsCallSystemsByAnyName: a ConceptMap of the request may call a code system by its OID
// or another of its names, and a chain leads over it.
func TestMapsCallSystemsByAnyName(t *testing.T) {
	for _, name := range []string{"http://hl7.org/fhir/sid/icd-10-no", "urn:oid:2.16.578.1.12.4.1.1.7110", "icd-10"} {
		req := operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: icd}
		req.Resources = append(codeSystems(), mapOf("http://example.org/ai", "http://example.org/a", name, "", "a1 I21.9 equivalent"))
		for range 2 { // the second time over a chain
			resp, err := service.Translate(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if len(resp.Matches) != 1 || resp.Matches[0].Coding.Code != "I21.9" || resp.Matches[0].Coding.System != codesystem.ICD10NO {
				t.Errorf("to %s: %+v", name, resp.Matches)
			}
			req.Coding = coding("http://example.org/z", "z1")
			req.Resources = append(req.Resources, mapOf("http://example.org/za", "http://example.org/z", "http://example.org/a", "", "z1 a1 equivalent"))
		}
	}
}

// TestTranslateUsesSupplements: displays of what is translated and of what it becomes are of
// the supplements that the request wants used; one that is not known is an error.
func TestTranslateUsesSupplements(t *testing.T) {
	const supplement = "http://example.org/more-names"
	req := operation.TranslateRequest{Coding: coding(sct, "22298006"), Target: icd, Languages: languages(t, "nn")}
	plain, err := service.Translate(t.Context(), req)
	if err != nil || len(plain.Matches) == 0 {
		t.Fatalf("%+v, %v", plain, err)
	}
	code := plain.Matches[0].Coding.Code
	req.Resources = [][]byte{fmt.Appendf(nil, `{"resourceType":"CodeSystem","url":%q,"status":"active","content":"supplement","supplements":%q,"concept":[{"code":%q,"designation":[{"language":"nn","value":"Namn"}]}]}`, supplement, codesystem.ICD10NO, code)}
	for _, used := range []bool{false, true} {
		if req.Supplements = nil; used {
			req.Supplements = []string{supplement}
		}
		resp, err := service.Translate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if m := resp.Matches[0].Coding; m.Code != code || (m.Display == "Namn") != used {
			t.Errorf("used %v: %+v", used, m)
		}
	}
	req.Supplements = []string{"http://example.org/no-such"}
	if _, err := service.Translate(t.Context(), req); terminology.KindOf(err) != terminology.NotFound || !strings.Contains(err.Error(), "no-such") {
		t.Errorf("a supplement that is not there: %v", err)
	}
}
