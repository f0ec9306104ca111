package tabular

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

var (
	errTruncated = errors.New("the file ends inside its JSON array: it is truncated, fetch it again")
	errNotArray  = errors.New("want a JSON array of objects")
)

// JSON reads a JSON array of objects, one at a time. The keys are the columns;
// null is an empty cell, numbers and truth values are their JSON text, and so is
// a nested value. A bad element comes as a *terminology.RowError with the line
// on which it begins, and reading goes on; after an error of the array itself,
// such as a missing end, it ends.
func JSON(r io.Reader, file string) func(yield func(*Record, error) bool) {
	return jsonRows(r, file, "")
}

// jsonRows is JSON, of the array under a key of an object when there is a key.
func jsonRows(r io.Reader, file, key string) func(yield func(*Record, error) bool) {
	return func(yield func(*Record, error) bool) {
		in := &elements{r: bufio.NewReaderSize(r, 64<<10), file: file, line: 1, key: key}
		for rec, err := range in.records() {
			if !yield(rec, err) {
				return
			}
		}
	}
}

// records reads the objects of the array, or of the arrays of all pages.
func (e *elements) records() func(yield func(*Record, error) bool) {
	return func(yield func(*Record, error) bool) {
		if err := e.open(); err != nil {
			if err != io.EOF {
				yield(nil, err)
			}
			return
		}
		for first := true; ; first = false {
			raw, line, err := e.next(first)
			for err == errNextPage {
				raw, line, err = e.next(true)
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			rec := &Record{File: e.file, Line: line}
			if bad := rec.decode(raw); bad != nil {
				rec, err = nil, bad
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// decode reads the object raw into the record.
func (r *Record) decode(raw []byte) *terminology.RowError {
	if !utf8.Valid(raw) {
		return r.Bad("", "%w", errNotUTF8)
	}
	if raw[0] != '{' {
		return r.Bad("", "want a JSON object")
	}
	if !json.Valid(raw) {
		var into any
		return r.Bad("", "%w", json.Unmarshal(raw, &into))
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	_, _ = dec.Token() // the brace; raw is valid, so tokens do not fail
	for dec.More() {
		key, _ := dec.Token()
		column := key.(string)
		for _, c := range r.columns {
			if c == column {
				return r.Bad(column, "the object has this key twice")
			}
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return r.Bad(column, "%w", err)
		}
		cell := string(value)
		switch {
		case cell == "null":
			cell = ""
		case cell[0] == '"':
			if err := json.Unmarshal(value, &cell); err != nil {
				return r.Bad(column, "%w", err)
			}
		case (cell[0] == '-' || cell[0] >= '0' && cell[0] <= '9') && len(r.cells) < math.MaxUint16:
			r.numeric = append(r.numeric, uint16(len(r.cells)+1))
		}
		r.columns, r.cells = append(r.columns, column), append(r.cells, cell)
	}
	return nil
}

// elements cuts an array into its elements and counts lines.
type elements struct {
	r    *bufio.Reader
	file string
	line int
	buf  []byte

	key   string // of the array in the object around it; "": there is none
	pages int    // objects around an array, so far
	total int    // records that the pages say there are in all
}

func (e *elements) bad(err error) error {
	return &terminology.RowError{File: e.file, Line: e.line, Err: err}
}

// space returns the next byte that is not white space, without taking it.
func (e *elements) space() (byte, error) {
	for {
		c, err := e.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch c {
		case '\n':
			e.line++
		case ' ', '\t', '\r':
		default:
			return c, e.r.UnreadByte()
		}
	}
}

// open takes the bracket of the array, and what stands before it.
func (e *elements) open() error {
	if b, _ := e.r.Peek(len(bom)); string(b) == bom {
		_, _ = e.r.Discard(len(bom))
	}
	c, err := e.space()
	if err == nil && c == '{' && e.key != "" {
		return e.page()
	}
	if err == io.EOF || err == nil && c != '[' {
		return e.bad(errNotArray)
	}
	if err == nil {
		_, err = e.r.Discard(1)
	}
	return err
}

// next returns the bytes of the next element, valid until the next call, and
// io.EOF when the array has ended well.
func (e *elements) next(first bool) (raw []byte, line int, err error) {
	c, err := e.space()
	if err == nil && c == ']' {
		if e.key != "" {
			return nil, e.line, e.rest()
		}
		return nil, e.line, e.end()
	}
	if err == nil && !first {
		if c != ',' {
			return nil, e.line, e.bad(fmt.Errorf("want a comma between objects, found %q", c))
		}
		_, _ = e.r.Discard(1)
		c, err = e.space()
	}
	if err == nil && (c == ',' || c == ']') {
		return nil, e.line, e.bad(fmt.Errorf("want an object, found %q", c))
	}
	line = e.line
	if err == nil {
		raw, err = e.value()
	}
	if err == io.EOF {
		err = &terminology.RowError{File: e.file, Line: line, Err: errTruncated}
	}
	return raw, line, err
}

// end takes the bracket that ends the array; nothing may follow it.
func (e *elements) end() error {
	_, _ = e.r.Discard(1)
	switch _, err := e.space(); err {
	case nil:
		return e.bad(errors.New("text after the end of the JSON array"))
	default:
		return err
	}
}

// value takes the bytes of an object, or up to the comma or bracket that ends
// another element. It knows strings and nesting, no more: decode tells what is
// wrong inside.
func (e *elements) value() ([]byte, error) {
	e.buf = e.buf[:0]
	depth, inString, escaped := 0, false, false
	for {
		c, err := e.r.ReadByte()
		if err != nil {
			return nil, err
		}
		if c == '\n' {
			e.line++
		}
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			depth++
		case (c == ',' || c == ']') && depth == 0:
			return bytes.TrimRight(e.buf, " \t\r\n"), e.r.UnreadByte()
		case c == '}' || c == ']':
			depth = max(depth-1, 0)
		}
		if e.buf = append(e.buf, c); c == '}' && depth == 0 && !inString && e.buf[0] == '{' {
			return e.buf, nil
		}
		if len(e.buf) > maxLine {
			return nil, fmt.Errorf("%s:%d: the element is longer than %d bytes", e.file, e.line, maxLine)
		}
	}
}
