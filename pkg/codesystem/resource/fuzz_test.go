package resource_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// FuzzParse states what holds for every text: what is read as a resource is JSON and is
// kept byte for byte, reading it again gives the same, and a code system made of it has
// exactly the codes that it says.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := resource.Parse(data)
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("Parse: %v, want kind Invalid", err)
			}
			return
		}
		if !json.Valid(r.Raw) || !bytes.Contains(data, r.Raw) {
			t.Fatalf("%q is kept as %q", data, r.Raw)
		}
		again, err := resource.Parse(r.Raw)
		if err != nil || again.Info() != r.Info() {
			t.Fatalf("read again: %v, %+v, want %+v", err, again, r.Info())
		}
		if r.Type != resource.TypeCodeSystem {
			return
		}
		p, err := resource.NewProvider(r, basic.Options{})
		if err != nil {
			return
		}
		n := 0
		r.CodeSystem.Walk(func(c, _ *resource.Concept) bool {
			n++
			if o, ok := p.Find(c.Code); !ok || p.Code(o) != c.Code {
				t.Fatalf("code %q is not found", c.Code)
			}
			return true
		})
		if n != p.Len() {
			t.Fatalf("%d concepts, want %d", p.Len(), n)
		}
		if _, err := p.Text().Search(context.Background(), terminology.TextQuery{Text: r.Name, Limit: 1}, p); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzSources states that what NewSources accepts can be read to its end, with bad rows
// told as such.
func FuzzSources(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("{\"resourceType\":\"ValueSet\",\"id\":\"a\"}\n{\"resourceType\":\"ValueSet\",\"id\":\"b\"}")
	f.Fuzz(func(t *testing.T, data string) {
		sources, err := resource.NewSources([]terminology.SourceFile{text("a.json", data)}, options)
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("NewSources: %v, want kind Invalid", err)
			}
			return
		}
		for _, s := range sources {
			to := newSink()
			_, err := s.Read(context.Background(), to)
			if err != nil && len(to.BadRows) == 0 && terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("Read: %v", err)
			}
			if r := s.Release(); r.Name == "" || r.Date == "" || r.System == "" || r.Version == "" || filepath.Base(r.Name) != r.Name || filepath.Base(r.Date) != r.Date {
				t.Fatalf("release %+v", r)
			}
		}
	})
}
