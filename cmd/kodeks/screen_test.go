package main

import (
	"bufio"
	"bytes"
	"github.com/kodeks/kodeks/internal/golden"
	"strings"
	"testing"
	"unicode/utf8"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// TestScreen pins what stands on a terminal of 80 columns, with and without
// colours.
func TestScreen(t *testing.T) {
	for name, s := range map[string]screen{"color": {width: 80, color: true}, "plain": {width: 80}} {
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		writeCard(w, s, grpcserver.LookupResponse(&infarction), 0)
		resp, err := sample{}.Translate(t.Context(), translateRequest)
		if err != nil {
			t.Fatal(err)
		}
		if err := translateAnswer(nil, translations(resp)).write(w, "table", s); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		golden.Equal(t, "screen-"+name+".txt", b.Bytes())
		for line := range strings.SplitSeq(b.String(), "\n") {
			if !s.color && !strings.Contains(line, "http://") && width(line) > s.width {
				t.Errorf("%q takes %d columns of %d", line, width(line), s.width)
			}
		}
		if strings.Contains(b.String(), "\x1b") != s.color {
			t.Errorf("colours on a screen with color %v", s.color)
		}
	}
}

// TestMarked: what a search found is set off, within what is left of a cell.
func TestMarked(t *testing.T) {
	set := screen{color: true}
	on, off := "\x1b[1;4m", "\x1b[0m"
	for _, tt := range []struct {
		name, text string
		parts      []mark
		want       string
	}{
		{"begins", "blåbær", []mark{{0, 3}}, on + "blå" + off + "bær"},
		{"two parts", "å gå av", []mark{{0, 1}, {5, 7}}, on + "å" + off + " gå " + on + "av" + off},
		{"all", "ål", []mark{{0, 2}}, on + "ål" + off},
		{"cut within", "akutt hj…", []mark{{6, 15}}, "akutt " + on + "hj" + off + "…"},
		{"cut before", "akutt…", []mark{{6, 15}}, "akutt…"},
		{"nothing", "akutt", nil, "akutt"},
		{"empty", "", []mark{{0, 3}}, ""},
	} {
		if got := set.setMarked(plain, tt.text, tt.parts); got != tt.want {
			t.Errorf("%s: setMarked(%q, %v) = %q, want %q", tt.name, tt.text, tt.parts, got, tt.want)
		}
		if got := (screen{width: 80}).setMarked(plain, tt.text, tt.parts); got != tt.text {
			t.Errorf("%s: without styles %q", tt.name, got)
		}
	}
}

// TestMarkedHits pins hits on a terminal of 60 columns: which cells marks stand in.
func TestMarkedHits(t *testing.T) {
	resp, err := sample{}.Search(t.Context(), operation.SearchRequest{Text: "hjerte inf", Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	if err := (&searchCmd{}).answer(grpcserver.SearchResponse(resp), "hjerte inf").write(w, "table", screen{width: 60, color: true}); err != nil {
		t.Fatal(err)
	}
	w.Flush()
	golden.Equal(t, "screen-search.txt", b.Bytes())
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		n          int
		want       string
	}{
		{"fits", "blåbær", 6, "blåbær"},
		{"too long", "brystkreft", 6, "bryst…"},
		{"at a space", "akutt hjerteinfarkt", 7, "akutt…"},
		{"combining ring", "bla\u030Aba\u0308r", 4, "bla\u030A…"},
		{"wide runes", "心筋梗塞", 5, "心筋…"},
	} {
		if got := cut(tt.text, tt.n); got != tt.want || width(got) > tt.n {
			t.Errorf("%s: cut(%q, %d) = %q of %d columns, want %q", tt.name, tt.text, tt.n, got, width(got), tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	got := strings.Join(wrap("Nekrose av hjertemuskelen etter avbrutt blodtilførsel.", 24), "|")
	if want := "Nekrose av|hjertemuskelen etter|avbrutt blodtilførsel."; got != want {
		t.Errorf("wrap = %q, want %q", got, want)
	}
}

// FuzzCut states what holds for every text: it is cut within the columns, or not
// at all, and stays what it was up to the mark.
func FuzzCut(f *testing.F) {
	f.Add("akutt hjerteinfarkt", 7)
	f.Add("心筋梗塞", 3)
	f.Fuzz(func(t *testing.T, text string, n int) {
		if text = clean(text); !utf8.ValidString(text) || n < 1 || n > 200 {
			return
		}
		got := cut(text, n)
		if got == text {
			return
		}
		if before, ok := strings.CutSuffix(got, "…"); !ok || width(got) > n || !strings.HasPrefix(text, before) {
			t.Fatalf("cut(%q, %d) = %q of %d columns", text, n, got, width(got))
		}
	})
}

func TestCleanTakesControlCharacters(t *testing.T) {
	if got := clean("hjerte\tinfarkt\x1b[31m\n"); got != "hjerte infarkt [31m " {
		t.Errorf("clean = %q", got)
	}
}

func TestLooksLikeSCTID(t *testing.T) {
	for code, want := range map[string]bool{
		"22298006": true, "61000202103": true, "22289006": true, // two digits swapped
		"I21.9": false, "37436014": false, "12345": false, "0222980006": false, "T90": false, "-30": false,
	} {
		if got := looksLikeSCTID(code); got != want {
			t.Errorf("looksLikeSCTID(%q) = %v, want %v", code, got, want)
		}
	}
}

var translateRequest = operation.TranslateRequest{Coding: infarction.Coding}

func translations(r *operation.TranslateResponse) []*kodeksv1.TranslateResponse {
	return []*kodeksv1.TranslateResponse{grpcserver.TranslateResponse(r)}
}
