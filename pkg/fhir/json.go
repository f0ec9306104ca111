package fhir

import (
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

const hexDigits = "0123456789abcdef"

// plain tells the ASCII bytes that stand for themselves in a JSON string. It has a
// place for every byte, so that looking one up needs no check of bounds.
var plain = func() (t [256]bool) {
	for i := range utf8.RuneSelf {
		t[i] = i >= ' ' && i != '"' && i != '\\'
	}
	return t
}()

// plain8 reports whether the first eight bytes of s are all plain.
func plain8(s string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	_ = s[7]
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	quote, slash := x^(ones*'"'), x^(ones*'\\')
	// The high bit of a byte is set where it was, and where taking away borrows: below
	// a blank, or equal to the quote or the backslash. A borrow may go on into the next
	// byte, which then is looked at for nothing.
	return (x|(x-ones*' ')|(quote-ones)|(slash-ones))&highs == 0
}

// AppendString writes s as a JSON string (RFC 8259, section 7). A byte that is
// not UTF-8 becomes U+FFFD, so that the output is always valid.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		for i+8 <= len(s) && plain8(s[i:]) {
			i += 8
		}
		if i == len(s) {
			break
		}
		b := s[i]
		if plain[b] {
			i++
			continue
		}
		if b < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, b)
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\uFFFD"...)
			start = i + 1
		}
		i += n
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
}

// appendKey opens a member of an object, with a comma unless it is the first.
// Keys are names of ours that need no escape.
func appendKey(dst []byte, key string) []byte {
	if last := dst[len(dst)-1]; last != '{' && last != '[' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, key...)
	return append(dst, '"', ':')
}

// appendMember writes a member with a string, and nothing for an empty string,
// which FHIR does not have.
func appendMember(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return AppendString(appendKey(dst, key), value)
}

func appendBool(dst []byte, key string, value bool) []byte {
	dst = appendKey(dst, key)
	if value {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// appendItem opens an object in an array, with a comma unless it is the first.
func appendItem(dst []byte) []byte {
	if dst[len(dst)-1] != '[' {
		dst = append(dst, ',')
	}
	return append(dst, '{')
}

func appendCoding(dst []byte, c terminology.Coding) []byte {
	dst = append(dst, '{')
	dst = appendMember(dst, "system", c.System)
	dst = appendMember(dst, "version", c.Version)
	dst = appendMember(dst, "code", c.Code)
	dst = appendMember(dst, "display", c.Display)
	return append(dst, '}')
}

// openParameter begins one item of Parameters.parameter or of its part; the caller
// writes the value and closes it with '}'.
func openParameter(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '[' {
		dst = append(dst, ',')
	}
	dst = append(dst, `{"name":"`...)
	dst = append(dst, name...)
	return append(dst, '"')
}

// appendParameter writes a whole parameter with a value of a string type, such as
// valueCode; nothing when value is empty.
func appendParameter(dst []byte, name, valueType, value string) []byte {
	if value == "" {
		return dst
	}
	dst = openParameter(dst, name)
	dst = append(dst, `,"`...)
	dst = append(dst, valueType...)
	dst = append(dst, `":`...)
	return append(AppendString(dst, value), '}')
}

func appendBoolParameter(dst []byte, name string, value bool) []byte {
	return append(appendBool(openParameter(dst, name), "valueBoolean", value), '}')
}

const (
	openParameters  = `{"resourceType":"Parameters","parameter":[`
	closeParameters = `]}`
)
