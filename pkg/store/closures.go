package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/dgraph-io/badger/v4"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The tables of closure tables, in the database of the resources that clients write.
const (
	closureTable        = 'K' // name → head
	closureConceptTable = 'L' // began(uint64) version(uint64) part(uint32) → concepts of one change
)

// closureKeySize is the length of a key of closureConceptTable.
const closureKeySize = 1 + 8 + 8 + 4

var _ terminology.ClosureStore = (*Resources)(nil)

func closureKey(name string) []byte { return append([]byte{closureTable}, name...) }

func closureRowsPrefix(began uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{closureConceptTable}, began)
}

// Closures walks the heads of all closure tables in the order of their names. Rows of
// tables that are gone, which a process that was killed has left behind, are removed, but
// none while a head is damaged, since it cannot be told which rows are those of its table.
func (r *Resources) Closures() iter.Seq2[terminology.Closure, error] {
	const op = "store.Closures"
	return func(yield func(terminology.Closure, error) bool) {
		heads, damaged, err := r.closureHeads()
		var dead []uint64
		var last uint64
		if err == nil {
			dead, last, err = r.closureRows(heads)
		}
		for i := 0; err == nil && len(damaged) == 0 && !r.readOnly && i < len(dead); i++ {
			err = r.deletePrefix(closureRowsPrefix(dead[i]))
		}
		if err != nil {
			yield(terminology.Closure{}, wrap(op, err))
			return
		}
		for _, c := range heads {
			err := damaged[c.Name]
			if err != nil {
				c.Version = last
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// closureHeads reads the heads. Of one that is damaged there is the name, and the error.
func (r *Resources) closureHeads() (heads []terminology.Closure, damaged map[string]error, err error) {
	damaged = map[string]error{}
	err = r.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{closureTable}})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			name := string(it.Item().Key()[1:])
			c, why := terminology.Closure{}, error(nil)
			err := read(it.Item(), func(value []byte) error {
				if value, why = r.unsealClosure(value); why == nil {
					why = json.Unmarshal(value, &c)
				}
				return nil
			})
			if err != nil {
				return err
			}
			if why == nil && c.Name != name {
				why = fmt.Errorf("it is that of %q", c.Name)
			}
			if why != nil {
				c, damaged[name] = terminology.Closure{Name: name}, corrupt("store.Closures", "the head of the closure table %q is damaged: %w", name, why)
			}
			heads = append(heads, c)
		}
		return nil
	})
	return heads, damaged, err
}

// unsealClosure takes the checksum off a head, or off a row. A store of an earlier format has
// some with one, and others without, when who brought it to this one was killed.
func (r *Resources) unsealClosure(value []byte) ([]byte, error) {
	whole, ok := unsealed(value)
	switch {
	case ok:
		return whole, nil
	case r.have < closureSums:
		return value, nil
	}
	return nil, errors.New("its checksum is wrong")
}

// ClosureConcepts walks the concepts of a closure table in the order in which they came.
func (r *Resources) ClosureConcepts(c terminology.Closure) iter.Seq2[terminology.ClosureConcept, error] {
	const op = "store.ClosureConcepts"
	return func(yield func(terminology.ClosureConcept, error) bool) {
		err := r.bdg.View(func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: closureRowsPrefix(c.Began), PrefetchValues: true, PrefetchSize: 100})
			defer it.Close()
			for it.Rewind(); it.Valid(); it.Next() {
				key := it.Item().Key()
				if len(key) != closureKeySize {
					return corrupt(op, "the key %q", key)
				}
				version := binary.BigEndian.Uint64(key[9:])
				var list []terminology.ClosureConcept
				err := read(it.Item(), func(v []byte) (err error) {
					if v, err = r.unsealClosure(v); err == nil {
						list, err = decodeClosureConcepts(v, version)
					}
					return err
				})
				if err != nil {
					return corrupt(op, "change %d of closure table %q: %w", version, c.Name, err)
				}
				for _, one := range list {
					if !yield(one, nil) {
						return errStopped
					}
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(terminology.ClosureConcept{}, wrap(op, err))
		}
	}
}

