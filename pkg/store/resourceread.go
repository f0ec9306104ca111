package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"sort"
	"strings"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// errStopped says that whoever walks wants no more.
var errStopped = errors.New("stopped")

// walk walks in a transaction, and tells the error that ends it.
func (r *Resources) walk(op string, yield func(terminology.StoredResource, error) bool, walk func(*badger.Txn) error) {
	err := r.bdg.View(walk)
	switch {
	case err == nil || errors.Is(err, errStopped):
	case terminology.KindOf(err) == terminology.Corrupt:
		yield(terminology.StoredResource{}, err)
	default:
		yield(terminology.StoredResource{}, wrap(op, err))
	}
}

// give gives a version that was read, or the error that it cannot be.
func give(yield func(terminology.StoredResource, error) bool, v terminology.StoredResource, err error) error {
	switch {
	case errors.Is(err, badger.ErrKeyNotFound):
		err = corrupt("store.Resources", "version %d of %s/%s is missing", v.Version, v.Type, v.ID)
	case err != nil && terminology.KindOf(err) != terminology.Corrupt:
		err = wrap("store.Resources", err)
	}
	if !yield(v, err) {
		return errStopped
	}
	return nil
}

// Current walks the newest version of every resource, in the order of type and id.
func (r *Resources) Current() iter.Seq2[terminology.StoredResource, error] {
	return func(yield func(terminology.StoredResource, error) bool) {
		r.walk("store.Current", yield, func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{currentTable}, PrefetchValues: true, PrefetchSize: 100})
			defer it.Close()
			for it.Rewind(); it.Valid(); it.Next() {
				typ, id, ok := strings.Cut(string(it.Item().Key()[1:]), "\x00")
				if !ok {
					return corrupt("store.Current", "the key %q", it.Item().Key())
				}
				value, err := it.Item().ValueCopy(nil)
				if err != nil {
					return err
				}
				v, err := current(txn, typ, id, value)
				if err := give(yield, v, err); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// current reads the newest version of a resource as the table of them has it: without its
// text, but where only that tells of it.
func current(txn *badger.Txn, typ, id string, value []byte) (terminology.StoredResource, error) {
	if len(value) == 8 { // of format 1
		return version(txn, typ, id, binary.BigEndian.Uint64(value))
	}
	v := terminology.StoredResource{Type: typ, ID: id}
	if value, ok := unsealed(value); ok && len(value) > 8 {
		v.Version = binary.BigEndian.Uint64(value)
		if h, head, ok := cutHeader(value[8:]); ok {
			h.into(&v)
			if v.Head = head; len(head) == 0 && !v.Deleted {
				return version(txn, typ, id, v.Version)
			}
			return v, nil
		}
	}
	var err error
	if v.Version, err = newest(txn, typ, id); err != nil || v.Version == 0 {
		return v, corrupt("store.Current", "the newest version of %s/%s cannot be told", typ, id)
	}
	return version(txn, typ, id, v.Version)
}

// newest returns the number of the newest version by the keys of the versions, 0 when
// there is none.
func newest(txn *badger.Txn, typ, id string) (uint64, error) {
	prefix := append(resourceKey(versionTable, typ, id), 0)
	it := txn.NewIterator(badger.IteratorOptions{Reverse: true, Prefix: prefix})
	defer it.Close()
	for it.Seek(behind(prefix)); it.ValidForPrefix(prefix); it.Next() {
		if key := it.Item().Key(); len(key) == len(prefix)+8 {
			return binary.BigEndian.Uint64(key[len(prefix):]), nil
		}
	}
	return 0, nil
}

// behind returns a key that comes after all that have a prefix and eight bytes.
func behind(prefix []byte) []byte {
	return append(bytes.Clone(prefix), bytes.Repeat([]byte{0xff}, 9)...)
}

// Version returns one version of a resource. The error is NotFound, or Corrupt.
func (r *Resources) Version(typ, id string, number uint64) (terminology.StoredResource, error) {
	var v terminology.StoredResource
	err := r.bdg.View(func(txn *badger.Txn) (err error) {
		v, err = version(txn, typ, id, number)
		return err
	})
	switch {
	case terminology.KindOf(err) == terminology.Corrupt:
		return v, err
	case err != nil:
		return v, wrap("store.Version", err)
	}
	return v, nil
}

// History walks versions, newest first, but for the first skip: of a resource, of a type
// when id is "", of all when typ is "" too.
func (r *Resources) History(typ, id string, skip int) iter.Seq2[terminology.StoredResource, error] {
	return func(yield func(terminology.StoredResource, error) bool) {
		r.walk("store.History", yield, func(txn *badger.Txn) error {
			if id == "" {
				return historyOf(txn, typ, skip, yield)
			}
			last, err := newest(txn, typ, id)
			if err != nil {
				return err
			}
			for n := last - min(last, uint64(max(skip, 0))); n > 0; n-- {
				v, err := version(txn, typ, id, n)
				if err := give(yield, v, err); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// historyOf walks the versions of a type, or of all when it is "".
func historyOf(txn *badger.Txn, typ string, skip int, yield func(terminology.StoredResource, error) bool) error {
	prefix := []byte{ordersTable}
	if typ != "" {
		prefix = append(append([]byte{typeTable}, typ...), 0)
	}
	it := txn.NewIterator(badger.IteratorOptions{Reverse: true, Prefix: prefix})
	defer it.Close()
	for it.Seek(behind(prefix)); it.ValidForPrefix(prefix); it.Next() {
		if skip--; skip >= 0 {
			continue
		}
		value, err := it.Item().ValueCopy(nil)
		if err != nil {
			return err
		}
		of, id, number, ok := typ, "", uint64(0), false
		if typ != "" {
			id, number, _, ok = readTypeValue(value)
		} else if parts := bytes.SplitN(value, []byte{0}, 3); len(parts) == 3 && len(parts[2]) == 8 {
			of, id, number, ok = string(parts[0]), string(parts[1]), binary.BigEndian.Uint64(parts[2]), true
		}
		if !ok {
			return corrupt("store.History", "the version under %q", it.Item().Key())
		}
		v, err := version(txn, of, id, number)
		if err := give(yield, v, err); err != nil {
			return err
		}
	}
	return nil
}

// Count returns how many versions of a resource, of a type when id is "", or of all when
// typ is "" too, were written since a time; all when it is zero.
func (r *Resources) Count(typ, id string, since time.Time) (n int, err error) {
	err = r.bdg.View(func(txn *badger.Txn) error {
		if id != "" {
			n, err = countOf(txn, typ, id, since)
			return err
		}
		prefix := []byte{ordersTable}
		if typ != "" {
			prefix = append(append([]byte{typeTable}, typ...), 0)
		}
		it := txn.NewIterator(badger.IteratorOptions{Reverse: true, Prefix: prefix})
		defer it.Close()
		for it.Seek(behind(prefix)); it.ValidForPrefix(prefix); it.Next() {
			if typ != "" && !since.IsZero() {
				value, err := it.Item().ValueCopy(nil)
				if err != nil {
					return err
				}
				_, _, at, ok := readTypeValue(value)
				if !ok {
					return corrupt("store.Count", "the version under %q", it.Item().Key())
				}
				if at.Before(since) {
					return nil
				}
			}
			n++
		}
		return nil
	})
	if err != nil && terminology.KindOf(err) != terminology.Corrupt {
		err = wrap("store.Count", err)
	}
	return n, err
}

// countOf counts the versions of a resource since a time: they are numbered in the order
// of their times. One whose time cannot be read was written when the next one was.
func countOf(txn *badger.Txn, typ, id string, since time.Time) (int, error) {
	last, err := newest(txn, typ, id)
	if err != nil || since.IsZero() {
		return int(last), err
	}
	before := sort.Search(int(last), func(i int) bool {
		for n := uint64(i) + 1; n <= last; n++ {
			if at, ok := timeOf(txn, typ, id, n); ok {
				return !at.Before(since)
			}
		}
		return true
	})
	return int(last) - before, nil
}

// timeOf returns the time of a version, without reading its text.
func timeOf(txn *badger.Txn, typ, id string, number uint64) (at time.Time, ok bool) {
	item, err := txn.Get(versionKey(typ, id, number))
	if err != nil {
		return at, false
	}
	err = item.Value(func(value []byte) error {
		h, _, whole := cutHeader(value)
		at, ok = h.Time, whole
		return nil
	})
	return at, ok && err == nil
}
