package tabular

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Format is how a file writes its rows. The zero Format is no table.
type Format struct {
	JSON      bool   // an array of flat objects
	Key       string // JSON: the array is the value of this key of an object around it
	Delimiter byte   // between the cells of delimited text; 0 for JSON and workbooks
	Quoted    bool   // a cell that begins with " ends with it, and "" inside it is "

	// Headless tells that the first line is a row; the columns are then named 1, 2, 3,
	// as many as it has. No file says this of itself: a reader that knows better sets it.
	Headless bool
	// Ragged tells that rows may be wider or narrower than the header, for publishers
	// whose rows are: missing cells are empty, the columns of further cells are named by
	// their place (19 is the nineteenth), and the header may name a column twice. A
	// reader that knows its publisher sets it.
	Ragged bool

	Workbook bool     // an Excel workbook (.xlsx)
	Sheet    string   // of a workbook
	Header   int      // row of the header in the sheet; 1 is the first
	Encoding Encoding // of the text of JSON and delimited text
	Gzip     bool     // all of it is packed by gzip
}

// Place names a file, and inside a workbook the sheet, for messages: list.xlsx!Codes.
func (f Format) Place(file string) string {
	if f.Workbook && f.Sheet != "" {
		return file + "!" + f.Sheet
	}
	return file
}

// Head is what the first bytes of a file tell.
type Head struct {
	Format  Format // its Encoding tells what the text was taken for
	Columns []string
	Sample  []*Record // the first rows, those that can be read
	First   string    // the first line; empty for a workbook
	Sheets  []string  // names of the sheets of a workbook, in its order
	Others  []string  // those of them that are shown and have a column of codes too, but are not this one
}

// sniffSize is how much of a text Sniff reads.
const sniffSize = 64 << 10

const bom = "\ufeff"

// delimiters are tried in this order; the most frequent in the header wins.
const delimiters = "\t;#,|"

// Sniff tells the format of a file from its first bytes, and of a workbook from all of
// them. A file that is no table has the zero Format and no error. The error, of kind
// Invalid, is about files that were meant to be data and cannot be read: Git-LFS
// pointers, archives, damaged workbooks, and JSON that ends before its first object
// does.
func Sniff(r io.Reader, file string) (Head, error) { return sniff(r, file, "") }

// SniffSheet is Sniff of one sheet of a workbook, for a reader that knows better than
// Sniff which it is. The error is Invalid when the workbook has no such sheet.
func SniffSheet(file terminology.SourceFile, sheet string) (Head, error) {
	return open(file, func(r io.Reader) (Head, error) { return sniff(r, file.Name, sheet) })
}

// SniffFile is Sniff of a source's file.
func SniffFile(file terminology.SourceFile) (Head, error) { return SniffSheet(file, "") }

func open(file terminology.SourceFile, do func(io.Reader) (Head, error)) (Head, error) {
	in, err := file.Open()
	if err != nil {
		return Head{}, &terminology.Error{Op: "tabular.SniffFile", Err: err}
	}
	defer in.Close() //nolint:errcheck // nothing was written
	return do(in)
}

func invalid(op, file, format string, args ...any) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s: %w", file, fmt.Errorf(format, args...))}
}

