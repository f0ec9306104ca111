package icd10cm

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The places of the columns of a line (ICD-10-CM order file, file format): order
// number, code, header flag, short and long title.
const (
	numberEnd         = 5
	codeAt, codeEnd   = 6, 13
	flagAt            = 14
	shortAt, shortEnd = 16, 76
	longAt            = 77
)

// Match reports whether the first line of a file is that of an order file, which has
// no header.
func Match(first string) bool {
	r, bad := parse("", 1, first)
	return bad == nil && r.number == 1
}

// row is one line.
type row struct {
	line, number int
	code         string
	billable     bool
	short, long  string
}

// parse reads a line.
func parse(file string, line int, text string) (row, *terminology.RowError) {
	bad := func(column, format string, args ...any) (row, *terminology.RowError) {
		return row{}, &terminology.RowError{File: file, Line: line, Column: column, Err: fmt.Errorf(format, args...)}
	}
	switch {
	case !utf8.ValidString(text):
		return bad("", "the text is not UTF-8")
	case len(text) <= longAt:
		return bad("", "the line has %d characters, want a long title from the %dth on", len(text), longAt+1)
	case text[numberEnd] != ' ' || text[codeEnd] != ' ' || text[flagAt+1] != ' ' || text[shortEnd] != ' ':
		return bad("", "want spaces between number, code, flag, short and long title")
	}
	r := row{line: line, code: strings.TrimRight(text[codeAt:codeEnd], " "), billable: text[flagAt] == '1',
		short: strings.TrimSpace(text[shortAt:shortEnd]), long: strings.TrimSpace(text[longAt:])}
	var err error
	if r.number, err = strconv.Atoi(text[:numberEnd]); err != nil || r.number < 1 {
		return bad("number", "%q, want five digits", text[:numberEnd])
	}
	switch {
	case !isCode(r.code):
		return bad("code", "%q is not an ICD-10-CM code", r.code)
	case text[flagAt] != '0' && text[flagAt] != '1':
		return bad("header", "%q, want 0 or 1", text[flagAt:flagAt+1])
	case r.short == "" || r.long == "":
		return bad("title", "%s has no title", r.code)
	}
	r.code = dotted(r.code)
	return r, nil
}
