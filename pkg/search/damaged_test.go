package search

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// damagedIndex is the folder of an index whose segment is written anew again and again.
type damagedIndex struct {
	dir, segment string
	whole        []byte
	cols         *columns
}

func newDamaged(tb testing.TB) *damagedIndex {
	tb.Helper()
	d := &damagedIndex{dir: filepath.Join(tb.TempDir(), "terms")}
	d.segment = filepath.Join(d.dir, segmentFile)
	d.cols = write(tb, d.dir, append(norwegianSample(), sample...), BuilderOptions{})
	var err error
	if d.whole, err = os.ReadFile(d.segment); err != nil {
		tb.Fatal(err)
	}
	return d
}

// ask opens the index with another segment, asks it all there is to ask, and returns
// whether an error told of it. It fails for an error that does not say that the index is
// damaged; a panic is one for the test.
func (d *damagedIndex) ask(tb testing.TB, segment []byte) bool {
	tb.Helper()
	os.Remove(d.segment) // what is mapped keeps its bytes
	if err := os.WriteFile(d.segment, segment, 0o600); err != nil {
		tb.Fatal(err)
	}
	told := false
	check := func(err error) {
		if err == nil {
			return
		}
		if told = true; terminology.KindOf(err) != terminology.Corrupt {
			tb.Errorf("%v, want kind Corrupt", err)
		}
	}
	ix, err := Open(d.dir)
	if check(err); err != nil {
		return true
	}
	defer ix.Close()
	for _, q := range []Query{
		{Text: "hjerte inf", Limit: 5, Prefer: []string{"nb-p"}}, {Text: "åreknutene", Limit: 5}, {Text: "kols", Limit: 5, Tag: "disorder"},
		{Text: "hjertenifarkt", Limit: 5}, {Text: "lugne", Limit: 5}, {Text: "areknuter", Limit: 5, Inactive: true}, {Limit: 5, Use: "fsn"},
	} {
		for range 2 {
			_, err := ix.Search(tb.Context(), q, d.cols)
			check(err)
		}
	}
	for _, p := range []terminology.TextPart{{Text: "hjerte", Begins: true}, {Text: "infarkt", Ends: true}, {Text: "knut"}} {
		_, err := ix.Candidates(tb.Context(), []terminology.TextPart{p})
		check(err)
	}
	ix.prepare()
	return told
}

// TestDamagedSegment changes a segment byte by byte: what it cannot be read for any more is
// an error that says so, whenever it is found, and ends nothing else. Whether the bytes are
// those that were written, kodeks verify tells.
func TestDamagedSegment(t *testing.T) {
	d := newDamaged(t)
	if d.ask(t, d.whole) {
		t.Fatal("a whole segment is damaged")
	}
	told, r := 0, rand.New(rand.NewPCG(1, 9))
	const rounds = 600
	for range rounds {
		segment := slices.Clone(d.whole)
		at := r.IntN(len(segment))
		if r.IntN(3) == 0 { // the places of all else are at the end
			at = len(segment) - 1 - r.IntN(min(len(segment), 600))
		}
		segment[at] ^= byte(1 + r.IntN(255))
		if d.ask(t, segment) {
			told++
		}
	}
	if told < rounds/20 {
		t.Errorf("%d of %d changes are told", told, rounds)
	}
}

// FuzzSegment states the same for any bytes anywhere in a segment.
func FuzzSegment(f *testing.F) {
	d := newDamaged(f)
	f.Add(uint(0), []byte{1})
	f.Add(uint(len(d.whole)-12), []byte{0, 0, 4, 2})
	f.Add(uint(len(d.whole)-36), []byte("\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add(uint(len(d.whole)/2), make([]byte, 300))
	f.Fuzz(func(t *testing.T, at uint, with []byte) {
		segment := slices.Clone(d.whole)
		copy(segment[at%uint(len(segment)):], with)
		d.ask(t, segment)
	})
}

// TestPrepare: the first search begins to read the words that typing errors are looked for
// in, and closing the index does not wait for their end.
func TestPrepare(t *testing.T) {
	ix, cols := build(t, sample, BuilderOptions{})
	if _, err := ix.Search(t.Context(), Query{Text: "kols", Limit: 1}, cols); err != nil {
		t.Fatal(err)
	}
	ix.prepared.Do(func() { t.Error("a search does not read the words") })
	ix, _ = build(t, sample, BuilderOptions{})
	ix.closing.Store(true)
	ix.prepare()
	if _, err := ix.vocabulary(fieldWord); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("words of an index that is being closed: %v, want Unavailable", err)
	}
}
