package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// largeRelease is a release of a FHIR CodeSystem.
func largeRelease(n int, version string) terminology.Release {
	return terminology.Release{Kind: terminology.KindCodeSystem, Name: fmt.Sprintf("cs-large-%016x", n), System: fmt.Sprintf("http://example.org/large/%d", n), Version: version, Date: version, Title: "Large"}
}

// publishLarge publishes a release with so many tables that it is large, and its resource.
func publishLarge(t testing.TB, data string, r terminology.Release, content string, replace bool) {
	t.Helper()
	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	dir := write(t, stage, r, content)
	m, err := catalog.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "manifest.json")); err != nil {
		t.Fatal(err)
	}
	const size = 5 << 20
	name := catalog.TablesDir + "/000001.sst"
	if err := errors.Join(os.WriteFile(filepath.Join(dir, name), nil, 0o644), os.Truncate(filepath.Join(dir, name), size)); err != nil {
		t.Fatal(err)
	}
	m.Files = append(m.Files, catalog.File{Name: name, Bytes: size})
	m.ResourceCount, m.Kept = 1, []catalog.Kept{{ResourceInfo: terminology.ResourceInfo{Type: "CodeSystem", URL: r.System, Version: r.Version, ID: "large"}, Light: "{}"}}
	if err := catalog.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	if err := stage.Publish(dir, r, replace); err != nil {
		t.Fatal(err)
	}
}

// server are the options of a server: check is asked of large releases.
func server(check func(dir string, m catalog.Manifest) error, most int64) catalog.Options {
	return catalog.Options{Language: "nb", Retry: time.Nanosecond, Large: &catalog.Large{Readable: func(catalog.Manifest) error { return nil }, Check: check, Most: most}}
}

func neverChecked(string, catalog.Manifest) error { return nil }

// TestLargeLater: a server opens at its start what is not large, and lists the resources of
// the rest, which it opens when they are asked.
func TestLargeLater(t *testing.T) {
	data := t.TempDir()
	publish(t, data, icd10("2026"), "icd", false)
	publish(t, data, largeRelease(0, "1"), "small", false)
	for n := range 5 {
		publishLarge(t, data, largeRelease(n+1, "1"), fmt.Sprint("large", n+1), false)
	}
	c, p := open(t, data, server(neverChecked, 0))
	if n := p.opened(); n != 2 {
		t.Fatalf("%d releases opened at the start, want the two that are not large", n)
	}
	s := c.Acquire()
	defer s.LetGo()
	if list := s.InstalledResources("CodeSystem"); len(list) != 5 || list[2].URL != "http://example.org/large/3" || list[2].ID != "large" {
		t.Errorf("the resources are %v", list)
	}
	if light, err := s.InstalledResources("CodeSystem")[0].Light(); string(light) != "{}" || err != nil {
		t.Errorf("a list shows %q, %v", light, err)
	}
	if n := len(s.Releases); n != 7 || p.opened() != 2 {
		t.Errorf("%d releases, of which %d are open", n, p.opened())
	}
	for range 2 {
		if got := content(s, "http://example.org/large/3", "1"); got != "large3" || p.opened() != 3 {
			t.Errorf("%q answers, and %d are open", got, p.opened())
		}
	}
}

// TestLargeLetGo asks many releases, by many at once: each answers, and what is not used is
// closed again, so that no more are open than may be.
func TestLargeLetGo(t *testing.T) {
	const n, most = 12, 4
	data := t.TempDir()
	for i := range n {
		publishLarge(t, data, largeRelease(i, "1"), fmt.Sprint("large", i), false)
	}
	c, p := open(t, data, server(neverChecked, most*(5<<20)+1000))
	var asking sync.WaitGroup
	for worker := range 3 {
		asking.Go(func() {
			for i := range 5 * n {
				s := c.Acquire()
				k := (i + worker*5) % n
				if got := content(s, fmt.Sprintf("http://example.org/large/%d", k), ""); got != fmt.Sprint("large", k) {
					t.Errorf("%q answers for %d", got, k)
				}
				s.LetGo()
			}
		})
	}
	asking.Wait()
	live := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.live
	}
	for begin := time.Now(); live() > most && time.Since(begin) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if got := live(); got > most || got < 1 {
		t.Errorf("%d releases are open, want 1 to %d", got, most)
	}
	s := c.Acquire()
	defer s.LetGo()
	if len(s.Releases) != n || len(c.Problems()) > 0 {
		t.Errorf("%d releases, problems %v", len(s.Releases), c.Problems())
	}
}

// TestLargeKeepsWhatIsUsed: a snapshot that is held keeps what it has open, and what is
// asked again and again is not let go of.
func TestLargeKeepsWhatIsUsed(t *testing.T) {
	data := t.TempDir()
	const n = 8
	for i := range n {
		publishLarge(t, data, largeRelease(i, "1"), fmt.Sprint("large", i), false)
	}
	c, p := open(t, data, server(neverChecked, 3*(5<<20)+1000))
	held := c.Acquire()
	first, err := held.CodeSystem("http://example.org/large/0", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for i := 1; i < n; i++ {
			s := c.Acquire()
			content(s, fmt.Sprintf("http://example.org/large/%d", i), "")
			s.LetGo()
			time.Sleep(2 * time.Millisecond)
		}
	}
	if _, closed := p.counts("large0"); closed != 0 || first.CodeSystem.Code(0) != "large0" {
		t.Error("what a snapshot has is closed while it is held")
	}
	held.LetGo()
	if _, closed := p.counts("large0"); closed != 1 {
		t.Errorf("it was closed %d times when the snapshot was let go", closed)
	}
	if first.CodeSystem != nil {
		t.Error("who knows a release that is closed keeps its columns in memory")
	}
}

// TestLargeDamageIsTold: what cannot be opened is told by Watch, once, though nobody asked;
// the version before it answers in its place, and it itself when it is mended.
func TestLargeDamageIsTold(t *testing.T) {
	data := t.TempDir()
	publishLarge(t, data, largeRelease(1, "1"), "good", false)
	publishLarge(t, data, largeRelease(1, "2"), "bad", false)
	publishLarge(t, data, largeRelease(2, "1"), "other", false)
	var checked atomic.Int32
	p := newOpener(t)
	o := server(func(dir string, m catalog.Manifest) error {
		checked.Add(1)
		opened, err := p.Open(dir, m)
		if err == nil {
			err = opened.Close()
		}
		return err
	}, 0)
	c, err := catalog.Open(data, p.Open, o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var mu sync.Mutex
	var told []catalog.Change
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan struct{})
	go func() {
		c.Watch(ctx, time.Millisecond, func(ch catalog.Change) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, ch)
		})
		close(done)
	}()
	wait := func(what string, is func() bool) {
		t.Helper()
		for begin := time.Now(); !is(); time.Sleep(time.Millisecond) {
			if time.Since(begin) > 10*time.Second {
				mu.Lock()
				defer mu.Unlock()
				t.Fatalf("not %s after 10 s; told: %v", what, told)
			}
		}
	}
	wait("all checked", func() bool { return checked.Load() == 3 && len(c.Problems()) == 1 })
	s := c.Acquire()
	if got := content(s, "http://example.org/large/1", ""); got != "good" {
		t.Errorf("%q answers in the place of what is damaged", got)
	}
	s.LetGo()
	time.Sleep(20 * time.Millisecond)
	mu.Lock()
	bad := slices.DeleteFunc(slices.Clone(told), func(ch catalog.Change) bool { return ch.Err == nil })
	mu.Unlock()
	if len(bad) != 1 || bad[0].Release.Version != "2" || terminology.KindOf(bad[0].Err) != terminology.Corrupt {
		t.Errorf("told %v, want the damage of version 2, once", bad)
	}
	publishLarge(t, data, largeRelease(1, "2"), "mended", true)
	wait("mended", func() bool {
		s := c.Acquire()
		defer s.LetGo()
		return content(s, "http://example.org/large/1", "") == "mended"
	})
	if problems := c.Problems(); len(problems) > 0 {
		t.Errorf("problems %v", problems)
	}
	stop()
	<-done
}

// TestLargeReplaced: a release that is put in the place of another while that waits is not
// taken for it.
func TestLargeReplaced(t *testing.T) {
	data := t.TempDir()
	publishLarge(t, data, largeRelease(1, "1"), "old", false)
	c, _ := open(t, data, server(neverChecked, 0))
	s := c.Acquire()
	publishLarge(t, data, largeRelease(1, "1"), "new", true)
	if got := content(s, "http://example.org/large/1", ""); got != terminology.Unavailable.String() {
		t.Errorf("%q answers for a release that is no more", got)
	}
	s.LetGo()
	if _, err := c.Refresh(); err != nil {
		t.Fatal(err)
	}
	s = c.Acquire()
	defer s.LetGo()
	if got := content(s, "http://example.org/large/1", ""); got != "new" {
		t.Errorf("%q answers", got)
	}
}
