package importer_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// fhirPackage is a FHIR package with so many small code systems that they stay in its collection, one
// large one, a value set and a map.
func fhirPackage(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	put := func(name, content string) {
		if err := w.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	put("package.json", `{"name":"no.example.hand","version":"1.2.0","title":"Hånd","fhirVersions":["4.0.1"]}`)
	for i := range 30 {
		put(fmt.Sprintf("CodeSystem-%d.json", i), fmt.Sprintf(`{"resourceType":"CodeSystem","url":"http://example.org/cs/%d","version":"1","content":"complete","concept":[{"code":"a","display":"Hånd %d"},{"code":"b"}]}`, i, i))
	}
	put("CodeSystem-large.json", `{"resourceType":"CodeSystem","url":"http://example.org/cs/large","version":"1","content":"complete","description":"`+strings.Repeat("x", 2<<20)+`","concept":[{"code":"a","display":"Finger"}]}`)
	put("ValueSet-a.json", `{"resourceType":"ValueSet","url":"http://example.org/vs/a","version":"1","compose":{"include":[{"system":"http://example.org/cs/3"}]}}`)
	put("ConceptMap-a.json", `{"resourceType":"ConceptMap","url":"http://example.org/cm/a","version":"1","group":[{"source":"http://example.org/cs/1","target":"http://example.org/cs/2","element":[{"code":"a","target":[{"code":"b","equivalence":"wider"}]}]}]}`)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPackage imports a FHIR package: its manifests say what is there, every release verifies, a
// catalog gives resources back as they were, and removing takes all of it away.
func TestPackage(t *testing.T) {
	dir := t.TempDir()
	path, data := filepath.Join(dir, "no.example.hand.tgz"), filepath.Join(dir, "data")
	if err := os.WriteFile(path, fhirPackage(t), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := run(t, options(data), codesystem.Options{}, path)
	if err != nil || len(done) != 2 {
		t.Fatalf("%d releases, %v, want 2", len(done), err)
	}
	large, rest := done[0], done[1]
	if large.Release.Kind != terminology.KindCodeSystem || large.Concepts != 1 || large.ResourceCount != 1 {
		t.Errorf("the large code system: %+v", large)
	}
	if rest.Release.Kind != terminology.KindResources || rest.Release.Name != "fhir-no.example.hand" || rest.Release.Date != "1.2.0" || rest.ResourceCount != 32 || len(rest.Release.Maps) != 1 || rest.Release.Maps[0].Rows != 1 {
		t.Errorf("the collection: %+v", rest)
	}
	for _, m := range done {
		if err := wiring.Verify(t.Context(), catalog.Dir(data, m.Release), m); err != nil {
			t.Error(err)
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	snap := c.Acquire()
	cs, err := snap.CodeSystem("http://example.org/cs/7", "1")
	if err != nil || cs.Of == nil || cs.CodeSystem.Len() != 2 {
		t.Errorf("a small code system: %+v, %v", cs, err)
	}
	vs, err := snap.Resource("ValueSet", "http://example.org/vs/a", "")
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := vs.Raw(); err != nil || !strings.HasPrefix(string(raw), `{"resourceType":"ValueSet","url":"http://example.org/vs/a"`) {
		t.Errorf("the value set comes back as %s, %v", raw, err)
	}
	if raw, err := snap.InstalledResources("CodeSystem")[30].Raw(); err != nil || len(raw) < 2<<20 {
		t.Errorf("the large code system comes back with %d bytes, %v", len(raw), err)
	}
	if n := len(snap.Defaults()); n != 1 {
		t.Errorf("%d code systems are searched by default, want the large one", n)
	}
	snap.LetGo()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := run(t, options(data), codesystem.Options{}, path); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("the package again: %v, want kind Conflict", err)
	}
	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range done {
		if err := stage.Remove(m.Release); err != nil {
			t.Error(err)
		}
	}
	if err := stage.Close(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, data)
}

// TestReplaceAnotherSystem: --replace takes a release of another code system for no
// earlier one of this.
func TestReplaceAnotherSystem(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "cs.json")
	text := `{"resourceType":"CodeSystem","url":"http://example.org/cs","version":"1","status":"active","content":"complete","concept":[{"code":"a"}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := run(t, options(data), codesystem.Options{}, file)
	if err != nil || len(done) != 1 {
		t.Fatal(done, err)
	}
	manifest := filepath.Join(catalog.Dir(data, done[0].Release), "manifest.json")
	other, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	other = bytes.Replace(other, []byte(`"http://example.org/cs"`), []byte(`"http://example.org/other"`), 1)
	if err := os.WriteFile(manifest, other, 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(data)
	o.Replace = true
	if _, err := run(t, o, codesystem.Options{}, file); terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), "http://example.org/other") {
		t.Errorf("import over a release of another code system: %v, want Conflict, and which", err)
	}
	if now, err := os.ReadFile(manifest); err != nil || !bytes.Equal(now, other) {
		t.Errorf("the other release was touched: %v", err)
	}
}

func TestPackageRefused(t *testing.T) {
	good := fhirPackage(t)
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"cut short":               {good[:len(good)/2], "cut short"},
		"a pointer of Git LFS":    {[]byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n"), "git lfs pull"},
		"something else":          {[]byte("hello"), "not a FHIR package"},
		"a resource with a fault": {[]byte(`{"resourceType":"CodeSystem","url":"http://example.org/x","content":"complete","concept":[{"code":"a"},{"code":"a"}]}`), "x.json:1:CodeSystem.concept[1].code: code a is given twice"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "x.tgz")
		if tt.data[0] == '{' {
			path = filepath.Join(dir, "x.json")
		}
		if err := os.WriteFile(path, tt.data, 0o600); err != nil {
			t.Fatal(err)
		}
		data := filepath.Join(dir, "data")
		_, err := run(t, options(data), codesystem.Options{}, path)
		if err == nil || terminology.KindOf(err) != terminology.Invalid || !strings.Contains(terminology.Message(err), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
		nothingLeft(t, data)
	}
}
