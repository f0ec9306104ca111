package conceptmap

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The texts that rows of a map have in common (files, modules, categories, rules) are
// kept once; a row has their numbers. A text is common when it comes often enough that
// this saves bytes.
const (
	commonTimes = 4
	maxCommon   = 1 << 12
	maxTexts    = 256 << 10 // bytes of all of them
)

// commonTexts returns the common texts of the rows of one map, the most frequent first, so
// that they have the shortest numbers.
func commonTexts(rows []*row) ([]string, map[string]int) {
	times := map[string]int{}
	for _, r := range rows {
		m := &r.mapping
		for _, s := range optional(m) {
			times[*s]++
		}
		times[m.File]++
		for _, terms := range [...][]terminology.MapTerm{m.DependsOn, m.Products} {
			for i := range terms {
				for _, s := range termTexts(&terms[i]) {
					times[*s]++
				}
			}
		}
	}
	var texts []string
	for s, n := range times {
		if n >= commonTimes && len(s) > 1 {
			texts = append(texts, s)
		}
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(times[b], times[a]), strings.Compare(a, b)) })
	numbers, size := map[string]int{}, 0
	for i, s := range texts {
		if size += len(s); i == maxCommon || size > maxTexts {
			return texts[:i], numbers
		}
		numbers[s] = i
	}
	return texts, numbers
}

func appendTexts(dst []byte, texts []string) []byte {
	for _, s := range texts {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
		dst = append(dst, s...)
	}
	return dst
}

func readTexts(value []byte) ([]string, error) {
	r := rowReader{text: string(value)}
	var texts []string
	for r.text != "" {
		s := r.take(r.number(maxTexts))
		if r.bad {
			return nil, &terminology.Error{Op: "conceptmap.readTexts", Kind: terminology.Corrupt, Err: errShort}
		}
		texts = append(texts, s)
	}
	return texts, nil
}
