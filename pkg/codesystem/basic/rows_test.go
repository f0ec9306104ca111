package basic

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var rowModules = []string{"", "900000000000207008", "51000202101"}

// FuzzRow states that every row is read as it was written, whatever its texts.
func FuzzRow(f *testing.F) {
	f.Add("22298006", "80000000-0000-5000-8000-000000000001", "1", "I21.9", uint32(20250915), uint8(2), false)
	f.Add("I21", "80000000-0000-5000-8000-00000000ABCD", "007", "", uint32(0), uint8(0), true)
	f.Add("", "", "999999999999999999", strings.Repeat("å", 1<<13), uint32(1<<32-1), uint8(1), true)
	f.Fuzz(func(t *testing.T, component, id, first, second string, effective uint32, module uint8, inactive bool) {
		n := uint16(module) % uint16(len(rowModules))
		want := terminology.Row{
			Table: "t", Component: component, ID: id, Inactive: inactive, Effective: terminology.Date(effective),
			Module: rowModules[n], Fields: []string{first, second, first},
		}
		value := encodeRow(nil, want, n)
		if got := rowLen(value); got != len(value) {
			t.Fatalf("rowLen = %d of %d bytes", got, len(value))
		}
		two := encodeRow(bytes.Clone(value), want, n)
		got, err := decodeRows("t", component, two, 3, rowModules)
		if diff := cmp.Diff([]terminology.Row{want, want}, got); err != nil || diff != "" {
			t.Fatalf("decodeRows(encodeRow) (-want +got): %v\n%s", err, diff)
		}
		table, back, ok := splitKey(rowKey(nil, "t", component))
		if table != "t" || back != component || !ok {
			t.Fatalf("splitKey(rowKey(%q)) = %q, %q, %v", component, table, back, ok)
		}
	})
}

// FuzzDecodeRows states that what can be read from any bytes is written and read
// again as the same rows, and that a value makes no more rows than it has room for.
func FuzzDecodeRows(f *testing.F) {
	row := terminology.Row{ID: "80000000-0000-5000-8000-000000000001", Effective: 20250915, Fields: []string{"1", "I21.9"}}
	value := encodeRow(nil, row, 1)
	f.Add(value, uint8(2))
	f.Add(value[:len(value)-1], uint8(2))
	f.Add(bytes.Repeat([]byte{0xff}, 20), uint8(0))
	f.Add([]byte{4, 0, 0, 0, 0}, uint8(0))
	f.Fuzz(func(t *testing.T, value []byte, columns uint8) {
		rows, err := decodeRows("t", "c", value, int(columns), rowModules)
		if err != nil {
			return
		}
		if len(rows)*(5+int(columns)) > len(value) { // length, flags, date, module, id
			t.Fatalf("%d rows of %d columns in %d bytes", len(rows), columns, len(value))
		}
		var again []byte
		for _, r := range rows {
			module := uint16(0)
			for i, m := range rowModules {
				if m == r.Module {
					module = uint16(i)
				}
			}
			again = encodeRow(again, r, module)
		}
		back, err := decodeRows("t", "c", again, int(columns), rowModules)
		if diff := cmp.Diff(rows, back); err != nil || diff != "" {
			t.Fatalf("read, written and read again: %v\n%s", err, diff)
		}
	})
}

// TestDecodeRowsCutShort cuts a value at every place.
func TestDecodeRowsCutShort(t *testing.T) {
	value := encodeRow(nil, terminology.Row{ID: "member", Effective: 20250915, Fields: []string{"1", "I21.9"}}, 2)
	for n := 1; n < len(value); n++ {
		if rows, err := decodeRows("t", "c", value[:n], 2, rowModules); err == nil {
			t.Errorf("the first %d of %d bytes read as %v", n, len(value), rows)
		}
	}
	if _, err := decodeRows("t", "c", value, 3, rowModules); err == nil {
		t.Error("two fields read as three")
	}
	if _, err := decodeRows("t", "c", value, 1, rowModules); err == nil {
		t.Error("two fields read as one")
	}
	if _, err := decodeRows("t", "c", value, 2, rowModules[:2]); err == nil {
		t.Error("a module that is not there is read")
	}
}

// TestShortRowsAreShort guards the size of the tables: a row of a simple map is its
// UUID and a dozen bytes.
func TestShortRowsAreShort(t *testing.T) {
	row := terminology.Row{ID: "80000000-0000-5000-8000-000000000001", Effective: 20250915, Fields: []string{"447562003", "I21.9"}}
	if n := len(encodeRow(nil, row, 1)); n > 37 {
		t.Errorf("the row takes %d bytes, want at most 37", n)
	}
}

func TestRowKeysAscend(t *testing.T) {
	keys := []string{"0", "9", "10", "22298006", "138875005", "999999999999999999", "", "007", "1000000000000000000", "I21", "I21.9"}
	for i := 1; i < len(keys); i++ {
		if bytes.Compare(rowKey(nil, "t", keys[i-1]), rowKey(nil, "t", keys[i])) >= 0 {
			t.Errorf("key of %q does not come before that of %q", keys[i-1], keys[i])
		}
	}
	for _, key := range []string{"", "t", "t\x00", "t\x00\x03x", "t\x00\x01short", "t\x00\x01123456789"} {
		if table, component, ok := splitKey([]byte(key)); ok {
			t.Errorf("splitKey(%q) = %q, %q, true", key, table, component)
		}
	}
}

// FuzzFold states that codes which are the same but for case have the same hash.
func FuzzFold(f *testing.F) {
	f.Add("I21.0a", "i21.0A")
	f.Add("[", "{") // letters but for one bit
	f.Add("Å", "å")
	f.Add("kſ", "\u212aS") // the sign of kelvin and the long s are letters of ASCII in another form
	f.Add("æ-Σς", "Æ-σσ")
	f.Fuzz(func(t *testing.T, a, b string) {
		ascii := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= 'A' && r <= 'Z' {
					return r | 0x20
				}
				return r
			}, strings.ToValidUTF8(s, "?"))
		}
		if a, b = strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?"); sameFolded(a, b, foldASCII) != (ascii(a) == ascii(b)) {
			t.Fatalf("sameFolded(%q, %q) = %v", a, b, sameFolded(a, b, foldASCII))
		}
		for _, fold := range []folding{foldNone, foldASCII, foldAll} {
			if sameFolded(a, b, fold) && hashCode(a, fold) != hashCode(b, fold) {
				t.Fatalf("%q and %q are the same by %d and have other hashes", a, b, fold)
			}
		}
		if code := ascii(a); !strings.ContainsFunc(code, func(r rune) bool { return r >= utf8.RuneSelf }) && hashCode(a, foldASCII) != hashCode(a, foldAll) {
			t.Fatalf("%q has another hash where all letters are folded", a)
		}
	})
}
