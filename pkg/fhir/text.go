package fhir

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// isText reports whether a character may stand in a text of FHIR (R5, "Primitive Types",
// string), which is what XML 1.0 can write.
func isText(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case utf16.IsSurrogate(r):
		return false
	}
	return r != 0xFFFE && r != 0xFFFF
}

// checkText returns why s is no text of FHIR, nil when it is one.
func checkText(s string) error {
	for i := 0; i < len(s); {
		if b := s[i]; b >= ' ' && b < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return errors.New("the text is not UTF-8")
		}
		if !isText(r) {
			return noText(r)
		}
		i += n
	}
	return nil
}

func noText(r rune) error {
	return fmt.Errorf("U+%04X is no character that a text may have", r)
}

// checkEscapes returns where a JSON text, which is UTF-8, has a character that no text of
// FHIR may have, and which; nil when it has none. Half a pair of surrogates is one: what
// reads the JSON would put another character in its place.
func checkEscapes(body []byte) (at int, err error) {
	for _, b := range [...]string{"\uFFFE", "\uFFFF"} {
		if i := bytes.Index(body, []byte(b)); i >= 0 {
			r, _ := utf8.DecodeRuneInString(b)
			return i, noText(r)
		}
	}
	for i := 0; i < len(body); {
		next := bytes.IndexByte(body[i:], '\\')
		if next < 0 || i+next+1 == len(body) {
			return 0, nil
		}
		i += next
		switch c := body[i+1]; c {
		case 'u':
			r, ok := escaped(body[i:])
			if !ok { // for the reader of JSON to tell
				return 0, nil
			}
			size := 6
			if low, ok := escaped(body[min(i+6, len(body)):]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
				r, size = utf16.DecodeRune(r, low), 12
			}
			if !isText(r) {
				return i, noText(r)
			}
			i += size
		case 'b', 'f':
			return i, noText(map[byte]rune{'b': '\b', 'f': '\f'}[c])
		default:
			i += 2
		}
	}
	return 0, nil
}

// escaped reads what \uXXXX at the start of a text stands for.
func escaped(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	return rune(n), err == nil
}

// readValues reads the query of an interaction with resources. What says how to answer may
// be there once.
func readValues(query string) (url.Values, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, elementError(terminology.Invalid, "query", "%v", err)
	}
	for name, list := range values {
		if err := checkText(name); err != nil {
			return nil, elementError(terminology.Invalid, strings.ToValidUTF8(name, "\uFFFD"), "%v", err)
		}
		for _, value := range list {
			if err := checkText(value); err != nil {
				return nil, elementError(terminology.Invalid, name, "%v", err)
			}
			if controls[name] && value != list[0] {
				return nil, elementError(terminology.Invalid, name, "'%s' is there %d times, with different values", name, len(list))
			}
		}
	}
	return values, nil
}

// controls are the parameters of searches, reads and histories that say one thing.
var controls = map[string]bool{"_count": true, "_offset": true, "_summary": true, "_total": true, "_since": true, "_format": true, "_pretty": true}
