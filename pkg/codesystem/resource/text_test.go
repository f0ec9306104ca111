package resource_test

import (
	"context"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestText(t *testing.T) {
	p := hand(t)
	ctx := context.Background()
	h1 := find(t, p, "H1")
	tests := []struct {
		name string
		q    terminology.TextQuery
		want []string
	}{
		{"words in any order, by their beginnings", terminology.TextQuery{Text: "hånd brudd"}, []string{"H1"}},
		{"a whole term comes first", terminology.TextQuery{Text: "hånd"}, []string{"H", "H1"}},
		{"another language", terminology.TextQuery{Text: "broken"}, []string{"H1"}},
		{"inside a word", terminology.TextQuery{Text: "ruct"}, nil},
		{"inside a word of another language", terminology.TextQuery{Text: "ractu"}, []string{"H1"}},
		{"an inactive one is asked for", terminology.TextQuery{Text: "kutt", Inactive: true}, []string{"H2"}},
		{"an inactive one is not", terminology.TextQuery{Text: "kutt"}, nil},
		{"a code", terminology.TextQuery{Text: "F", Use: "code"}, []string{"F"}},
		{"only some", terminology.TextQuery{Text: "hånd", Only: roaring.BitmapOf(h1)}, []string{"H1"}},
		{"whole words only", terminology.TextQuery{Text: "bru", WholeWords: true}, nil},
	}
	for _, tt := range tests {
		tt.q.Limit = 10
		found, err := p.Text().Search(ctx, tt.q, p)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, hit := range found.Hits {
			got = append(got, p.Code(hit.Concept))
		}
		if !slices.Equal(got, tt.want) || found.Total != len(tt.want) {
			t.Errorf("%s: %q of %d, want %q", tt.name, got, found.Total, tt.want)
		}
	}
	if p.Text().Len() != p.DocumentCount() {
		t.Errorf("%d documents, want %d", p.Text().Len(), p.DocumentCount())
	}
	spans := p.Text().Highlight("bru hån", false)("Brudd i hånden")
	if want := []terminology.TextSpan{{Start: 0, End: 3}, {Start: 8, End: 12}}; !slices.Equal(spans, want) {
		t.Errorf("Highlight = %v, want %v", spans, want)
	}
	set, err := p.Text().Candidates(ctx, []terminology.TextPart{{Text: "brud", Begins: true}, {Text: "hånden", Begins: true, Ends: true}})
	if err != nil || set.GetCardinality() != 1 {
		t.Errorf("Candidates = %v, %v", set, err)
	}
}