// PutClosure keeps the head of a closure table with the concepts that its newest change
// adds, and forgets others, in one synced transaction. The rows of those are removed
// afterwards: nothing finds them any more.
func (r *Resources) PutClosure(c terminology.Closure, added []terminology.ClosureConcept, others ...terminology.Closure) error {
	const op = "store.PutClosure"
	if r.readOnly {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("the resources were opened to be read only")}
	}
	head, err := json.Marshal(c)
	if err != nil {
		return wrap(op, err)
	}
	bytes := len(head)
	for i := range added {
		bytes += len(added[i].Code) + 2*binary.MaxVarintLen64
	}
	if err := r.room(op, bytes); err != nil {
		return err
	}
	txn := r.bdg.NewTransaction(true)
	defer txn.Discard()
	for _, other := range others {
		if err == nil && other.Name != c.Name {
			err = txn.Delete(closureKey(other.Name))
		}
	}
	if err == nil {
		err = txn.Set(closureKey(c.Name), sealed(head))
	}
	for part := uint32(0); err == nil && len(added) > 0; part++ {
		var value []byte
		value, added = encodeClosureConcepts(added, textPart)
		key := binary.BigEndian.AppendUint64(closureRowsPrefix(c.Began), c.Version)
		err = txn.Set(binary.BigEndian.AppendUint32(key, part), sealed(value))
	}
	if errors.Is(err, badger.ErrTxnTooBig) {
		return &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: errors.New("too much to write at once")}
	}
	if err == nil {
		err = txn.Commit()
	}
	if err != nil {
		return wrap(op, err)
	}
	for _, other := range others {
		// What stays of a table that is gone is removed at the next start.
		_ = r.deletePrefix(closureRowsPrefix(other.Began))
	}
	return nil
}

// closureRows returns the numbers of the tables that have rows and no head, and the
// greatest number of a change that any row came with.
func (r *Resources) closureRows(heads []terminology.Closure) (dead []uint64, last uint64, err error) {
	live := map[uint64]bool{}
	for _, c := range heads {
		live[c.Began] = true
	}
	err = r.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{closureConceptTable}})
		defer it.Close()
		back := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{closureConceptTable}, Reverse: true})
		defer back.Close()
		for it.Rewind(); it.Valid(); {
			key := it.Item().Key()
			if len(key) != closureKeySize { // damaged, and of no table
				it.Next()
				continue
			}
			began := binary.BigEndian.Uint64(key[1:])
			if !live[began] {
				dead = append(dead, began)
			}
			back.Seek(append(closureRowsPrefix(began), bytes.Repeat([]byte{0xFF}, closureKeySize-9)...))
			last = max(last, began)
			if back.Valid() && len(back.Item().Key()) == closureKeySize {
				last = max(last, binary.BigEndian.Uint64(back.Item().Key()[9:]))
			}
			if began+1 == 0 {
				return nil
			}
			it.Seek(closureRowsPrefix(began + 1))
		}
		return nil
	})
	return dead, last, err
}

// deletePrefix removes rows, some at a time.
func (r *Resources) deletePrefix(prefix []byte) error {
	const together = 1000
	for {
		var keys [][]byte
		err := r.bdg.View(func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: prefix})
			defer it.Close()
			for it.Rewind(); it.Valid() && len(keys) < together; it.Next() {
				keys = append(keys, it.Item().KeyCopy(nil))
			}
			return nil
		})
		if err != nil || len(keys) == 0 {
			return err
		}
		batch := r.bdg.NewWriteBatch()
		for _, key := range keys {
			if err := batch.Delete(key); err != nil {
				batch.Cancel()
				return err
			}
		}
		if err := batch.Flush(); err != nil {
			return err
		}
	}
}

// encodeClosureConcepts writes each concept as the place of its system, the length of its
// code, both uvarint, and the code, until the value has some number of bytes. It returns
// the concepts that are left.
func encodeClosureConcepts(list []terminology.ClosureConcept, atMost int) (value []byte, rest []terminology.ClosureConcept) {
	for i, c := range list {
		if len(value) >= atMost {
			return value, list[i:]
		}
		value = binary.AppendUvarint(value, uint64(c.System))
		value = binary.AppendUvarint(value, uint64(len(c.Code)))
		value = append(value, c.Code...)
	}
	return value, nil
}

func decodeClosureConcepts(value []byte, version uint64) ([]terminology.ClosureConcept, error) {
	var out []terminology.ClosureConcept
	for rest := bytes.Clone(value); len(rest) > 0; {
		system, n := binary.Uvarint(rest)
		if n <= 0 || system > 1<<20 {
			return nil, fmt.Errorf("concept %d has no code system", len(out))
		}
		size, m := binary.Uvarint(rest[n:])
		if m <= 0 || size > uint64(len(rest)-n-m) {
			return nil, fmt.Errorf("concept %d is cut short", len(out))
		}
		end := n + m + int(size)
		out = append(out, terminology.ClosureConcept{System: int(system), Code: string(rest[n+m : end]), Version: version})
		rest = rest[end:]
	}
	return out, nil
}
