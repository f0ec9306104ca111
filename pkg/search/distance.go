package search

// typos is a word that may be typed with errors: where each letter stands in it, a bit
// for each place. It counts the errors between the word and another in a few instructions
// for each letter of the other, whatever letters they have.
type typos struct {
	letters int
	low     [256]uint64 // of letters below 256, so all of Norwegian
	high    []letterAt  // of others
}

// letterAt is where a letter stands.
type letterAt struct {
	letter rune
	places uint64
}

// maxTypos is the most letters that a typos may have.
const maxTypos = 64

// set makes t that of a word, of 1 to maxTypos letters.
func (t *typos) set(word string) {
	*t = typos{high: t.high[:0]}
	for _, r := range word {
		bit := uint64(1) << t.letters
		t.letters++
		if r < rune(len(t.low)) {
			t.low[r] |= bit
			continue
		}
		if i := t.find(r); i < len(t.high) {
			t.high[i].places |= bit
		} else {
			t.high = append(t.high, letterAt{r, bit})
		}
	}
}

// find returns where in t.high a letter is, its length when it is not there.
func (t *typos) find(r rune) int {
	for i := range t.high {
		if t.high[i].letter == r {
			return i
		}
	}
	return len(t.high)
}

// places returns where a letter stands in the word.
func (t *typos) places(r rune) uint64 {
	if r < rune(len(t.low)) {
		return t.low[r]
	}
	if i := t.find(r); i < len(t.high) {
		return t.high[i].places
	}
	return 0
}

// errors returns the fewest typing errors that make the other of the word: a letter more,
// less or other, or two neighbours swapped, no letter in two of them. This is the distance
// of Damerau and Levenshtein in its restricted form, with a column of its table in two
// machine words (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
// distances", 2003): where it grows and where it falls from one letter to the next.
func (t *typos) errors(other string) int {
	count, last := t.letters, uint64(1)<<(t.letters-1)
	grows, falls := ^uint64(0), uint64(0)
	equal, before := uint64(0), uint64(0) // where the diagonal does not grow; places of the letter before
	for _, r := range other {
		at := t.places(r)
		swapped := (^equal & at) << 1 & before
		equal = (at&grows + grows) ^ grows | at | falls | swapped
		more, less := falls|^(equal|grows), equal&grows
		if more&last != 0 {
			count++
		}
		if less&last != 0 {
			count--
		}
		more = more<<1 | 1
		grows, falls = less<<1|^(equal|more), more&equal
		before = at
	}
	return count
}
