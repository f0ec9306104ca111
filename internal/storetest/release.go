package storetest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Release is the data of one release, in the order in which it must be written.
type Release struct {
	Columns []Column
	Rows    []Row
}

// Column is one column.
type Column struct {
	Name string
	Data []byte
}

// Row is one row.
type Row struct {
	Table      byte
	Key, Value []byte
}

// Sample returns a release with columns around the sizes at which a store cuts
// them, and rows in the tables of Kodeks whose keys are prefixes of each other.
func Sample(chunk int) Release {
	random := rand.New(rand.NewPCG(22298006, 1))
	var r Release
	for _, size := range []int{0, 1, 7, 8, chunk - 1, chunk, chunk + 1, 3 * chunk, 3*chunk + 5} {
		r.Columns = append(r.Columns, Column{Name: fmt.Sprintf("size.%d", size), Data: noise(random, size)})
	}
	for _, name := range []string{"display.", "display.000", "display.001", "code", "code.bytes", "code.offsets"} {
		r.Columns = append(r.Columns, Column{Name: name, Data: noise(random, 16)})
	}
	for _, table := range []byte{'B', 'F', 'R', 'z', 0xff} {
		for _, key := range []string{"", "\x00", "\x00\x00", "\x00\x01", "\x01", "22298006", "22298006\x00", "2229800600", "I21", "I21.9", "K75", "å", "\xff", "\xff\xff"} {
			r.Rows = append(r.Rows, Row{table, []byte(key), noise(random, random.IntN(200))})
		}
		for range 500 {
			key := fmt.Sprintf("447562003\x00%07d", random.IntN(1e7))
			r.Rows = append(r.Rows, Row{table, []byte(key), noise(random, random.IntN(40))})
		}
	}
	r.Rows = append(r.Rows, Row{'F', []byte("long"), noise(random, 3*chunk)})
	slices.SortFunc(r.Columns, func(a, b Column) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(r.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), bytes.Compare(a.Key, b.Key))
	})
	r.Rows = slices.CompactFunc(r.Rows, func(a, b Row) bool { return a.Table == b.Table && bytes.Equal(a.Key, b.Key) })
	return r
}

// Write puts the release and closes the writer.
func (r Release) Write(w terminology.TableWriter) error {
	for _, c := range r.Columns {
		data := bytes.Clone(c.Data)
		if err := w.PutColumn(c.Name, data); err != nil {
			return err
		}
		clear(data) // a writer keeps nothing of what it is given
	}
	var key, value []byte
	for _, row := range r.Rows {
		key, value = append(key[:0], row.Key...), append(value[:0], row.Value...)
		if err := w.PutRow(row.Table, key, value); err != nil {
			return err
		}
	}
	return w.Close()
}

func noise(random *rand.Rand, n int) []byte {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, random.Uint64())
	}
	return b[:n]
}
