package operation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	fhirresource "github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// guarded is a code system whose release tells when it is used after it was closed.
type guarded struct {
	terminology.CodeSystem
	closed *atomic.Bool
	late   *atomic.Int64
}

func (g guarded) look() {
	if g.closed.Load() {
		g.late.Add(1)
	}
}

func (g guarded) Find(code string) (terminology.Ordinal, bool) {
	g.look()
	return g.CodeSystem.Find(code)
}

func (g guarded) Show(ordinals []terminology.Ordinal, columns []int, anyTerm bool, into []terminology.Shown) {
	g.look()
	g.CodeSystem.Show(ordinals, columns, anyTerm, into)
}

// oneResource is the resource that a release was made of.
type oneResource struct {
	info terminology.ResourceInfo
	raw  []byte
}

func (o oneResource) Resources() []terminology.ResourceInfo {
	return []terminology.ResourceInfo{o.info}
}

func (o oneResource) Resource(int) ([]byte, error) { return o.raw, nil }

// publishTables publishes code system i as a release with tables of a size, by which a server
// opens it when it is used.
func publishTables(t *testing.T, data string, i int, size int64) {
	t.Helper()
	raw := fmt.Appendf(nil, `{"resourceType":"CodeSystem","id":"large%d","url":"http://example.org/large/%d","version":"1","status":"active","content":"complete","concept":[{"code":"a%d","display":"A %d"},{"code":"b"}]}`, i, i, i, i)
	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	dir, err := stage.Build()
	if err != nil {
		t.Fatal(err)
	}
	tables := filepath.Join(dir, catalog.TablesDir)
	info := terminology.ResourceInfo{Type: "CodeSystem", ID: fmt.Sprintf("large%d", i), URL: fmt.Sprintf("http://example.org/large/%d", i), Version: "1"}
	r := terminology.Release{Kind: terminology.KindCodeSystem, Name: fmt.Sprintf("cs-large-%016x", i), System: info.URL, Version: "1", Date: "1", Title: "Large"}
	err = errors.Join(os.MkdirAll(tables, 0o755), os.WriteFile(filepath.Join(tables, "text"), raw, 0o644), os.WriteFile(filepath.Join(tables, "more"), nil, 0o644), os.Truncate(filepath.Join(tables, "more"), size),
		catalog.WriteManifest(dir, catalog.Manifest{Release: r, Concepts: 2, ResourceCount: 1, Kept: []catalog.Kept{{ResourceInfo: info}},
			Files: []catalog.File{{Name: catalog.TablesDir + "/text", Bytes: int64(len(raw))}, {Name: catalog.TablesDir + "/more", Bytes: size}}}))
	if err == nil {
		err = stage.Publish(dir, r, false)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestLargeTakeTurns asks many large code systems, of which few may be open, in all the ways
// that something is kept of them, by many at once: each answers as it does alone, what is
// closed is used by nobody, and what is kept of another one stays.
func TestLargeTakeTurns(t *testing.T) {
	const n = 10
	data := t.TempDir()
	for i := range n {
		publishTables(t, data, i, map[bool]int64{true: 1000, false: 5 << 20}[i == 0]) // the first is always open
	}
	var late, closings atomic.Int64
	openOne := func(dir string, m catalog.Manifest) (*catalog.Opened, error) {
		raw, err := os.ReadFile(filepath.Join(dir, catalog.TablesDir, "text"))
		if err != nil {
			return nil, err
		}
		parsed, err := fhirresource.Parse(raw)
		if err != nil {
			return nil, err
		}
		p, err := fhirresource.NewProvider(parsed, basic.Options{})
		if err != nil {
			return nil, err
		}
		closed := new(atomic.Bool)
		return &catalog.Opened{CodeSystem: guarded{p, closed, &late}, Text: p.Text(), Maps: conceptmap.Memory{}, Resources: oneResource{m.Kept[0].ResourceInfo, raw},
			Close: func() error { closed.Store(true); closings.Add(1); return nil }}, nil
	}
	large := &catalog.Large{Readable: func(catalog.Manifest) error { return nil }, Check: func(string, catalog.Manifest) error { return nil }, Most: 4 * (5<<20 + 1000)}
	c, err := catalog.Open(data, openOne, catalog.Options{Language: "nb", Large: large})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := operation.New(c, operation.Options{})
	generation := c.Generation()
	ask := func(ctx context.Context, i int) error {
		system, code := fmt.Sprintf("http://example.org/large/%d", i), fmt.Sprintf("a%d", i)
		expanded, err := s.Expand(ctx, operation.ExpandRequest{URL: system + "?vs", Count: -1})
		if err != nil || expanded.Total != 2 || expanded.Codes[0].Coding.Code != code || expanded.Codes[0].Coding.Display != fmt.Sprintf("A %d", i) {
			return fmt.Errorf("Expand of %d: %+v, %v", i, expanded, err)
		}
		valid, err := s.Validate(ctx, operation.ValidateRequest{ValueSet: system + "?vs", Codings: []terminology.Coding{{System: system, Code: code}}})
		if err != nil || !valid.Result {
			return fmt.Errorf("Validate in %d: %+v, %v", i, valid, err)
		}
		looked, err := s.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: system, Code: code}})
		if err != nil || looked.Coding.Code != code {
			return fmt.Errorf("Lookup in %d: %+v, %v", i, looked, err)
		}
		r, err := s.ReadResource(ctx, "CodeSystem", fmt.Sprintf("large%d", i))
		var text struct{ URL string }
		if err != nil || json.Unmarshal(r.Raw, &text) != nil || text.URL != system {
			return fmt.Errorf("ReadResource of %d: %s, %v", i, r.Raw, err)
		}
		return nil
	}
	used := "http://example.org/large/0?vs"
	if err := ask(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	kept := operation.KeptSet(s, used)
	if kept == nil {
		t.Fatal("nothing is kept of what was expanded")
	}
	for i := 1; closings.Load() == 0 && i < 10_000; i++ { // one after the other
		if err := ask(t.Context(), 1+i%(n-1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if operation.KeptSet(s, used) != kept || c.Generation() != generation {
		t.Errorf("what is kept of one that stays open is gone; generation %d, want %d", c.Generation(), generation)
	}
	var asking sync.WaitGroup
	for worker := range 4 {
		asking.Go(func() {
			for i := range 10 * n {
				if err := ask(t.Context(), (i*(worker+1)+worker)%n); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	asking.Wait()
	if late.Load() > 0 || closings.Load() == 0 {
		t.Errorf("used %d times after it was closed; %d were closed", late.Load(), closings.Load())
	}
}
