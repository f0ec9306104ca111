package resource_test

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// FuzzOpenPackage states what holds for every archive: what is read as a package is a
// folder of JSON files, each of which can be read whole, and no name leads out of it; the rest
// is Invalid and names the archive.
func FuzzOpenPackage(f *testing.F) {
	good := packed(f, map[string]string{"package/package.json": `{"name":"a","version":"1"}`, "package/../../x.json": "{}", "package/a/b.json": "{}", "/package/c.json": "[]"})
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("version https://git-lfs.github.com/spec/v1\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys, err := resource.OpenPackage(bytes.NewReader(data), "p.tgz")
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), "p.tgz") {
				t.Fatalf("OpenPackage: %v, want kind Invalid, and which archive", err)
			}
			return
		}
		entries, err := fs.ReadDir(fsys, ".")
		if err != nil || len(entries) == 0 {
			t.Fatalf("ReadDir: %d, %v", len(entries), err)
		}
		for _, e := range entries {
			if name := e.Name(); name != path.Base(name) || path.Ext(name) != ".json" || name[0] == '.' {
				t.Fatalf("a file is called %q", name)
			}
			info, err := e.Info()
			if err != nil {
				t.Fatal(err)
			}
			content, err := fs.ReadFile(fsys, e.Name())
			if err != nil || int64(len(content)) != info.Size() {
				t.Fatalf("%s has %d bytes, want %d: %v", e.Name(), len(content), info.Size(), err)
			}
		}
	})
}

// TestIsReleaseName tells releases of resources from those of the publishers' files.
func TestIsReleaseName(t *testing.T) {
	r, err := resource.Parse([]byte(`{"resourceType":"CodeSystem","url":"http://loinc.org","status":"active","content":"complete","concept":[{"code":"a"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	name := p.Release().Name
	if sum := name[strings.LastIndexByte(name, '-')+1:]; len(sum) != 16 {
		t.Errorf("%s: %d signs of a digest, want 16: two URLs that share it must not be found", name, len(sum))
	}
	for name, want := range map[string]bool{name: true, "cs-loinc-0123abcd": true, "cs-0123456789abcdef": true, "loinc": false, "icd-10-no": false,
		"snomed-51000202101": false, "cs-loinc": false, "cs-loinc-0123abcx": false, "map-a-0123456789abcdef": false} {
		if got := resource.IsReleaseName(name); got != want {
			t.Errorf("IsReleaseName(%s) = %v, want %v", name, got, want)
		}
	}
}
