package search

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestReadWords(t *testing.T) {
	for _, tt := range []struct {
		name, list string
		want       []string
		kind       terminology.Kind
	}{
		{"a word a line", "ankel\nBrudd\r\n\nåre\n", []string{"ankel", "brudd", "åre"}, terminology.Other},
		{"a list of a spelling checker", "3\nhjerte/AEIz\nlår/zJ\n# by us\n", []string{"hjerte", "lår"}, terminology.Other},
		{"ISO-8859-1", "\xe5re\n\xf8ye\n", []string{"åre", "øye"}, terminology.Other},
		{"a byte order mark", "\ufeffankel\n", []string{"ankel"}, terminology.Other},
		{"several words", "hjerte og lunge\nankel\n", []string{"ankel"}, terminology.Other},
		{"nothing", "\n17\n", nil, terminology.Invalid},
		{"no text", "ab\x00c\n", nil, terminology.Invalid},
		{"a long line", strings.Repeat("a", 1<<17), nil, terminology.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadWords(strings.NewReader(tt.list), "words.txt")
			if !slices.Equal(got, tt.want) || terminology.KindOf(err) != tt.kind {
				t.Errorf("ReadWords are %q, %v, want %q, %v", got, err, tt.want, tt.kind)
			}
			if err != nil && !strings.Contains(err.Error(), "words.txt") {
				t.Errorf("%v does not name the file", err)
			}
		})
	}
}

// FuzzReadWords states that what is read is folded words of one token each.
func FuzzReadWords(f *testing.F) {
	f.Add("hjerte/A\n2\n\xe5re\n")
	f.Fuzz(func(t *testing.T, list string) {
		words, err := ReadWords(strings.NewReader(list), "words.txt")
		if (err == nil) != (len(words) > 0) {
			t.Fatalf("%d words, %v", len(words), err)
		}
		for _, w := range words {
			if again, _ := ReadWords(strings.NewReader(w), "words.txt"); !slices.Equal(again, []string{w}) {
				t.Fatalf("%q is read again as %q", w, again)
			}
		}
	})
}

// TestKeptWords wants the words of an index in its folder, and none where there were none.
func TestKeptWords(t *testing.T) {
	for _, words := range [][]string{nil, {"kaktus", "ankel", "kaktus", "åre"}} {
		dir := filepath.Join(t.TempDir(), "terms")
		b, err := NewBuilder(dir, BuilderOptions{Words: words})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		want := slices.Compact(slices.Sorted(slices.Values(words)))
		if got, err := KeptWords(dir); err != nil || !slices.Equal(got, want) {
			t.Errorf("KeptWords of %q = %q, %v", words, got, err)
		}
	}
}
