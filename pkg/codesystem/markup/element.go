package markup

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// xmlSpace is the namespace of xml:lang.
const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// Element is one element while it is read: its start is known, its content is yet
// to come and is read once, by Each, Records, Mixed or Text. What is not read is
// passed over.
type Element struct {
	Name  string // without prefix
	Space string // URI of its namespace, or ""
	Lang  string // xml:lang of the element or of the nearest around it that has one

	s     *scanner
	line  int
	depth int // its own; its children have one more
	attrs []xml.Attr
}

func (s *scanner) element(t xml.StartElement, lang string) *Element {
	e := &Element{Name: t.Name.Local, Space: t.Name.Space, Lang: lang, s: s, line: s.line, depth: s.depth, attrs: t.Attr}
	for _, a := range e.attrs {
		if a.Name.Local == "lang" && a.Name.Space == xmlSpace {
			e.Lang = a.Value
		}
	}
	return e
}

// Attr returns the value of an attribute without a prefix, without the space around
// it, and "" when there is none.
func (e *Element) Attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// Line is the line on which the element begins.
func (e *Element) Line() int { return e.line }

// Bad returns the error of the element, or of its attribute or child when what is not
// empty.
func (e *Element) Bad(what, format string, args ...any) *terminology.RowError {
	column := e.Name
	if what != "" {
		column += "/" + what
	}
	return &terminology.RowError{File: e.s.file, Line: e.line, Column: column, Err: fmt.Errorf(format, args...)}
}

// Each passes every child element to read. An error of read ends it.
func (e *Element) Each(read func(*Element) error) error {
	return e.content(nil, read)
}

// Records is Each for children that are a record each: when read says that one is
// bad, with a *terminology.RowError, the sink is told and reading goes on after it.
func (e *Element) Records(read func(*Element) error) error {
	return e.content(nil, func(child *Element) error {
		err := read(child)
		bad := (*terminology.RowError)(nil)
		if e.s.failed == nil && errors.As(err, &bad) {
			return e.s.to.Bad(bad)
		}
		return err
	})
}

// Mixed passes the content in order: text with its spaces and line ends as they
// stand, and elements. Either function may be nil.
func (e *Element) Mixed(text func(string) error, read func(*Element) error) error {
	return e.content(text, read)
}

func (e *Element) content(text func(string) error, read func(*Element) error) error {
	for {
		if e.s.failed == nil && e.s.depth < e.depth {
			return nil // all of it has been read
		}
		token, err := e.s.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if e.s.depth < e.depth {
				return nil
			}
		case xml.CharData:
			if text != nil {
				if err := text(string(t)); err != nil {
					return err
				}
			}
		case xml.StartElement:
			child := e.s.element(t, e.Lang)
			if read != nil {
				if err := read(child); err != nil {
					return err
				}
			}
			if err := child.skip(); err != nil {
				return err
			}
		}
	}
}

// skip reads on to the end of the element.
func (e *Element) skip() error {
	for e.s.failed == nil && e.s.depth >= e.depth {
		if _, err := e.s.next(); err != nil {
			return err
		}
	}
	return e.s.failed
}

// Text returns all text of the element and the elements inside it. Runs of white
// space are one space, and there is none at the ends.
func (e *Element) Text() (string, error) {
	var b strings.Builder
	if err := e.text(&b); err != nil {
		return "", err
	}
	return strings.Join(strings.Fields(b.String()), " "), nil
}

func (e *Element) text(b *strings.Builder) error {
	return e.content(func(s string) error {
		if b.Len()+len(s) > MaxText {
			return e.Bad("", "its text is longer than %d bytes", MaxText)
		}
		b.WriteString(s)
		return nil
	}, func(child *Element) error { return child.text(b) })
}

// Count holds an element to its attribute count, which some publishers give to their
// lists: it returns an error when there is one and it is not n.
func (e *Element) Count(n int) error {
	said := e.Attr("count")
	if said == "" || said == strconv.Itoa(n) {
		return nil
	}
	return e.Bad("count", "says %q and holds %d: it is not whole", said, n)
}
