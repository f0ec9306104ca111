package search

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestDocumentOrder holds the builder to its promise, which rests on what is
// under Bleve: documents are numbered in the order in which they were added.
func TestDocumentOrder(t *testing.T) {
	const n = 5003
	var entries []entry
	for i := range n {
		entries = append(entries, entry{concept: uint32(i), tier: "nb-p", term: fmt.Sprintf("prøve nummer %d", i*7919%n)})
	}
	dir := filepath.Join(t.TempDir(), "terms")
	cols := write(t, dir, entries, BuilderOptions{Workers: 3})
	ix, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if ix.Len() != n {
		t.Fatalf("%d documents, want %d", ix.Len(), n)
	}
	for i, e := range entries {
		r, err := ix.Search(context.Background(), Query{Text: e.term, Limit: 1}, cols)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Hits) != 1 || r.Hits[0].Doc != uint32(i) || r.Hits[0].Class != ClassEqual {
			t.Fatalf("Search(%q) = %v, want document %d", e.term, r.Hits, i)
		}
		id, err := ix.seg.DocID(uint64(i))
		if err != nil || binary.BigEndian.Uint32(id) != uint32(i) {
			t.Fatalf("document %d has id %v, %v", i, id, err)
		}
	}
	r, err := ix.Search(context.Background(), Query{Text: "nummer", Limit: n}, cols)
	if err != nil {
		t.Fatal(err)
	}
	for i, hit := range r.Hits {
		if hit.Doc != uint32(i) {
			t.Fatalf("hit %d of all is document %d", i, hit.Doc)
		}
	}
	if len(r.Hits) != n || r.Total != n || !r.Exact {
		t.Fatalf("%d hits, total %d, exact %v, want %d", len(r.Hits), r.Total, r.Exact, n)
	}
}

// TestScorchOpensIt opens what a Builder wrote with Bleve's own reader.
func TestScorchOpensIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "terms")
	write(t, dir, randomEntries(1, 1000, 4), BuilderOptions{})
	sc, err := scorch.NewScorch(scorch.Name, map[string]any{"path": dir, "read_only": true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := sc.Open(); err != nil {
		t.Fatal(err)
	}
	defer sc.Close()
	r, err := sc.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n, err := r.DocCount(); n != 1000 || err != nil {
		t.Fatalf("%d documents, %v, want 1000", n, err)
	}
	for i := range uint32(1000) {
		if d, err := r.Document(idOf(i)); err != nil || d == nil {
			t.Fatalf("document %d: %v, %v", i, d, err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 5 {
		t.Errorf("files %v, %v, want %s, %s, %s, %s, %s", files, err, segmentFile, equivalentsFile, manifestFile, rootFile, splitterFile)
	}
}

func TestBuilderKeepsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "terms")
	b, err := NewBuilder(dir, BuilderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	tiers := make([]string, 1)
	terms := []string{"KOLS", "Astma"}
	for i, term := range terms {
		tiers[0] = [...]string{"nb-p", "nn-p"}[i]
		if err := b.Add(Document{Term: term, Tiers: tiers, Active: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.Abort() // harmless now
	ix, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	r, err := ix.Search(context.Background(), Query{Prefer: []string{"nn-p"}, Limit: 2}, &columns{[]uint32{8, 9}, terms})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(r.Hits, r.Total, r.Exact), "[{1 9 0 0} {0 8 0 1}] 2 true"; got != want {
		t.Errorf("Search = %s, want %s", got, want)
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	for _, docs := range []int{0, 5, 500} {
		dir := filepath.Join(t.TempDir(), "terms")
		b, err := NewBuilder(dir, BuilderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for range docs {
			if err := b.Add(Document{Term: "hjerteinfarkt"}); err != nil {
				t.Fatal(err)
			}
		}
		b.Abort()
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("after Abort with %d documents: %v, want no directory", docs, err)
		}
		if err := b.Add(Document{}); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("Add after Abort: %v", err)
		}
	}
}

func TestNewBuilderRefusesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := NewBuilder(dir, BuilderOptions{}); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("NewBuilder in a directory with files: %v, want kind Conflict", err)
	}
}

func TestBuilderReportsAFailure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "terms")
	b, err := NewBuilder(dir, BuilderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	var failed error
	for range 10 {
		if failed = b.Add(Document{Term: "KOLS"}); failed != nil {
			break
		}
	}
	if failed == nil {
		failed = b.Close()
	}
	if failed == nil {
		t.Error("the directory is gone, and neither Add nor Close says so")
	}
	b.Abort()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("after Abort: %v, want no directory", err)
	}
}

func TestOpen(t *testing.T) {
	entries := []entry{{term: "KOLS", tier: "nb-p"}}
	tests := []struct {
		name   string
		damage func(dir string) error
		kind   terminology.Kind
		text   string
	}{
		{"nothing there", func(dir string) error { return os.RemoveAll(dir) }, terminology.Corrupt, "kodeks reindex"},
		{"not complete", func(dir string) error { return os.Remove(filepath.Join(dir, manifestFile)) }, terminology.Corrupt, "kodeks reindex"},
		{"no segment", func(dir string) error { return os.Remove(filepath.Join(dir, segmentFile)) }, terminology.Corrupt, ""},
		{"half a segment", func(dir string) error { return os.Truncate(filepath.Join(dir, segmentFile), 40) }, terminology.Corrupt, ""},
		{"empty segment", func(dir string) error { return os.Truncate(filepath.Join(dir, segmentFile), 0) }, terminology.Corrupt, ""},
		{"one byte of a segment", func(dir string) error { return os.Truncate(filepath.Join(dir, segmentFile), 1) }, terminology.Corrupt, "has 1 bytes"},
		{"manifest cut off", func(dir string) error { return os.Truncate(filepath.Join(dir, manifestFile), 5) }, terminology.Corrupt, ""},
		{"other count", func(dir string) error { return writeManifest(dir, manifest{MappingVersion, 2, segmentSize(dir)}) }, terminology.Corrupt, "1 documents, the manifest says 2"},
		{"other version", func(dir string) error { return writeManifest(dir, manifest{MappingVersion: MappingVersion + 8}) }, terminology.Unavailable,
			fmt.Sprintf("mapping version %d, this program needs %d: kodeks reindex", MappingVersion+8, MappingVersion)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "terms")
			write(t, dir, entries, BuilderOptions{})
			if err := tt.damage(dir); err != nil {
				t.Fatal(err)
			}
			_, err := Open(dir)
			if terminology.KindOf(err) != tt.kind || !strings.Contains(fmt.Sprint(err), tt.text) {
				t.Errorf("Open = %v, want kind %v and %q", err, tt.kind, tt.text)
			}
		})
	}
}

func segmentSize(dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, segmentFile))
	if err != nil {
		return -1
	}
	return info.Size()
}

func TestEmptyIndex(t *testing.T) {
	ix, cols := build(t, nil, BuilderOptions{})
	r, err := ix.Search(context.Background(), Query{Text: "kols", Limit: 5}, cols)
	if err != nil || len(r.Hits) != 0 || r.Total != 0 || !r.Exact || ix.Len() != 0 {
		t.Errorf("Search = %v, %v in an index of %d", r, err, ix.Len())
	}
}
