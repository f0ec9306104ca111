package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/search"
	"github.com/kodeks/kodeks/pkg/server/rest"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sample is a server over the sample of the project, imported once a test binary.
var sample *rest.Server

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "rest")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
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
	o := importer.Options{
		Data: data, Report: func(importer.Progress) {},
		CreateTables: func(dir string) (terminology.TableWriter, error) { return store.Create(dir) },
		OpenTables:   func(dir string) (terminology.Tables, error) { return store.Open(dir) },
		CreateText: func(dir string) (terminology.TextIndexWriter, error) {
			b, err := search.NewBuilder(dir, search.BuilderOptions{})
			return textWriter{b}, err
		},
		OpenText: openText,
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, o); err != nil {
			return nil, err
		}
	}
	return catalog.Open(data, openRelease, catalog.Options{Language: "nb"})
}

func openRelease(dir string, m catalog.Manifest) (*catalog.Opened, error) {
	tables, err := store.Open(filepath.Join(dir, catalog.TablesDir))
	if err != nil {
		return nil, err
	}
	cs, err := codesystem.Open(tables, m.Release)
	if err != nil {
		return nil, err
	}
	text, err := openText(filepath.Join(dir, catalog.TextDir))
	if err != nil {
		return nil, err
	}
	return &catalog.Opened{CodeSystem: cs, Text: text, Maps: conceptmap.Open(tables, m.Release),
		Close: func() error { return errors.Join(text.Close(), tables.Close()) }}, nil
}

func openText(dir string) (terminology.TextIndex, error) {
	ix, err := search.Open(dir)
	return textIndex{ix}, err
}

// textWriter and textIndex are the text index as the ports that importer and
// operation ask, in the few words that a small sample needs.
type textWriter struct{ *search.Builder }

func (w textWriter) Add(d terminology.TextDocument) error { return w.Builder.Add(search.Document(d)) }
func (w textWriter) Abort()                               { w.Builder.Abort() }

type textIndex struct{ *search.Index }

type terms struct{ terminology.TextTerms }

func (t terms) Concept(doc uint32) uint32 { o, _ := t.Document(doc); return o }
func (t terms) Term(doc uint32) string    { _, term := t.Document(doc); return term }

func (ix textIndex) Search(ctx context.Context, q terminology.TextQuery, t terminology.TextTerms) (terminology.TextResult, error) {
	query := search.Query{Text: q.Text, Prefer: q.Prefer, Tag: q.Tag, Use: q.Use, Inactive: q.Inactive, Limit: q.Limit, WholeWords: q.WholeWords}
	if q.Only != nil {
		query.Within = roaring.New()
		for it := q.Only.Iterator(); it.HasNext(); {
			for doc := range t.Documents(it.Next()) {
				query.Within.Add(doc)
			}
		}
	}
	found, err := ix.Index.Search(ctx, query, terms{t})
	if err != nil {
		return terminology.TextResult{}, err
	}
	out := terminology.TextResult{Total: found.Total, Exact: found.Exact}
	for _, h := range found.Hits {
		out.Hits = append(out.Hits, terminology.TextHit{Doc: h.Doc, Concept: h.Concept, Class: uint8(h.Class), Tier: h.Tier})
	}
	return out, nil
}

var timestamp = regexp.MustCompile(`"timestamp": "[^"]*"`)

// TestAnswers pins whole answers about the sample, byte for byte but for the time of
// an expansion. To change one on purpose, run go test -update and read the diff: it
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
			body := timestamp.ReplaceAllString(rec.Body.String(), `"timestamp": "…"`)
			golden.Equal(t, tt.name+".txt", []byte(rec.Result().Status+"\n"+body))
		})
	}
}
