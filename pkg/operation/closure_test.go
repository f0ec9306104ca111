package operation_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// keeping is a service over the sample that keeps what clients write in a folder. Close
// ends it, so that another one may begin.
type keeping struct {
	*operation.Service
	Close func()
}

func keep(t testing.TB, dir string, readOnly bool, o operation.Options) keeping {
	t.Helper()
	return keepWith(t, dir, readOnly, o, func(s terminology.ClosureStore) terminology.ClosureStore { return s })
}

// keepWith is keep with another store of closure tables over the real one.
func keepWith(t testing.TB, dir string, readOnly bool, o operation.Options, over func(terminology.ClosureStore) terminology.ClosureStore) keeping {
	t.Helper()
	resources, err := wiring.OpenResources(dir, readOnly)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(dataDir, wiring.Open, catalog.Options{Language: "nb", Stored: resources, ReadOnly: readOnly, OpenResource: wiring.OpenResource})
	if err != nil {
		t.Fatal(err)
	}
	o.Closures = over(resources)
	end := sync.OnceFunc(func() {
		if err := errors.Join(c.Close(), resources.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return keeping{operation.New(c, o), end}
}

func closureOf(name string, concepts ...terminology.Coding) operation.ClosureRequest {
	req := operation.ClosureRequest{Name: name}
	for i, c := range concepts {
		req.Concepts = append(req.Concepts, operation.ClosureCoding{Coding: c, Where: fmt.Sprintf("concept[%d]", i)})
	}
	return req
}

func resync(name, version string) operation.ClosureRequest {
	return operation.ClosureRequest{Name: name, Resync: true, Version: version}
}

// ask is Closure that must succeed; rows are its relations as text.
func (k keeping) ask(t testing.TB, req operation.ClosureRequest) (*operation.ClosureResponse, []string) {
	t.Helper()
	resp, err := k.Closure(context.Background(), req)
	if err != nil {
		t.Fatalf("Closure(%+v): %v", req, err)
	}
	var rows []string
	for _, g := range resp.Groups {
		for _, r := range g.Rows {
			rows = append(rows, relation(g.System, r.Source, r.Target, r.Equal))
		}
	}
	return resp, rows
}

func relation(system, source, target string, equal bool) string {
	if equal {
		pair := []string{source, target}
		slices.Sort(pair)
		return system + " " + strings.Join(pair, " = ")
	}
	return system + " " + source + " < " + target
}

// TestClosureLaw adds concepts of several code systems, written in several ways, and
// expressions, some at a time and in random order. What is told then is what $subsumes
// tells of all pairs, each once, and again when it is asked for.
func TestClosureLaw(t *testing.T) {
	pool := []terminology.Coding{}
	for _, code := range []string{"22298006", "57054005", "64572001", "138875005", "404684003", "74281007", "1755008", "56265001", "49601007", "73211009", "46635009", "44054006", "362969004", "155728006",
		"64572001:363698007=74281007", "64572001 : 363698007 = 74281007", "22298006:246112005=24484000", "64572001:{363698007=74281007,116676008=55641003}", "57054005+22298006", "22298006+57054005", "57054005", "64572001:363698007=80891009"} {
		pool = append(pool, coding(sct, code))
	}
	for _, code := range []string{"I21", "I21.0", "i21.9", "I219", "I20-I25", "IX", "I21.9", "E10", "I10"} {
		pool = append(pool, coding("http://hl7.org/fhir/sid/icd-10-no", code))
	}
	for _, code := range []string{"K75", "k75", "K", "T90"} {
		pool = append(pool, coding("http://hl7.org/fhir/sid/icpc-2", code))
	}
	ctx := context.Background()
	pool = slices.DeleteFunc(pool, func(c terminology.Coding) bool { // the sample does not have them all
		resp, err := service.Subsumes(ctx, operation.SubsumesRequest{System: c.System, CodeA: c.Code, CodeB: c.Code})
		return err != nil || len(resp.Unknown) > 0
	})
	if len(pool) < 20 {
		t.Fatalf("only %d of the concepts are in the sample", len(pool))
	}
	want := map[string]bool{}
	for i, a := range pool {
		for _, b := range pool[:i] {
			if a.System != b.System || a.Code == b.Code {
				continue
			}
			resp, err := service.Subsumes(ctx, operation.SubsumesRequest{System: a.System, CodeA: a.Code, CodeB: b.Code})
			if err != nil {
				t.Fatal(err)
			}
			switch resp.Outcome {
			case operation.SameConcept:
				want[relation(a.System, a.Code, b.Code, true)] = true
			case operation.Subsuming:
				want[relation(a.System, b.Code, a.Code, false)] = true
			case operation.SubsumedBy:
				want[relation(a.System, a.Code, b.Code, false)] = true
			}
		}
	}
	kinds := 0
	for _, sign := range []string{"22298006 < 64572001", "57054005 < 64572001:363698007=74281007", " = "} {
		for w := range want {
			if strings.Contains(w, sign) {
				kinds++
				break
			}
		}
	}
	if kinds != 3 {
		t.Fatalf("the sample does not tell what it should: %v", want)
	}
	k := keep(t, t.TempDir(), false, operation.Options{})
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		list := slices.Clone(pool)
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		name := fmt.Sprint("law ", seed)
		k.ask(t, operation.ClosureRequest{Name: name})
		got, versions, after := map[string]bool{}, []string{"0"}, []map[string]bool{{}}
		for len(list) > 0 {
			n := 1 + rnd.IntN(min(9, len(list)))
			resp, rows := k.ask(t, closureOf(name, list[:n]...))
			list = list[n:]
			for _, r := range rows {
				if got[r] {
					t.Errorf("seed %d: %s is told twice", seed, r)
				}
				got[r] = true
			}
			if resp.Version != versions[len(versions)-1] {
				versions, after = append(versions, resp.Version), append(after, maps.Clone(got))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: (-$subsumes +$closure):\n%s", seed, diff)
		}
		for i, version := range versions {
			_, rows := k.ask(t, resync(name, version))
			again := maps.Clone(after[i])
			for _, r := range rows {
				if again[r] {
					t.Errorf("seed %d: since %s: %s was told before", seed, version, r)
				}
				again[r] = true
			}
			if diff := cmp.Diff(want, again); diff != "" {
				t.Errorf("seed %d: since %s: (-want +got):\n%s", seed, version, diff)
			}
		}
	}
}

// TestClosureOutlasts ends the server between the requests.
func TestClosureOutlasts(t *testing.T) {
	dir := t.TempDir()
	k := keep(t, dir, false, operation.Options{})
	if resp, _ := k.ask(t, operation.ClosureRequest{Name: "problems"}); resp.Version != "0" || !resp.Made {
		t.Errorf("a new table: %+v, want version 0, made", resp)
	}
	first, _ := k.ask(t, closureOf("problems", coding(sct, "22298006")))
	k.Close()

	k = keep(t, dir, false, operation.Options{})
	second, rows := k.ask(t, closureOf("problems", coding(sct, "64572001"), coding(sct, "22298006")))
	if want := []string{sct + " 22298006 < 64572001"}; !slices.Equal(rows, want) || second.Version == first.Version {
		t.Errorf("after a restart: version %s, %q, want another than %s, %q", second.Version, rows, first.Version, want)
	}
	same, rows := k.ask(t, closureOf("problems", coding(sct, "22298006")))
	if same.Version != second.Version || rows != nil {
		t.Errorf("a concept that it has: version %s, %q, want %s and nothing", same.Version, rows, second.Version)
	}
	k.Close()

	k = keep(t, dir, false, operation.Options{})
	again, rows := k.ask(t, resync("problems", first.Version))
	if want := []string{sct + " 22298006 < 64572001"}; !slices.Equal(rows, want) || again.Version != second.Version || !again.Time.Equal(second.Time) {
		t.Errorf("since %s: %+v, %q, want version %s, %q", first.Version, again, rows, second.Version, want)
	}
	k.ask(t, operation.ClosureRequest{Name: "problems"})
	if resp, rows := k.ask(t, resync("problems", "0")); resp.Version != "0" || rows != nil {
		t.Errorf("an emptied table: version %s, %q, want 0 and nothing", resp.Version, rows)
	}
	_, err := k.Closure(context.Background(), resync("problems", second.Version))
	if terminology.KindOf(err) != terminology.NotSupported || !strings.Contains(err.Error(), "must be reinitialized") {
		t.Errorf("a version from before it was emptied: %v, want that it must be reinitialized", err)
	}
	if third, _ := k.ask(t, closureOf("problems", coding(sct, "22298006"))); third.Version == first.Version || third.Version == second.Version {
		t.Errorf("version %s is used again", third.Version)
	}
}

func TestClosureErrors(t *testing.T) {
	k := keep(t, t.TempDir(), false, operation.Options{MaxClosures: 3, MaxClosureConcepts: 4})
	k.ask(t, operation.ClosureRequest{Name: "a"})
	k.ask(t, closureOf("a", coding(sct, "22298006")))
	for _, tt := range []struct {
		name string
		req  operation.ClosureRequest
		kind terminology.Kind
		text string
	}{
		{"no name", closureOf(""), terminology.Invalid, `invalid closure name "": want a name`},
		{"a name with a line break", closureOf("a\nb"), terminology.Invalid, "invalid closure name"},
		{"a long name", closureOf(strings.Repeat("å", 201)), terminology.Invalid, "200 characters"},
		{"a table that was not initialized", closureOf("b", coding(sct, "22298006")), terminology.NotFound, `invalid closure name "b"`},
		{"a resync of a table that was not initialized", resync("b", "0"), terminology.NotFound, `invalid closure name "b"`},
		{"a version that it never had", resync("a", "7"), terminology.NotSupported, "must be reinitialized"},
		{"a version that is none", resync("a", "x"), terminology.NotSupported, "must be reinitialized"},
		{"concepts and a version", operation.ClosureRequest{Name: "a", Resync: true, Version: "0", Concepts: closureOf("", coding(sct, "22298006")).Concepts}, terminology.Invalid, "not both"},
		{"an unknown code", closureOf("a", coding(sct, "64572001"), coding(sct, "22298007")), terminology.Invalid, "Unknown code '22298007'"},
		{"an expression with an unknown concept", closureOf("a", coding(sct, "22298006:363698007=12345678")), terminology.Invalid, "Not a valid expression"},
		{"an unknown code system", closureOf("a", coding("http://example.org/none", "1")), terminology.Invalid, "'http://example.org/none' could not be found"},
		{"no code system", closureOf("a", coding("", "1")), terminology.Invalid, "no system"},
		{"no code", closureOf("a", coding(sct, "")), terminology.Invalid, "no code"},
		{"another version", closureOf("a", terminology.Coding{System: sct, Version: older, Code: "22298006"}), terminology.Invalid, "needs another table"},
		{"an unknown version", closureOf("a", terminology.Coding{System: icd, Version: "1999", Code: "I21"}), terminology.Invalid, "version '1999' could not be found"},
		{"too many concepts", closureOf("a", coding(sct, "64572001"), coding(sct, "404684003"), coding(sct, "57054005"), coding(sct, "138875005")), terminology.TooCostly, "4 at most"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := k.Closure(context.Background(), tt.req)
			if terminology.KindOf(err) != tt.kind || err == nil || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("Closure = %v (%v), want kind %v, text %q", err, terminology.KindOf(err), tt.kind, tt.text)
			}
			if _, rows := k.ask(t, closureOf("a", coding(sct, "22298006"))); rows != nil {
				t.Errorf("the table has changed: %q", rows)
			}
		})
	}
	if _, rows := k.ask(t, closureOf("a", coding(sct, "64572001"))); len(rows) != 1 {
		t.Errorf("after all that was refused: %q, want one relation", rows)
	}

	t.Run("empty tables make room", func(t *testing.T) {
		for _, name := range []string{"b", "c", "d"} { // b must go
			k.ask(t, operation.ClosureRequest{Name: name})
		}
		if _, err := k.Closure(context.Background(), resync("b", "0")); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("the table that was empty for longest: %v, want NotFound", err)
		}
		for _, name := range []string{"c", "d"} {
			k.ask(t, closureOf(name, coding(sct, "22298006")))
		}
		if _, err := k.Closure(context.Background(), operation.ClosureRequest{Name: "e"}); terminology.KindOf(err) != terminology.TooCostly {
			t.Errorf("one table more: %v, want TooCostly", err)
		}
	})
	t.Run("versions by their own name", func(t *testing.T) {
		k.ask(t, operation.ClosureRequest{Name: "d"})
		c := terminology.Coding{System: sct, Version: older, Code: "22298006"}
		k.ask(t, closureOf("d", c))
		if _, rows := k.ask(t, closureOf("d", coding("snomed", "64572001"))); len(rows) != 1 { // of that version
			t.Errorf("a concept of a table of an older version: %q, want one relation", rows)
		}
	})
}

