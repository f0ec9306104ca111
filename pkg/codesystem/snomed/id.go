package snomed

import (
	"fmt"
	"strconv"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// ID is a SNOMED CT identifier (SCTID). The zero ID names nothing.
type ID uint64

// ParseID returns the identifier written in s. It fails when s is not 6 to 18
// digits, starts with 0, or has a wrong check digit (RF2 specification, "SNOMED
// CT Identifiers"). Whether the component exists is for a store to tell.
func ParseID(s string) (ID, error) {
	id, ok := ScanID(s)
	if !ok {
		return 0, invalidID(s)
	}
	return id, nil
}

// ParseIDBytes is ParseID for bytes. It allocates only when it fails.
func ParseIDBytes(b []byte) (ID, error) {
	id, ok := ScanID(b)
	if !ok {
		return 0, invalidID(string(b))
	}
	return id, nil
}

// ScanID is ParseID for loops: it tells no reason and never allocates.
func ScanID[T string | []byte](s T) (ID, bool) {
	if len(s) < 6 || len(s) > 18 || s[0] == '0' {
		return 0, false
	}
	n, check := uint64(0), uint8(0)
	for i := 0; i < len(s); i++ {
		digit := s[i] - '0'
		if digit > 9 {
			return 0, false
		}
		n = n*10 + uint64(digit)
		// The product runs from the check digit leftwards; it is associative, so
		// multiplying from the left gives it in the same loop as the number.
		check = product[permutation[(len(s)-1-i)&7][digit]][check]
	}
	return ID(n), check == 0
}

func invalidID(s string) error {
	return &terminology.Error{Op: "snomed.ParseID", Kind: terminology.Invalid, Err: idFault(s)}
}

func idFault(s string) error {
	if len(s) < 6 || len(s) > 18 {
		return fmt.Errorf("%q: want 6 to 18 digits", s)
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return fmt.Errorf("%q: want 6 to 18 digits", s)
		}
	}
	if s[0] == '0' {
		return fmt.Errorf("%q: want no leading 0", s)
	}
	return fmt.Errorf("%q: wrong check digit", s)
}

// String returns the identifier in digits, "0" for the zero ID.
func (id ID) String() string { return strconv.FormatUint(uint64(id), 10) }

// Append appends the digits of id to b.
func (id ID) Append(b []byte) []byte { return strconv.AppendUint(b, uint64(id), 10) }

// MarshalText returns the identifier in digits.
func (id ID) MarshalText() ([]byte, error) { return id.Append(nil), nil }

// UnmarshalText is ParseIDBytes into id.
func (id *ID) UnmarshalText(b []byte) error {
	n, err := ParseIDBytes(b)
	if err != nil {
		return err
	}
	*id = n
	return nil
}

// Partition returns the two digits before the check digit as a number: 0, 1 and 2
// for concepts, descriptions and relationships of the International release, 10,
// 11 and 12 for those of an extension.
func (id ID) Partition() int { return int(id / 10 % 100) }

// IsConcept reports whether id's partition is that of concepts.
func (id ID) IsConcept() bool { p := id.Partition(); return p == 0 || p == 10 }

// IsDescription reports whether id's partition is that of descriptions.
func (id ID) IsDescription() bool { p := id.Partition(); return p == 1 || p == 11 }

// IsRelationship reports whether id's partition is that of relationships.
func (id ID) IsRelationship() bool { p := id.Partition(); return p == 2 || p == 12 }

// IsExtension reports whether the id was made in the namespace of an extension
// (long format).
func (id ID) IsExtension() bool { p := id.Partition(); return p >= 10 && p <= 12 }

// Namespace returns the seven-digit namespace of an extension's id, such as
// 1000202 for Norway, and 0 for an id of the International release.
func (id ID) Namespace() uint32 {
	if !id.IsExtension() {
		return 0
	}
	return uint32(id / 1000 % 10_000_000)
}

// Verhoeff's check digit: product is the multiplication of the dihedral group of
// the pentagon, permutation[i] the permutation for the digit at i from the right.
var (
	product = [10][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
		{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
		{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
		{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
		{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
		{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	permutation = [8][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
		{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
		{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
		{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
		{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
		{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
		{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	}
)
