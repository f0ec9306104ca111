package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Format is how a file writes its rows. The zero Format is no table.
type Format struct {
	JSON      bool // an array of flat objects
	Delimiter byte // between the cells of delimited text; 0 for JSON
	Quoted    bool // a cell that begins with " ends with it, and "" inside it is "
}

// Head is what the first bytes of a file tell.
type Head struct {
	Format  Format
	Columns []string  // header, or the keys of the first object
	Sample  []*Record // the first rows, those that can be read
	First   string    // the first line
}

// sniffSize is how much of a file Sniff reads.
const sniffSize = 64 << 10

const bom = "\ufeff"

// delimiters are tried in this order; the most frequent in the header wins.
const delimiters = "\t;#,|"

// Sniff tells the format of a file from its first bytes. A file that is no table
// has the zero Format and no error. The error, of kind Invalid, is about files
// that were meant to be data and cannot be read: Git-LFS pointers, archives,
// UTF-16, and JSON that ends before its first object does.
func Sniff(r io.Reader, file string) (Head, error) {
	const op = "tabular.Sniff"
	b, err := io.ReadAll(io.LimitReader(r, sniffSize))
	if err != nil {
		return Head{}, &terminology.Error{Op: op, Err: fmt.Errorf("%s: %w", file, err)}
	}
	if reason := unreadable(b); reason != "" {
		return Head{}, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s: %s", file, reason)}
	}
	if bytes.IndexByte(b, 0) >= 0 || len(bytes.TrimSpace(b)) == 0 {
		return Head{}, nil
	}
	whole := len(b) < sniffSize
	text := bytes.TrimPrefix(b, []byte(bom))
	head := Head{First: strings.TrimRight(firstLine(text), "\r")}
	if start := bytes.TrimLeft(text, " \t\r\n"); isArray(start) {
		head.Format = Format{JSON: true}
	} else if start[0] == '{' || start[0] == '[' {
		return head, nil
	} else if head.Format = delimitedBy(head.First); head.Format.Delimiter == 0 {
		return head, nil
	}
	if !whole && !head.Format.JSON {
		b = b[:bytes.LastIndexByte(b, '\n')+1]
	}
	for rec, err := range Rows(bytes.NewReader(b), file, head.Format) {
		if err == nil {
			head.Sample = append(head.Sample, rec)
		} else if whole && head.Format.JSON && len(head.Sample) == 0 {
			return Head{}, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
	}
	if len(head.Sample) > 0 {
		head.Columns = head.Sample[0].columns
	} else if !head.Format.JSON {
		head.Columns, _ = split(nil, head.First, head.Format)
	}
	return head, nil
}

// Rows returns the reader of a format.
func Rows(r io.Reader, file string, f Format) func(yield func(*Record, error) bool) {
	if f.JSON {
		return JSON(r, file)
	}
	return Delimited(r, file, f)
}

// isArray reports whether JSON text begins as an array of objects, or is cut off
// before it can tell.
func isArray(b []byte) bool {
	if b[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(b[1:], " \t\r\n")
	return len(rest) == 0 || rest[0] == '{'
}

func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return string(line)
}

// delimitedBy chooses the delimiter of a header. Files with # are written
// without quotes: a " in them is a character of the text.
func delimitedBy(header string) Format {
	if !utf8.ValidString(header) {
		return Format{}
	}
	f, most := Format{}, 0
	for i := 0; i < len(delimiters); i++ {
		if n := strings.Count(header, delimiters[i:i+1]); n > most {
			f, most = Format{Delimiter: delimiters[i], Quoted: delimiters[i] != '#'}, n
		}
	}
	return f
}

// unreadable returns what to do about bytes that stand in place of a table, and
// "" when there is nothing to say.
func unreadable(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("version https://git-lfs")):
		return "this is a Git-LFS pointer, not the data: run git lfs pull in its repository and import again"
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return "the text is UTF-16: save it as UTF-8 and import again"
	case bytes.HasPrefix(b, []byte("PK\x03\x04")) && !isOffice(b):
		return "this is a zip inside the folder or zip: unpack it first, or import it by its own path"
	}
	return ""
}

// isOffice reports whether a zip is a workbook or document: its first entry
// then has a name that only they use (Open Packaging Conventions).
func isOffice(zip []byte) bool {
	if len(zip) < 30 {
		return false
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/", "xl/", "word/", "docProps/", "mimetype"} {
		if bytes.HasPrefix(zip[30:], []byte(name)) {
			return true
		}
	}
	return false
}

var errNotUTF8 = errors.New("the text is not UTF-8: save the file as UTF-8 and import again")

// SniffFile is Sniff of a source's file.
func SniffFile(file terminology.SourceFile) (Head, error) {
	in, err := file.Open()
	if err != nil {
		return Head{}, &terminology.Error{Op: "tabular.SniffFile", Err: err}
	}
	defer in.Close()
	return Sniff(in, file.Name)
}