// TestClosureReadOnly asks a server that may not write, and one that keeps nothing.
func TestClosureReadOnly(t *testing.T) {
	dir := t.TempDir()
	k := keep(t, dir, false, operation.Options{})
	k.ask(t, operation.ClosureRequest{Name: "a"})
	k.Close()
	for name, s := range map[string]*operation.Service{"read-only": keep(t, dir, true, operation.Options{}).Service, "nothing kept": service} {
		for _, req := range []operation.ClosureRequest{closureOf("a"), closureOf("a", coding(sct, "22298006"))} {
			if _, err := s.Closure(context.Background(), req); terminology.KindOf(err) != terminology.NotSupported || !operation.IsReadOnly(err) {
				t.Errorf("%s: %v, want that it is read-only", name, err)
			}
		}
	}
}

const grades = `{"resourceType":"CodeSystem","id":"g","url":"http://example.org/grades","version":"1","status":"active","content":"complete","concept":[{"code":"all","concept":[{"code":"mild"},{"code":"grave"}]}]}`

// TestClosureOfAnother writes a code system anew under a table of it.
func TestClosureOfAnother(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	k := keep(t, dir, false, operation.Options{})
	write := func(raw string) {
		t.Helper()
		if _, err := k.WriteResource(ctx, operation.WriteRequest{Type: "CodeSystem", ID: "g", Method: "PUT", Text: func(string) []byte { return []byte(raw) }}); err != nil {
			t.Fatal(err)
		}
	}
	write(grades)
	k.ask(t, operation.ClosureRequest{Name: "g"})
	c := func(code string) terminology.Coding { return coding("http://example.org/grades", code) }
	k.ask(t, closureOf("g", c("mild"), c("all"), coding(sct, "22298006")))
	k.Close()
	k = keep(t, dir, false, operation.Options{}) // opened anew, it is still the same
	if _, rows := k.ask(t, closureOf("g", c("grave"))); !slices.Equal(rows, []string{"http://example.org/grades grave < all"}) {
		t.Errorf("after a restart: %q", rows)
	}
	write(strings.Replace(grades, `{"code":"grave"}`, `{"code":"fatal"}`, 1))
	for _, req := range []operation.ClosureRequest{closureOf("g", coding(sct, "64572001")), resync("g", "0")} {
		if _, err := k.Closure(ctx, req); terminology.KindOf(err) != terminology.NotSupported || !strings.Contains(err.Error(), "must be reinitialized") {
			t.Errorf("a code system that has changed: %v, want that it must be reinitialized", err)
		}
	}
	k.ask(t, operation.ClosureRequest{Name: "g"})
	if _, rows := k.ask(t, closureOf("g", c("all"), c("fatal"))); len(rows) != 1 {
		t.Errorf("initialized anew: %q", rows)
	}
}

