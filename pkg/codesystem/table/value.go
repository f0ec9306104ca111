package table

import (
	"errors"
	"fmt"
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

// text returns the value of a cell as FHIR writes it. The cell may be a number of a
// workbook or of JSON, whose decimal sign is a point.
func (v values) text(kind terminology.ValueKind, cell string, number bool) (string, error) {
	switch kind {
	case terminology.ValueInteger:
		n, err := strconv.ParseInt(strings.TrimSuffix(cell, ".0"), 10, 64)
		if err != nil {
			return "", fmt.Errorf("%q is not a whole number", cell)
		}
		return strconv.FormatInt(n, 10), nil
	case terminology.ValueDecimal:
		if number {
			v.decimal = "."
		}
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

// number returns a decimal with a point, whichever the text has.
func (v values) number(cell string) (string, error) {
	bad := func() (string, error) { return "", fmt.Errorf("%q is not a number", cell) }
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(cell)
	sign := ""
	if text != "" && (text[0] == '-' || text[0] == '+') {
		sign, text = strings.TrimPrefix(text[:1], "+"), text[1:]
	}
	if len(text) > maxNumber || strings.Trim(text, " ,.0123456789") != "" {
		return bad()
	}
	decimal := v.decimal
	if decimal == "" {
		var err error
		if decimal, err = decimalOf(cell, text); err != nil {
			return "", err
		}
	}
	thousands := map[string]string{",": ".", ".": ","}[decimal]
	whole, fraction, found := strings.Cut(text, decimal)
	if strings.Contains(whole, " ") {
		if strings.Contains(whole, thousands) {
			return bad()
		}
		thousands = " "
	}
	groups := strings.Split(whole, thousands)
	for i, group := range groups {
		if len(groups) > 1 && (i > 0 && len(group) != 3 || i == 0 && (group == "" || len(group) > 3)) {
			return "", fmt.Errorf("%q is not a number whose decimal sign is %q: %q may only stand before each three digits", cell, decimal, thousands)
		}
	}
	whole = strings.Join(groups, "")
	if strings.Trim(whole+fraction, "0123456789") != "" || whole+fraction == "" || found && fraction == "" {
		return bad()
	}
	if whole == "" {
		whole = "0"
	}
	if found {
		return sign + whole + "." + fraction, nil
	}
	return sign + whole, nil
}

// decimalOf returns the decimal sign of a number that the mapping says none for, when it
// can only be one.
func decimalOf(cell, text string) (string, error) {
	comma, point := strings.Count(text, ","), strings.Count(text, ".")
	mark, other := ",", "."
	if comma == 0 {
		mark, other = ".", ","
	}
	switch {
	case comma > 0 && point > 0:
		return "", fmt.Errorf(`%q has both a comma and a point: say in the mapping which is the decimal, file: {decimal: ","}`, cell)
	case comma+point > 1:
		return other, nil // of thousands
	case comma+point == 1 && !strings.Contains(text, " "):
		whole, fraction, _ := strings.Cut(text, mark)
		if len(fraction) == 3 && len(whole) > 0 && len(whole) <= 3 && whole[0] != '0' {
			return "", fmt.Errorf(`%q: its %q may stand before decimals or before thousands: say in the mapping which is the decimal, file: {decimal: ","} or "."`, cell, mark)
		}
	}
	return mark, nil
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

// zoned joins a zone to the time before it, as in 2022-03-14 23:00:00.000 +0000.
func zoned(cell string) string {
	if i := strings.LastIndexByte(cell, ' '); i > 3 && i+1 < len(cell) && (cell[i+1] == '+' || cell[i+1] == '-' || cell[i+1:] == "Z") {
		return cell[:i] + cell[i+1:]
	}
	return cell
}

// dayIn reads a day in one form. A time of the day may follow, and its zone, in which case
// the day is that of Norway.
func dayIn(name, cell string) (terminology.Date, bool) {
	if name == "excel" {
		return tabular.ParseSerialDay(strings.Replace(cell, ",", ".", 1))
	}
	clock := ""
	if i := strings.IndexAny(cell, "T "); i >= len("1.2.2020") {
		cell, clock = cell[:i], cell[i+1:]
	}
	t, err := time.Parse(dateForms[name], cell)
	if err != nil {
		return 0, false
	}
	if clock != "" {
		return tabular.ParseDay(t.Format("2006-01-02") + "T" + zoned(clock))
	}
	return terminology.ParseDate(t.Format("20060102"))
}
