package npu

import (
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// row is one code as the file says it.
type row struct {
	line        int
	bad         func(column, format string, args ...any) *terminology.RowError
	format      tabular.Format // of a table
	code        string
	written     string // the code as it is written
	short, full string
	from, to    terminology.Date
	withdrawn   bool // the file says that the code is not active
	properties  []property
}

type property struct {
	code, value string
	kind        terminology.ValueKind
}

// cell reads one cell or element. One that we do not know becomes a string property
// under its own name, so that nothing is lost.
func (r *row) cell(column, cell string) error {
	text := strings.TrimSpace(strings.ReplaceAll(cell, "\u00a0", " "))
	f, known := fields[fold(column)]
	if text == "" && f.special != isTheCode {
		return nil
	}
	switch {
	case !known:
		r.add(column, text, terminology.ValueString)
		return nil
	case f.special == isTheCode:
		if !isCode(text) {
			return r.bad(column, "%q is not a code of NPU", cell)
		}
		r.code, r.written = text, cell
		return nil
	case f.special == isShort:
		r.short = text
		return nil
	case f.special == isFull:
		r.full = text
		return nil
	}
	switch f.kind {
	case terminology.ValueDateTime:
		return r.day(f, column, text)
	case terminology.ValueCode:
		return r.codes(f, column, text)
	case terminology.ValueBoolean:
		yes, ok := truth[strings.ToLower(text)]
		if !ok {
			return r.bad(column, "%q, want true or false", text)
		}
		r.withdrawn = r.withdrawn || !yes
		r.add(f.property, map[bool]string{true: "true", false: "false"}[yes], f.kind)
		return nil
	}
	if f.special == isStatus {
		r.withdrawn = r.withdrawn || ended[strings.ToLower(text)]
	}
	r.add(f.property, text, f.kind)
	return nil
}

// truth are the words for yes and no, in English and Danish.
var truth = map[string]bool{
	"true": true, "1": true, "yes": true, "y": true, "ja": true, "j": true,
	"false": false, "0": false, "no": false, "n": false, "nej": false,
}

// ended are the statuses of codes that are not for use.
var ended = map[string]bool{"inactive": true, "deactivated": true, "withdrawn": true, "retired": true, "deprecated": true, "obsolete": true, "expired": true}

// day reads a date. Danish dates have the day first.
func (r *row) day(f field, column, text string) error {
	day, ok := r.format.Day(text)
	for _, layout := range [...]string{"20060102", "02-01-2006", "02.01.2006", "02-01-2006 15:04:05", "02-01-2006 15:04"} {
		if ok {
			break
		}
		if t, err := time.Parse(layout, text); err == nil {
			day, ok = terminology.ParseDate(t.Format("20060102"))
		}
	}
	if !ok {
		return r.bad(column, "%q is not a date", text)
	}
	switch f.special {
	case isFrom:
		r.from = day
	case isTo:
		r.to = day
	}
	r.add(f.property, day.String(), f.kind)
	return nil
}

// codes reads one code or several. A code that names itself says nothing.
func (r *row) codes(f field, column, text string) error {
	for code := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ';' || c == ',' || c == ' ' || c == '\n' }) {
		if !isCode(code) {
			return r.bad(column, "%q is not a code of NPU", code)
		}
		r.add(f.property, code, f.kind)
	}
	return nil
}

func (r *row) add(code, value string, kind terminology.ValueKind) {
	r.properties = append(r.properties, property{code, value, kind})
}