// TestClosuresTogether lets many clients add to the same tables, while others empty them.
func TestClosuresTogether(t *testing.T) {
	k := keep(t, t.TempDir(), false, operation.Options{})
	codes := []string{"22298006", "57054005", "64572001", "138875005", "404684003", "1755008"}
	for _, name := range []string{"a", "b"} {
		k.ask(t, operation.ClosureRequest{Name: name})
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	told := map[string]int{}
	for _, code := range codes {
		wg.Go(func() {
			_, rows := k.ask(t, closureOf("a", coding(sct, code)))
			mu.Lock()
			defer mu.Unlock()
			for _, r := range rows {
				told[r]++
			}
		})
		wg.Go(func() {
			k.ask(t, operation.ClosureRequest{Name: "b"})
			k.ask(t, closureOf("b", coding(sct, code)))
		})
	}
	wg.Wait()
	_, rows := k.ask(t, resync("a", "0"))
	for _, r := range rows {
		if told[r] != 1 {
			t.Errorf("%s was told %d times, want once", r, told[r])
		}
	}
	if len(rows) == 0 || len(rows) != len(told) {
		t.Errorf("%d relations, want %d", len(rows), len(told))
	}
}

// withDamage is a store in which the head of a table cannot be read.
type withDamage struct {
	terminology.ClosureStore
	name string
}

func (s withDamage) Closures() iter.Seq2[terminology.Closure, error] {
	return func(yield func(terminology.Closure, error) bool) {
		last := uint64(0)
		for c := range s.ClosureStore.Closures() {
			last = max(last, c.Version)
		}
		for c, err := range s.ClosureStore.Closures() {
			if c.Name == s.name {
				c, err = terminology.Closure{Name: c.Name, Version: last}, &terminology.Error{Op: "store.Closures", Kind: terminology.Corrupt, Err: errors.New("its checksum is wrong")}
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// TestDamagedClosureTable: a table that cannot be read is named to who asks for it, can be
// initialized anew, and touches no other.
func TestDamagedClosureTable(t *testing.T) {
	dir := t.TempDir()
	k := keep(t, dir, false, operation.Options{})
	for _, name := range []string{"whole", "head", "rows"} {
		k.ask(t, operation.ClosureRequest{Name: name})
		k.ask(t, closureOf(name, coding(sct, "22298006")))
	}
	before, _ := k.ask(t, closureOf("head", coding(sct, "64572001")))
	k.Close()

	resources, err := wiring.OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	for c := range resources.Closures() {
		if c.Name == "rows" {
			c.Concepts = 7 // more than there are
			if err := resources.PutClosure(c, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := resources.Close(); err != nil {
		t.Fatal(err)
	}
	if found, err := wiring.VerifyResources(context.Background(), dir); terminology.KindOf(err) != terminology.Corrupt || !strings.Contains(err.Error(), `"rows" has 1 concepts, want 7`) || found.Closures != 3 {
		t.Errorf("VerifyResources = %+v, %v, want 3 tables and that rows is damaged", found, err)
	}

	k = keepWith(t, dir, false, operation.Options{}, func(s terminology.ClosureStore) terminology.ClosureStore { return withDamage{s, "head"} })
	for _, name := range []string{"head", "rows"} {
		for _, req := range []operation.ClosureRequest{closureOf(name, coding(sct, "57054005")), resync(name, "0")} {
			_, err := k.Closure(context.Background(), req)
			var told *operation.IssueError
			if terminology.KindOf(err) != terminology.Corrupt || !errors.As(err, &told) || !strings.Contains(told.Error(), `closure "`+name+`" is damaged`) {
				t.Errorf("%s: %v, want Corrupt and its name", name, err)
			}
		}
		if _, rows := k.ask(t, closureOf("whole", coding(sct, "22298006"))); rows != nil {
			t.Errorf("the table that is whole: %q", rows)
		}
	}
	for _, name := range []string{"head", "rows"} {
		k.ask(t, operation.ClosureRequest{Name: name})
		if resp, rows := k.ask(t, closureOf(name, coding(sct, "22298006"))); rows != nil || resp.Version == before.Version {
			t.Errorf("%s, initialized anew: version %s, %q, want another than %s", name, resp.Version, rows, before.Version)
		}
		if _, err := k.Closure(context.Background(), resync(name, before.Version)); terminology.KindOf(err) != terminology.NotSupported {
			t.Errorf("%s: a version from before: %v, want that it must be reinitialized", name, err)
		}
	}
}
