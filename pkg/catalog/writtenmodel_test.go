package catalog_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/store"
)

// event is an acknowledged version of a resource.
type event struct {
	version uint64
	deleted bool
	code    string // the only one of the code system
}

// TestWritesModel has many clients create, update and delete the same few resources, each on
// condition of the version that it read, while releases come and go and others read, and
// holds what is there in the end, and after a restart, against what was acknowledged.
func TestWritesModel(t *testing.T) {
	const ids, writers, rounds = 5, 8, 40
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(data, catalog.ResourcesDir)
	stored, err := store.OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, newOpener(t).Open, catalog.Options{Stored: stored, OpenResource: openResource})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	acknowledged := make([][]event, ids)
	errStale := errors.New("stale")
	var wrote, stale atomic.Int64
	write := func(random *rand.Rand, writer, round int) error {
		n := random.IntN(ids)
		id := fmt.Sprint("r", n)
		s := c.Acquire()
		read := uint64(0)
		if r := s.WrittenResource(resource.TypeCodeSystem, id); r != nil {
			read = r.Stored.Version
		}
		s.LetGo()
		ch := catalog.ResourceChange{Type: resource.TypeCodeSystem, ID: id, Method: "DELETE"}
		code := ""
		if random.IntN(4) > 0 {
			code = fmt.Sprintf("W%dR%d", writer, round)
			p, err := resource.Parse(fmt.Appendf(nil, `{"resourceType":"CodeSystem","id":%q,"url":"http://example.org/%s","status":"active","content":"complete","concept":[{"code":%q}]}`, id, id, code))
			if err != nil {
				return err
			}
			ch.Method, ch.Parsed = "PUT", p
		}
		ch.Check = func(now catalog.Now) error { // If-Match, or If-None-Match: *
			version, deleted := now.Version(resource.TypeCodeSystem, id)
			if deleted {
				version = 0
			}
			if version != read {
				return errStale
			}
			return nil
		}
		v, err := c.Write(ch)
		switch {
		case errors.Is(err, errStale):
			stale.Add(1)
			return nil
		case err != nil:
			return err
		case v.Version == 0: // nothing to delete
			return nil
		}
		wrote.Add(1)
		mu.Lock()
		acknowledged[n] = append(acknowledged[n], event{v.Version, v.Deleted, code})
		mu.Unlock()
		s = c.Acquire() // what is acknowledged answers
		defer s.LetGo()
		if r := s.WrittenResource(resource.TypeCodeSystem, id); r != nil && r.Stored.Version < v.Version {
			return fmt.Errorf("%s version %d is acknowledged, %d answers", id, v.Version, r.Stored.Version)
		}
		return nil
	}
	var working, beside sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		working.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 3))
			for round := range rounds {
				if err := write(random, w, round); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	beside.Go(func() { // releases come, and are replaced
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
			publish(t, data, icd10(fmt.Sprint(2020+n%3)), fmt.Sprint("content ", n), true)
			if _, err := c.Refresh(); err != nil {
				t.Error(err)
				return
			}
		}
	})
	beside.Go(func() { // a snapshot does not change while it is read
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			default:
			}
			s := c.Acquire()
			system := fmt.Sprint("http://example.org/r", n%ids)
			r, err := s.CodeSystem(system, "")
			there := s.WrittenResource(resource.TypeCodeSystem, fmt.Sprint("r", n%ids))
			if (err == nil) != (there != nil) {
				t.Errorf("%s: answers: %v, is there: %v", system, err, there != nil)
			}
			if err == nil {
				text, err := there.Raw()
				p, parseErr := resource.Parse(text)
				if err = errors.Join(err, parseErr); err != nil {
					t.Errorf("%s: %v", system, err)
				} else if _, ok := r.CodeSystem.Find(p.CodeSystem.Concepts[0].Code); !ok {
					t.Errorf("%s: the code system that answers is not that of its text", system)
				}
			}
			s.LetGo()
		}
	})
	working.Wait()
	close(done)
	beside.Wait()
	if wrote.Load() < 20 || stale.Load() == 0 {
		t.Errorf("%d writes, %d refused: nothing was contended for", wrote.Load(), stale.Load())
	}
	model := map[string]event{}
	for n, list := range acknowledged {
		last, seen := event{}, map[uint64]bool{}
		for _, e := range list {
			if seen[e.version] {
				t.Errorf("r%d: version %d was acknowledged twice", n, e.version)
			}
			if seen[e.version] = true; e.version > last.version {
				last = e
			}
		}
		if last.version != uint64(len(list)) {
			t.Errorf("r%d: %d versions were acknowledged, the last is %d", n, len(list), last.version)
		}
		if last.version > 0 && !last.deleted {
			model[fmt.Sprint("r", n)] = last
		}
	}
	same := func(when string) {
		t.Helper()
		got := map[string]event{}
		s := c.Acquire()
		defer s.LetGo()
		for _, r := range s.WrittenResources(resource.TypeCodeSystem) {
			p, err := r.Parsed()
			if err != nil {
				t.Fatal(err)
			}
			got[r.ID] = event{r.Stored.Version, false, p.CodeSystem.Concepts[0].Code}
		}
		if diff := cmp.Diff(model, got, cmp.AllowUnexported(event{})); diff != "" {
			t.Errorf("%s (-acknowledged +there):\n%s", when, diff)
		}
		for n, list := range acknowledged {
			for _, e := range list {
				v, err := stored.Version(resource.TypeCodeSystem, fmt.Sprint("r", n), e.version)
				if err != nil || v.Deleted != e.deleted {
					t.Errorf("%s: r%d version %d: %+v, %v", when, n, e.version, v, err)
				}
			}
			if count, err := stored.Count(resource.TypeCodeSystem, fmt.Sprint("r", n), time.Time{}); err != nil || count != len(list) {
				t.Errorf("%s: r%d has %d versions, %v; %d were acknowledged", when, n, count, err, len(list))
			}
		}
	}
	same("at the end")
	if err := errors.Join(c.Close(), stored.Close()); err != nil {
		t.Fatal(err)
	}
	if stored, err = store.OpenResources(dir, false); err != nil {
		t.Fatal(err)
	}
	if c, err = catalog.Open(data, newOpener(t).Open, catalog.Options{Stored: stored, OpenResource: openResource}); err != nil {
		t.Fatal(err)
	}
	same("after a restart")
	// What was deleted before the restart goes on from its number.
	for n, list := range acknowledged {
		p, err := resource.Parse(fmt.Appendf(nil, `{"resourceType":"CodeSystem","url":"http://example.org/r%d","status":"active","content":"complete","concept":[{"code":"again"}]}`, n))
		if err != nil {
			t.Fatal(err)
		}
		v, err := c.Write(catalog.ResourceChange{Type: resource.TypeCodeSystem, ID: fmt.Sprint("r", n), Method: "PUT", Parsed: p})
		if err != nil || v.Version != uint64(len(list))+1 {
			t.Errorf("r%d: version %d, %v; want %d", n, v.Version, err, len(list)+1)
		}
	}
	if err := errors.Join(c.Close(), stored.Close()); err != nil {
		t.Fatal(err)
	}
}
