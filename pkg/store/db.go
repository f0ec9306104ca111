package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// DB reads one release. It implements terminology.Tables.
type DB struct{ bdg *badger.DB }

// Open opens the database in dir read-only. Several processes may do so at once.
func Open(dir string) (*DB, error) {
	if err := checkFooters(dir); err != nil {
		return nil, err
	}
	bdg, err := badger.Open(settings(dir).WithReadOnly(true))
	if err != nil {
		return nil, wrap("store.Open", err)
	}
	return &DB{bdg: bdg}, nil
}

// Column returns a whole column. The error is NotFound when there is none, and
// Corrupt when a piece of it is missing.
func (db *DB) Column(name string) ([]byte, error) {
	const op = "store.Column"
	prefix := append(append([]byte{columnTable}, name...), 0)
	var data []byte
	size, chunks := uint64(0), uint32(0)
	err := db.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: prefix})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			key := it.Item().Key()
			if len(key) != len(prefix)+4 {
				continue // of a longer name
			}
			if binary.BigEndian.Uint32(key[len(prefix):]) != chunks {
				return corrupt(op, "column %s has no chunk %d", name, chunks)
			}
			err := it.Item().Value(func(v []byte) error {
				if chunks == 0 {
					if len(v) < 8 {
						return corrupt(op, "column %s is cut short", name)
					}
					size, v = binary.LittleEndian.Uint64(v), v[8:]
					if !hasChunk(txn, prefix, size) {
						return corrupt(op, "column %s has a length of %d, and ends before", name, size)
					}
					data = make([]byte, 0, size)
				}
				data = append(data, v...)
				return nil
			})
			if err != nil {
				return err
			}
			chunks++
		}
		return nil
	})
	switch {
	case terminology.KindOf(err) == terminology.Corrupt:
		return nil, err
	case err != nil:
		return nil, wrap(op, err)
	case chunks == 0:
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: missing("column " + name)}
	case uint64(len(data)) != size:
		return nil, corrupt(op, "column %s has %d bytes, want %d", name, len(data), size)
	}
	return data, nil
}

// hasChunk reports whether the last chunk of a column of size bytes is there, so
// that a damaged length does not make us ask for more memory than there is.
func hasChunk(txn *badger.Txn, prefix []byte, size uint64) bool {
	if size <= chunkSize {
		return true // it is the first one, which tells the size
	}
	last := (size - 1) / chunkSize
	if last > 1<<32-1 {
		return false
	}
	_, err := txn.Get(binary.BigEndian.AppendUint32(prefix[:len(prefix):len(prefix)], uint32(last)))
	return err == nil
}

// read passes the value of an item to use. Badger gives no bytes and no error for a
// long value whose checksum is wrong.
func read(item *badger.Item, use func([]byte) error) error {
	return item.Value(func(v []byte) error {
		if len(v) == 0 && item.ValueSize() >= longValue {
			return corrupt("store.read", "the value of %q cannot be read", item.Key())
		}
		return use(v)
	})
}

// Row returns the value under a key of a table. The error is NotFound when there is
// none.
func (db *DB) Row(table byte, key []byte) ([]byte, error) {
	var value []byte
	err := db.bdg.View(func(txn *badger.Txn) error {
		item, err := txn.Get(append([]byte{table}, key...))
		if err != nil {
			return err
		}
		return read(item, func(v []byte) error {
			value = bytes.Clone(v)
			return nil
		})
	})
	if err != nil {
		return nil, wrap("store.Row", err)
	}
	return value, nil
}

// Rows walks the keys of a table that begin with prefix, in byte order. Key and
// value are valid until the next step.
func (db *DB) Rows(table byte, prefix []byte) iter.Seq2[terminology.KeyValue, error] {
	return func(yield func(terminology.KeyValue, error) bool) {
		stopped := false
		err := db.bdg.View(func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: append([]byte{table}, prefix...), PrefetchValues: false})
			defer it.Close()
			for it.Rewind(); it.Valid() && !stopped; it.Next() {
				item := it.Item()
				err := read(item, func(v []byte) error {
					stopped = !yield(terminology.KeyValue{Key: item.Key()[1:], Value: v}, nil)
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(terminology.KeyValue{}, wrap("store.Rows", err))
		}
	}
}

// Verify reads every block, and every value that is too long for a block, and
// compares their checksums. The error is Corrupt and names what is damaged.
func (db *DB) Verify() error {
	const op = "store.Verify"
	if err := db.bdg.VerifyChecksum(); err != nil {
		return corrupt(op, "%w", err)
	}
	err := db.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			if it.Item().ValueSize() < longValue {
				continue
			}
			if err := read(it.Item(), func([]byte) error { return nil }); err != nil {
				return fmt.Errorf("%q: %w", it.Item().Key(), err)
			}
		}
		return nil
	})
	if err != nil {
		return corrupt(op, "%w", err)
	}
	return nil
}

// Close closes the database.
func (db *DB) Close() error {
	if err := db.bdg.Close(); err != nil {
		return wrap("store.Close", err)
	}
	return nil
}

type missing string

func (m missing) Error() string { return string(m) }

// less orders keys as Badger does.
func less(a, b []byte) bool { return bytes.Compare(a, b) < 0 }
