package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The limits of a workbook. Excel itself has no more columns.
const (
	maxPacked   = 64 << 20  // bytes of the file
	maxParts    = 10_000    // files inside it
	maxWorkbook = 256 << 20 // bytes of all of them unpacked
	maxColumns  = 16_384
)

// headerRows is how many rows of a sheet may stand before its header.
const headerRows = 30

// sampleRows is how many rows of a sheet Sniff reads.
const sampleRows = 200

// isWorkbook reports whether a file that begins with b is a workbook, or what is left
// of one: the names of its parts stand between them.
func isWorkbook(b []byte, file string) bool {
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return false
	}
	ext := strings.ToLower(path.Ext(file))
	return ext == ".xlsx" || ext == ".xlsm" || isOffice(b) && bytes.Contains(b, []byte("xl/"))
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

// workbook is an opened workbook.
type workbook struct {
	*excelize.File
	parts   *zip.Reader
	numbers map[string]*numbers // by the names of the parts; filled by check
}

// openWorkbook reads a workbook whole. What it may take is settled before anything is
// unpacked: the zip reader holds every part to the size that the directory says.
func openWorkbook(r io.Reader) (w *workbook, err error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPacked+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxPacked {
		return nil, fmt.Errorf("the workbook is larger than %d bytes: save the sheet that holds the codes as CSV", maxPacked)
	}
	parts, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("the workbook is truncated or damaged, fetch it again: %w", err)
	}
	if len(parts.File) > maxParts {
		return nil, fmt.Errorf("the workbook has %d parts, the most is %d", len(parts.File), maxParts)
	}
	total, found := uint64(0), false
	for _, part := range parts.File {
		if total += part.UncompressedSize64; part.UncompressedSize64 > maxWorkbook || total > maxWorkbook {
			return nil, fmt.Errorf("the workbook of %d bytes unpacks to %d and more: that is no table of codes", len(b), total)
		}
		found = found || part.Name == "xl/workbook.xml"
	}
	if !found {
		return nil, errNoWorkbook
	}
	defer hostile(&err)
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxWorkbook})
	if err != nil {
		return nil, fmt.Errorf("the workbook is damaged, fetch it again: %w", err)
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		return nil, errors.Join(errors.New("the workbook counts its days from 1904: save the sheet that holds the codes as CSV"), f.Close())
	}
	return &workbook{File: f, parts: parts}, nil
}

// errNoWorkbook tells of another kind of Office document.
var errNoWorkbook = errors.New("no workbook")

// hostile makes an error of a panic of the library that reads workbooks, whose bytes
// may be anything.
func hostile(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the workbook is damaged, fetch it again: %v", p)
	}
}

// rows reads the rows of a sheet that are not blank, with their numbers and the columns
// whose cells are numbers. The library gives a row for each that is missing.
func (w *workbook) rows(sheet string, row func(line int, cells []string, numeric []uint16) (more bool, err error)) (err error) {
	defer hostile(&err)
	rows, err := w.Rows(sheet)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known := w.numbers[w.part(sheet)]
	for line := 1; rows.Next(); line++ {
		if line > maxRows {
			return fmt.Errorf("the sheet has more than %d rows", maxRows)
		}
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("row %d: %w", line, err)
		}
		if len(cells) > maxColumns {
			return fmt.Errorf("row %d has %d cells, the most is %d", line, len(cells), maxColumns)
		}
		if blank(cells) {
			continue
		}
		numeric := known.of(line)
		for _, column := range numeric {
			if i := int(column) - 1; i < len(cells) {
				cells[i] = shown(cells[i])
			}
		}
		if more, err := row(line, cells, numeric); err != nil || !more {
			return err
		}
	}
	return rows.Error()
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// check reads the XML of all sheets and texts to its end, since the library takes a
// sheet that breaks off for one that ends, and goes through the rows up to any number
// that a row says. It comes before the first call of rows.
func (w *workbook) check() error {
	w.numbers = map[string]*numbers{}
	for _, part := range w.parts.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") && strings.HasSuffix(part.Name, ".xml") || part.Name == "xl/sharedStrings.xml" {
			found, err := checkPart(part)
			if err != nil {
				return fmt.Errorf("%s: %w", part.Name, err)
			}
			w.numbers[part.Name] = found
		}
	}
	return nil
}

// workbookRows reads the sheet of a workbook.
func workbookRows(r io.Reader, file string, f Format) func(yield func(*Record, error) bool) {
	return func(yield func(*Record, error) bool) {
		place := f.Place(file)
		w, err := openWorkbook(r)
		if err != nil {
			yield(nil, &terminology.RowError{File: file, Err: err})
			return
		}
		if err = w.check(); err == nil {
			err = w.records(place, f, yield)
		}
		if err = errors.Join(err, w.Close()); err != nil && !errors.Is(err, errEnough) {
			yield(nil, &terminology.RowError{File: place, Err: err})
		}
	}
}

// errEnough tells that nothing more is to be said.
var errEnough = errors.New("enough")

// records says the rows below the header.
func (w *workbook) records(place string, f Format, yield func(*Record, error) bool) error {
	var columns []string
	stopped := false
	err := w.rows(f.Sheet, func(line int, cells []string, numeric []uint16) (bool, error) {
		switch {
		case line < f.Header:
			return true, nil
		case columns == nil && f.Headless:
			columns = places(len(cells))
		case columns == nil:
			columns = header(cells)
			if bad := checkHeader(place, line, columns); bad != nil && !f.Ragged {
				stopped = true
				yield(nil, bad)
				return false, nil
			}
			return true, nil
		}
		rec := &Record{File: place, Line: line, columns: columns, cells: cells, numeric: numeric}
		err := rec.fit(f)
		if err != nil {
			rec = nil
		}
		stopped = !yield(rec, err)
		return !stopped, nil
	})
	if stopped {
		return errEnough
	}
	return err
}

// header returns the names of columns as they are shown: on one line.
func header(cells []string) []string {
	columns := make([]string, len(cells))
	for i, c := range cells {
		columns[i] = strings.Join(strings.Fields(c), " ")
	}
	for len(columns) > 0 && columns[len(columns)-1] == "" {
		columns = columns[:len(columns)-1]
	}
	return columns
}
