package resource

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The limits of a JSON text. Concepts in concepts take two levels each.
const (
	maxDepth    = 1000
	maxCompared = 64 // members of an object that are compared for doubles
	maxShown    = 60 // steps of a path in a message
)

// scanner reads a JSON text from front to back and hands out its values without
// copying them: strings are views of the text, which must not change afterwards. The
// first thing that is wrong is kept with its place; after it, every value reads as
// absent, so that a reader checks once, at its end.
type scanner struct {
	text string
	at   int
	path []step
	keys []string // of the objects that are open, one after the other
	err  *terminology.RowError
	file string
	root string // what the path begins with
	head bool   // only the head of a resource is wanted
	// alone: of a concept, those below it are not wanted.
	alone bool
}

// step is a member or an element on the way to the value that is being read.
type step struct {
	key   string
	index int // of an element; -1: a member
}

func newScanner(data []byte, file, root string) *scanner {
	s := &scanner{text: view(data), file: file, root: root}
	if strings.HasPrefix(s.text, "\ufeff") {
		s.at = len("\ufeff")
	}
	if !utf8.ValidString(s.text) {
		s.at = invalidAt(s.text)
		s.fail("the text is not UTF-8")
	}
	return s
}

func invalidAt(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				return i
			}
		}
	}
	return len(text)
}

// fail keeps what is wrong at this place, unless something was wrong before.
func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = s.bad(s.at, s.place(), format, args...)
	}
}

// bad returns the error of a place of the text.
func (s *scanner) bad(at int, place, format string, args ...any) *terminology.RowError {
	return &terminology.RowError{File: s.file, Line: 1 + strings.Count(s.text[:min(at, len(s.text))], "\n"), Column: place, Err: fmt.Errorf(format, args...)}
}

// place returns the path of the value that is being read: CodeSystem.concept[3].code.
func (s *scanner) place() string {
	var b strings.Builder
	b.WriteString(s.root)
	for i, p := range s.path {
		if i == maxShown {
			b.WriteString("...")
			break
		}
		if p.index >= 0 {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(p.index))
			b.WriteByte(']')
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(p.key)
	}
	return b.String()
}

// space returns the next byte that is not white space, without taking it; 0 at the end.
func (s *scanner) space() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// take takes a byte that must come next.
func (s *scanner) take(want byte) bool {
	if s.err != nil {
		return false
	}
	c := s.space()
	if c != want {
		s.unexpected(string(want))
		return false
	}
	s.at++
	return true
}

// unexpected fails because something else was wanted.
func (s *scanner) unexpected(want string) {
	if s.at >= len(s.text) {
		s.fail("the JSON ends too early: want %s", want)
		return
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.at:])
	s.fail("found %q, want %s", r, want)
}

// object reads an object. Member is called with every key and reads the value, or
// leaves it to be passed over.
func (s *scanner) object(member func(key string)) {
	if !s.typed('{', "an object") || !s.deeper(step{index: -1}) {
		return
	}
	s.at++
	first := len(s.keys)
	for n := 0; s.err == nil; n++ {
		if c := s.space(); c == '}' && n == 0 {
			s.at++
			break
		}
		key := s.literal()
		s.path[len(s.path)-1].key = key
		s.distinct(first, key)
		if !s.take(':') {
			break
		}
		before := s.at
		if s.space(); s.err == nil && s.at < len(s.text) {
			before = s.at
			member(key)
		}
		if s.err == nil && s.at == before {
			s.skip()
		}
		if s.err != nil || !s.more('}') {
			break
		}
	}
	s.keys = s.keys[:first]
	s.path = s.path[:len(s.path)-1]
}

// distinct fails when an object has a key twice (FHIR, "JSON representation of
// resources"). Only the first members of a long object are compared.
func (s *scanner) distinct(first int, key string) {
	if s.err != nil || len(s.keys)-first >= maxCompared {
		return
	}
	for _, k := range s.keys[first:] {
		if k == key {
			s.fail("the object has this member twice")
			return
		}
	}
	s.keys = append(s.keys, key)
}

// array reads an array. Element is called for every element, as member of object is.
func (s *scanner) array(element func(i int)) {
	if !s.typed('[', "an array") || !s.deeper(step{index: 0}) {
		return
	}
	s.at++
	for n := 0; s.err == nil; n++ {
		c := s.space()
		if c == ']' && n == 0 {
			s.at++
			break
		}
		s.path[len(s.path)-1].index = n
		before := s.at
		if c != 0 {
			element(n)
		}
		if s.err == nil && s.at == before {
			s.skip()
		}
		if s.err != nil || !s.more(']') {
			break
		}
	}
	s.path = s.path[:len(s.path)-1]
}

// more takes the comma before another member or element, or the end.
func (s *scanner) more(end byte) bool {
	switch s.space() {
	case ',':
		s.at++
		return true
	case end:
		s.at++
		return false
	}
	s.unexpected("a comma or " + string(end))
	return false
}

// typed reports whether a value of a type follows, and fails when another one does.
func (s *scanner) typed(first byte, want string) bool {
	if s.err != nil {
		return false
	}
	c := s.space()
	if c == first {
		return true
	}
	if got := typeOf(c); got != "" {
		s.fail("want %s, not %s", want, got)
	} else {
		s.unexpected(want)
	}
	return false
}

func typeOf(first byte) string {
	switch {
	case first == '{':
		return "an object"
	case first == '[':
		return "an array"
	case first == '"':
		return "a string"
	case first == 't' || first == 'f':
		return "a boolean"
	case first == 'n':
		return "null"
	case first == '-' || first >= '0' && first <= '9':
		return "a number"
	}
	return ""
}

func (s *scanner) deeper(p step) bool {
	if len(s.path) >= maxDepth {
		s.fail("the JSON is nested more than %d deep", maxDepth)
		return false
	}
	s.path = append(s.path, p)
	return true
}

// skip passes over a value, which must be well-formed.
func (s *scanner) skip() {
	if s.err != nil {
		return
	}
	switch c := s.space(); typeOf(c) {
	case "an object":
		s.object(func(string) {})
	case "an array":
		s.array(func(int) {})
	case "a string":
		s.literal()
	case "a number":
		s.number()
	default:
		s.word()
	}
}

// raw passes over a value and returns it as it is written.
func (s *scanner) raw() string {
	if s.err != nil {
		return ""
	}
	s.space()
	start := s.at
	s.skip()
	return s.text[start:s.at]
}

// listed passes over an array and reports whether it has elements.
func (s *scanner) listed() bool {
	found := false
	s.array(func(int) { found = true })
	return found
}

// end fails when anything but white space follows.
func (s *scanner) end() {
	if s.space(); s.err == nil && s.at < len(s.text) {
		s.unexpected("the end of the text")
	}
}

// view is bytes as a string, without copying them.
func view(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }
