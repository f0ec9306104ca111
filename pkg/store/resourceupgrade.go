package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sweep removes parts of texts whose version was never written, since the process was
// killed before.
func (r *Resources) sweep() error {
	var keys [][]byte
	err := r.bdg.View(func(txn *badger.Txn) error {
		last, err := lastSequence(txn)
		if err != nil {
			return err
		}
		for _, key := range [][]byte{partKey(last+1, 0), indexKey(last+1, 0)} {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: key[:1]})
			for it.Seek(key); it.ValidForPrefix(key[:1]); it.Next() {
				keys = append(keys, it.Item().KeyCopy(nil))
			}
			it.Close()
		}
		return nil
	})
	if err != nil {
		return wrap("store.OpenResources", err)
	}
	batch := r.bdg.NewWriteBatch()
	defer batch.Cancel()
	for _, key := range keys {
		if err := batch.Delete(key); err != nil {
			return wrap("store.OpenResources", err)
		}
	}
	if err := batch.Flush(); err != nil {
		return wrap("store.OpenResources", err)
	}
	return nil
}

func lastSequence(txn *badger.Txn) (uint64, error) {
	prefix := []byte{ordersTable}
	it := txn.NewIterator(badger.IteratorOptions{Reverse: true, Prefix: prefix})
	defer it.Close()
	for it.Seek(behind(prefix)); it.ValidForPrefix(prefix); it.Next() {
		if key := it.Item().Key(); len(key) == 9 {
			return binary.BigEndian.Uint64(key[1:]), nil
		}
	}
	return 0, nil
}

// upgrade brings a store of format 1 to the second one: the versions of a type get a
// table, and texts that were in Badger's log of long values are kept in parts. A process
// that is killed meanwhile begins anew. A version that cannot be read stays as it is.
func (r *Resources) upgrade() error {
	const op = "store.OpenResources"
	var entries []badger.Entry
	flush := func() error {
		err := r.write(op, entries)
		entries = entries[:0]
		return err
	}
	var failed error
	for v, err := range r.History("", "", 0) {
		switch {
		case v.Type == "" && err != nil:
			return err
		case err != nil && v.Sequence == 0:
			continue
		}
		entries = append(entries, badger.Entry{Key: typeKey(v.Type, v.Sequence), Value: typeValue(&v)})
		if len(v.Raw) > textInline {
			failed = r.upgradeText(op, v)
		}
		if len(entries) == 1000 {
			failed = errors.Join(failed, flush())
		}
		if failed != nil {
			return failed
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return r.write(op, []badger.Entry{{Key: []byte{formatTable}, Value: []byte{2}}})
}

// upgradeText writes a long text in parts.
func (r *Resources) upgradeText(op string, v terminology.StoredResource) error {
	if err := r.writeParts(op, partKey, v.Sequence, v.Raw); err != nil {
		return err
	}
	head, err := json.Marshal(headerOf(&v))
	if err != nil {
		return wrap(op, err)
	}
	return r.write(op, []badger.Entry{{Key: versionKey(v.Type, v.ID, v.Version), Value: bytes.Clone(withHeader(nil, head))}})
}

// sealClosures brings a store of format 2 to the third one: heads and rows of closure
// tables get a checksum. A process that is killed meanwhile begins anew, and passes over
// those that have theirs.
func (r *Resources) sealClosures() error {
	const op = "store.OpenResources"
	for _, table := range []byte{closureTable, closureConceptTable} {
		for from := []byte{table}; from != nil; {
			entries, bytes, next, err := r.unsealedFrom(table, from)
			if err != nil {
				return wrap(op, err)
			}
			if len(entries) > 0 {
				if err := r.room(op, bytes); err != nil {
					return err
				}
			}
			if err := r.write(op, entries); err != nil {
				return err
			}
			from = next
		}
	}
	return r.write(op, []badger.Entry{{Key: []byte{formatTable}, Value: []byte{ResourcesFormat}}})
}

// unsealedFrom returns rows of a table without a checksum, with one, as many as go into
// one transaction, their bytes, and from where on there may be more.
func (r *Resources) unsealedFrom(table byte, from []byte) (entries []badger.Entry, bytes int, next []byte, err error) {
	err = r.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{table}})
		defer it.Close()
		for it.Seek(from); it.Valid(); it.Next() {
			key := it.Item().KeyCopy(nil)
			if bytes >= partsAtOnce || len(entries) == 1000 {
				next = key
				return nil
			}
			value, err := it.Item().ValueCopy(nil)
			if err != nil {
				return err
			}
			if _, ok := unsealed(value); !ok {
				entries, bytes = append(entries, badger.Entry{Key: key, Value: sealed(value)}), bytes+len(value)
			}
		}
		return nil
	})
	return entries, bytes, next, err
}
