package basic_test

import (
	"bytes"
	"testing"
	"unsafe"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
)

func TestSharedColumns(t *testing.T) {
	for _, n := range []int{0, 7, 1 << 10, 1<<10 + 3, 400_004, 800_000, 1 << 12} {
		column := make([]byte, n)
		if got := basic.Shared(column); len(got) != n || !bytes.Equal(got, column) {
			t.Errorf("%d zeros become %d bytes", n, len(got))
		}
		if n == 0 {
			continue
		}
		column[n-1] = 1
		if got := basic.Shared(column); !bytes.Equal(got, column) {
			t.Errorf("a column of %d bytes that ends with 1 is taken for zeros", n)
		}
	}
	a, b := basic.Shared(make([]byte, 5000)), basic.Shared(make([]byte, 4096))
	if unsafe.SliceData(a) != unsafe.SliceData(b) || cap(b) != len(b) {
		t.Error("two columns of zeros do not share their bytes, or can be grown into them")
	}
}
