package resource

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxFile is the most bytes of one file of resources.
const maxFile = 1 << 30

// sniffSize is how much of a file is looked at to see whether it holds resources.
const sniffSize = 16 << 10

// Sniff reports whether a file holds FHIR resources: one or a Bundle, in JSON or XML, or
// lines of JSON. The package.json of a FHIR package belongs to them.
func Sniff(file terminology.SourceFile) (bool, error) {
	in, err := file.Open()
	if err != nil {
		return false, &terminology.Error{Op: "resource.Sniff", Err: err}
	}
	defer in.Close() //nolint:errcheck // nothing was written
	head, err := io.ReadAll(io.LimitReader(in, sniffSize))
	if err != nil {
		return false, &terminology.Error{Op: "resource.Sniff", Err: fmt.Errorf("%s: %w", file.Name, err)}
	}
	if path.Base(file.Name) == manifestName {
		return bytes.Contains(head, []byte(`"fhirVersions"`)) || bytes.Contains(head, []byte(`"fhir-version-list"`)), nil
	}
	return isResource(head) || isMarkup(head), nil
}

// isResource reports whether text begins as a resource: an object that says its type.
func isResource(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if !bytes.HasPrefix(text, []byte("{")) {
		return false
	}
	s := newScanner(bytes.ToValidUTF8(text, nil), "", "")
	found := false
	s.object(func(key string) {
		if key == "resourceType" && s.str() != "" {
			found = true
			s.fail("found")
		}
	})
	return found
}

// readAll returns the content of a file. The error, of kind Invalid, is about what cannot be
// resources: a Git-LFS pointer, and more than maxFile.
func readAll(file terminology.SourceFile) ([]byte, error) {
	const op = "resource.Read"
	in, err := file.Open()
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	var b bytes.Buffer
	if file.Size > 0 && file.Size < maxFile {
		b.Grow(int(file.Size) + bytes.MinRead)
	}
	n, err := io.Copy(&b, io.LimitReader(in, maxFile+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s: %w", file.Name, err)}
	}
	if n > maxFile {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s has more than %d MiB: split it into several files", file.Name, maxFile>>20)}
	}
	if strings.HasPrefix(view(b.Bytes()), "version https://git-lfs") {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s is a Git-LFS pointer, not the data: run git lfs pull in its repository and import again", file.Name)}
	}
	return b.Bytes(), nil
}

// errStop ends each.
var errStop = errors.New("enough")

// each calls visit with every resource of a file in its order, number 0, 1, 2...: the one
// that it is, those of a Bundle, those of its lines. They are not parsed yet. An error of
// visit ends it; errStop is none.
func each(file terminology.SourceFile, visit func(n int, r *Resource) error) error {
	data, err := readAll(file)
	if err != nil {
		return err
	}
	err = split(data, file.Name, visit)
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// split finds the resources of a text.
func split(data []byte, file string, visit func(n int, r *Resource) error) error {
	if text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n"); len(text) > 0 && text[0] == '<' {
		var err error
		if data, err = fromMarkup(data, file); err != nil {
			return err
		}
	}
	s := newScanner(data, file, "")
	n, line, counted := 0, 1, 0
	give := func(start int, root string) error {
		line += strings.Count(s.text[counted:start], "\n")
		counted = start
		n++
		return visit(n-1, &Resource{Raw: data[start:s.at:s.at], file: file, root: root, line: line})
	}
	var failed error
	for s.err == nil && failed == nil {
		if s.space(); s.at >= len(s.text) {
			break
		}
		s.root = ""
		typ := resourceType(s)
		if s.err != nil {
			break
		}
		if s.root = typ; typ == typeBundle {
			failed = bundle(s, give)
			continue
		}
		start := s.at
		if s.skip(); s.err == nil {
			failed = give(start, "")
		}
	}
	switch {
	case failed != nil:
		return failed
	case s.err != nil:
		return s.err
	case n == 0 && len(bytes.TrimSpace(data)) == 0:
		return &terminology.RowError{File: file, Err: errors.New("the file is empty: want a FHIR resource")}
	}
	return nil
}

// bundle gives the resources of the entries of a Bundle.
func bundle(s *scanner, give func(start int, root string) error) error {
	var failed error
	s.object(func(key string) {
		if key != "entry" {
			return
		}
		s.array(func(int) {
			s.object(func(key string) {
				if key != "resource" || failed != nil || !s.typed('{', "an object") {
					return
				}
				start := s.at
				if s.skip(); s.err == nil {
					failed = give(start, s.place())
				}
			})
		})
	})
	return failed
}
