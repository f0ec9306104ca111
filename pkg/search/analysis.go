package search

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/language/norwegian"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The files of an index that hold what it has learnt of its words.
const (
	splitterFile    = "splitter.txt"
	equivalentsFile = "equivalents.txt"
)

// minPart is the least number of letters of a word that finds the parts of compounds
// that begin with it. Shorter ones begin too many.
const minPart = 3

// wholePart marks the terms of fieldPart that are whole parts, for words of more than
// maxEdge letters; no part begins with it.
const wholePart = "="

// wholeTerm marks the terms of fieldStem that stand for all stems of a term, in order.
const wholeTerm = "="

// norwegianTerm is the term of fieldStem that all documents of Norwegian terms have.
const norwegianTerm = "*"

// analysis is what an index knows of Norwegian: how the words of its release are put
// together, and which words of nynorsk are which of bokmål. It is never changed.
type analysis struct {
	splitter *norwegian.Splitter
	same     norwegian.Equivalents
	known    map[string]forms // of the words of the release, while its index is built

	mu   sync.RWMutex
	seen map[string]shownForms // of words of terms that have been shown, at most maxSeen
}

// shownForms are the forms of a word, and what marking its parts needs.
type shownForms struct {
	forms
	spelt      string   // the word in the common spelling
	splitStems []string // of split
}

// maxSeen bounds what is kept of the words of terms that have been shown. The forms of a
// word take some microseconds to find, and lists show the same words again and again.
const maxSeen = 1 << 14

