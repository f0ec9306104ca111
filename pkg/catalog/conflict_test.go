package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// opened opens a data folder with resources that may be written.
func opened(t *testing.T, data string, open catalog.Opener) (*catalog.Catalog, *store.Resources) {
	t.Helper()
	s, err := store.OpenResources(filepath.Join(data, catalog.ResourcesDir), false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, open, catalog.Options{Stored: s, OpenResource: openResource})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, s
}

// listed is what a release holds of FHIR resources.
type listed []string

func (l listed) Resources() []terminology.ResourceInfo {
	var out []terminology.ResourceInfo
	for _, text := range l {
		url, version, _ := strings.Cut(text, "|")
		out = append(out, terminology.ResourceInfo{Type: "ValueSet", ID: "installed", URL: url, Version: version, Status: "active"})
	}
	return out
}

func (l listed) Resource(i int) ([]byte, error) {
	url, version, _ := strings.Cut(l[i], "|")
	return fmt.Appendf(nil, `{"resourceType":"ValueSet","url":%q,"version":%q,"status":"active"}`, url, version), nil
}

// TestConflicts: what is installed answers for itself, whatever a client writes, and who
// wants to write in its place is told which release it is of.
func TestConflicts(t *testing.T) {
	data := t.TempDir()
	own := terminology.Release{Kind: terminology.KindCodeSystem, Name: "tarm", System: "http://example.org/tarm", Version: "2", Date: "2026", Title: "Tarm",
		ValueSet: "http://example.org/vs/tarm", Aliases: []string{"1.2.3.4"}}
	publish(t, data, own, "tarm", false)
	publish(t, data, terminology.Release{Kind: terminology.KindConceptMap, Name: "map-tarm", System: "http://example.org/map", Version: "1", Date: "2026",
		Maps: []terminology.MapInfo{{ID: "http://example.org/map", URL: "http://example.org/map", Source: own.System, Target: "http://example.org/foot"}}}, "map", false)
	publish(t, data, terminology.Release{Kind: terminology.KindResources, Name: "fhir-pakke", System: "urn:kodeks:resources:pakke", Version: "7", Date: "7"}, "pakke", false)
	o := newOpener(t)
	c, _ := opened(t, data, func(dir string, m catalog.Manifest) (*catalog.Opened, error) {
		opened, err := o.Open(dir, m)
		if err == nil && m.Release.Kind == terminology.KindResources {
			opened.Resources = listed{"http://example.org/vs/pakke|1", "http://example.org/vs/uten"}
		}
		return opened, err
	})
	text := func(typ, url, version, more string) string {
		return fmt.Sprintf(`{"resourceType":%q,"url":%q,"version":%q,"status":"active"%s}`, typ, url, version, more)
	}
	naming := func(ids ...string) string {
		var list []string
		for _, id := range ids {
			typ := "uri"
			if id[0] < 'a' {
				typ = "oid"
			}
			list = append(list, fmt.Sprintf(`{"type":%q,"value":%q}`, typ, id))
		}
		return `{"resourceType":"NamingSystem","status":"active","kind":"codesystem","uniqueId":[` + strings.Join(list, ",") + `]}`
	}
	concepts := `,"content":"complete","concept":[{"code":"a"}]`
	oid := `,"identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:oid:%s"}]`
	for _, tt := range []struct{ name, text, by string }{ // by "": it is written
		{"the code system", text("CodeSystem", own.System, "2", concepts), "tarm 2026"},
		{"the code system by its date", text("CodeSystem", own.System, "2026", concepts), "tarm 2026"},
		{"the code system without codes", text("CodeSystem", own.System, "2", `,"content":"not-present"`), "tarm 2026"},
		{"another version of it", text("CodeSystem", own.System, "3", concepts), ""},
		{"a code system whose URL is a name of it", text("CodeSystem", "urn:oid:1.2.3.4", "1", concepts), "tarm 2026"},
		{"a code system with its OID", text("CodeSystem", "http://example.org/other", "1", concepts+fmt.Sprintf(oid, "1.2.3.4")), "tarm 2026"},
		{"a code system with the OID of one of the list", text("CodeSystem", "http://example.org/other", "1", concepts+fmt.Sprintf(oid, "2.16.840.1.113883.6.96")), "snomed"},
		{"a code system with an OID of its own", text("CodeSystem", "http://example.org/other", "1", concepts+fmt.Sprintf(oid, "1.2.3.5")), ""},
		{"a second code system with that OID", text("CodeSystem", "http://example.org/third", "1", concepts+fmt.Sprintf(oid, "1.2.3.5")), "CodeSystem/"},
		{"the value set of all codes", text("ValueSet", own.ValueSet, "2", ""), "tarm 2026"},
		{"that of no version", text("ValueSet", own.ValueSet, "", ""), "tarm 2026"},
		{"the implicit value set", text("ValueSet", own.System+"?vs", "9", ""), "tarm 2026"},
		{"a value set of a package", text("ValueSet", "http://example.org/vs/pakke", "1", ""), "fhir-pakke 7"},
		{"one of it that has no version", text("ValueSet", "http://example.org/vs/uten", "", ""), "fhir-pakke 7"},
		{"another version of a value set of a package", text("ValueSet", "http://example.org/vs/pakke", "2", ""), ""},
		{"the map", text("ConceptMap", "http://example.org/map", "1", ""), "map-tarm 2026"},
		{"another version of the map", text("ConceptMap", "http://example.org/map", "5", ""), ""},
		{"a naming system that takes its URI", naming("http://example.org/new", "http://example.org/tarm"), "tarm 2026"},
		{"a naming system that takes its OID", naming("http://example.org/new", "1.2.3.4"), "tarm 2026"},
		{"a naming system that takes the OID of one of the list", naming("http://example.org/new", "2.16.578.1.12.4.1.1.7110"), "icd-10-no"},
		{"a naming system that gives it another name", naming("http://example.org/tarm", "1.2.3.9"), ""},
		{"a naming system that takes the name of a naming system", naming("http://example.org/new", "1.2.3.9"), "NamingSystem/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.Write(change(t, strings.ReplaceAll(tt.name, " ", "-"), tt.text))
			switch {
			case tt.by == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.by != "" && (terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), tt.by)):
				t.Errorf("Write: %v, want Conflict that names %s", err, tt.by)
			}
		})
	}
	s := c.Acquire()
	defer s.LetGo()
	if uri, err := s.System("urn:oid:1.2.3.4"); uri != own.System || err != nil {
		t.Errorf("its OID means %s, %v", uri, err)
	}
	if r, err := s.CodeSystem(own.System, "2"); err != nil || r.Dir == "" {
		t.Errorf("version 2 is answered by %+v, %v, want the release", r, err)
	}
}

