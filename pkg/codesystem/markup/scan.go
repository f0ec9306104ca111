package markup

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The limits of what is read; a file that passes one is Invalid.
const (
	MaxDepth = 100     // elements inside each other
	MaxToken = 1 << 20 // bytes of a tag, a run of text, a comment or a declaration
	MaxText  = 1 << 20 // bytes of the text that Element.Text returns
	MaxSize  = 1 << 30 // bytes of a file
)

// every is how many tokens are read between two looks at the context.
const every = 1 << 10

// Scan reads a file for a source and passes its first element to root, which reads
// what it wants of it. What root leaves is read for its form alone, so that a file
// that is cut off never passes for a whole one. Scan tells the sink the bytes that
// it has read. An error of form is Invalid and wraps the *terminology.RowError that
// names the line.
func Scan(ctx context.Context, file terminology.SourceFile, to terminology.Sink, root func(*Element) error) error {
	const op = "markup.Scan"
	in, err := file.Open()
	if err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	defer in.Close()
	s, err := newScanner(ctx, &counter{r: in, file: file.Name, to: to}, file.Name, to)
	if err != nil {
		return err
	}
	e, err := s.first()
	if err != nil {
		return err
	}
	if err := root(e); err != nil {
		return err
	}
	return s.finish(e)
}

// counter tells the sink how many bytes have been read.
type counter struct {
	r    io.Reader
	file string
	to   terminology.Sink
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.to.Read(c.file, n)
	return n, err
}

// scanner reads the tokens of one file. Its first error is its last word.
type scanner struct {
	ctx    context.Context
	file   string
	to     terminology.Sink
	in     *bytewise
	xml    *xml.Decoder
	depth  int // elements that are open
	line   int // where the last token began
	count  int
	names  []string // of the elements that are open
	failed error
}

func newScanner(ctx context.Context, r io.Reader, file string, to terminology.Sink) (*scanner, error) {
	s := &scanner{ctx: ctx, file: file, to: to, line: 1}
	in, err := newBytewise(r, MaxSize, MaxToken)
	if err != nil {
		return nil, s.fail(err)
	}
	s.in, s.xml = in, xml.NewDecoder(in)
	s.xml.CharsetReader = func(name string, _ io.Reader) (io.Reader, error) { return in.charset(name) }
	return s, nil
}

// fail keeps the first error, in the form in which it leaves the package.
func (s *scanner) fail(err error) error {
	if s.failed == nil {
		s.failed = &terminology.Error{Op: "markup.Scan", Kind: terminology.Invalid,
			Err: &terminology.RowError{File: s.file, Line: s.line, Err: err}}
	}
	return s.failed
}

// next returns the next start, end or text. Comments, processing instructions and
// the DOCTYPE are passed over.
func (s *scanner) next() (xml.Token, error) {
	for s.failed == nil {
		if s.count++; s.count%every == 0 && s.ctx.Err() != nil {
			s.failed = &terminology.Error{Op: "markup.Scan", Kind: terminology.Unavailable, Err: context.Cause(s.ctx)}
			break
		}
		s.in.token = 0
		s.line, _ = s.xml.InputPos()
		token, err := s.xml.Token()
		if err != nil {
			return nil, s.broken(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if s.depth++; s.depth > MaxDepth {
				return nil, s.fail(fmt.Errorf("<%s> is inside %d other elements, more than is read", t.Name.Local, MaxDepth))
			}
			s.names = append(s.names[:s.depth-1], t.Name.Local)
			return t, nil
		case xml.EndElement:
			s.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		}
	}
	return nil, s.failed
}

// broken says what is wrong with the form of a file.
func (s *scanner) broken(err error) error {
	var form *xml.SyntaxError
	switch {
	case err == io.EOF && s.depth == 0:
		return io.EOF
	case err == io.EOF, errors.As(err, &form) && form.Msg == "unexpected EOF":
		if s.line, _ = s.xml.InputPos(); s.depth == 0 {
			return s.fail(errors.New("the file ends before its first element: it is truncated, fetch it again"))
		}
		return s.fail(fmt.Errorf("the file ends inside <%s>: it is truncated, fetch it again", s.names[s.depth-1]))
	case form == nil:
		s.line, _ = s.xml.InputPos()
		if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "xml: opening charset") {
			err = inner // which names the encoding itself
		}
		return s.fail(err)
	}
	s.line = form.Line
	switch {
	case strings.HasPrefix(form.Msg, "invalid character entity"):
		return s.fail(fmt.Errorf("%s: only &amp; &lt; &gt; &quot; &apos; and numbers are read, and no entity that a file declares", form.Msg))
	case form.Msg == "invalid UTF-8":
		return s.fail(errors.New("the text is not UTF-8: correct the encoding in the first line, or save the file as UTF-8"))
	}
	return s.fail(fmt.Errorf("not well-formed XML: %s", form.Msg))
}

// first returns the first element.
func (s *scanner) first() (*Element, error) {
	for {
		token, err := s.next()
		if err == io.EOF {
			return nil, s.fail(errors.New("the file holds no XML element"))
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return s.element(t, ""), nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return nil, s.fail(errors.New("text before the first element: this is no XML"))
			}
		}
	}
}

// finish reads the rest of a file.
func (s *scanner) finish(root *Element) error {
	if err := root.skip(); err != nil {
		return err
	}
	for {
		token, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return s.fail(fmt.Errorf("<%s> after the end of <%s>: want one element around the whole file", t.Name.Local, root.Name))
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return s.fail(fmt.Errorf("text after the end of <%s>", root.Name))
			}
		}
	}
}
