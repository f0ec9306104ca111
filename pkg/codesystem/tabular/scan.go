package tabular

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Scan reads all rows of a file for a source. Bad rows, of the reader and of
// row, go to the sink's Bad and scanning goes on; any other error ends it. Scan
// tells the sink the bytes that it has read and, at the end, the rows, which it
// returns too.
func Scan(ctx context.Context, file terminology.SourceFile, f Format, to terminology.Sink, row func(*Record) error) (rows int, err error) {
	const op = "tabular.Scan"
	in, err := file.Open()
	if err != nil {
		return 0, &terminology.Error{Op: op, Err: err}
	}
	defer in.Close()
	if f.Encoding != UTF8 {
		to.Repaired(&terminology.RowError{File: file.Name, Err: fmt.Errorf("the text is not UTF-8 and was read as %s", f.Encoding)})
	}
	for rec, err := range Rows(&counter{ctx: ctx, r: in, file: file.Name, to: to}, file.Name, f) {
		if rows++; rows&0xff == 0 && ctx.Err() != nil {
			return rows, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if ctx.Err() != nil && err != nil { // the reader may have made a bad row of it
			return rows, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err == nil {
			err = row(rec)
		}
		if bad := (*terminology.RowError)(nil); errors.As(err, &bad) {
			err = to.Bad(bad)
		}
		if err != nil {
			return rows, err
		}
	}
	to.Count(file.Name, rows)
	return rows, nil
}

// Kept judges what a sink said of a record that came from a line of a file: an
// error about the record itself becomes a bad row, and reading may go on.
func Kept(to terminology.Sink, file string, line int, err error) error {
	if err == nil || terminology.KindOf(err) != terminology.Invalid {
		return err
	}
	var row *terminology.RowError
	if !errors.As(err, &row) {
		row = &terminology.RowError{File: file, Line: line, Err: err}
	}
	return to.Bad(row)
}

// counter tells the sink how many bytes have been read, and ends the reading with its
// context: a file may have no rows for long.
type counter struct {
	ctx  context.Context
	r    io.Reader
	file string
	to   terminology.Sink
}

func (c *counter) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	n, err := c.r.Read(p)
	c.to.Read(c.file, n)
	return n, err
}
