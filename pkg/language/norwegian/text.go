package norwegian

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The first lines of the texts below; another number is another format.
const (
	equivalentsHeader = "kodeks norwegian equivalents 1"
	splitterHeader    = "kodeks norwegian splitter 1"
)

// MarshalText writes e as lines of from, to and count; equal values give equal bytes.
func (e Equivalents) MarshalText() ([]byte, error) {
	out := []byte(equivalentsHeader + "\n")
	for _, p := range e.pairs {
		out = fmt.Appendf(out, "%s\t%s\t%d\n", p.From, p.To, p.Count)
	}
	return out, nil
}

// UnmarshalText reads what MarshalText wrote. Anything else is Corrupt.
func (e *Equivalents) UnmarshalText(text []byte) error {
	const op = "norwegian.Equivalents.UnmarshalText"
	var pairs []Pair
	for n, line := range numbered(text) {
		if n == 0 {
			if line != equivalentsHeader {
				return corrupt(op, n, "want "+equivalentsHeader)
			}
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) != 3 || !isKey(cols[0]) || !isKey(cols[1]) {
			return corrupt(op, n, "want two stems and a count")
		}
		count, err := strconv.Atoi(cols[2])
		if err != nil || count < 1 || len(pairs) == maxPairs {
			return corrupt(op, n, "want a count, of at most "+strconv.Itoa(maxPairs)+" pairs")
		}
		if len(pairs) > 0 && pairs[len(pairs)-1].From >= cols[0] {
			return corrupt(op, n, "want stems in order, each once")
		}
		pairs = append(pairs, Pair{cols[0], cols[1], count})
	}
	if len(text) == 0 {
		return corrupt(op, 0, "want "+equivalentsHeader)
	}
	e.pairs = pairs
	return nil
}

// Keep returns a splitter that knows no more words than splitting the given words
// needs: it splits them as s does, and is smaller to keep.
func (s *Splitter) Keep(words func(yield func(string) bool)) *Splitter {
	out := &Splitter{opts: s.opts, table: s.table, words: map[string]cost{}, stems: map[string]cost{}}
	var buf []string
	for w := range words {
		buf = s.AppendParts(buf[:0], w)
		for _, p := range s.appendSplit(buf, Spell(w)) {
			if c, ok := s.words[p]; ok {
				out.words[p] = c
			}
			if stem := Stem(p); s.stems[stem] > 0 {
				out.stems[stem] = s.stems[stem]
			}
		}
	}
	out.addBase()
	return out
}

// MarshalText writes what s knows beyond the words of this package, as lines of a
// word or a stem and its cost; equal splitters give equal bytes.
func (s *Splitter) MarshalText() ([]byte, error) {
	out := []byte(splitterHeader + "\n")
	base := &Splitter{table: s.table, words: map[string]cost{}, stems: map[string]cost{}}
	base.addBase()
	for _, kind := range []struct {
		mark        byte
		costs, base map[string]cost
	}{{'s', s.stems, base.stems}, {'w', s.words, base.words}} {
		for _, w := range slices.Sorted(maps.Keys(kind.costs)) {
			if ours, ok := kind.base[w]; ok && ours == kind.costs[w] {
				continue
			}
			out = append(out, kind.mark, '\t')
			out = append(out, w...)
			out = append(out, '\t')
			out = strconv.AppendUint(out, uint64(kind.costs[w]), 10)
			out = append(out, '\n')
		}
	}
	return out, nil
}

// ReadSplitter returns the splitter that MarshalText wrote. Anything else is Corrupt.
func ReadSplitter(text []byte, opts Options) (*Splitter, error) {
	const op = "norwegian.ReadSplitter"
	s := &Splitter{opts: opts.bounded(), table: parts(), words: map[string]cost{}, stems: map[string]cost{}}
	if len(text) == 0 {
		return nil, corrupt(op, 0, "want "+splitterHeader)
	}
	for n, line := range numbered(text) {
		if n == 0 {
			if line != splitterHeader {
				return nil, corrupt(op, n, "want "+splitterHeader)
			}
			continue
		}
		kind, rest, _ := strings.Cut(line, "\t")
		w, number, _ := strings.Cut(rest, "\t")
		c, err := strconv.ParseUint(number, 10, 16)
		if err != nil || cost(c) < costPart || cost(c) > costPart+2*costMost || !isKey(w) {
			return nil, corrupt(op, n, "want a kind, a word and its cost")
		}
		switch kind {
		case "s":
			s.stems[w] = cost(c)
		case "w":
			s.words[w] = cost(c)
		default:
			return nil, corrupt(op, n, "want the kind s or w")
		}
	}
	s.addBase()
	return s, nil
}

// isKey reports whether w is letters as a table may have them.
func isKey(w string) bool {
	if w == "" || len(w) > MaxToken+room {
		return false
	}
	return strings.IndexFunc(w, func(r rune) bool { return (r < 'a' || r > 'z') && r != 'æ' && r != 'ø' && r != 'å' }) < 0
}

// numbered yields the lines of text with their numbers, from 0.
func numbered(text []byte) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range bytes.Lines(text) {
			if !yield(n, string(bytes.TrimSuffix(line, []byte("\n")))) {
				return
			}
			n++
		}
	}
}

func corrupt(op string, line int, want string) error {
	return &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("line %d: %s", line+1, want)}
}
