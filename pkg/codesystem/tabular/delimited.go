package tabular

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxLine is the longest line, and the longest JSON object, that is read.
const maxLine = 1 << 20

// maxQuoted is the longest row whose quoted cell goes on over several lines. It
// keeps one forgotten quote from taking the rest of the file with it.
const maxQuoted = 32 << 10

var errOpenQuote = errors.New(`a cell begins with " and is not closed`)

// Delimited reads delimited text whose first line names the columns. A byte
// order mark, CRLF ends, blank lines and empty cells after the last column are
// accepted; a quoted cell may go on over several lines. A bad row comes as a
// *terminology.RowError and reading goes on; after any other error it ends.
func Delimited(r io.Reader, file string, f Format) func(yield func(*Record, error) bool) {
	return func(yield func(*Record, error) bool) {
		in := &lines{r: bufio.NewReaderSize(r, 64<<10), file: file}
		columns, line, err := in.row(f)
		if err == io.EOF {
			return
		}
		cells, waits := columns, f.Headless && err == nil
		if waits {
			columns = places(len(cells))
		} else if err == nil && !f.Ragged {
			err = checkHeader(file, 1, columns)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		for ; ; waits = false {
			if !waits {
				if cells, line, err = in.row(f); err == io.EOF {
					return
				}
			}
			rec := &Record{File: file, Line: line, columns: columns, cells: cells}
			if err == nil {
				err = rec.fit(f)
			}
			if err != nil {
				rec = nil
			}
			if !yield(rec, err) || fatal(err) {
				return
			}
		}
	}
}

// places names columns by their places: 1, 2, 3.
func places(n int) []string {
	columns := make([]string, n)
	for i := range columns {
		columns[i] = strconv.Itoa(i + 1)
	}
	return columns
}

func checkHeader(file string, line int, columns []string) error {
	for i, c := range columns {
		for _, other := range columns[:i] {
			if c == other && c != "" {
				return &terminology.RowError{File: file, Line: line, Column: c, Err: errors.New("the header names this column twice")}
			}
		}
	}
	return nil
}

func fatal(err error) bool {
	var row *terminology.RowError
	return err != nil && !errors.As(err, &row)
}

// fit makes the row as wide as the header.
func (r *Record) fit(f Format) error {
	for len(r.cells) > len(r.columns) && (r.cells[len(r.cells)-1] == "" || f.Workbook && blank(r.cells[len(r.cells)-1:])) {
		r.cells = r.cells[:len(r.cells)-1]
	}
	if f.Ragged || f.Workbook {
		for len(r.cells) < len(r.columns) {
			r.cells = append(r.cells, "")
		}
	}
	if f.Ragged && len(r.cells) > len(r.columns) {
		r.columns = append(slices.Clip(r.columns), places(len(r.cells))[len(r.columns):]...)
	}
	if len(r.cells) == len(r.columns) {
		return nil
	}
	hint := ""
	if len(r.cells) == 1 && f.Delimiter != 0 {
		hint = fmt.Sprintf(" (is the delimiter %q?)", f.Delimiter)
	}
	cells := "cells"
	if len(r.cells) == 1 {
		cells = "cell"
	}
	return r.Bad("", "the row has %d %s, the header %d%s", len(r.cells), cells, len(r.columns), hint)
}

// lines reads lines and counts them.
type lines struct {
	r    *bufio.Reader
	file string
	n    int // lines read
	buf  []byte
}

// next returns the next line without its end. It is valid until the next call.
func (l *lines) next() (string, error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		if len(l.buf) > maxLine {
			return "", fmt.Errorf("%s:%d: the line is longer than %d bytes", l.file, l.n+1, maxLine)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF && len(l.buf) > 0 {
			err = nil
		}
		if err != nil {
			return "", err
		}
		l.n++
		s := strings.TrimSuffix(strings.TrimSuffix(string(l.buf), "\n"), "\r")
		if l.n == 1 {
			s = strings.TrimPrefix(s, bom)
		}
		return s, nil
	}
}

// row returns the cells of the next row that is not blank, and its first line.
func (l *lines) row(f Format) (cells []string, line int, err error) {
	text := ""
	for text == "" {
		if text, err = l.next(); err != nil {
			return nil, l.n, err
		}
	}
	line = l.n
	bad := func(err error) error { return &terminology.RowError{File: l.file, Line: line, Err: err} }
	if !utf8.ValidString(text) {
		return nil, line, bad(errNotUTF8)
	}
	cells, open, err := split(nil, text, f)
	if err == errOpenQuote {
		var end error
		if cells, err, end = l.quoted(cells, open, len(text), f); end != nil {
			return nil, line, end
		}
	}
	if err != nil {
		return nil, line, bad(err)
	}
	return cells, line, nil
}

// quoted reads on from the line, of size bytes, in which a quoted cell that begins with
// open is not closed, and appends it and the cells after it. Each line is looked at once.
// The first error is about the row, the second ends the reading.
func (l *lines) quoted(cells []string, open string, size int, f Format) ([]string, error, error) {
	text := []byte(open)
	for size <= maxQuoted {
		more, end := l.next()
		if end == io.EOF {
			break
		}
		if end != nil {
			return nil, nil, end
		}
		if !utf8.ValidString(more) {
			return nil, errNotUTF8, nil
		}
		scanned := len(text) + 1
		text = append(append(text, '\n'), more...)
		size += 1 + len(more)
		at := closing(text[scanned:])
		if at < 0 {
			continue
		}
		cells = append(cells, strings.ReplaceAll(string(text[:scanned+at]), `""`, `"`))
		rest := string(text[scanned+at+1:])
		if done, err := ended(cells, rest, f); done || err != nil {
			return cells, err, nil
		}
		var err error
		if cells, open, err = split(cells, rest[1:], f); err != errOpenQuote {
			return cells, err, nil
		}
		text = append(text[:0], open...)
	}
	return nil, errOpenQuote, nil
}

// split appends the cells of a row to cells. With errOpenQuote open is what there is of
// the last one, which is quoted.
func split(cells []string, text string, f Format) (all []string, open string, err error) {
	for {
		if f.Quoted && strings.HasPrefix(text, `"`) {
			at := closing(text[1:])
			if at < 0 {
				return cells, text[1:], errOpenQuote
			}
			cells = append(cells, strings.ReplaceAll(text[1:1+at], `""`, `"`))
			text = text[2+at:]
			if done, err := ended(cells, text, f); done || err != nil {
				return cells, "", err
			}
			text = text[1:]
			continue
		}
		i := strings.IndexByte(text, f.Delimiter)
		if i < 0 {
			return append(cells, text), "", nil
		}
		cells, text = append(cells, text[:i]), text[i+1:]
	}
}

// ended reports whether a row ends behind the closing quote of the last of cells; else a
// delimiter has to follow.
func ended(cells []string, rest string, f Format) (bool, error) {
	if rest != "" && rest[0] != f.Delimiter {
		return false, fmt.Errorf("cell %d: text after its closing quote", len(cells))
	}
	return rest == "", nil
}

// closing returns the place of the quote that ends a cell, -1 when none does; s begins
// after the opening one, or on a new line.
func closing[T string | []byte](s T) int {
	for i := 0; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 == len(s) || s[i+1] != '"' {
			return i
		}
		i++
	}
	return -1
}
