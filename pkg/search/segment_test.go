package search

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// TestSegmentIsThatOfBleve holds the writer of segments to its law: Bleve's own writer, given
// documents with the same fields, makes a segment with the same terms and the same
// documents of each; and Bleve reads ours to its end, and makes a segment of it again.
func TestSegmentIsThatOfBleve(t *testing.T) {
	tests := []struct {
		name    string
		entries []entry
	}{
		{"one", []entry{{term: "Akutt hjerteinfarkt", tier: "nb-p", lang: "no"}}},
		{"no words at all", []entry{{term: ""}, {term: "--", lang: "nb"}, {term: "KOLS", lang: "no", tag: "finding"}, {term: "  "}}},
		{"the same", slices.Repeat([]entry{{term: "Type 2 type 2", tier: "nb-p,nn-p", lang: "nn", use: "syn"}}, 3000)},
		{"codes", codeEntries(3000)},
		{"few", randomEntries(3, 50, 4)},
		{"letters of two and three bytes", []entry{
			{term: "ø", lang: "no"}, {term: "øå", lang: "no"}, {term: "ååååååååå", lang: "no"}, {term: "åååååååå", lang: "nn"}, {term: "ααα", lang: "no"}, {term: "ααβ"}, {term: "漢字"}, {term: "漢"}, {term: "漢字漢字漢字漢字漢字", lang: "no"},
		}},
		{"more than a container of documents", slices.Repeat([]entry{{term: "ab c"}, {term: "c", tier: "nb-p"}, {term: "d", lang: "no"}}, 70_000/3)},
		{"many", randomEntries(4, 5000, 8)},
		{"odd", oddEntries(5, 2000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "terms")
			write(t, dir, tt.entries, BuilderOptions{})
			ix, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer ix.Close()
			a, err := learn(lessons(tt.entries), nil)
			if err != nil {
				t.Fatal(err)
			}
			want := blevesSegment(t, tt.entries, a)
			compareSegments(t, "ours", ix.seg, want)

			again := filepath.Join(t.TempDir(), "again.zap")
			if _, _, err := plugin.Merge([]segment.Segment{ix.seg}, []*roaring.Bitmap{nil}, again, nil, nil); err != nil {
				t.Fatal(err)
			}
			merged, err := plugin.Open(again)
			if err != nil {
				t.Fatal(err)
			}
			defer merged.Close()
			compareSegments(t, "ours, written by Bleve", merged, want)
		})
	}
}

// codeEntries are codes, short ones first.
func codeEntries(n int) []entry {
	var out []entry
	for i := range n {
		out = append(out, entry{concept: uint32(i), term: fmt.Sprintf("C%d", i), tier: "code", use: "code"}, entry{concept: uint32(i), term: fmt.Sprintf("Begrep nummer %d", i), lang: "no", tier: "nb-p"})
	}
	slices.SortStableFunc(out, func(a, b entry) int { return len(a.term) - len(b.term) })
	return out
}

// oddEntries have words of few different letters, so that each begins as others do.
func oddEntries(seed uint64, n int) []entry {
	r := rand.New(rand.NewPCG(seed, 2))
	out := make([]entry, n)
	for i := range out {
		var words []string
		for range r.IntN(5) {
			var w strings.Builder
			for range 1 + r.IntN(12) {
				w.WriteString([]string{"a", "b", "ø", "å", "E", "1"}[r.IntN(6)])
			}
			words = append(words, w.String())
		}
		out[i] = entry{concept: uint32(i), term: strings.Join(words, " "), lang: []string{"no", "nn", "en"}[r.IntN(3)], tier: tiers[r.IntN(len(tiers))]}
	}
	return out
}

func blevesSegment(t *testing.T, entries []entry, a *analysis) segment.Segment {
	t.Helper()
	b := newBatch()
	b.analysis = a
	for i, e := range entries {
		d := Document{Term: e.term, Active: !e.off, Tag: e.tag, Use: e.use, Language: e.lang}
		if e.tier != "" {
			d.Tiers = strings.Split(e.tier, ",")
		}
		b.add(d, i)
	}
	seg, _, err := plugin.New(b.documents())
	if err != nil {
		t.Fatal(err)
	}
	return seg
}

