package store

import (
	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// indexKey is the key of a part of the index of a version.
func indexKey(sequence uint64, part uint32) []byte {
	key := partKey(sequence, part)
	key[0] = indexTable
	return key
}

// Index returns the index of a version, as it was written with it. The error is NotFound
// when there is no such version, and Corrupt.
func (r *Resources) Index(typ, id string, number uint64) ([]byte, error) {
	var out []byte
	err := r.bdg.View(func(txn *badger.Txn) error {
		v, size, err := indexOf(txn, typ, id, number)
		if err != nil || size == 0 {
			return err
		}
		out, err = parts(txn, indexKey, &v, size)
		return err
	})
	switch {
	case terminology.KindOf(err) == terminology.Corrupt:
		return nil, err
	case err != nil:
		return nil, wrap("store.Index", err)
	}
	return out, nil
}

// indexOf reads how many bytes the index of a version has.
func indexOf(txn *badger.Txn, typ, id string, number uint64) (v terminology.StoredResource, size int, err error) {
	v = terminology.StoredResource{Type: typ, ID: id, Version: number}
	item, err := txn.Get(versionKey(typ, id, number))
	if err != nil {
		return v, 0, err
	}
	err = read(item, func(value []byte) error {
		h, _, ok := cutHeader(value)
		if !ok {
			return corrupt("store.Index", "%s/%s version %d cannot be read", typ, id, number)
		}
		h.into(&v)
		size = h.Index
		return nil
	})
	return v, size, err
}

// lastPart returns the number of the last part of so many bytes.
func lastPart(size int) uint32 { return uint32((size - 1) / textPart) }
