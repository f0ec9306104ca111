package resource_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sink keeps what a source says, resources too.
type sink struct {
	*tabulartest.Sink
	kept  resource.Builder
	texts map[string][]byte // of resources, by type, URL, version and id
}

func (s *sink) Resource(info terminology.ResourceInfo, raw []byte) error {
	s.texts[info.Type+" "+info.URL+" "+info.Version+" "+info.ID] = raw
	return s.kept.Resource(info, raw)
}

// Mapping is not that of tabulartest, which knows one map only.
func (s *sink) Mapping(m terminology.Mapping) error {
	s.Mappings = append(s.Mappings, m)
	return nil
}

func newSink() *sink { return &sink{Sink: tabulartest.NewSink(), texts: map[string][]byte{}} }

func text(name, content string) terminology.SourceFile {
	return terminology.SourceFile{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func file(t testing.TB, name string) terminology.SourceFile {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text(name, string(data))
}

var options = terminology.SourceOptions{Version: "2026-11-22", Today: "2026-11-22"}

// read reads all sources of files, by the names of their releases without the hash.
func read(t *testing.T, files ...terminology.SourceFile) map[string]*sink {
	t.Helper()
	sources, err := resource.NewSources(files, options)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*sink{}
	for _, s := range sources {
		to := newSink()
		release, err := s.Read(context.Background(), to)
		if err != nil || len(to.BadRows) > 0 {
			t.Fatalf("%s: %v, %v", s.Release().Name, err, to.BadRows)
		}
		out[string(release.Kind)+" "+release.System+" "+release.Date] = to
	}
	return out
}

// TestDates: a date that cannot be read is told with its path, a zone is moved to Norway.
func TestDates(t *testing.T) {
	const list = `{"resourceType":"CodeSystem","url":"http://example.org/d","version":"1","content":"complete","status":"active","concept":[
{"code":"a","property":[{"code":"retirementDate","valueDateTime":"2019-12-31T23:30:00Z"},{"code":"effectiveDate","valueDateTime":"2009-12-31T23:00:00+00:00"}]},
{"code":"b","concept":[{"code":"c","property":[{"code":"status","valueCode":"active"},{"code":"retirementDate","valueDateTime":"2020-13-01"}]}]},
{"code":"d","property":[{"code":"retirementDate","valueDateTime":"2020-02"},{"code":"valid-from","valueDateTime":"2004-12-31T23:59:00"}]}]}`
	sources, err := resource.NewSources([]terminology.SourceFile{text("d.json", list)}, options)
	if err != nil {
		t.Fatal(err)
	}
	to := newSink()
	if _, err := sources[0].Read(context.Background(), to); err != nil {
		t.Fatal(err)
	}
	if len(to.BadRows) != 1 || to.BadRows[0].Line != 3 || !strings.Contains(to.BadRows[0].Error(), `CodeSystem.concept[1].concept[0].property[1]: retirementDate "2020-13-01" is not a date`) {
		t.Errorf("bad rows %v", to.BadRows)
	}
	if want := (terminology.Concept{Code: "a", Inactive: true, Effective: 20100101, To: 20200101}); to.Concepts["a"] != want {
		t.Errorf("a is %+v, want %+v", to.Concepts["a"], want)
	}
	if want := (terminology.Concept{Code: "d", Inactive: true, From: 20041231, To: 20200229}); to.Concepts["d"] != want {
		t.Errorf("d is %+v, want %+v", to.Concepts["d"], want)
	}
}

func TestSourcesOfFiles(t *testing.T) {
	found := read(t, file(t, "CodeSystem-hand.json"), file(t, "supplement-hand.json"), file(t, "bundle.json"), file(t, "ConceptMap-r4.json"), file(t, "ConceptMap-r5.json"))
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	collection := names[len(names)-1]
	want := []string{
		"CodeSystem http://example.org/fhir/CodeSystem/hand 2.0.0",
		"CodeSystem http://example.org/fhir/CodeSystem/side 1",
		"ConceptMap http://example.org/fhir/ConceptMap/hand-r4 1.0",
		"ConceptMap http://example.org/fhir/ConceptMap/hand-r5 2026-03",
		"Resources urn:kodeks:resources:file:CodeSystem-hand 2026-11-22",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("releases (-want +got):\n%s", diff)
	}
	var kept []string
	for _, i := range found[collection].kept.Infos() {
		kept = append(kept, i.Type+" "+i.URL+i.ID+" "+i.Content)
	}
	want = []string{ // a supplement and a system without codes are no code systems, and a patient is nothing to us
		"CodeSystem http://example.org/fhir/CodeSystem/hand-sv supplement",
		"ValueSet http://example.org/fhir/ValueSet/fractures ",
		"NamingSystem hand-names ",
		"CodeSystem http://example.org/fhir/CodeSystem/elsewhere not-present",
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("the collection (-want +got):\n%s", diff)
	}
	if got := found[names[0]].kept.Infos(); len(got) != 1 || got[0].URL != "http://example.org/fhir/CodeSystem/hand" {
		t.Errorf("the release of a code system holds %+v", got)
	}
}

func TestMaps(t *testing.T) {
	found := read(t, file(t, "ConceptMap-r4.json"))
	for _, s := range found {
		url := "http://example.org/fhir/ConceptMap/hand-r4"
		infos := []terminology.MapInfo{
			{ID: url, URL: url, Title: "Hånd til andre", Source: "http://example.org/fhir/CodeSystem/hand", Target: "http://hl7.org/fhir/sid/icd-10-no", TargetVersion: "2026", Unmapped: &terminology.Unmapped{Mode: terminology.UnmappedFixed, Code: "S69.9"}},
			{ID: url + "#2", URL: url, Title: "Hånd til andre", Source: "http://example.org/fhir/CodeSystem/hand", Target: "http://hl7.org/fhir/sid/icpc-2"},
		}
		if diff := cmp.Diff(infos, s.Maps); diff != "" {
			t.Errorf("maps (-want +got):\n%s", diff)
		}
		want := []terminology.Mapping{
			{Map: url, Source: "H1", Target: "S62.8", Group: 1, Priority: 1, Relationship: terminology.SourceIsNarrower, Advice: "uten sted", ID: "group[0].element[0].target[0]"},
			{Map: url, Source: "H1", Target: "S62.0", Group: 1, Priority: 2, Relationship: terminology.SourceIsBroader, ID: "group[0].element[0].target[1]",
				DependsOn: []terminology.MapTerm{{Property: "http://example.org/sted", Value: terminology.Coding{Display: "båtben"}}}},
			{Map: url, Source: "H2", Group: 1, Priority: 1, Relationship: terminology.NotRelatedTo, ID: "group[0].element[1].target[0]"},
			{Map: url + "#2", Source: "H1", Target: "L74", Group: 2, Priority: 1, Relationship: terminology.Equivalent, ID: "group[1].element[0].target[0]"},
		}
		for i := range want {
			want[i].File = "ConceptMap-r4.json"
		}
		if diff := cmp.Diff(want, s.Mappings); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	}
	for _, s := range read(t, file(t, "ConceptMap-r5.json")) {
		if len(s.Mappings) != 2 || s.Mappings[0].Relationship != terminology.SourceIsNarrower || s.Mappings[1].Target != "" {
			t.Errorf("rows of R5: %+v", s.Mappings)
		}
	}
	m := parsed(t, "ConceptMap-r4.json").ConceptMap
	if u := m.Groups[0].Unmapped; u == nil || u.Mode != "fixed" || u.Code != "S69.9" || m.Groups[0].TargetVersion != "2026" {
		t.Errorf("unmapped is %+v", u)
	}
	if p := parsed(t, "ConceptMap-r5.json").ConceptMap.Groups[0].Elements[0].Targets[0].Products; len(p) != 1 || p[0].Attribute != "side" || p[0].Value != "R" {
		t.Errorf("products are %+v", p)
	}
}

func TestLines(t *testing.T) {
	lines := `{"resourceType":"ValueSet","url":"http://example.org/a","status":"active"}
{"resourceType":"ValueSet","url":"http://example.org/b","status":"active"}
`
	for name, s := range read(t, text("some.ndjson", lines)) {
		if s.kept.Len() != 2 {
			t.Errorf("%s has %d resources, want 2", name, s.kept.Len())
		}
	}
	_, err := resource.NewSources([]terminology.SourceFile{text("some.ndjson", lines+`{"resourceType":"ValueSet","url":7}`)}, options)
	if err == nil || !strings.Contains(err.Error(), "some.ndjson:3:ValueSet.url: want a string, not a number") {
		t.Errorf("a bad line: %v", err)
	}
}

// TestBundleSaysWhere names the entry of a Bundle in which something is wrong.
func TestBundleSaysWhere(t *testing.T) {
	bundle := "{\"resourceType\":\"Bundle\",\"entry\":[{},\n{\"resource\":{\"resourceType\":\"CodeSystem\",\"url\":\"http://example.org/a\",\"content\":\"complete\",\n\"concept\":[{\"code\":\"a\"},{\"code\":\"a\"}]}}]}"
	sources, err := resource.NewSources([]terminology.SourceFile{text("b.json", bundle)}, options)
	if err != nil {
		t.Fatal(err)
	}
	to := newSink()
	if _, err := sources[0].Read(context.Background(), to); err != nil || len(to.BadRows) != 1 {
		t.Fatalf("%v, %v", err, to.BadRows)
	}
	if got, want := to.BadRows[0].Error(), "b.json:3:Bundle.entry[1].resource.concept[1].code: "; !strings.HasPrefix(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestNothingOfTerminology(t *testing.T) {
	_, err := resource.NewSources([]terminology.SourceFile{text("p.json", `{"resourceType":"Patient","id":"x"}`)}, options)
	if err == nil || !strings.Contains(err.Error(), "no CodeSystem") {
		t.Errorf("a patient: %v", err)
	}
}

// TestVersions are the folders of versions.
func TestVersions(t *testing.T) {
	for version, want := range map[string]string{
		"4.0.1": "4.0.1", "2.1.0-ballot": "2.1.0-ballot", "2024-05": "2024-05", "": "2026-11-22",
		"http://example.org/v/1": "http---example.org-v-1-29252cc7ac99cc34", "../..": "0cfd1c96cbc0c0e0", "æ": "889be819e24eaa58",
	} {
		cs := `{"resourceType":"CodeSystem","url":"http://example.org/a","content":"complete","concept":[{"code":"a"}]`
		if version != "" {
			cs += `,"version":"` + version + `"`
		}
		sources, err := resource.NewSources([]terminology.SourceFile{text("a.json", cs+"}")}, options)
		if err != nil {
			t.Fatal(err)
		}
		if r := sources[0].Release(); r.Date != want || version != "" && r.Version != version {
			t.Errorf("version %q is in folder %q, want %q", version, r.Date, want)
		}
	}
}

// packed makes a .tgz.
func packed(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, content := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPackage(t *testing.T) {
	vs := `{"resourceType":"ValueSet","url":"http://example.org/a","status":"active"}`
	data := packed(t, map[string]string{
		"package/package.json": `{"name":"no.example.hand","version":"1.2.0","title":"Hånd","fhirVersions":["4.0.1"]}`, "package/.index.json": `{"files":[]}`,
		"package/ValueSet-a.json": vs, "package/example/ValueSet-b.json": vs, "package/../../etc/passwd.json": vs, "/package/c.json": vs, "package/x.schema": "x",
	})
	fsys, err := resource.OpenPackage(bytes.NewReader(data), "p.tgz")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	var files []terminology.SourceFile
	for _, e := range entries {
		names = append(names, e.Name())
		files = append(files, terminology.SourceFile{Name: e.Name(), Open: func() (io.ReadCloser, error) { return fsys.Open(e.Name()) }})
		if ok, err := resource.Sniff(files[len(files)-1]); !ok || err != nil {
			t.Errorf("%s is not taken for a resource: %v", e.Name(), err)
		}
	}
	if want := []string{"ValueSet-a.json", "c.json", "package.json"}; !slices.Equal(names, want) {
		t.Errorf("files are %q, want %q", names, want)
	}
	sources, err := resource.NewSources(files[:1:1], options)
	if err != nil || len(sources) != 1 {
		t.Fatal(sources, err)
	}
	sources, err = resource.NewSources([]terminology.SourceFile{files[0], files[2]}, options)
	if err != nil {
		t.Fatal(err)
	}
	want := terminology.Release{Kind: terminology.KindResources, Name: "fhir-no.example.hand", System: "urn:kodeks:resources:no.example.hand", Version: "1.2.0", Date: "1.2.0", Title: "Hånd"}
	if diff := cmp.Diff(want, sources[0].Release()); diff != "" {
		t.Errorf("Release (-want +got):\n%s", diff)
	}
}

func TestOpenPackageRefuses(t *testing.T) {
	good := packed(t, map[string]string{"package/package.json": `{"name":"a","version":"1"}` + strings.Repeat(" ", 10_000)})
	tests := []struct {
		name, want string
		data       []byte
	}{
		{"no archive", "not a FHIR package", []byte("hello")},
		{"nothing", "not a FHIR package", nil},
		{"a pointer of Git LFS", "Git-LFS pointer", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n")},
		{"cut short", "cut short", good[:len(good)-20]},
		{"another archive", "no folder package", packed(t, map[string]string{"src/a.json": "{}"})},
	}
	for _, tt := range tests {
		_, err := resource.OpenPackage(bytes.NewReader(tt.data), "p.tgz")
		if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "p.tgz") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