// TestTooLarge: of writes that wait together, only the one is refused that is more than
// the store takes.
func TestTooLarge(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	c, s := opened(t, data, newOpener(t).Open)
	const writers = 40
	errs := make([]chan error, writers)
	for i := range writers {
		errs[i] = make(chan error, 1)
		go func() {
			ch := change(t, fmt.Sprintf("v%d", i), fmt.Sprintf(`{"resourceType":"ValueSet","url":"http://example.org/%d","status":"active"}`, i))
			if i%10 == 5 {
				ch.Meta = `{"source":"` + strings.Repeat("x", store.MaxMeta) + `"}`
			}
			_, err := c.Write(ch)
			errs[i] <- err
		}()
	}
	want := 0
	for i := range errs {
		switch err := <-errs[i]; {
		case i%10 == 5 && (terminology.KindOf(err) != terminology.TooCostly || !strings.Contains(err.Error(), fmt.Sprint(store.MaxMeta))):
			t.Errorf("write %d: %v, want TooCostly and the limit", i, err)
		case i%10 != 5 && err != nil:
			t.Errorf("write %d: %v", i, err)
		case i%10 != 5:
			want++
		}
	}
	n := 0
	for v, err := range s.History("", "", 0) {
		if n++; err != nil || v.Version != 1 || len(v.Raw) == 0 {
			t.Errorf("%s/%d: %v", v.ID, v.Version, err)
		}
	}
	if n != want {
		t.Errorf("%d versions are stored, want %d", n, want)
	}
	if _, err := c.Write(change(t, "after", `{"resourceType":"ValueSet","url":"http://example.org/after","status":"active"}`)); err != nil {
		t.Errorf("a write afterwards: %v", err)
	}
}

// TestPanickingCheck: a fault of a check is the error of its write.
func TestPanickingCheck(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	c, _ := opened(t, data, newOpener(t).Open)
	ch := change(t, "a", fmt.Sprintf(hand, 1, 1))
	ch.Check = func(catalog.Now) error { panic("fault of ours") }
	if _, err := c.Write(ch); err == nil || terminology.KindOf(err) != terminology.Other {
		t.Errorf("Write: %v, want an error of ours", err)
	}
	ch.Check = nil
	if _, err := c.Write(ch); err != nil {
		t.Errorf("a write afterwards: %v", err)
	}
}

// TestUnreadable: a stored resource that cannot be read keeps no other from answering, and
// can be written anew.
func TestUnreadable(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenResources(filepath.Join(data, catalog.ResourcesDir), false)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Commit([]terminology.StoredResource{
		{Type: "CodeSystem", ID: "bad", Version: 1, Method: "PUT", Sequence: 1, Raw: []byte(`{"resourceType":"CodeSystem","id":"bad","url":`)},
		{Type: "CodeSystem", ID: "good", Version: 1, Method: "PUT", Sequence: 2, Raw: []byte(fmt.Sprintf(hand, 1, 1))},
		{Type: "CodeSystem", ID: "twice", Version: 1, Method: "PUT", Sequence: 3, Raw: []byte(`{"resourceType":"CodeSystem","id":"twice","url":"http://example.org/twice","status":"active","content":"complete","concept":[{"code":"a"},{"code":"a"}]}`)},
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, _ := opened(t, data, newOpener(t).Open)
	bad := c.Unreadable()
	if len(bad) != 2 || !strings.Contains(bad[0].Error(), "CodeSystem/bad") || terminology.KindOf(bad[0]) != terminology.Corrupt || !strings.Contains(bad[1].Error(), "CodeSystem/twice") {
		t.Errorf("unreadable: %v, want the two", bad)
	}
	snap := c.Acquire()
	if _, err := snap.CodeSystem("http://example.org/hand", ""); err != nil {
		t.Errorf("the good one does not answer: %v", err)
	}
	r := snap.WrittenResource("CodeSystem", "bad")
	if r == nil || r.Bad == nil {
		t.Fatalf("the bad one is %+v, want it there and why not", r)
	}
	if _, err := r.Raw(); terminology.KindOf(err) != terminology.Corrupt {
		t.Errorf("its text: %v, want Corrupt", err)
	}
	snap.LetGo()
	if v, err := c.Write(change(t, "bad", fmt.Sprintf(hand, 2, 2))); err != nil || v.Version != 2 {
		t.Errorf("written anew: version %d, %v", v.Version, err)
	}
	if len(c.Unreadable()) != 1 {
		t.Errorf("still unreadable: %v", c.Unreadable())
	}
}
