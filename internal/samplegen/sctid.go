package main

import (
	"crypto/sha1"
	"fmt"
	"hash/fnv"
	"strconv"
)

// verhoeffMultiply and verhoeffPermute are the tables of Verhoeff's check digit
// (RF2 specification, "SNOMED CT Identifiers").
var (
	verhoeffMultiply = [10][10]byte{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
		{2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	verhoeffPermute = [8][10]byte{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
		{5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
		{9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
		{2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	}
)

// verhoeff returns the check sum of digits whose last digit has position first.
// It is 0 for a whole identifier (first 0) with a right check digit.
func verhoeff(digits string, first int) byte {
	var c byte
	for i := len(digits) - 1; i >= 0; i-- {
		c = verhoeffMultiply[c][verhoeffPermute[(first+len(digits)-1-i)%8][digits[i]-'0']]
	}
	return c
}

// validSCTID reports whether id has the form and the check digit of an SCTID.
func validSCTID(id string) bool {
	if len(id) < 6 || len(id) > 18 || id[0] == '0' {
		return false
	}
	if _, err := strconv.ParseUint(id, 10, 64); err != nil {
		return false
	}
	return verhoeff(id, 0) == 0
}

// withCheckDigit appends the check digit to an identifier that lacks it.
func withCheckDigit(digits string) string {
	for d := byte('0'); ; d++ {
		if id := digits + string(d); verhoeff(id, 0) == 0 {
			return id
		}
	}
}

// Kinds of component, as the second digit of a partition identifier.
const (
	descriptionKind  = 1
	relationshipKind = 2
)

// minter gives identifiers to descriptions and relationships: hashes of what
// they identify, moved on when two would meet. International ones use item
// identifiers above 9,000,000,000, Norwegian ones above 90,000,000, which no
// release has reached.
type minter map[string]bool

func (m minter) sctid(norwegian bool, kind int, key string) string {
	h := fnv.New64a()
	h.Write([]byte(key))
	for n := h.Sum64(); ; n++ {
		digits := fmt.Sprintf("%d0%d", 9_000_000_000+n%1_000_000_000, kind)
		if norwegian {
			digits = fmt.Sprintf("%d10002021%d", 90_000_000+n%10_000_000, kind)
		}
		if id := withCheckDigit(digits); !m[id] {
			m[id] = true
			return id
		}
	}
}

// memberUUID returns the UUID (version 5) of a reference set member.
func memberUUID(key string) string {
	s := sha1.Sum([]byte("kodeks sample member " + key))
	s[6], s[8] = s[6]&0x0f|0x50, s[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", s[0:4], s[4:6], s[6:8], s[8:10], s[10:16])
}
