package norwegian

import (
	"bytes"
	"unicode/utf8"
)

// MaxToken is the length in bytes beyond which a token is left as it is: no word of
// a terminology is longer, and no time is spent on what is not a word.
const MaxToken = 96

// maxRounds bounds the work of one stem. Real words need at most five.
const maxRounds = 12

// room is what a stem may grow by beyond its token before it counts as not a word.
const room = 32

// Stem returns the form under which all forms of a word are the same: inflected
// or not, bokmål or nynorsk. token is one word as language.Fold makes it.
//
// The form is a key to compare, not a word to show. Tokens with a digit or a letter
// that is not Norwegian, tokens longer than MaxToken, and tokens of at most three
// letters that are not in the table are returned as they are. A stem is its
// own stem.
func Stem(token string) string {
	var buf [MaxToken + room]byte
	out := AppendStem(buf[:0], token)
	if string(out) == token {
		return token
	}
	return string(out)
}

// AppendStem appends Stem(token) to dst. It does not allocate when dst has room.
func AppendStem(dst []byte, token string) []byte {
	return appendFixed(dst, token, true)
}

// Spell returns token in the one spelling that bokmål and nynorsk share here, with
// its ending: "hjarteinf" is "hjerteinf". It is for a word that is still
// being typed, whose ending cannot be known. A spelling is its own spelling.
func Spell(token string) string {
	var buf [MaxToken + room]byte
	out := AppendSpell(buf[:0], token)
	if string(out) == token {
		return token
	}
	return string(out)
}

// AppendSpell appends Spell(token) to dst. It does not allocate when dst has room.
func AppendSpell(dst []byte, token string) []byte {
	return appendFixed(dst, token, false)
}

// appendFixed appends token, respelled and if wanted without endings, again and
// again until nothing changes, so that what comes out is left alone when it comes
// in. A token that does not settle is appended as it is, which is stable too.
func appendFixed(dst []byte, token string, endings bool) []byte {
	if !isWord(token) {
		return append(dst, token...)
	}
	var w word
	w.set(token)
	for range maxRounds {
		before := w
		if !endings {
			w.respell(nil)
		} else if !w.irregular() {
			w.respell(nil)
			if !w.irregularTail() {
				w.ending()
			}
		}
		if w.n == before.n && w.buf == before.buf {
			return append(dst, w.bytes()...)
		}
		if w.full {
			break
		}
	}
	return append(dst, token...)
}

// isWord reports whether token is something that can be inflected: lower-case
// Norwegian letters only, and more than three of them or in the table.
func isWord(token string) bool {
	if len(token) > MaxToken {
		return false
	}
	letters := 0
	for i := 0; i < len(token); i++ {
		switch c := token[i]; {
		case 'a' <= c && c <= 'z':
		case c == 0xC3 && i+1 < len(token) && (token[i+1] == 0xA5 || token[i+1] == 0xA6 || token[i+1] == 0xB8):
			i++
		default:
			return false
		}
		letters++
	}
	if letters > 3 {
		return true
	}
	_, known := irregularForms[token]
	return known
}

// word is a token being changed.
type word struct {
	buf  [MaxToken + room]byte
	n    int
	full bool // a change did not fit; the token is not a word
}

func (w *word) set(s string)  { w.n = copy(w.buf[:], s); clear(w.buf[w.n:]) }
func (w *word) bytes() []byte { return w.buf[:w.n] }

// ends reports whether w ends in tail with at least before letters in front.
func (w *word) ends(tail string, before int) bool {
	if w.n < len(tail)+before || string(w.buf[w.n-len(tail):w.n]) != tail {
		return false
	}
	return utf8.RuneCount(w.buf[:w.n-len(tail)]) >= before
}

// end replaces the last cut bytes of w by tail.
func (w *word) end(cut int, tail string) { w.replace(w.n-cut, cut, tail) }

// replace puts with in the place of cut bytes at i.
func (w *word) replace(i, cut int, with string) {
	n := w.n - cut + len(with)
	if n > len(w.buf) {
		w.full = true
		return
	}
	copy(w.buf[i+len(with):], w.buf[i+cut:w.n])
	copy(w.buf[i:], with)
	if n < w.n {
		clear(w.buf[n:w.n])
	}
	w.n = n
}

// irregular looks w up as a whole, and reports whether that settles it.
func (w *word) irregular() bool {
	stem, ok := irregularForms[string(w.bytes())]
	if ok && string(w.bytes()) != stem {
		w.set(stem)
	}
	return ok
}

// irregularTail looks the end of w up as the last part of a compound, the longest
// first; at least three letters stay in front.
func (w *word) irregularTail() bool {
	for i := max(shortest, w.n-longestTail); i <= w.n-3; i++ {
		if !utf8.RuneStart(w.buf[i]) {
			continue
		}
		stem, ok := irregularTails[string(w.buf[i:w.n])]
		if !ok || utf8.RuneCount(w.buf[:i]) < shortest {
			continue
		}
		if string(w.buf[i:w.n]) != stem {
			w.replace(i, w.n-i, stem)
		}
		return true
	}
	return false
}

// respell makes the spelling of bokmål and nynorsk the same, from left to right.
// heard, when not nil, is told each respelling that was applied.
func (w *word) respell(heard func(rule int)) {
	for i := 0; i < w.n; i++ {
		for _, r := range respellingsBy[w.buf[i]] {
			rule := &respellings[r]
			if !rule.fits(w.bytes(), i) {
				continue
			}
			w.replace(i, len(rule.from), rule.to)
			if heard != nil {
				heard(int(r))
			}
			i += len(rule.to) - 1
			break
		}
	}
}

// fits reports whether the rule applies to w at i.
func (r *respelling) fits(w []byte, i int) bool {
	if !bytes.HasPrefix(w[i:], r.fromBytes) {
		return false
	}
	rest := w[i+len(r.from):]
	switch r.where {
	case atStart:
		if i != 0 {
			return false
		}
	case inside:
		if i < 3 {
			return false
		}
	case atEnd:
		if i < 3 || len(rest) != 0 {
			return false
		}
	}
	for _, u := range r.unless {
		if len(u) > 0 && bytes.HasPrefix(rest, u) {
			return false
		}
	}
	return true
}
