package basic

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// plainNumber returns s as a number when printing the number gives s again.
func plainNumber(s string) (uint64, bool) {
	if len(s) == 0 || len(s) > 18 || s[0] == '0' && len(s) > 1 {
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

// A row is: length of the rest (uvarint), flags, effective date (uvarint), module
// (uvarint), id, fields. The id is 16 bytes when it is a UUID in lower case, else
// it is written as a field is. A field is a uvarint whose lowest bit tells a number
// (the number above it) from a text (its length above it, then the text).
const (
	rowInactive = 1
	rowUUID     = 2
)

func encodeRow(dst []byte, r terminology.Row, module uint16) []byte {
	start := len(dst)
	dst = append(dst, 0, 0) // room for the length, two bytes are nearly always enough
	flags := byte(0)
	if r.Inactive {
		flags |= rowInactive
	}
	at := len(dst)
	dst = append(dst, flags)
	dst = binary.AppendUvarint(dst, uint64(r.Effective))
	dst = binary.AppendUvarint(dst, uint64(module))
	if id, ok := parseUUID(r.ID); ok {
		dst[at] |= rowUUID
		dst = append(dst, id[:]...)
	} else {
		dst = appendField(dst, r.ID)
	}
	for _, f := range r.Fields {
		dst = appendField(dst, f)
	}
	n := len(dst) - start - 2
	if n >= 1<<14 { // a long OWL axiom: three bytes or more
		body := slices.Clone(dst[start+2:])
		dst = binary.AppendUvarint(dst[:start], uint64(n))
		return append(dst, body...)
	}
	dst[start], dst[start+1] = byte(n)|0x80, byte(n>>7)
	return dst
}

func rowLen(b []byte) int {
	n, w := binary.Uvarint(b)
	return w + int(n)
}

func appendField(dst []byte, s string) []byte {
	if n, ok := plainNumber(s); ok {
		return binary.AppendUvarint(dst, n<<1|1)
	}
	dst = binary.AppendUvarint(dst, uint64(len(s))<<1)
	return append(dst, s...)
}

var errRow = errors.New("a stored row is cut short")

func readField(b []byte) (string, []byte, error) {
	n, w := binary.Uvarint(b)
	if w <= 0 {
		return "", nil, errRow
	}
	b = b[w:]
	if n&1 == 1 {
		return strconv.FormatUint(n>>1, 10), b, nil
	}
	if n >>= 1; n > uint64(len(b)) {
		return "", nil, errRow
	}
	return string(b[:n]), b[n:], nil
}

// decodeRows reads the value of a key: the rows of one component in a table of
// columns columns.
func decodeRows(table, component string, value []byte, columns int, modules []string) ([]terminology.Row, error) {
	var rows []terminology.Row
	for len(value) > 0 {
		n, w := binary.Uvarint(value)
		if w <= 0 || n > uint64(len(value)-w) {
			return nil, errRow
		}
		row, err := decodeRow(value[w:w+int(n)], columns, modules)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", table, component, err)
		}
		row.Table, row.Component = table, component
		rows = append(rows, row)
		value = value[w+int(n):]
	}
	return rows, nil
}

func decodeRow(b []byte, columns int, modules []string) (terminology.Row, error) {
	var r terminology.Row
	if len(b) == 0 {
		return r, errRow
	}
	flags := b[0]
	r.Inactive = flags&rowInactive != 0
	effective, w := binary.Uvarint(b[1:])
	if w <= 0 {
		return r, errRow
	}
	b = b[1+w:]
	module, w := binary.Uvarint(b)
	if w <= 0 || module >= uint64(len(modules)) {
		return r, errRow
	}
	r.Effective, r.Module, b = terminology.Date(effective), modules[module], b[w:]
	var err error
	if flags&rowUUID != 0 {
		if len(b) < 16 {
			return r, errRow
		}
		r.ID, b = formatUUID(b[:16]), b[16:]
	} else if r.ID, b, err = readField(b); err != nil {
		return r, err
	}
	r.Fields = make([]string, columns)
	for i := range r.Fields {
		if r.Fields[i], b, err = readField(b); err != nil {
			return r, err
		}
	}
	if len(b) > 0 {
		return r, errRow
	}
	return r, nil
}

// parseUUID reads a UUID in its usual lower-case form, so that printing it gives
// the same text.
func parseUUID(s string) (id [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, false
	}
	n := 0
	for i := 0; i < 36; {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			i++
			continue
		}
		hi, lo := hexDigit(s[i]), hexDigit(s[i+1])
		if hi|lo > 15 {
			return id, false
		}
		id[n] = hi<<4 | lo
		n++
		i += 2
	}
	return id, true
}

func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}

func formatUUID(id []byte) string {
	var b [36]byte
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}
