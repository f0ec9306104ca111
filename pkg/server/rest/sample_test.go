package rest_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// sample is a server over the sample of the project, imported once a test binary.
var sample *rest.Server

// sampleData is the data folder of sample.
var sampleData string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "rest")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		sampleData = dir
		c, err := importSample(dir)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer c.Close()
		sample = rest.New(operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)}),
			rest.Options{Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org"})
		return m.Run()
	}())
}

func importSample(data string) (*catalog.Catalog, error) {
	testdata := filepath.Join("..", "..", "..", "testdata")
	in, err := importer.OpenInputs([]string{filepath.Join(testdata, "snomed"), filepath.Join(testdata, "icd10", "icd10-fat.json")})
	if err != nil {
		return nil, err
	}
	sources, err := codesystem.Detect(in.List, codesystem.Options{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			return nil, err
		}
	}
	return catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
}

var identifier = regexp.MustCompile(`"identifier": "urn:uuid:[^"]*"`)

// TestAnswers pins whole answers about the sample, byte for byte but for the
// identifiers of expansions, which change with the sample. To change one on purpose, run go test -update and read the diff: it
// is the change that every client sees.
func TestAnswers(t *testing.T) {
	const sct, icd10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no"
	tests := []struct{ name, target, body string }{
		{name: "lookup-nynorsk", target: "/fhir/CodeSystem/$lookup?system=" + sct + "&code=22298006&displayLanguage=nn&property=parent"},
		{name: "lookup-icd10-r5", target: "/fhir/r5/CodeSystem/$lookup?system=" + icd10 + "&code=i21.9"},
		{name: "lookup-unknown-code", target: "/fhir/CodeSystem/$lookup?system=" + icd10 + "&code=X99.9"},
		{name: "lookup-unknown-system", target: "/fhir/CodeSystem/$lookup?system=http://loinc.org&code=8480-6"},
		{name: "subsumes", target: "/fhir/CodeSystem/$subsumes?system=" + sct + "&codeA=64572001&codeB=22298006"},
		{name: "subsumes-unknown-code", target: "/fhir/CodeSystem/$subsumes?system=" + sct + "&codeA=64572001&codeB=22298007"},
		{name: "validate-wrong-display", target: "/fhir/ValueSet/$validate-code?url=" + sct + "?fhir_vs=isa/64572001&system=" + sct + "&code=22298006&display=hjernehinnebetennelse"},
		{name: "validate-concept", target: "/fhir/CodeSystem/$validate-code", body: `{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"` + icd10 + `","code":"X99.9"},{"system":"` + sct + `","code":"22298006"}]}}`},
		{name: "expand-nynorsk-filter", target: "/fhir/ValueSet/$expand?url=" + sct + "?fhir_vs&filter=hjarteinf&displayLanguage=nn&count=2"},
		{name: "expand-posted", target: "/fhir/r5/ValueSet/$expand", body: `{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"system":"` + icd10 + `","concept":[{"code":"I21.9"}]}]}}},{"name":"includeDesignations","valueBoolean":true}`},
		{name: "expand-unknown", target: "/fhir/ValueSet/$expand?url=http://example.org/nothing"},
		{name: "translate-r4", target: "/fhir/r4/ConceptMap/$translate?system=" + sct + "&code=22298006&targetsystem=" + icd10},
		{name: "translate-r5", target: "/fhir/r5/ConceptMap/$translate?system=" + sct + "&sourceCode=22298006&targetSystem=" + icd10},
		{name: "metadata-terminology", target: "/fhir/metadata?mode=terminology"},
		{name: "lookup-on-a-day", target: "/fhir/CodeSystem/$lookup?system=" + icd10 + "&code=R50.0&date=2026-11-22&property=none"},
		{name: "lookup-before-the-oldest", target: "/fhir/CodeSystem/$lookup?system=" + icd10 + "&code=R50.0&date=2012-06&property=none"},
		{name: "lookup-dagger", target: "/fhir/r5/CodeSystem/$lookup?system=" + icd10 + "&code=I21.9%2B&property=none"},
		{name: "lookup-bad-date", target: "/fhir/CodeSystem/$lookup?system=" + icd10 + "&code=R50.0&date=22.11.2026"},
		{name: "validate-on-a-day", target: "/fhir/CodeSystem/$validate-code?url=" + icd10 + "&code=r500&date=2026"},
		{name: "validate-posted-on-a-day", target: "/fhir/r5/ValueSet/$validate-code", body: `{"name":"url","valueUri":"` + icd10 + `?vs"},{"name":"coding","valueCoding":{"system":"` + icd10 + `","code":"r50.0"}},{"name":"date","valueDateTime":"2026-11-22T12:00:00+01:00"}`},
		{name: "expand-on-a-day", target: "/fhir/ValueSet/$expand", body: `{"name":"date","valueDateTime":"2026-06-30"},{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"system":"` + icd10 + `","concept":[{"code":"R50.0"},{"code":"R50.9"}]}]}}}`},
		{name: "expand-before-the-oldest", target: "/fhir/ValueSet/$expand?url=" + icd10 + "?vs&date=2012"},
		{name: "namingsystem-icd10", target: "/fhir/NamingSystem/icd-10-no"},
		{name: "namingsystem-r5", target: "/fhir/r5/NamingSystem/snomed"},
		{name: "namingsystem-by-oid", target: "/fhir/NamingSystem?value=urn:oid:2.16.578.1.12.4.1.1.7110"},
		{name: "namingsystem-unknown", target: "/fhir/r4/NamingSystem/none"},
		{name: "namingsystem-of-nobody", target: "/fhir/r4/NamingSystem?value=http://example.org/none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := tt.target + "?_pretty=true"
			if strings.Contains(tt.target, "?") {
				target = tt.target + "&_pretty=true"
			}
			r := httptest.NewRequest("GET", target, nil)
			if tt.body != "" {
				r = httptest.NewRequest("POST", target, strings.NewReader(`{"resourceType":"Parameters","parameter":[`+tt.body+`]}`))
				r.Header.Set("Content-Type", "application/fhir+json")
			}
			rec := httptest.NewRecorder()
			sample.Handler().ServeHTTP(rec, r)
			body := identifier.ReplaceAllString(rec.Body.String(), `"identifier": "urn:uuid:…"`)
			golden.Equal(t, tt.name+".txt", []byte(rec.Result().Status+"\n"+body))
		})
	}
}
