package basic

import (
	"encoding/binary"
	"sync/atomic"
)

// zeros are the bytes that all columns share which hold nothing but zeros.
var zeros atomic.Pointer[[]byte]

// mostZeros bounds what is kept of zeros: a longer column stays as it is.
const mostZeros = 64 << 20

// Shared returns a column that may be kept: one that holds only zeros, as many of a plain
// code system do (no days, no modules, no hierarchy), shares its bytes with all others. A
// column must not be changed, neither before nor after.
func Shared(column []byte) []byte {
	if len(column) < 1<<10 || len(column) > mostZeros || !isZero(column) {
		return column
	}
	for {
		have := zeros.Load()
		if have != nil && len(*have) >= len(column) {
			return (*have)[:len(column):len(column)]
		}
		more := make([]byte, len(column)+len(column)/4)
		if zeros.CompareAndSwap(have, &more) {
			return more[:len(column):len(column)]
		}
	}
}

// isZero reports whether bytes are all zero. Of most columns it reads only the first.
func isZero(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b) != 0 {
			return false
		}
	}
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
