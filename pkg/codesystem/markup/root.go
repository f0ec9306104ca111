package markup

import (
	"context"
	"encoding/xml"
	"io"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Root is the first element of a file, by which readers know their own.
type Root struct {
	Name  string // without prefix
	Space string // URI of its namespace, or ""
	Attrs []xml.Attr
}

// Attr returns the value of an attribute without a prefix, and "" when there is none.
func (r Root) Attr(name string) string {
	for _, a := range r.Attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// Sniff returns the first element of a file. The error, of kind Invalid, is about a
// file that cannot be read as XML up to there. HTML, which publishers' sites send in
// the place of a file, has a root named html, or is in error.
func Sniff(r io.Reader, file string) (Root, error) {
	s, err := newScanner(context.Background(), r, file, nil)
	if err != nil {
		return Root{}, err
	}
	e, err := s.first()
	if err != nil {
		return Root{}, err
	}
	return Root{Name: e.Name, Space: e.Space, Attrs: e.attrs}, nil
}

// SniffFile is Sniff of a source's file.
func SniffFile(file terminology.SourceFile) (Root, error) {
	in, err := file.Open()
	if err != nil {
		return Root{}, &terminology.Error{Op: "markup.SniffFile", Err: err}
	}
	defer in.Close()
	return Sniff(in, file.Name)
}
