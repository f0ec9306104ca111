package store

import (
	"bytes"
	"iter"
	"slices"
	"sort"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Memory is a release in memory: a TableWriter until Close, Tables from then on. It
// serves releases that live as long as a request.
type Memory struct {
	columns map[string][]byte
	last    string                 // the last column
	rows    []terminology.KeyValue // keys with their table in front
}

// NewMemory returns an empty Memory.
func NewMemory() *Memory { return &Memory{columns: map[string][]byte{}} }

// PutColumn keeps a copy of a column. Columns come before all rows, in ascending
// order of their names.
func (m *Memory) PutColumn(name string, data []byte) error {
	if len(m.rows) > 0 || len(m.columns) > 0 && name <= m.last {
		return descending("store.PutColumn", name)
	}
	m.last, m.columns[name] = name, slices.Clone(data)
	return nil
}

// PutRow keeps a copy of a row. Rows come in ascending order of table and key.
func (m *Memory) PutRow(table byte, key, value []byte) error {
	if err := checkTable(table); err != nil {
		return err
	}
	kv := terminology.KeyValue{Key: append([]byte{table}, key...), Value: slices.Clone(value)}
	if n := len(m.rows); n > 0 && !less(m.rows[n-1].Key, kv.Key) {
		return descending("store.PutRow", string(kv.Key))
	}
	m.rows = append(m.rows, kv)
	return nil
}

// Close does nothing: what was put stays readable.
func (m *Memory) Close() error { return nil }

// Column returns a copy of a column; the error is NotFound when there is none.
func (m *Memory) Column(name string) ([]byte, error) {
	data, ok := m.columns[name]
	if !ok {
		return nil, &terminology.Error{Op: "store.Column", Kind: terminology.NotFound, Err: missing("column " + name)}
	}
	return append(make([]byte, 0, len(data)), data...), nil
}

func (m *Memory) seek(key []byte) int {
	return sort.Search(len(m.rows), func(i int) bool { return !less(m.rows[i].Key, key) })
}

// Row returns a copy of the value under a key; the error is NotFound when there is
// none.
func (m *Memory) Row(table byte, key []byte) ([]byte, error) {
	full := append([]byte{table}, key...)
	if i := m.seek(full); i < len(m.rows) && bytes.Equal(m.rows[i].Key, full) {
		return slices.Clone(m.rows[i].Value), nil
	}
	return nil, &terminology.Error{Op: "store.Row", Kind: terminology.NotFound, Err: missing("no such key")}
}

// Rows walks the keys of a table that begin with prefix, in byte order.
func (m *Memory) Rows(table byte, prefix []byte) iter.Seq2[terminology.KeyValue, error] {
	full := append([]byte{table}, prefix...)
	return func(yield func(terminology.KeyValue, error) bool) {
		for i := m.seek(full); i < len(m.rows) && bytes.HasPrefix(m.rows[i].Key, full); i++ {
			if !yield(terminology.KeyValue{Key: m.rows[i].Key[1:], Value: m.rows[i].Value}, nil) {
				return
			}
		}
	}
}

var (
	_ terminology.Tables      = (*DB)(nil)
	_ terminology.Tables      = (*Memory)(nil)
	_ terminology.TableWriter = (*Writer)(nil)
	_ terminology.TableWriter = (*Memory)(nil)
)
