package operation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// writing is a server whose clients write at random.
type writing struct {
	*rand.Rand
	t       *testing.T
	data    string
	stored  wiring.Resources
	catalog *catalog.Catalog
	service *operation.Service
}

// newWriting serves some resources that were imported, unless that is "", and what clients write.
func newWriting(t *testing.T, seed uint64, maxOpened int, imported string) *writing {
	t.Helper()
	w := &writing{Rand: rand.New(rand.NewPCG(seed, 22)), t: t, data: t.TempDir()}
	err := os.Mkdir(filepath.Join(w.data, catalog.ReleasesDir), 0o755)
	if imported != "" {
		path := filepath.Join(t.TempDir(), "resources.json")
		if err = os.WriteFile(path, []byte(imported), 0o600); err == nil {
			err = importList(w.data, path)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if w.stored, err = wiring.OpenResources(w.data, false); err != nil {
		t.Fatal(err)
	}
	w.catalog = w.open(false, maxOpened)
	w.service = operation.New(w.catalog, operation.Options{Languages: language.Of(language.Bokmal)})
	t.Cleanup(func() {
		if err := w.catalog.Close(); err != nil {
			t.Error(err)
		}
		if err := w.stored.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *writing) open(readOnly bool, maxOpened int) *catalog.Catalog {
	c, err := catalog.Open(w.data, wiring.Open, catalog.Options{Language: "nb", Stored: w.stored, OpenResource: wiring.OpenResource, ReadOnly: readOnly, MaxOpened: maxOpened})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *writing) one(list ...string) string { return list[w.IntN(len(list))] }

const (
	systemURL = "http://example.org/s"
	setURL    = "http://example.org/vs/v"
)

// system names a code system that may be there, with a version or without.
func (w *writing) system() string {
	return w.one(systemURL+"0", systemURL+"1", systemURL+"2", "http://example.org/hand")
}

func (w *writing) version() string { return w.one("", "", "", "", "1", "2") }

func (w *writing) set() string {
	url := setURL + fmt.Sprint(w.IntN(4))
	if v := w.one("", "", w.version()); v != "" {
		url += "|" + v
	}
	return w.one(url, url, url, url, systemURL+"0/all", systemURL+"1?vs", "http://example.org/vs/below")
}

func (w *writing) code() string {
	return w.one("a", "a", "b", "c", "d", "e", "H", "H1")
}

func optional(name, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf(`,%q:%q`, name, value)
}

// include is one include or exclude of a value set.
func (w *writing) include() string {
	if w.IntN(4) == 0 {
		return fmt.Sprintf(`{"valueSet":[%q]}`, w.set())
	}
	out := fmt.Sprintf(`{"system":%q%s`, w.one(w.system(), w.system(), w.system(), "urn:oid:1.2.3.4"), optional("version", w.version()))
	switch w.IntN(4) {
	case 0:
		out += fmt.Sprintf(`,"concept":[{"code":%q,"display":%q},{"code":%q}]`, w.code(), w.one("Eple", "Pære"), w.code())
	case 1:
		var long []string
		for i := range 1000 {
			long = append(long, fmt.Sprintf(`{"code":"x%d"}`, i))
		}
		out += fmt.Sprintf(`,"concept":[%s,{"code":%q}]`, strings.Join(long, ","), w.code())
	case 2:
		out += fmt.Sprintf(`,"filter":[{"property":"concept","op":"is-a","value":%q}]`, w.code())
	}
	if w.IntN(4) == 0 {
		out += fmt.Sprintf(`,"valueSet":[%q]`, w.set())
	}
	return out + "}"
}

// resource returns a resource of a type, without its end, to which id and type are added.
func (w *writing) resource(typ string) string {
	status := optional("status", w.one("active", "active", "draft", "retired"))
	switch typ {
	case "CodeSystem":
		url := w.system()
		if w.IntN(4) == 0 {
			of := w.system()
			return fmt.Sprintf(`"url":%q%s%s,"content":"supplement","supplements":%q,"concept":[{"code":%q,"designation":[{"language":"nn","value":%q}]}]`,
				"http://example.org/more"+w.one("0", "1"), optional("version", w.version()), status, w.one(of, of, of+"|1"), w.code(), w.one("Eple", "Pære"))
		}
		all := ""
		if w.IntN(3) == 0 {
			all = optional("valueSet", w.one(systemURL+"0/all", systemURL+"1/all"))
		}
		return fmt.Sprintf(`"url":%q%s%s%s,"content":%q,"caseSensitive":true,"concept":[{"code":"a","display":%q,"concept":[{"code":%q,"display":"B"}]},{"code":%q,"display":"C"}]`,
			url, optional("version", w.version()), status, all, w.one("complete", "complete", "fragment"), w.one("Eple", "Pære"), w.one("b", "c"), w.one("d", "e"))
	case "ValueSet":
		out := fmt.Sprintf(`"url":%q%s%s`, setURL+fmt.Sprint(w.IntN(4)), optional("version", w.version()), status)
		if w.IntN(12) == 0 {
			out += fmt.Sprintf(`,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-supplement","valueCanonical":%q}]`, "http://example.org/more"+w.one("0", "1"))
		}
		out += `,"compose":{"include":[` + w.include()
		if w.IntN(2) == 0 {
			out += "," + w.include()
		}
		out += "]"
		if w.IntN(3) == 0 {
			out += `,"exclude":[` + w.include() + "]"
		}
		return out + "}"
	case "ConceptMap":
		return fmt.Sprintf(`"url":"http://example.org/map/%d"%s%s,"group":[{"source":%q,"target":%q,"element":[{"code":%q,"target":[{"code":%q,"relationship":"equivalent"}]}]}]`,
			w.IntN(4), optional("version", w.version()), status, w.system(), w.system(), w.code(), w.code())
	}
	return fmt.Sprintf(`"name":"N","kind":"codesystem"%s,"date":"2026-01-01","uniqueId":[{"type":"uri","value":%q},{"type":"oid","value":"1.2.3.4"}]`, status, w.system())
}

var writtenTypes = []string{"CodeSystem", "ValueSet", "ValueSet", "ConceptMap", "NamingSystem"}

// addressOf makes an id of the URL and version of a resource, so that writing it again is
// an update.
func addressOf(body string) string {
	head, _, _ := strings.Cut(body, `,"status"`)
	return "id" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.NewReplacer("http://example.org/", "", `"url"`, "", `"version"`, "v", `"name"`, "n").Replace(head))
}

// write writes or deletes a resource, or tries to.
func (w *writing) write(ctx context.Context) (told string) {
	typ := writtenTypes[w.IntN(len(writtenTypes))]
	body := w.resource(typ)
	req := operation.WriteRequest{Type: typ, ID: addressOf(body), Method: "DELETE"}
	if w.IntN(10) > 0 {
		req.Method, req.Text = "PUT", func(id string) []byte {
			return []byte(fmt.Sprintf(`{"resourceType":%q,"id":%q,%s}`, typ, id, body))
		}
		told = body
	}
	if w.IntN(10) == 0 {
		req.ID = "another" // under which it may be there already
	}
	_, err := w.service.WriteResource(ctx, req)
	switch terminology.KindOf(err) {
	case terminology.Other, terminology.Conflict, terminology.Invalid:
		if err == nil || terminology.KindOf(err) != terminology.Other {
			return fmt.Sprintf("%s %s/%s %s: %v", req.Method, typ, req.ID, told, err)
		}
	}
	w.t.Errorf("%s %s/%s %s: %v", req.Method, typ, req.ID, told, err)
	return ""
}

// with is what some requests bring.
func (w *writing) with() (out operation.With) {
	if w.IntN(4) == 0 {
		typ := writtenTypes[w.IntN(4)]
		fixed := &writing{Rand: rand.New(rand.NewPCG(w.Uint64()%5, 3)), t: w.t} // which come again
		out.Resources = [][]byte{[]byte(fmt.Sprintf(`{"resourceType":%q,%s}`, typ, fixed.resource(typ)))}
	}
	if w.IntN(10) == 0 {
		out.Supplements = []string{"http://example.org/more" + w.one("0", "1", "0|1")}
	}
	switch rule := []string{w.system() + "|" + w.one("1", "2", "x")}; w.IntN(20) {
	case 0:
		out.Versions.Default = rule
	case 1:
		out.Versions.Check = rule
	case 2:
		out.Versions.Force = rule
	case 3:
		out.Versions.ValueSets = []string{setURL + "1|" + w.one("1", "2")}
	}
	return out
}

// question is one that a client may ask; the words are what it is.
type question struct {
	words string
	ask   func(*operation.Service) (any, error)
}

func (w *writing) question(ctx context.Context) question {
	with, set := w.with(), w.set()
	coding := terminology.Coding{System: w.one(w.system(), w.system(), w.system(), "urn:oid:1.2.3.4"), Version: w.one("", "", w.version()), Code: w.code()}
	day := terminology.Date(0)
	if w.IntN(8) == 0 {
		day = 20260601
	}
	made := func(name string, req any, ask func(*operation.Service) (any, error)) question {
		return question{fmt.Sprintf("%s %+v, bringing %s", name, req, with.Resources), ask}
	}
	switch w.IntN(8) {
	case 0, 1, 2:
		req := operation.ExpandRequest{With: with, URL: set, Count: -1, Details: w.IntN(2) == 0, ActiveOnly: w.IntN(4) == 0, Designations: w.IntN(2) == 0, Nested: w.IntN(3) == 0, Date: day}
		if w.IntN(6) == 0 {
			req.Text = "e"
		}
		return made("Expand", req, func(s *operation.Service) (any, error) { return s.Expand(ctx, req) })
	case 3, 4:
		req := operation.ValidateRequest{With: with, ValueSet: set, Codings: []terminology.Coding{coding}, Date: day, InferSystem: true, Membership: w.IntN(4) == 0, Form: operation.FormCoding}
		if w.IntN(5) == 0 {
			req.Codings[0].System, req.Codings[0].Version = "", ""
		}
		return made("Validate", req, func(s *operation.Service) (any, error) { return s.Validate(ctx, req) })
	case 5:
		req := operation.LookupRequest{With: with, Coding: coding, Date: day, Details: true}
		return made("Lookup", req, func(s *operation.Service) (any, error) { return s.Lookup(ctx, req) })
	case 6:
		req := operation.SearchRequest{Text: w.one("e", "p", "b"), ValueSet: set, Limit: 5}
		return made("Search", req, func(s *operation.Service) (any, error) { return s.Search(ctx, req) })
	}
	req := operation.TranslateRequest{With: with, Coding: coding, Target: w.system()}
	req.Coding.Version = ""
	if w.IntN(5) == 0 {
		req.Into = set
	}
	return made("Translate", req, func(s *operation.Service) (any, error) { return s.Translate(ctx, req) })
}

// told is an answer or an error as clients see it.
func (q question) told(s *operation.Service) (resp any, err string) {
	resp, e := q.ask(s)
	if e != nil {
		return nil, fmt.Sprint(terminology.KindOf(e), e)
	}
	return resp, ""
}

// TestKeptLaw writes at random and asks in between: whatever was kept of what was asked
// before, the answer is that of a server that starts with what is written then. It does so
// with room for what clients wrote, and with none, so that all of it is let go of again and
// again.
func TestKeptLaw(t *testing.T) {
	for seed, maxOpened := range []int{0, 1} {
		t.Run(fmt.Sprint("most ", maxOpened), func(t *testing.T) {
			w := newWriting(t, uint64(seed)+1, maxOpened, resources)
			var asked []question
			var writes []string
			answers, empty := 0, 0

			for range 250 {
				writes = append(writes, w.write(t.Context()))
				fresh := w.open(true, 0)
				for range 8 {
					q := w.question(t.Context())
					if len(asked) > 20 && w.IntN(3) > 0 {
						q = asked[len(asked)-1-w.IntN(20)] // what may be kept
					}
					asked = append(asked, q)
					got, gotErr := q.told(w.service)
					want, wantErr := q.told(operation.New(fresh, operation.Options{Languages: language.Of(language.Bokmal)}))
					if gotErr != wantErr || gotErr == "" && !reflect.DeepEqual(got, want) {
						t.Fatalf("%s\n got %+v %s\nwant %+v %s\nafter %s", q.words, got, gotErr, want, wantErr, strings.Join(writes[max(0, len(writes)-12):], "\n"))
					}
					if answers++; gotErr != "" {
						empty++

					}
				}
				if err := fresh.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if empty*2 > answers {
				t.Errorf("%d of %d answers are errors: the law says little", empty, answers)

			}
		})
	}
}

// TestKeptTogether asks while others write: each answer is one that was right before or
// after some write, and when nobody writes any more, all are those of a new server.
func TestKeptTogether(t *testing.T) {
	w := newWriting(t, 9, 1, resources)
	var asked []question
	for range 40 {
		asked = append(asked, w.question(t.Context()))
	}
	var working sync.WaitGroup
	var done atomic.Bool
	for i := range 3 {
		working.Go(func() {
			for n := i; !done.Load(); n++ {
				asked[n%len(asked)].told(w.service)
			}
		})
	}
	for range 150 {
		w.write(t.Context())
	}
	done.Store(true)
	working.Wait()
	fresh := w.open(true, 0)
	defer fresh.Close()
	for _, q := range asked {
		got, gotErr := q.told(w.service)
		want, wantErr := q.told(operation.New(fresh, operation.Options{Languages: language.Of(language.Bokmal)}))
		if gotErr != wantErr || gotErr == "" && !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\n got %+v %s\nwant %+v %s", q.words, got, gotErr, want, wantErr)
		}
	}
}
