package rf2

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	blockSize = 1 << 20  // bytes read at a time
	lineMax   = 16 << 20 // a longer line is not RF2
)

// lines cuts a file into lines. Each line is without its end (LF or CRLF); a byte
// order mark is not part of the first one. Quotes are data.
type lines struct {
	file  *File
	buf   []byte // one block, reused between files
	valid bool   // the block at hand is valid UTF-8
}

// each calls f for every line after the header with its number, from 2. A line is
// a view of the block: it is valid only during the call. progress is told of bytes
// as they are read.
func (l *lines) each(ctx context.Context, file *File, progress func(n int), f func(line int, text string) error) error {
	r, err := file.open()
	if err != nil {
		return err
	}
	defer r.Close()
	if l.buf == nil {
		l.buf = make([]byte, blockSize)
	}
	l.file = file
	number, have := 0, 0
	for {
		if ctx.Err() != nil {
			return &terminology.Error{Op: "rf2.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		n, err := io.ReadFull(r, l.buf[have:])
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return fmt.Errorf("%s: %w", file.Path, err)
		}
		progress(n)
		have += n
		whole := have
		if !last {
			whole = bytes.LastIndexByte(l.buf[:have], '\n') + 1
		}
		if whole == 0 && !last {
			if len(l.buf) >= lineMax {
				return &terminology.RowError{File: file.Base(), Line: number + 1, Err: fmt.Errorf("found a line of more than %d bytes", lineMax)}
			}
			l.buf = append(l.buf, make([]byte, len(l.buf))...)
			continue
		}
		if number, err = l.block(l.buf[:whole], number, f); err != nil || last {
			return err
		}
		have = copy(l.buf, l.buf[whole:have])
	}
}

// block calls f for the lines of a block that ends with a line.
func (l *lines) block(b []byte, number int, f func(line int, text string) error) (int, error) {
	if len(b) == 0 {
		return number, nil
	}
	l.valid = utf8.Valid(b)
	text := unsafe.String(&b[0], len(b)) // a view: b is overwritten by the next block
	for len(text) > 0 {
		line := text
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = ""
		}
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if number++; number == 1 {
			continue
		}
		if err := f(number, line); err != nil {
			return number, err
		}
	}
	return number, nil
}

// split cuts a line at its tabs into fields, which has one place a column. It
// returns the number of cells, also when that is more than there are places.
func split(line string, fields []string) int {
	n := 0
	for n < len(fields)-1 {
		tab := strings.IndexByte(line, '\t')
		if tab < 0 {
			break
		}
		fields[n] = line[:tab]
		line = line[tab+1:]
		n++
	}
	fields[n] = line
	return n + 1 + strings.Count(line, "\t")
}