// shown returns the forms of a word of a term that is shown, or of a text.
func (a *analysis) shown(token string) shownForms {
	a.mu.RLock()
	f, ok := a.seen[token]
	a.mu.RUnlock()
	if ok {
		return f
	}
	f = shownForms{forms: a.of(token), spelt: norwegian.Spell(token)}
	for _, part := range f.split {
		f.splitStems = append(f.splitStems, a.stem(part))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen == nil || len(a.seen) >= maxSeen {
		a.seen = map[string]shownForms{}
	}
	a.seen[strings.Clone(token)] = f
	return f
}

// newAnalysis returns an analysis that knows no words but those that the program brings.
func newAnalysis() *analysis {
	return &analysis{splitter: norwegian.NewSplitter(func(func(string, int) bool) {}, norwegian.Options{})}
}

// isNorwegian reports whether a language as a source writes it is Norwegian.
func isNorwegian(tag string) bool {
	if len(tag) < 2 || len(tag) > 2 && tag[2] != '-' && tag[2] != '_' {
		return false
	}
	switch tag[:2] {
	case "no", "nb", "nn":
		return true
	}
	return false
}

// learn returns the analysis for a release: its Norwegian words are the parts that
// compounds may have, with those of extra, and the concepts with terms in both forms of
// Norwegian tell which words are the same. It also knows the words of the release that
// are compounds, and no more than they need.
func learn(from terminology.TextLessons, extra iter.Seq[string]) (*analysis, error) {
	counts := map[string]int{}
	var folded []byte
	err := from.Documents(func(d terminology.TextDocument) error {
		if !isNorwegian(d.Language) {
			return nil
		}
		folded = language.AppendFold(folded[:0], d.Term)
		for rest := folded; len(rest) > 0; {
			var token []byte
			if token, rest = cutToken(rest); len(token) > 0 {
				if n, known := counts[string(token)]; known {
					counts[string(token)] = n + 1
				} else {
					counts[string(token)] = 1
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	words := func(yield func(string, int) bool) {
		for w, n := range counts {
			if !yield(w, n) {
				return
			}
			if loan := norwegian.LoanSpelling(w); loan != w && !yield(loan, n) {
				return
			}
		}
		if extra != nil {
			for w := range extra {
				if !yield(w, listedWord) {
					return
				}
			}
		}
	}
	a := &analysis{
		splitter: norwegian.NewSplitter(words, norwegian.Options{}),
		same:     norwegian.Learn(from.Pairs("nb", "nn")).Equivalents,
	}
	a.know(slices.Collect(maps.Keys(counts)))
	return a, nil
}

// know looks at words once, on all processors, so that of need not.
func (a *analysis) know(words []string) {
	all := make([]forms, len(words))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		wg.Go(func() {
			for i := first; i < len(words); i += workers {
				all[i] = a.of(words[i])
			}
		})
	}
	wg.Wait()
	known := make(map[string]forms, len(words))
	for i, w := range words {
		known[w] = all[i]
	}
	a.known = known
}

// listedWord is how often a word of a list counts as seen: often enough to be a part.
const listedWord = 64

// forms are the terms under which a token of a Norwegian document is found, beside
// itself.
type forms struct {
	stems []string // of the token, and of its parts
	split []string // its parts, in the common spelling
	parts []string // words that begin what it may be found by, in the common spelling
}

// of returns the forms of a token, which must not be changed.
func (a *analysis) of(token string) forms {
	if f, ok := a.known[token]; ok {
		return f
	}
	var buf [16]string
	parts := a.splitter.AppendParts(buf[:0], token)
	f := forms{stems: []string{a.stem(token)}, split: slices.Clone(parts)}
	if spelt := norwegian.Spell(token); spelt != token {
		f.parts = append(f.parts, spelt)
	}
	if loan := a.stem(norwegian.Loan(token)); loan != f.stems[0] {
		f.stems = append(f.stems, loan)
	}
	if loan := norwegian.LoanSpelling(token); loan != token && !slices.Contains(f.parts, loan) {
		f.parts = append(f.parts, loan)
	}
	for _, p := range parts {
		if stem := a.stem(p); !slices.Contains(f.stems, stem) {
			f.stems = append(f.stems, stem)
		}
		if !strings.HasPrefix(token, p) { // what begins so is found by its edges
			f.parts = append(f.parts, p)
		}
	}
	return f
}

// stem returns the key of all forms of a word, in bokmål and nynorsk.
func (a *analysis) stem(word string) string { return a.same.Of(norwegian.Stem(word)) }

// write writes what the index needs to read queries as it has read its terms.
func (a *analysis) write(dir string) error {
	splitter, err := a.splitter.MarshalText()
	if err != nil {
		return err
	}
	same, err := a.same.MarshalText()
	if err != nil {
		return err
	}
	return errors.Join(writeSynced(filepath.Join(dir, splitterFile), splitter), writeSynced(filepath.Join(dir, equivalentsFile), same))
}

// readAnalysis reads what write has written.
func readAnalysis(dir string) (*analysis, error) {
	a := &analysis{}
	text, err := os.ReadFile(filepath.Join(dir, splitterFile))
	if err == nil {
		a.splitter, err = norwegian.ReadSplitter(text, norwegian.Options{})
	}
	if err == nil {
		text, err = os.ReadFile(filepath.Join(dir, equivalentsFile))
	}
	if err == nil {
		err = a.same.UnmarshalText(text)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("a file of the text index is missing: %w", err)
	}
	return a, err
}

// writeSynced writes a file and syncs it.
func writeSynced(path string, data []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// wanted is what a word of a text looks for beside itself.
type wanted struct {
	stems []string // of the word; one of these is enough
	split []string // stems of its parts, when it is a compound; all of them are needed
	spelt []string // what a word or a part may begin with: in the common spelling, and in that of loans
}

// doublets are words of nynorsk and bokmål that package norwegian respells at the end of
// longer words only (blodlaus, verdilause). Who asks for one of them alone is given the
// other too; it is not in the index, which has each as it stands in its terms.
var doublets = map[string]string{
	"laus": "løs", "laust": "løst", "lause": "løse",
	"løs": "laus", "løst": "laust", "løse": "lause",
}

// want returns what a word of a text looks for. With whole, words do not only begin as it
// does.
func (a *analysis) want(word string, whole bool) wanted {
	w := wanted{stems: []string{a.stem(word)}}
	if loan := a.stem(norwegian.Loan(word)); loan != w.stems[0] {
		w.stems = append(w.stems, loan)
	}
	if other, ok := doublets[word]; ok {
		w.stems = append(w.stems, a.stem(other))
	}
	split := a.splitter.Split(word)
	if len(split) < 2 {
		split = a.splitter.Split(norwegian.LoanSpelling(word))
	}
	if len(split) > 1 {
		for _, p := range split {
			w.split = append(w.split, a.stem(p))
		}
	}
	if spelt := norwegian.Spell(word); !whole && letters(spelt) >= minPart {
		w.spelt = append(w.spelt, spelt)
		if loan := norwegian.LoanSpelling(word); loan != word && loan != spelt && letters(loan) >= minPart {
			w.spelt = append(w.spelt, loan)
		}
	}
	return w
}

// begins reports whether a part begins as w asks.
func (w wanted) begins(part string) bool { return hasPrefix([]byte(part), w.spelt) }

// wantAll returns what the words of a text look for, each by its spellings.
func (a *analysis) wantAll(m Matcher) [][]wanted {
	all := make([][]wanted, len(m.words))
	for i, spellings := range m.words {
		for _, s := range spellings {
			all[i] = append(all[i], a.want(s, m.whole))
		}
	}
	return all
}

// connects reports whether a word of a text only connects others: it is not the last,
// which may be the beginning of another word, and not all words do.
func (m Matcher) connects(i int) bool {
	return m.content && i < len(m.words)-1 && isConnective(m.words[i])
}

// isConnective reports whether a spelling of a word is a connective.
func isConnective(spellings []string) bool {
	return slices.ContainsFunc(spellings, func(s string) bool { return connectives[s] })
}

// connectives are words that say only how others hang together. A compound has none:
// "brudd i ankel" is ankelbrudd. Words that change what is said (ikke, uten, med, etter,
// under, over) are not among them.
var connectives = map[string]bool{
	"i": true, "på": true, "av": true, "til": true, "ved": true, "for": true, "og": true, "hos": true, "fra": true, "frå": true,
	"en": true, "et": true, "ei": true, "ein": true, "eit": true, "den": true, "det": true, "de": true, "dei": true, "som": true,
}
