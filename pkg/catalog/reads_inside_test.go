package catalog

import (
	"fmt"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

func putText(t testing.TB, c *Catalog, id, text string) {
	t.Helper()
	p, err := resource.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(ResourceChange{Type: p.Type, ID: id, Method: "PUT", Parsed: p}); err != nil {
		t.Fatal(err)
	}
}

// TestReads asks a snapshot, writes, and compares: what was asked answers alike when and
// only when what it is about was not written.
func TestReads(t *testing.T) {
	system := func(url, version, more string) string {
		return fmt.Sprintf(`{"resourceType":"CodeSystem","url":%q,"version":%q%s,"status":"active","content":"complete","concept":[{"code":"a"}]}`, url, version, more)
	}
	set := func(url, version string) string {
		return fmt.Sprintf(`{"resourceType":"ValueSet","url":%q,"version":%q,"status":"active"}`, url, version)
	}
	asks := map[string]func(*Snapshot){
		"the code system":            func(s *Snapshot) { _, _ = s.CodeSystem("urn:s", "") },
		"another that is not there":  func(s *Snapshot) { _, _ = s.CodeSystem("urn:none", "") },
		"its versions":               func(s *Snapshot) { s.VersionsOf("urn:s") },
		"its days":                   func(s *Snapshot) { s.InForce(s.WrittenSystems()[0]) },
		"the value set":              func(s *Snapshot) { _, _ = s.Resource(resource.TypeValueSet, "urn:v", "") },
		"a version of the value set": func(s *Snapshot) { _, _ = s.Resource(resource.TypeValueSet, "urn:v", "1") },
		"a value set that is none":   func(s *Snapshot) { _, _ = s.Resource(resource.TypeValueSet, "urn:w", "") },
		"a name":                     func(s *Snapshot) { _, _ = s.System("1.2.3") },
		"all codes":                  func(s *Snapshot) { s.AllCodes("urn:all", "") },
		"what clients wrote":         func(s *Snapshot) { s.WrittenSystems() },
		"nothing":                    func(*Snapshot) {},
	}
	both := map[string]bool{"what clients wrote": true}
	for _, tt := range []struct {
		name, id, text string // "" text: another catalog
		other          []string
	}{
		{name: "nothing is written", other: []string{}},
		{"the code system", "s", system("urn:s", "1", ""), []string{"the code system", "its versions", "its days"}},
		{"a version of the code system", "s2", system("urn:s", "2", ""), []string{"the code system", "its versions", "its days"}},
		{"another code system", "o", system("urn:o", "1", ""), nil},
		{"the one that was not there", "n", system("urn:none", "1", ""), []string{"another that is not there"}},
		{"one with the name", "o", system("urn:o", "1", `,"identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:oid:1.2.3"}]`), []string{"a name"}},
		{"one with the URL of all codes", "o", system("urn:o", "1", `,"valueSet":"urn:all"`), []string{"all codes"}},
		{"the value set", "v", set("urn:v", "1"), []string{"the value set", "a version of the value set"}},
		{"the value set that was none", "w", set("urn:w", "1"), []string{"a value set that is none"}},
	} {
		for name, ask := range asks {
			c := inMemory()
			putText(t, c, "s", system("urn:s", "1", ""))
			putText(t, c, "v", set("urn:v", "1"))
			before := c.Acquire()
			defer before.LetGo()
			reading, reads := before.Reading()
			if ask(reading); reading.Overlay() != nil {
				t.Fatal("there is an overlay")
			}
			if tt.text != "" {
				putText(t, c, tt.id, tt.text)
			}
			after := c.Acquire()
			defer after.LetGo()
			if name == "its days" { // which asks what was written, too
				both[name] = true
			}
			want := tt.text == "" || !both[name]
			for _, other := range tt.other {
				want = want && other != name
			}
			if got := after.Answers(reads); got != want {
				t.Errorf("%s is written, %s was asked: answers alike is %v, want %v", tt.name, name, got, want)
			}
			if !before.Answers(reads) {
				t.Errorf("%s: the snapshot that was asked does not answer as it did", name)
			}
		}
	}
	c, other := inMemory(), inMemory()
	_, reads := c.Acquire().Reading()
	if other.Acquire().Answers(reads) {
		t.Error("another installation answers alike")
	}
	over, err := NewOverlay(nil)
	if err != nil {
		t.Fatal(err)
	}
	if laid := c.Acquire().With(over); laid.Answers(reads) || laid.Overlay() != over {
		t.Error("a snapshot with resources of a request answers as the one without")
	}
}

// TestLettingGoIsNoChange opens more code systems than may be open: the catalog has not
// changed for that, and what was opened again has the content that it had.
func TestLettingGoIsNoChange(t *testing.T) {
	c := inMemory()
	c.opened.most = 1
	for i := range 3 {
		putSystem(t, c, i)
	}
	get := func(n int) *Installed {
		s := c.Acquire()
		defer s.LetGo()
		r, err := s.CodeSystem(fmt.Sprintf("http://example.org/%d", n), "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	s := c.Acquire()
	defer s.LetGo()
	reading, reads := s.Reading()
	_, _ = reading.Resource(resource.TypeCodeSystem, "http://example.org/0", "")
	generation, left := c.Generation(), c.Left()
	first := get(0)
	deadline := time.Now().Add(10 * time.Second)
	for n := 0; !first.Gone() && time.Now().Before(deadline); n++ {
		get(1 + n%2)
		time.Sleep(time.Millisecond)
	}
	again := get(0)
	switch now := c.Acquire(); {
	case !first.Gone() || again == first || c.Left() == left:
		t.Error("it was not let go of")
	case again.Gone() || again.Content() != first.Content() || again.Content() == get(1).Content():
		t.Errorf("contents %d, again %d, another %d", first.Content(), again.Content(), get(1).Content())
	case c.Generation() != generation || now.Fingerprint() != s.Fingerprint() || now.WrittenSystemsNumber() != s.WrittenSystemsNumber() || !now.Answers(reads):
		t.Error("the catalog has changed")
	}
	content := again.Content()
	putSystem(t, c, 0)
	if after := get(0); after.Content() == content || !again.Gone() || c.Generation() == generation {
		t.Error("what was written is not another content")
	}
}

// TestWhatIsLetGoOfIsCollected opens two code systems in turn, of which one may be open: what
// took the place of one does not keep it.
func TestWhatIsLetGoOfIsCollected(t *testing.T) {
	c := inMemory()
	c.opened.most = 1
	putSystem(t, c, 0)
	putSystem(t, c, 1)
	open := func(n int) weak.Pointer[Installed] {
		s := c.Acquire()
		defer s.LetGo()
		r, err := s.CodeSystem(fmt.Sprintf("http://example.org/%d", n), "")
		if err != nil {
			t.Fatal(err)
		}
		return weak.Make(r)
	}
	first := open(0)
	for n := range 1000 {
		open(1 - n%2)
		if runtime.GC(); first.Value() == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("it is still kept")
}
