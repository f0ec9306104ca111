package language

import "slices"

// TokensOf is TokensIn by the way for any text.
func TokensOf(s string) []Token { return tokensOf(s) }

// SameToken reports whether two tokens have the same text and places.
func SameToken(a, b Token) bool {
	return a.Text == b.Text && a.start == b.start && slices.Equal(a.ends, b.ends)
}
