package resource

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string.
func (s *scanner) str() string {
	if !s.typed('"', "a string") {
		return ""
	}
	return s.literal()
}

// literal reads a string that is wanted here whatever comes.
func (s *scanner) literal() string {
	if s.err != nil || s.space() != '"' {
		s.unexpected("a string")
		return ""
	}
	start := s.at + 1
	for i := start; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return s.text[start:i]
		case c == '\\':
			return s.escaped(start, i)
		case c < ' ':
			s.at = i
			s.fail("found the control character %q in a string", c)
			return ""
		}
	}
	s.at = len(s.text)
	s.unexpected("the end of a string")
	return ""
}

// escaped reads the rest of a string, which has its first escape at i.
func (s *scanner) escaped(start, i int) string {
	b := append(make([]byte, 0, i-start+32), s.text[start:i]...)
	for i < len(s.text) {
		c := s.text[i]
		switch {
		case c == '"':
			s.at = i + 1
			return string(b)
		case c < ' ':
			s.at = i
			s.fail("found the control character %q in a string", c)
			return ""
		case c != '\\':
			b = append(b, c)
			i++
			continue
		}
		r, n := unescape(s.text[i:])
		if n == 0 {
			s.at = i
			s.fail("found %.6q, want an escape of JSON", s.text[i:])
			return ""
		}
		b = utf8.AppendRune(b, r)
		i += n
	}
	s.at = len(s.text)
	s.unexpected("the end of a string")
	return ""
}

// unescape returns the character that text begins with escaped, and the length of
// the escape; 0 when it is none.
func unescape(text string) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	if k := strings.IndexByte(`"\/bfnrt`, text[1]); k >= 0 {
		return rune("\"\\/\b\f\n\r\t"[k]), 2
	}
	r, ok := hex4(text)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(text[6:]); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

// hex4 reads \uXXXX.
func hex4(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	r := rune(0)
	for i := 2; i < 6; i++ {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// flag reads a boolean.
func (s *scanner) flag() bool {
	if s.err != nil {
		return false
	}
	if c := s.space(); c != 't' && c != 'f' {
		s.typed('t', "true or false")
		return false
	}
	return s.word() == "true"
}

// word reads true, false or null.
func (s *scanner) word() string {
	for _, w := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(s.text[s.at:], w) {
			s.at += len(w)
			return w
		}
	}
	s.unexpected("a value")
	return ""
}

// number reads a number as it is written.
func (s *scanner) number() string {
	if s.err != nil {
		return ""
	}
	if c := s.space(); typeOf(c) != "a number" {
		s.typed('0', "a number")
		return ""
	}
	start := s.at
	digits := func() bool {
		from := s.at
		for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
			s.at++
		}
		return s.at > from
	}
	next := func(set string) bool {
		if s.at < len(s.text) && strings.IndexByte(set, s.text[s.at]) >= 0 {
			s.at++
			return true
		}
		return false
	}
	next("-")
	ok := next("0") || digits()
	if ok && next(".") {
		ok = digits()
	}
	if ok && next("eE") {
		next("+-")
		ok = digits()
	}
	if !ok {
		s.unexpected("a digit")
		return ""
	}
	return s.text[start:s.at]
}

// primitive reads a string, a number or a boolean as text.
func (s *scanner) primitive() string {
	if s.err != nil {
		return ""
	}
	switch c := s.space(); typeOf(c) {
	case "a string":
		return s.literal()
	case "a number":
		return s.number()
	case "a boolean":
		return s.word()
	}
	s.typed('"', "a string, a number or a boolean")
	return ""
}
