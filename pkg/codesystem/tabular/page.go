package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// A page is an object around an array of flat objects, as paged services answer:
// {"data": [{…}, …], "pageNumber": 1, "totalRecords": 21526}. A file may hold several,
// one after the other.

// errNextPage tells that an array has ended and the array of the next page begun.
var errNextPage = errors.New("next page")

// pageKey is the key of the array in the pages of the Directorate's services.
const pageKey = "data"

// totalKey is the key of the number of records on all pages together.
const totalKey = "totalRecords"

// maxKey is the longest key that is read.
const maxKey = 256

// wrapped returns the format of an object around an array of objects: that under the
// key data, else the first. The zero Format: it has none in what was read of it.
func wrapped(text []byte) Format {
	first := ""
	e := &elements{r: bufio.NewReader(bytes.NewReader(text)), line: 1}
	_, _ = e.space()
	_, _ = e.r.Discard(1)
	for {
		key, err := e.member()
		if err != nil || key == "" {
			break
		}
		array, err := e.array()
		if array && key == pageKey {
			first = key
			break
		}
		if array && first == "" {
			first = key
		}
		if err != nil || e.skip() != nil {
			break
		}
	}
	return Format{JSON: first != "", Key: first}
}

// page takes an object up to the first element of its array; the brace is next.
func (e *elements) page() error {
	_, _ = e.r.Discard(1)
	e.pages++
	for {
		key, err := e.member()
		if err != nil {
			return e.cutOff(err)
		}
		if key == "" {
			return e.bad(fmt.Errorf("%w: the object has none under %q", errNotArray, e.key))
		}
		if key == e.key {
			array, err := e.array()
			if err == nil && !array {
				err = e.bad(fmt.Errorf("%w under %q", errNotArray, key))
			}
			if err != nil {
				return e.cutOff(err)
			}
			_, err = e.r.Discard(1)
			return err
		}
		if err := e.passed(key); err != nil {
			return e.cutOff(err)
		}
	}
}

// rest takes what stands after the array of a page. Its error is errNextPage when
// another page follows, and io.EOF when none does.
func (e *elements) rest() error {
	_, _ = e.r.Discard(1)
	for {
		key, err := e.member()
		if err != nil {
			return e.cutOff(err)
		}
		if key == "" {
			break
		}
		if key == e.key {
			return e.bad(fmt.Errorf("the object has the key %q twice", key))
		}
		if err := e.passed(key); err != nil {
			return e.cutOff(err)
		}
	}
	c, err := e.space()
	if err != nil {
		return err
	}
	if c != '{' {
		return e.bad(errors.New("text after the end of the JSON object"))
	}
	if err := e.page(); err != nil {
		return err
	}
	return errNextPage
}

// cutOff says that the file ends inside an object.
func (e *elements) cutOff(err error) error {
	if err == io.EOF {
		return e.bad(errTruncated)
	}
	return err
}

// member takes the key of the next member of an object and its colon; "" is the end of
// the object.
func (e *elements) member() (string, error) {
	c, err := e.space()
	if err == nil && c == ',' {
		_, _ = e.r.Discard(1)
		c, err = e.space()
	}
	if err != nil {
		return "", err
	}
	_, _ = e.r.Discard(1)
	if c == '}' {
		return "", nil
	}
	if c != '"' {
		return "", e.bad(fmt.Errorf("want a key, found %q", c))
	}
	var key []byte
	for {
		c, err := e.r.ReadByte()
		if err != nil {
			return "", err
		}
		if c == '"' {
			break
		}
		if key = append(key, c); len(key) > maxKey || c == '\n' {
			return "", e.bad(fmt.Errorf("a key is longer than %d bytes, or goes on over the line", maxKey))
		}
	}
	if c, err = e.space(); err != nil {
		return "", err
	}
	if c != ':' || len(key) == 0 {
		return "", e.bad(fmt.Errorf("want a colon after the key %q, found %q", key, c))
	}
	_, err = e.r.Discard(1)
	return string(key), err
}

// array reports whether the next value is an array of objects, or an empty one, and
// leaves it where it is.
func (e *elements) array() (bool, error) {
	c, err := e.space()
	if err != nil || c != '[' {
		return false, err
	}
	for n := 2; n <= e.r.Size(); n++ {
		b, err := e.r.Peek(n)
		if err != nil {
			return false, err
		}
		switch b[n-1] {
		case ' ', '\t', '\r', '\n':
		default:
			return b[n-1] == '{' || e.key != "" && b[n-1] == ']', nil
		}
	}
	return false, nil
}

// passed takes the value of a key that is not the array.
func (e *elements) passed(key string) error {
	if key == totalKey {
		b, _ := e.r.Peek(16)
		b = bytes.TrimLeft(b, " ")
		digits := bytes.IndexFunc(b, func(r rune) bool { return r < '0' || r > '9' })
		if digits > 0 {
			n, _ := strconv.Atoi(string(b[:digits]))
			e.total = max(e.total, n)
		}
	}
	return e.skip()
}

// skip takes a value, however long it is.
func (e *elements) skip() error {
	depth, inString, escaped := 0, false, false
	for n := 0; ; n++ {
		c, err := e.r.ReadByte()
		if err != nil {
			return err
		}
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case (c == ',' || c == '}' || c == ']') && depth == 0:
			return e.r.UnreadByte()
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if c == '\n' {
			e.line++
		}
	}
}

// Announced returns how many records the pages of a file say that there are on all
// pages, of this file and others, and 0 when they do not say.
func Announced(file terminology.SourceFile, f Format) (int, error) {
	if !f.JSON || f.Key == "" {
		return 0, nil
	}
	in, err := file.Open()
	if err != nil {
		return 0, &terminology.Error{Op: "tabular.Announced", Err: err}
	}
	defer in.Close() //nolint:errcheck // nothing was written
	var r io.Reader = in
	if f.Gzip {
		r = gunzip(r, file.Name)
	}
	e := &elements{r: bufio.NewReaderSize(f.Encoding.reader(r), 64<<10), file: file.Name, line: 1, key: f.Key}
	for _, err := range e.records() {
		if fatal(err) {
			return 0, err
		}
	}
	return e.total, nil
}