func compareSegments(t *testing.T, name string, got, want segment.Segment) {
	t.Helper()
	if got.Count() != want.Count() {
		t.Fatalf("%s: %d documents, want %d", name, got.Count(), want.Count())
	}
	if g, w := got.Fields(), want.Fields(); !slices.Equal(slices.Sorted(slices.Values(g)), slices.Sorted(slices.Values(w))) {
		t.Fatalf("%s: fields %v, want %v", name, g, w)
	}
	for _, field := range want.Fields() {
		g, w := termsOf(t, got, field), termsOf(t, want, field)
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("%s: field %s, term %d is %.200q, want %.200q", name, field, i, g[i], w[i])
			}
		}
		if len(g) != len(w) {
			t.Fatalf("%s: field %s has %d terms, want %d", name, field, len(g), len(w))
		}
	}
	for doc := range want.Count() {
		g, err := got.DocID(doc)
		w, err2 := want.DocID(doc)
		if err != nil || err2 != nil || !bytes.Equal(g, w) {
			t.Fatalf("%s: id of document %d is %x, %v, want %x, %v", name, doc, g, err, w, err2)
		}
	}
}

// termsOf are the terms of a field, in order, each with the documents that Bleve reads of
// it, one by one and with their frequencies.
func termsOf(t *testing.T, seg segment.Segment, field string) []string {
	t.Helper()
	dict, err := seg.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	it := dict.AutomatonIterator(anything{}, nil, nil)
	for {
		e, err := it.Next()
		if err != nil {
			t.Fatal(err)
		}
		if e == nil {
			return out
		}
		list, err := dict.PostingsList([]byte(e.Term), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		line := []byte(e.Term)
		docs := list.Iterator(true, true, true, nil)
		for {
			p, err := docs.Next()
			if err != nil {
				t.Fatalf("field %s, term %q: %v", field, e.Term, err)
			}
			if p == nil {
				break
			}
			line = fmt.Appendf(line, " %d", p.Number())
		}
		out = append(out, string(line))
	}
}

// TestSegmentsAreTheSame: the same documents make the same bytes, whatever number of
// processors there is, and the sum at the end is that of the bytes before it.
func TestSegmentsAreTheSame(t *testing.T) {
	entries := randomEntries(7, 3000, 6)
	var first []byte
	for _, workers := range []int{1, 2, 7} {
		dir := filepath.Join(t.TempDir(), "terms")
		write(t, dir, entries, BuilderOptions{Workers: workers})
		data, err := os.ReadFile(filepath.Join(dir, segmentFile))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		}
		if !bytes.Equal(data, first) {
			t.Fatalf("%d workers write other bytes than one", workers)
		}
	}
	end := len(first) - 4
	sum := crc32.ChecksumIEEE(first[:end])
	if got := uint32(first[end])<<24 | uint32(first[end+1])<<16 | uint32(first[end+2])<<8 | uint32(first[end+3]); got != sum {
		t.Errorf("sum %08x, want %08x", got, sum)
	}
}

// room takes so many bytes and no more, as a disk does.
type room int

var errFull = errors.New("no space left on device")

func (r *room) Write(p []byte) (int, error) {
	n := min(len(p), int(*r))
	if *r -= room(n); n < len(p) {
		return n, errFull
	}
	return n, nil
}

// TestSegmentNeedsRoom: wherever the disk is full, writing a segment fails and says so.
func TestSegmentNeedsRoom(t *testing.T) {
	write := func(left room) (room, error) {
		c := newCollected()
		for _, e := range norwegianSample() {
			if err := c.add(Document{Term: e.term, Tiers: []string{e.tier}, Active: true, Tag: e.tag, Language: e.lang}); err != nil {
				t.Fatal(err)
			}
		}
		err := appendSegment(&left, c, newAnalysis(), 2)
		return left, err
	}
	const much = 1 << 30
	left, err := write(much)
	if err != nil {
		t.Fatal(err)
	}
	size := much - left
	for n := room(0); n < size; n += 1 + size/40 {
		if _, err := write(n); !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: %v", n, size, err)
		}
	}
	for n := size - 5; n <= size; n++ {
		if _, err := write(n); errors.Is(err, errFull) != (n < size) {
			t.Errorf("room for %d of %d bytes: %v", n, size, err)
		}
	}
}
