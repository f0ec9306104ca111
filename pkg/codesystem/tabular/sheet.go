package tabular

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// sniffWorkbook finds the sheet and the row of the header by content: the first visible
// sheet with a header that names a column of codes, else the first with any header.
func sniffWorkbook(r io.Reader, file, sheet string) (head Head, err error) {
	const op = "tabular.Sniff"
	bad := func(err error) error {
		if err == nil {
			return nil
		}
		return invalid(op, file, "%w", err)
	}
	w, err := openWorkbook(r)
	if err == errNoWorkbook {
		return Head{}, nil
	}
	if err != nil {
		return Head{}, bad(err)
	}
	defer func() { err = errors.Join(err, bad(w.Close())) }()
	if err := w.check(); err != nil {
		return Head{}, bad(err)
	}
	sheets := w.GetSheetList()
	if sheet != "" {
		if !slices.Contains(sheets, sheet) {
			return Head{}, invalid(op, file, "no sheet %q: there is %s", sheet, strings.Join(sheets, ", "))
		}
		head, _, err := w.sniff(sheet, file)
		head.Sheets = sheets
		return head, bad(err)
	}
	chosen := false // head is that of a sheet with codes
	for _, name := range sheets {
		if shown, err := w.GetSheetVisible(name); err != nil || !shown {
			continue
		}
		found, codes, err := w.sniff(name, file)
		if err != nil {
			return Head{}, bad(err)
		}
		switch {
		case codes && chosen:
			head.Others = append(head.Others, name)
		case head.Format.Sheet == "" && found.Format.Sheet != "" || codes:
			head, chosen = found, codes
		}
	}
	head.Sheets = sheets
	return head, nil
}

// sniff finds the header of a sheet, and reports whether it names a column of codes.
// The header is the row, of those that look like one, with most columns.
func (w *workbook) sniff(sheet, file string) (Head, bool, error) {
	var rows [][]string
	var lines []int
	var numeric [][]uint16
	err := w.rows(sheet, func(line int, cells []string, numbers []uint16) (bool, error) {
		rows, lines, numeric = append(rows, slices.Clone(cells)), append(lines, line), append(numeric, numbers)
		return len(rows) < sampleRows, nil
	})
	if err != nil {
		return Head{}, false, err
	}
	best, columns, codes := -1, 0, false
	for i := 0; i < len(rows) && lines[i] <= headerRows; i++ {
		n, named := looksLikeHeader(rows[i])
		if n >= 2 && (named && !codes || named == codes && n > columns) {
			best, columns, codes = i, n, named
		}
	}
	if best < 0 {
		return Head{}, false, nil
	}
	head := Head{Format: Format{Workbook: true, Sheet: sheet, Header: lines[best]}, Columns: header(rows[best])}
	if checkHeader(file, 1, head.Columns) != nil {
		return head, codes, nil
	}
	for i := best + 1; i < len(rows); i++ {
		rec := &Record{File: head.Format.Place(file), Line: lines[i], columns: head.Columns, cells: rows[i], numeric: numeric[i]}
		if rec.fit(head.Format) == nil {
			head.Sample = append(head.Sample, rec)
		}
	}
	return head, codes, nil
}

// looksLikeHeader counts the columns that a row names, 0 when it looks like no header:
// short texts, no numbers. It reports whether one of them is of codes.
func looksLikeHeader(cells []string) (columns int, codes bool) {
	for _, c := range header(cells) {
		if c == "" {
			continue
		}
		if _, err := strconv.ParseFloat(c, 64); err == nil || len(c) > 120 {
			return 0, false
		}
		columns++
		codes = codes || namesCodes(c)
	}
	return columns, codes
}

// namesCodes reports whether the name of a column is one of codes: Kode, Prosedyrekode,
// NPU code, icpc2_kode, but not kodeverk, and no Kodein.
func namesCodes(column string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(column), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch {
		case strings.HasSuffix(word, "kode"), strings.HasSuffix(word, "code"), word == "koder", word == "codes", word == "kodeverdi":
			return true
		}
	}
	return false
}
