package language

import (
	"unicode"
	"unicode/utf8"
)

// Token is a token of a text, and where it stands there.
type Token struct {
	Text  string // folded, as Tokens gives it
	start int32
	ends  []int32 // for each byte of Text, the byte after what it was written as
}

// Start returns the first byte of the token in the text that it is of.
func (t Token) Start() int { return int(t.start) }

// End returns the byte after what the first n bytes of Text were written as; of all of
// Text, the byte after the token.
func (t Token) End(n int) int {
	if n == 0 {
		return int(t.start)
	}
	return int(t.ends[n-1])
}

// TokensIn returns the tokens of s as Tokens does, with their places. A letter that folds
// to two (ß) is one place: what ends inside it ends after it. It returns nil in the rare
// case that a text folds otherwise as a whole than letter by letter.
func TokensIn(s string) []Token { return new(TokenReader).Read(s) }

// TokenReader gives the tokens of one text after the other, in memory that it uses again.
// The zero TokenReader is ready. It is for one goroutine.
type TokenReader struct {
	folded []byte
	ends   []int32
	places []place
	tokens []Token
}

// place is where a token is in the folded text, and where it starts in the text itself.
type place struct{ first, last, start int32 }

// Read returns what TokensIn does. The tokens are good until the next call, their Text for
// ever.
func (r *TokenReader) Read(s string) []Token {
	if !r.read(s) {
		return tokensOf(s)
	}
	text := string(r.folded)
	r.tokens = r.tokens[:0]
	for _, p := range r.places {
		r.tokens = append(r.tokens, Token{Text: text[p.first:p.last], start: p.start, ends: r.ends[p.first:p.last]})
	}
	return r.tokens
}

// read places the tokens of a text of the letters that AppendFold folds one by one; it
// reports false for one with others.
func (r *TokenReader) read(s string) bool {
	r.folded, r.ends, r.places = r.folded[:0], r.ends[:0], r.places[:0]
	first, start := 0, 0 // of the token under way
	for i := 0; i < len(s); i++ {
		at, c, second := i, s[i], byte(0)
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == 0xC3 && i+1 < len(s):
			switch s[i+1] {
			case 0xA5, 0xA6, 0xB8: // å æ ø
				second = s[i+1]
			case 0x85, 0x86, 0x98: // Å Æ Ø
				second = s[i+1] + 0x20
			default:
				return false
			}
			i++
		case c >= utf8.RuneSelf:
			return false
		case c == '\'' && len(r.folded) > first && startsLetter(s[i+1:]):
			continue
		default:
			first = r.end(first, start)
			continue
		}
		if len(r.folded) == first {
			start = at
		}
		r.folded, r.ends = append(r.folded, c), append(r.ends, int32(i+1))
		if second != 0 {
			r.folded, r.ends = append(r.folded, second), append(r.ends, int32(i+1))
		}
	}
	r.end(first, start)
	return len(s) < 1<<31
}

// end ends the token under way, if there is one, and returns where the next begins.
func (r *TokenReader) end(first, start int) int {
	if len(r.folded) > first {
		r.places = append(r.places, place{int32(first), int32(len(r.folded)), int32(start)})
	}
	return len(r.folded)
}

// tokensOf is TokensIn for any text.
func tokensOf(s string) []Token {
	folded := make([]byte, 0, len(s)+8)
	ends := make([]int32, 0, len(s)+8)
	first, start, count := 0, 0, 0 // of the token under way
	var places [16][3]int32        // first, end and start of the tokens before
	all := places[:0]
	end := func() {
		if len(folded) > first {
			all = append(all, [3]int32{int32(first), int32(len(folded)), int32(start)})
			folded, ends = append(folded, ' '), append(ends, 0)
			first = len(folded)
			count++
		}
	}
	for i := 0; i < len(s); {
		next := i + clusterLen(s[i:])
		before := len(folded)
		folded = AppendFold(folded, s[i:next])
		switch {
		case len(folded) > before:
			if before == first {
				start = i
			}
			for range len(folded) - before {
				ends = append(ends, int32(next))
			}
		case before > first && joins(s[i:], next-i):
		default:
			end()
		}
		i = next
	}
	end()
	if count > 0 {
		folded = folded[:len(folded)-1]
	}
	text := string(folded)
	if text != Fold(s) {
		return nil
	}
	tokens := make([]Token, len(all))
	for k, p := range all {
		tokens[k] = Token{Text: text[p[0]:p[1]], start: p[2], ends: ends[p[0]:p[1]]}
	}
	return tokens
}

// clusterLen returns the length of the first letter of s and the marks that follow it.
func clusterLen(s string) int {
	if len(s) > 1 && s[0] < utf8.RuneSelf && s[1] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.Is(unicode.M, r) {
			break
		}
		n += size
	}
	return n
}

// joins reports whether the first letter of s, which is none, leaves what is around it
// one token: an apostrophe inside a word, a soft hyphen.
func joins(s string, n int) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isApostrophe(r) && startsLetter(s[n:]) || unicode.Is(unicode.Cf, r)
}
