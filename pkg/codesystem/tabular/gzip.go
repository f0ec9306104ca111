package tabular

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// What a packed file may unpack to: tables pack to a fifth or a twentieth of their
// size, so a hundredth is no table.
const (
	maxUnpacked = 4 << 30
	maxRatio    = 100
	freeRatio   = 16 << 20 // bytes before the ratio counts
)

func isGzip(b []byte) bool { return bytes.HasPrefix(b, []byte("\x1f\x8b")) }

// Unpacked returns the text of a file, which gzip may have packed, and tells the sink how
// many bytes of the file have been read. Reading ends with ctx. Errors of reading name
// the file: it may be cut short, or unpack to more than a table of codes can be.
func Unpacked(ctx context.Context, in io.Reader, file string, to terminology.Sink) *bufio.Reader {
	r := bufio.NewReaderSize(&counter{ctx: ctx, r: in, file: file, to: to}, 64<<10)
	if magic, _ := r.Peek(2); isGzip(magic) {
		return gunzip(r, file)
	}
	return r
}

// gunzip unpacks a file while it is read. Its errors name the file.
func gunzip(r io.Reader, file string) *bufio.Reader {
	g := &gunzipper{file: file}
	g.in.r = r
	return bufio.NewReaderSize(g, 64<<10)
}

type gunzipper struct {
	file string
	in   count
	z    *gzip.Reader
	out  int64
}

// count counts what is read of the packed bytes.
type count struct {
	r io.Reader
	n int64
}

func (c *count) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (g *gunzipper) Read(p []byte) (n int, err error) {
	if g.z == nil {
		g.z, err = gzip.NewReader(&g.in)
	}
	if err == nil {
		n, err = g.z.Read(p)
	}
	g.out += int64(n)
	switch {
	case err == io.EOF:
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, fmt.Errorf("%s: the packed file ends too early: it is truncated, fetch it again", g.file)
	case err != nil:
		return n, fmt.Errorf("%s: the packed file is damaged, fetch it again: %w", g.file, err)
	case g.out > maxUnpacked, g.out > freeRatio && g.out > maxRatio*g.in.n:
		return 0, fmt.Errorf("%s: %d bytes unpack to %d and more: that is no table of codes", g.file, g.in.n, g.out)
	}
	return n, nil
}
