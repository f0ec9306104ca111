package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// large is a CodeSystem whose text is long enough to be saved as it was made.
func large(n int, prefix string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"resourceType":"CodeSystem","url":"http://example.org/large/%d","version":"1","status":"active","content":"complete","concept":[`, n)
	for i := range 8_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"code":"%s%d","display":"Begrep nummer %d"}`, prefix, i, i)
	}
	return b.String() + "]}"
}

// TestSavedSystems follows the files of large code systems: one for each that is, none for
// one that was replaced, deleted or refused; and whatever becomes of the files, all answer.
func TestSavedSystems(t *testing.T) {
	_, dir, begin := kept(t)
	files := func() (names []string) {
		entries, _ := os.ReadDir(filepath.Join(dir, "saved"))
		for _, e := range entries {
			names = append(names, filepath.Join(dir, "saved", e.Name()))
		}
		return names
	}
	ask := func(c *catalog.Catalog, n int, code string) {
		t.Helper()
		s := c.Acquire()
		defer s.LetGo()
		r, err := s.CodeSystem(fmt.Sprintf("http://example.org/large/%d", n), "")
		if err != nil {
			t.Fatal(err)
		}
		o, ok := r.CodeSystem.Find(code)
		if !ok || r.CodeSystem.(*resource.Provider).Concept(o).Code != code {
			t.Errorf("%s is not in code system %d", code, n)
		}
	}
	put := func(c *catalog.Catalog, n int, prefix string) {
		t.Helper()
		if _, err := c.Write(change(t, fmt.Sprint(n), large(n, prefix))); err != nil {
			t.Fatal(err)
		}
	}
	want := func(n int, when string) {
		t.Helper()
		if got := files(); len(got) != n {
			t.Errorf("%s there are %d files, want %d", when, len(got), n)
		}
	}

	c, end := begin()
	for n := range 3 {
		put(c, n, "A")
	}
	want(3, "after three writes")
	put(c, 1, "B")
	put(c, 1, "B")
	want(3, "after one was replaced, and written again as it was,")
	if _, err := c.Write(change(t, "another", strings.Replace(large(0, "C"), `"active"`, `"draft"`, 1))); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("a second of a URL: %v", err)
	}
	want(3, "after one was refused")
	if _, err := c.Write(catalog.ResourceChange{Type: "CodeSystem", ID: "2", Method: "DELETE"}); err != nil {
		t.Fatal(err)
	}
	want(2, "after one was deleted")
	ask(c, 0, "A77")
	ask(c, 1, "B7999")
	end()

	if err := os.WriteFile(filepath.Join(dir, "saved", strings.Repeat("ab", 32)), []byte("of nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := files()
	for i, name := range list[:2] { // one damaged, one lost
		if i == 0 {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text[len(text)/2] ^= 1
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	c, end = begin()
	ask(c, 0, "A0")
	ask(c, 1, "B0")
	s := c.Acquire()
	r := s.WrittenResource("CodeSystem", "1")
	if light, err := r.Light(); err != nil || string(light) != `{"resourceType":"CodeSystem","url":"http://example.org/large/1","version":"1","status":"active","content":"complete","concept":[]}` {
		t.Errorf("lists show %.300s, %v", light, err)
	}
	if raw, err := r.Raw(); err != nil || string(raw) != large(1, "B") {
		t.Errorf("the text is %.100s, %v", raw, err)
	}
	s.LetGo()
	want(2, "after a restart")
	end()
	for _, name := range files() {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := resource.OpenSaved(text); err != nil {
			t.Errorf("what was damaged was not saved anew: %v", err)
		}
	}
}
