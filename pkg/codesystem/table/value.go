package table

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// dateForms are the ways to write a day that a mapping can name, as layouts of Go.
var dateForms = map[string]string{"yyyy-mm-dd": "2006-1-2", "dd.mm.yyyy": "2.1.2006", "yyyymmdd": "20060102",
	"dd/mm/yyyy": "2/1/2006", "mm/dd/yyyy": "1/2/2006", "dd-mm-yyyy": "2-1-2006", "yyyy/mm/dd": "2006/1/2", "excel": ""}

var dateNames = []string{"yyyy-mm-dd", "dd.mm.yyyy", "yyyymmdd", "dd/mm/yyyy", "mm/dd/yyyy", "dd-mm-yyyy", "yyyy/mm/dd", "excel"}

// values reads cells that are not texts.
type values struct {
	decimal  string
	dates    []string
	workbook bool // which keeps days as numbers
}

// text returns the value of a cell as FHIR writes it.
func (v values) text(kind terminology.ValueKind, cell string) (string, error) {
	switch kind {
	case terminology.ValueInteger:
		n, err := strconv.ParseInt(strings.TrimSuffix(cell, ".0"), 10, 64)
		if err != nil {
			return "", fmt.Errorf("%q is not a whole number", cell)
		}
		return strconv.FormatInt(n, 10), nil
	case terminology.ValueDecimal:
		return v.number(cell)
	case terminology.ValueBoolean:
		is, err := yes(cell)
		return strconv.FormatBool(is), err
	case terminology.ValueDateTime:
		day, err := v.day(cell)
		return day.String(), err
	}
	return cell, nil
}

// maxNumber is the longest decimal number that is read.
const maxNumber = 64

// number returns a decimal with a point, whichever the file has.
func (v values) number(cell string) (string, error) {
	text := strings.NewReplacer(" ", "", "\u00a0", "").Replace(cell)
	comma, point := strings.Contains(text, ","), strings.Contains(text, ".")
	switch {
	case v.decimal == "" && comma && point:
		return "", fmt.Errorf(`%q has both a comma and a point: say in the mapping which is the decimal, file: {decimal: ","}`, cell)
	case v.decimal == "," || v.decimal == "" && comma:
		text = strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1)
	case v.decimal == ".":
		text = strings.ReplaceAll(text, ",", "")
	}
	// The characters are looked at first: an exponent may take for ever.
	if len(text) > maxNumber || strings.Trim(text, "+-.0123456789") != "" {
		return "", fmt.Errorf("%q is not a number", cell)
	}
	if _, ok := new(big.Rat).SetString(text); !ok {
		return "", fmt.Errorf("%q is not a number", cell)
	}
	return strings.TrimPrefix(text, "+"), nil
}

// yes reads a word that says yes or no.
func yes(cell string) (bool, error) {
	switch strings.ToLower(cell) {
	case "ja", "j", "yes", "y", "true", "sann", "1", "x":
		return true, nil
	case "nei", "n", "no", "false", "usann", "0", "-":
		return false, nil
	}
	return false, fmt.Errorf("%q, want ja or nei", cell)
}

var errWhichDay = errors.New("it could be read in two ways")

// day reads a day in one of the forms that the mapping names, and without them in
// those that can be read in one way only.
func (v values) day(cell string) (terminology.Date, error) {
	if v.workbook && len(cell) > 4 { // a year alone is not meant as the number of a day
		if day, ok := tabular.ParseSerialDay(cell); ok {
			return day, nil
		}
	}
	for _, name := range v.dates {
		if day, ok := dayIn(name, cell); ok {
			return day, nil
		}
	}
	if len(v.dates) > 0 {
		return 0, fmt.Errorf("%q is not a date written %s", cell, strings.Join(v.dates, " or "))
	}
	if day, ok := tabular.ParseDay(zoned(cell)); ok {
		return day, nil
	}
	for _, name := range []string{"yyyy-mm-dd", "dd.mm.yyyy", "yyyymmdd", "yyyy/mm/dd"} {
		if day, ok := dayIn(name, cell); ok {
			return day, nil
		}
	}
	first, ok := dayIn("dd/mm/yyyy", cell)
	second, also := dayIn("mm/dd/yyyy", cell)
	switch {
	case ok && also && first != second:
		return 0, fmt.Errorf("%q: %w: say in the mapping which is the day, file: {dates: dd/mm/yyyy}", cell, errWhichDay)
	case ok:
		return first, nil
	case also:
		return second, nil
	}
	return 0, fmt.Errorf("%q is not a date", cell)
}

// zoned joins a zone to the time before it, and gives it minutes, as in
// 2022-03-14 23:00:00.000 +0000.
func zoned(cell string) string {
	if i := strings.LastIndexByte(cell, ' '); i > 10 && len(cell) == i+6 && (cell[i+1] == '+' || cell[i+1] == '-') {
		return cell[:i] + cell[i+1:i+4] + ":" + cell[i+4:]
	}
	return cell
}

// dayIn reads a day in one form.
func dayIn(name, cell string) (terminology.Date, bool) {
	if name == "excel" {
		return tabular.ParseSerialDay(strings.Replace(cell, ",", ".", 1))
	}
	if i := strings.IndexAny(cell, "T "); i >= 8 && strings.Contains(cell[i:], ":") {
		cell = cell[:i] // a time of the day
	}
	t, err := time.Parse(dateForms[name], cell)
	if err != nil {
		return 0, false
	}
	return terminology.ParseDate(t.Format("20060102"))
}
