package search

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Highlight returns a function that gives the parts of a term that a text finds it by, in
// order, none inside or touching another: of a word that begins as one of the text does
// what is typed of it, of another form of a word all of it, of a compound the part. Where
// nothing is as it is typed, words that are so without æ, ø and å, or up to two typing
// errors away, are marked whole. The function is for one goroutine.
func (ix *Index) Highlight(text string, whole bool) func(term string) []terminology.TextSpan {
	h := &highlighter{m: NewMatcher(text, whole), analysis: ix.analysis}
	if h.analysis == nil {
		h.analysis = newAnalysis()
	}
	return h.mark
}

// highlighter marks terms by one text.
type highlighter struct {
	m        Matcher
	analysis *analysis
	want     [][]wanted // of m.words, once a term needs it
	tokens   language.TokenReader
	room     []terminology.TextSpan // for the spans of the next terms
}

// spanRoom is how many spans get their memory at once.
const spanRoom = 64

// mark returns the marked parts of a term.
func (h *highlighter) mark(term string) []terminology.TextSpan {
	tokens := h.tokens.Read(term)
	if len(h.m.words) == 0 || len(tokens) == 0 {
		return nil
	}
	if cap(h.room) < len(h.m.words)+1 {
		h.room = make([]terminology.TextSpan, 0, max(spanRoom, 2*len(h.m.words)))
	}
	spans := h.room
	for i, spellings := range h.m.words {
		found := len(spans)
		for _, t := range tokens {
			for _, s := range spellings {
				if span, ok := typed(t, s, h.m.whole); ok {
					spans = append(spans, span)
					break
				}
			}
		}
		if len(spans) > found || h.m.connects(i) {
			continue
		}
		if h.want == nil {
			h.want = h.analysis.wantAll(h.m)
		}
		for _, t := range tokens {
			for _, w := range h.want[i] {
				if span, ok := h.analysis.formIn(t, w); ok {
					spans = append(spans, span)
					break
				}
			}
		}
		if len(spans) > found {
			continue
		}
		for _, t := range tokens {
			if span, ok := mistyped(t, spellings[0]); ok {
				spans = append(spans, span)
			}
		}
	}
	spans = apart(spans)
	if n := len(spans); n <= cap(h.room) && n > 0 && &spans[0] == &h.room[:1][0] {
		h.room = h.room[n:n:cap(h.room)]
	}
	return spans[:len(spans):len(spans)]
}

// typed finds a word as it is typed.
func typed(t language.Token, word string, whole bool) (terminology.TextSpan, bool) {
	if t.Text == word || !whole && strings.HasPrefix(t.Text, word) {
		return terminology.TextSpan{Start: t.Start(), End: t.End(len(word))}, true
	}
	return terminology.TextSpan{}, false
}

// formIn finds another form of a word, or a part of a compound that it begins.
func (a *analysis) formIn(t language.Token, w wanted) (terminology.TextSpan, bool) {
	all := terminology.TextSpan{Start: t.Start(), End: t.End(len(t.Text))}
	f := a.shown(t.Text)
	if slices.Contains(w.stems, f.stems[0]) {
		return all, true
	}
	spelt := f.spelt
	for i, p := range f.split {
		stem := f.splitStems[i]
		begins := w.begins(p)
		if !begins && !slices.Contains(w.stems, stem) && !slices.Contains(w.split, stem) {
			continue
		}
		at := strings.Index(spelt, p)
		if spelt != t.Text || at < 0 { // the letters are others than those of the term
			return all, true
		}
		n := len(p)
		if begins {
			n = min(n, len(w.spelt[0]))
		}
		return terminology.TextSpan{Start: t.End(at), End: t.End(at + n)}, true
	}
	switch {
	case w.begins(spelt), slices.ContainsFunc(f.parts, w.begins), slices.Contains(w.split, f.stems[0]),
		slices.ContainsFunc(f.stems, func(s string) bool { return slices.Contains(w.stems, s) }):
		return all, true
	}
	return terminology.TextSpan{}, false
}

// mistyped finds a word that is typed without æ, ø and å, or with errors.
func mistyped(t language.Token, word string) (terminology.TextSpan, bool) {
	token, typed := []rune(string(barely([]byte(t.Text)))), []rune(string(barely([]byte(word))))
	if len(typed) > maxFuzzy || len(token) > 2*maxFuzzy {
		return terminology.TextSpan{}, false
	}
	if prefixDistance(typed, token) > allowedErrors(len(typed)) {
		return terminology.TextSpan{}, false
	}
	return terminology.TextSpan{Start: t.Start(), End: t.End(len(t.Text))}, true
}

// prefixDistance returns the fewest letters to add, leave out, change or swap to make
// typed a beginning of token.
func prefixDistance(typed, token []rune) int {
	rows := make([][]int, len(typed)+1)
	for i := range rows {
		rows[i] = make([]int, len(token)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(typed); i++ {
		for j := 1; j <= len(token); j++ {
			cost := 1
			if typed[i-1] == token[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && typed[i-1] == token[j-2] && typed[i-2] == token[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return slices.Min(rows[len(typed)])
}

// apart sorts spans and joins those that overlap or touch.
func apart(spans []terminology.TextSpan) []terminology.TextSpan {
	slices.SortFunc(spans, func(a, b terminology.TextSpan) int { return a.Start - b.Start })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
