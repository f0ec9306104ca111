package releasetest

import (
	"strconv"
	"strings"
)

// word is one entry of the vocabulary in the four spellings that a release has.
type word struct {
	text [languages]string
	id   uint64 // the value concept, 0 if none
}

// language is a spelling of terms: what decides is the language reference set.
type language uint8

const (
	us language = iota
	gb
	nb
	nn
	languages = 4
)

// parseWords reads wordTable: list name to words.
func parseWords() map[string][]word {
	lists := map[string][]word{}
	name := ""
	for line := range strings.Lines(wordTable) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			continue
		}
		if line[0] == '[' {
			name = strings.Trim(line, "[]")
			continue
		}
		lists[name] = append(lists[name], parseWord(line))
	}
	return lists
}

// parseWord reads en|nb|nn|gb|id; what is a number is the id, wherever it stands.
func parseWord(line string) word {
	w := word{}
	order := [...]language{us, nb, nn, gb}
	for i, f := range strings.Split(line, "|") {
		if id, err := strconv.ParseUint(f, 10, 64); err == nil {
			w.id = id
		} else if i < len(order) {
			w.text[order[i]] = f
		} else {
			w.text[gb] = f
		}
	}
	if w.text[gb] == "" {
		w.text[gb] = w.text[us]
	}
	if w.text[nn] == "" {
		w.text[nn] = w.text[nb]
	}
	return w
}

var (
	onsets = [...]string{"b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "cl", "dr", "fl", "gl", "pl", "pr", "st", "tr", "th", "ph", "x"}
	nuclei = [...]string{"a", "e", "i", "o", "u", "a", "e", "i", "o", "y", "io", "ia", "eu"}
	codas  = [...]string{"", "", "", "", "n", "r", "l", "s", "m", "x"}

	drugEndings    = [...]string{"ine", "ol", "ide", "ate", "one", "ate", "mab", "pril", "statin", "azole", "cillin", "mycin", "ase", "antigen", "antibody", "acid"}
	genusEndings   = [...]string{"us", "ia", "ella", "ium", "a", "is", "odes", "bacter", "coccus", "virus"}
	speciesEndings = [...]string{"ensis", "ii", "icus", "osa", "alis", "atum", "oides", "iformis", "ae", "ana"}
)

// appendName appends a made-up name: syllables and an ending that tells its class.
func appendName(b []byte, r *random, syllables int, endings []string) []byte {
	for range syllables {
		b = append(b, onsets[r.skewed(len(onsets))]...)
		b = append(b, nuclei[r.below(len(nuclei))]...)
		b = append(b, codas[r.below(len(codas))]...)
	}
	return append(b, endings[r.skewed(len(endings))]...)
}

// norwegian rewrites a made-up English substance name as Norwegian spells it:
// phenol becomes fenol, codeine kodein.
var norwegian = strings.NewReplacer("antibody", "-antistoff", "antigen", "-antigen", "acid", "syre",
	"ph", "f", "th", "t", "c", "k", "ine", "in", "ide", "id", "ate", "at", "one", "on", "azole", "azol", "x", "ks")
