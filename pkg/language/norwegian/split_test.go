package norwegian_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/language/norwegian"
)

// sourceWords returns the words of the project's own sample terms, with counts: a
// release much smaller than any real one.
func sourceWords(t testing.TB) map[string]int {
	t.Helper()
	root := filepath.Join("..", "..", "..", "testdata", "source")
	words := map[string]int{}
	for _, pattern := range []string{"*/*.tsv", "*/*.txt"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no sample terms in %s: %v", root, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range language.Tokens(string(text)) {
				words[w]++
			}
		}
	}
	return words
}

func ordered(words map[string]int) func(func(string, int) bool) {
	return func(yield func(string, int) bool) {
		for w, n := range words {
			if !yield(w, n) {
				return
			}
		}
	}
}

// compound is one line of testdata/compounds.tsv.
type compound struct {
	form, word string
	parts      []string
}

func compounds(t testing.TB) []compound {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "compounds.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []compound
	for lines := bufio.NewScanner(f); lines.Scan(); {
		cols := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(lines.Text(), "#") || cols[0] == "form" {
			continue
		}
		if len(cols) != 3 {
			t.Fatalf("%q: want three columns", lines.Text())
		}
		c := compound{form: cols[0], word: cols[1]}
		for _, p := range strings.Fields(cols[2]) {
			c.parts = append(c.parts, norwegian.Spell(p))
		}
		out = append(out, c)
	}
	if len(out) < 400 {
		t.Fatalf("only %d words", len(out))
	}
	return out
}

// TestSplitQuality measures the splits of our list of words by their parts, with the
// words of the small sample only, and holds the figures where they are. With the words
// of the circulating ICD-10 and ICPC-2 files both are above 0.99.
func TestSplitQuality(t *testing.T) {
	s := norwegian.NewSplitter(ordered(sourceWords(t)), norwegian.Options{})
	right, given, wanted, whole, falsely := 0, 0, 0, 0, 0
	list := compounds(t)
	for _, c := range list {
		got := s.Split(c.word)
		given, wanted = given+len(got), wanted+len(c.parts)
		for _, p := range got {
			if slices.Contains(c.parts, p) {
				right++
			}
		}
		if slices.Equal(got, c.parts) {
			whole++
			continue
		}
		if c.form == "none" {
			falsely++
		}
		t.Logf("Split(%q) = %q, want %q", c.word, got, c.parts)
	}
	precision, recall, exact := float64(right)/float64(given), float64(right)/float64(wanted), float64(whole)/float64(len(list))
	t.Logf("%d words: precision %.3f, recall %.3f, exactly right %.3f, split though no compound %d", len(list), precision, recall, exact, falsely)
	if precision < 0.97 || recall < 0.91 || exact < 0.92 || falsely > 0 {
		t.Errorf("precision %.3f, recall %.3f, exactly right %.3f, falsely split %d; want 0.97, 0.91, 0.92, 0", precision, recall, exact, falsely)
	}
}

func TestAppendParts(t *testing.T) {
	s := norwegian.NewSplitter(ordered(sourceWords(t)), norwegian.Options{})
	tests := []struct{ name, word, want string }{
		{"two words", "hjerteinfarkt", "hjerte infarkt"},
		{"nynorsk", "hjarteinfarkt", "hjerte infarkt"},
		{"the last part has an ending", "hjerteinfarktet", "hjerte infarktet"},
		{"link s and a part that is a compound", "blodtrykksmåling", "blodtrykk blod trykk måling"},
		{"link s", "tykktarmskreft", "tykktarm tarm kreft"},
		{"particles are not searched for", "underarmsbrudd", "underarm arm brudd"},
		{"mellom", "mellomøyrebetennelse", "mellomøre øre betennelse"},
		{"no compound", "undersøkelse", ""},
		{"function words are no parts", "etterbehandling", ""},
		{"Latin is no compound", "gastroenteritis", ""},
		{"with digits", "b12mangel", ""},
		{"nothing", "", ""},
		{"too long", strings.Repeat("hjerteinfarkt", 6), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(s.AppendParts(nil, tt.word), " "); got != tt.want {
				t.Errorf("AppendParts(%q) = %q, want %q", tt.word, got, tt.want)
			}
		})
	}
}

