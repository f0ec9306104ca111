package rf2

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// check is what a column must hold.
type check uint8

const (
	anyText check = iota
	notEmpty
	anyID // an SCTID of any partition
	conceptID
	descriptionID
	relationshipID
	uuid
	effective // a date
	flag      // 0 or 1
	small     // a number that fits 16 bits
)

// checks tells columns by their name; id is told by the kind of file.
var checks = map[string]check{
	"effectivetime": effective, "sourceeffectivetime": effective, "targeteffectivetime": effective,
	"active": flag, "moduleid": conceptID, "definitionstatusid": conceptID, "conceptid": conceptID,
	"languagecode": notEmpty, "typeid": conceptID, "term": notEmpty, "casesignificanceid": conceptID,
	"sourceid": conceptID, "destinationid": conceptID, "value": notEmpty, "relationshipgroup": small,
	"characteristictypeid": conceptID, "modifierid": conceptID, "refsetid": conceptID,
	"referencedcomponentid": anyID, "acceptabilityid": conceptID, "targetcomponentid": anyID,
	"targetcomponent": anyID, "valueid": conceptID, "owlexpression": notEmpty, "mapgroup": small, "mappriority": small,
	"correlationid": conceptID, "mapcategoryid": conceptID, "identifierschemeid": conceptID,
	"alternateidentifier": notEmpty,
}

// checksOf returns the checks of a file's columns. Columns of a refset of unknown
// shape are free after the first six.
func checksOf(f *File) []check {
	list := make([]check, len(f.Columns))
	for i, name := range f.Columns {
		if f.Kind == OtherRefset && i >= firstColumns {
			break
		}
		list[i] = checks[strings.ToLower(name)]
	}
	switch f.Kind {
	case Identifier:
	case Concept:
		list[0] = conceptID
	case Description:
		list[0] = descriptionID
	case Relationship, StatedRelationship, ConcreteValue:
		list[0] = relationshipID
	default:
		list[0] = uuid
	}
	return list
}

// rows checks the rows of one file. After parse, field holds the cells and value
// the number that a cell is, where its check reads one.
type rows struct {
	file    *File
	checks  []check
	field   []string
	value   []uint64
	last    [][]byte // what a column held in the row before, since most columns repeat
	lenient bool
	bad     int // ids accepted because of lenient
}

func newRows(f *File, lenient bool) *rows {
	n := len(f.Columns)
	return &rows{file: f, checks: checksOf(f), field: make([]string, n), value: make([]uint64, n), last: make([][]byte, n), lenient: lenient}
}

// parse reads one line; the error says the first thing that is wrong with it.
// valid tells that the line is known to be UTF-8.
func (r *rows) parse(number int, line string, valid bool) *terminology.RowError {
	if n := split(line, r.field); n != len(r.field) {
		if line == "" {
			return r.fault(number, "", errors.New("found an empty line"))
		}
		return r.fault(number, "", fmt.Errorf("found %d columns, want %d", n, len(r.field)))
	}
	if !valid && !utf8.ValidString(line) {
		for i, s := range r.field {
			if !utf8.ValidString(s) {
				return r.fault(number, r.file.Columns[i], fmt.Errorf("found %q, want UTF-8", clip(s)))
			}
		}
	}
	for i, s := range r.field {
		if s == string(r.last[i]) && s != "" {
			continue
		}
		if !r.cell(i, s) {
			return r.fault(number, r.file.Columns[i], wanted(r.checks[i], s))
		}
	}
	return nil
}

// cell checks one cell and reads its number.
func (r *rows) cell(i int, s string) bool {
	n, ok := uint64(0), true
	switch r.checks[i] {
	case anyText:
		return true
	case notEmpty:
		return s != ""
	case anyID, conceptID, descriptionID, relationshipID:
		if n, ok = scanID(s, r.checks[i]); !ok && r.lenient {
			if n, ok = scanDigits(s); ok {
				r.bad++
			}
		}
	case uuid:
		return isUUID(s)
	case effective:
		var d terminology.Date
		d, ok = terminology.ParseDate(s)
		n = uint64(d)
	case flag:
		if ok = s == "0" || s == "1"; ok {
			n = uint64(s[0] - '0')
		}
	case small:
		if n, ok = scanDigits(s); n > 1<<16-1 {
			ok = false
		}
	}
	if ok {
		r.value[i] = n
		r.last[i] = append(r.last[i][:0], s...)
	}
	return ok
}

func (r *rows) fault(line int, column string, err error) *terminology.RowError {
	return &terminology.RowError{File: r.file.Base(), Line: line, Column: column, Err: err}
}

// scanID reads an SCTID of the partition that a check wants.
func scanID(s string, want check) (uint64, bool) {
	id, ok := snomed.ScanID(s)
	switch want {
	case conceptID:
		ok = ok && id.IsConcept()
	case descriptionID:
		ok = ok && id.IsDescription()
	case relationshipID:
		ok = ok && id.IsRelationship()
	}
	return uint64(id), ok
}

// scanDigits reads 1 to 18 digits.
func scanDigits(s string) (uint64, bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	n := uint64(0)
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return n, true
}

// wanted says what a cell holds and what it should.
func wanted(c check, s string) error {
	want := ""
	switch c {
	case notEmpty:
		want = "text"
	case anyID, conceptID, descriptionID, relationshipID:
		kind := [...]string{anyID: "an SCTID", conceptID: "a concept id", descriptionID: "a description id", relationshipID: "a relationship id"}[c]
		if _, err := snomed.ParseID(s); err != nil && len(s) >= 6 && len(s) <= 18 {
			if _, digits := scanDigits(s); digits && s[0] != '0' {
				return fmt.Errorf("found %s with a wrong check digit, want %s", strconv.Quote(s), kind)
			}
		}
		want = kind
	case uuid:
		want = "a UUID"
	case effective:
		want = "a date as yyyymmdd"
	case flag:
		want = "0 or 1"
	case small:
		want = "a number from 0 to 65535"
	}
	return fmt.Errorf("found %s, want %s", strconv.Quote(clip(s)), want)
}

// isUUID reports whether s is a UUID in hexadecimal digits, either case.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if hexDigit[s[i]] > 15 {
			return false
		}
	}
	return true
}

// hexDigit is the value of a hexadecimal digit, and 255 of any other byte.
var hexDigit = func() (t [256]uint8) {
	for i := range t {
		t[i] = 255
	}
	for i := range 10 {
		t['0'+i] = uint8(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = uint8(10+i), uint8(10+i)
	}
	return t
}()