func sniff(r io.Reader, file, sheet string) (Head, error) {
	const op = "tabular.Sniff"
	b, err := io.ReadAll(io.LimitReader(r, sniffSize))
	if err != nil {
		if !strings.HasPrefix(err.Error(), file+": ") { // gunzip names the file itself
			err = fmt.Errorf("%s: %w", file, err)
		}
		return Head{}, &terminology.Error{Op: op, Err: err}
	}
	rest := io.MultiReader(bytes.NewReader(b), r)
	switch {
	case isGzip(b):
		unpacked := gunzip(rest, file)
		if _, err := unpacked.Peek(1); err != nil && err != io.EOF {
			return Head{}, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
		if inner, _ := unpacked.Peek(2); isGzip(inner) {
			return Head{}, invalid(op, file, "packed by gzip twice: unpack it first")
		}
		head, err := sniff(unpacked, file, sheet)
		head.Format.Gzip = head.Format != Format{}
		return head, err
	case isWorkbook(b, file):
		return sniffWorkbook(rest, file, sheet)
	}
	if reason := unreadable(b, file); reason != "" {
		return Head{}, invalid(op, file, "%s", reason)
	}
	return sniffText(b, r, file)
}

// sniffText tells the format of a text that begins with b and goes on in rest.
func sniffText(b []byte, rest io.Reader, file string) (Head, error) {
	const op = "tabular.Sniff"
	whole := len(b) < sniffSize
	encoding := encodingOf(b, whole)
	raw := b
	if encoding == UTF16 {
		var err error
		if b, err = io.ReadAll(encoding.reader(bytes.NewReader(b))); err != nil {
			return Head{}, nil
		}
	}
	text := b
	for bytes.HasPrefix(text, []byte(bom)) {
		text = text[len(bom):]
	}
	if bytes.IndexByte(b, 0) >= 0 || len(bytes.TrimSpace(text)) == 0 {
		return Head{}, nil
	}
	head := Head{First: strings.TrimRight(firstLine(text), "\r")}
	if start := bytes.TrimLeft(text, " \t\r\n"); isArray(start) {
		head.Format = Format{JSON: true}
	} else if start[0] == '{' {
		if head.Format = wrapped(text); !head.Format.JSON {
			return head, nil
		}
	} else if start[0] == '[' || start[0] == '<' {
		return head, nil
	} else if head.Format = delimitedBy(head.First, encoding); head.Format.Delimiter == 0 {
		return head, nil
	}
	if encoding == UTF8 && !whole && isASCII(raw) {
		encoding = later(rest)
	}
	head.Format.Encoding = encoding
	if encoding != UTF16 {
		raw = cut(raw, whole, head.Format.JSON)
	} else if !head.Format.JSON && !whole {
		raw = raw[:len(raw)-len(raw)%2]
	}
	for rec, err := range Rows(bytes.NewReader(raw), file, head.Format) {
		if err == nil {
			head.Sample = append(head.Sample, rec)
		} else if whole && head.Format.JSON && head.Format.Key == "" && len(head.Sample) == 0 {
			return Head{}, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
	}
	if len(head.Sample) > 0 {
		head.Columns = head.Sample[0].columns
	} else if !head.Format.JSON {
		head.Columns, _, _ = split(nil, head.Format.Encoding.decode(head.First), head.Format)
	}
	if encoding == Windows1252 {
		head.First = encoding.decode(head.First)
	}
	return head, nil
}

// cut leaves out the last line of what was sniffed when it may not be whole.
func cut(b []byte, whole, json bool) []byte {
	if whole || json {
		return b
	}
	return b[:bytes.LastIndexByte(b, '\n')+1]
}

// Rows returns the reader of a format.
func Rows(r io.Reader, file string, f Format) func(yield func(*Record, error) bool) {
	if f.Gzip {
		r = gunzip(r, file)
	}
	if f.Workbook {
		return workbookRows(r, file, f)
	}
	r = f.Encoding.reader(r)
	if f.JSON {
		return jsonRows(r, file, f.Key)
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
func delimitedBy(header string, e Encoding) Format {
	if e == UTF8 && !utf8.ValidString(header) {
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
func unreadable(b []byte, file string) string {
	switch {
	case bytes.HasPrefix(b, []byte("version https://git-lfs")):
		return "this is a Git-LFS pointer, not the data: run git lfs pull in its repository and import again"
	case bytes.HasPrefix(b, []byte("PK\x03\x04")) && !isOffice(b):
		return "this is a zip inside the folder or zip: unpack it first, or import it by its own path"
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) && strings.HasPrefix(strings.ToLower(path.Ext(file)), ".xls"):
		return "this is an old Excel workbook (.xls), or one with a password: save it as .xlsx without a password and import again"
	}
	return ""
}