func TestSplitterIsTheSame(t *testing.T) {
	words := sourceWords(t)
	list := compounds(t)
	first := norwegian.NewSplitter(ordered(words), norwegian.Options{})
	text, err := first.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	again, err := norwegian.NewSplitter(ordered(words), norwegian.Options{}).MarshalText()
	if err != nil || string(again) != string(text) {
		t.Errorf("the same words in another order give other bytes (%v)", err)
	}
	read, err := norwegian.ReadSplitter(text, norwegian.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept := first.Keep(func(yield func(string) bool) {
		for _, c := range list {
			if !yield(c.word) {
				return
			}
		}
	})
	for _, c := range list {
		want := first.AppendParts(nil, c.word)
		if got := read.AppendParts(nil, c.word); !slices.Equal(got, want) {
			t.Errorf("AppendParts(%q) = %q once read again, want %q", c.word, got, want)
		}
		if got := kept.AppendParts(nil, c.word); !slices.Equal(got, want) {
			t.Errorf("AppendParts(%q) = %q when kept, want %q", c.word, got, want)
		}
	}
	if small, err := kept.MarshalText(); err != nil || len(small) >= len(text) {
		t.Errorf("what is kept takes %d bytes of %d (%v)", len(small), len(text), err)
	}
	if sum, err := read.MarshalText(); err != nil || string(sum) != string(text) {
		t.Errorf("written, read and written again gives other bytes (%v)", err)
	}
}

func TestAppendPartsDoesNotAllocate(t *testing.T) {
	s := norwegian.NewSplitter(ordered(sourceWords(t)), norwegian.Options{})
	buf := make([]string, 0, 16)
	if n := testing.AllocsPerRun(100, func() {
		for _, w := range []string{"hjerteinfarkt", "blodtrykksmåling", "undersøkelsene", "b12"} {
			buf = s.AppendParts(buf[:0], w)
		}
	}); n != 0 {
		t.Errorf("AppendParts allocates %v times, want 0", n)
	}
}

// FuzzSplit states what holds for every word: the parts of a split and the links
// between them are the word in the common spelling, no part is short, and
// the parts that AppendParts gives stand in the word.
func FuzzSplit(f *testing.F) {
	s := norwegian.NewSplitter(ordered(sourceWords(f)), norwegian.Options{})
	for _, w := range []string{"hjerteinfarkt", "tykktarmskreft", "hundebitt", "mellomøyrebetennelse", "underarm", "øreørssøre", "b12mangel", "\xc3\xc3"} {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, s0 string) {
		for _, w := range append(language.Tokens(s0), s0) {
			spelled := norwegian.Spell(w)
			rest := spelled
			parts := s.Split(w)
			for i, p := range parts {
				var ok bool
				if rest, ok = strings.CutPrefix(rest, p); !ok && i > 0 && rest != "" && (rest[0] == 's' || rest[0] == 'e') {
					rest, ok = strings.CutPrefix(rest[1:], p)
				}
				if !ok || len([]rune(p)) < 2 {
					t.Fatalf("Split(%q) = %q: %q is not in %q", w, parts, p, spelled)
				}
			}
			if len(parts) > 0 && rest != "" || len(parts) == 1 {
				t.Fatalf("Split(%q) = %q leaves %q", w, parts, rest)
			}
			for _, p := range s.AppendParts(nil, w) {
				if !strings.Contains(spelled, p) && !strings.Contains(norwegian.Spell(spelled), p) {
					t.Errorf("AppendParts(%q) has %q, which is not in %q", w, p, spelled)
				}
			}
		}
	})
}

// FuzzReadSplitter states that what can be read splits, and is written as it was read.
func FuzzReadSplitter(f *testing.F) {
	f.Add("kodeks norwegian splitter 1\ns\tsvulm\t120\nw\tsvulme\t130\n")
	f.Add("kodeks norwegian splitter 1\nw\thjerte\t65000\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := norwegian.ReadSplitter([]byte(text), norwegian.Options{})
		if err != nil {
			return
		}
		s.Split("hjerteinfarktsvulmesvulme")
		first, _ := s.MarshalText()
		again, err := norwegian.ReadSplitter(first, norwegian.Options{})
		if err != nil {
			t.Fatalf("ReadSplitter refuses %q, which MarshalText wrote: %v", first, err)
		}
		if second, _ := again.MarshalText(); string(second) != string(first) {
			t.Errorf("written %q, read and written %q", first, second)
		}
	})
}

func BenchmarkNewSplitter(b *testing.B) {
	words := sourceWords(b)
	b.ReportAllocs()
	for b.Loop() {
		norwegian.NewSplitter(ordered(words), norwegian.Options{})
	}
}

func BenchmarkAppendParts(b *testing.B) {
	s := norwegian.NewSplitter(ordered(sourceWords(b)), norwegian.Options{})
	list := compounds(b)
	buf := make([]string, 0, 16)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		buf = s.AppendParts(buf[:0], list[i%len(list)].word)
		i++
	}
}
