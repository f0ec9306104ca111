package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ResourcesFormat is the version of the key layout of Resources, see KEYS.md.
const ResourcesFormat = 1

// The tables of Resources.
const (
	formatTable  = 0x00 // the version of the layout
	currentTable = 'C'  // type 0x00 id → number of the newest version
	versionTable = 'H'  // type 0x00 id 0x00 version → the version
	ordersTable  = 'S'  // sequence → type 0x00 id 0x00 version
)

// Resources keeps the FHIR resources that clients write. It implements
// terminology.ResourceStore.
type Resources struct {
	bdg      *badger.DB
	readOnly bool
}

var _ terminology.ResourceStore = (*Resources)(nil)

// OpenResources opens the resources in dir, and makes an empty store of them when there
// is none and it may be written. Only one process may write, and nobody reads meanwhile:
// the error is Unavailable when another one has it.
func OpenResources(dir string, readOnly bool) (*Resources, error) {
	const op = "store.OpenResources"
	if !readOnly {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, wrap(op, err)
		}
	}
	if err := checkFooters(dir); err != nil {
		return nil, err
	}
	options := settings(dir).WithSyncWrites(true).WithMemTableSize(64 << 20).WithValueLogFileSize(256 << 20).WithBaseTableSize(2 << 20).WithReadOnly(readOnly)
	bdg, err := badger.Open(options)
	if err != nil && readOnly && strings.Contains(err.Error(), "truncate required") { // a writer was killed: what it had begun must go first
		if bdg, err = badger.Open(options.WithReadOnly(false)); err == nil {
			if err = bdg.Close(); err == nil {
				bdg, err = badger.Open(options)
			}
		}
	}
	if err != nil && strings.Contains(err.Error(), "directory lock") {
		return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: fmt.Errorf("another process has the resources in %s, which one server at a time may have: give this one a data folder of its own, or end the other", dir)}
	}
	if err != nil {
		return nil, wrap(op, err)
	}
	r := &Resources{bdg: bdg, readOnly: readOnly}
	if err := r.checkFormat(); err != nil {
		return nil, errors.Join(err, bdg.Close())
	}
	return r, nil
}

// checkFormat reads the version of the layout, and writes it into an empty store.
func (r *Resources) checkFormat() error {
	const op = "store.OpenResources"
	var have []byte
	err := r.bdg.View(func(txn *badger.Txn) error {
		item, err := txn.Get([]byte{formatTable})
		if err != nil {
			return err
		}
		have, err = item.ValueCopy(nil)
		return err
	})
	switch {
	case errors.Is(err, badger.ErrKeyNotFound) && r.readOnly:
		return nil
	case errors.Is(err, badger.ErrKeyNotFound):
		return r.write(op, []badger.Entry{{Key: []byte{formatTable}, Value: []byte{ResourcesFormat}}})
	case err != nil:
		return wrap(op, err)
	case len(have) != 1 || have[0] != ResourcesFormat:
		return &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("the resources are in format %v, this kodeks reads format %d", have, ResourcesFormat)}
	}
	return nil
}

// header is what stands before the text of a version.
type header struct {
	Time     time.Time `json:"time"`
	Method   string    `json:"method"`
	Deleted  bool      `json:"deleted,omitempty"`
	Meta     string    `json:"meta,omitempty"`
	Sequence uint64    `json:"sequence"`
}

func resourceKey(table byte, typ, id string) []byte {
	return append(append(append([]byte{table}, typ...), 0), id...)
}

func versionKey(typ, id string, version uint64) []byte {
	return binary.BigEndian.AppendUint64(append(resourceKey(versionTable, typ, id), 0), version)
}

func sequenceKey(n uint64) []byte { return binary.BigEndian.AppendUint64([]byte{ordersTable}, n) }

// Commit keeps versions, all of them or none, and syncs them to disk before it returns.
func (r *Resources) Commit(versions []terminology.StoredResource) error {
	const op = "store.Commit"
	if r.readOnly {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("the resources were opened to be read only")}
	}
	var entries []badger.Entry
	for _, v := range versions {
		if strings.ContainsRune(v.Type+v.ID, 0) {
			return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("the id %q has a zero byte", v.ID)}
		}
		head, err := json.Marshal(header{v.Time, v.Method, v.Deleted, v.Meta, v.Sequence})
		if err != nil {
			return wrap(op, err)
		}
		value := append(append(binary.AppendUvarint(nil, uint64(len(head))), head...), v.Raw...)
		key := versionKey(v.Type, v.ID, v.Version)
		entries = append(entries,
			badger.Entry{Key: key, Value: value},
			badger.Entry{Key: sequenceKey(v.Sequence), Value: key[1:]},
			badger.Entry{Key: resourceKey(currentTable, v.Type, v.ID), Value: binary.BigEndian.AppendUint64(nil, v.Version)})
	}
	return r.write(op, entries)
}

// write puts entries in one transaction.
func (r *Resources) write(op string, entries []badger.Entry) error {
	txn := r.bdg.NewTransaction(true)
	defer txn.Discard()
	for i := range entries {
		err := txn.SetEntry(&entries[i])
		if errors.Is(err, badger.ErrTxnTooBig) {
			return &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: errors.New("too much to write at once")}
		}
		if err != nil {
			return wrap(op, err)
		}
	}
	if err := txn.Commit(); err != nil {
		return wrap(op, err)
	}
	return nil
}

// Current walks the newest version of every resource, in the order of type and id.
func (r *Resources) Current() iter.Seq2[terminology.StoredResource, error] {
	return func(yield func(terminology.StoredResource, error) bool) {
		r.view("store.Current", yield, func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{currentTable}})
			defer it.Close()
			for it.Rewind(); it.Valid(); it.Next() {
				typ, id, ok := strings.Cut(string(it.Item().Key()[1:]), "\x00")
				number, err := it.Item().ValueCopy(nil)
				if err != nil {
					return err
				}
				if !ok || len(number) != 8 {
					return corrupt("store.Current", "the newest version of %q", it.Item().Key())
				}
				v, err := version(txn, typ, id, binary.BigEndian.Uint64(number))
				if err != nil {
					return missingVersion(err, typ, id)
				}
				if !yield(v, nil) {
					return errStopped
				}
			}
			return nil
		})
	}
}

// errStopped says that whoever walks wants no more.
var errStopped = errors.New("stopped")

// view walks in a transaction, and tells the error of it.
func (r *Resources) view(op string, yield func(terminology.StoredResource, error) bool, walk func(*badger.Txn) error) {
	err := r.bdg.View(walk)
	switch {
	case err == nil || errors.Is(err, errStopped):
	case terminology.KindOf(err) == terminology.Corrupt:
		yield(terminology.StoredResource{}, err)
	default:
		yield(terminology.StoredResource{}, wrap(op, err))
	}
}

// missingVersion makes an error of a version that must be there and is not.
func missingVersion(err error, typ, id string) error {
	if errors.Is(err, badger.ErrKeyNotFound) {
		return corrupt("store.Resources", "a version of %s/%s is missing", typ, id)
	}
	return err
}

// Version returns one version of a resource. The error is NotFound.
func (r *Resources) Version(typ, id string, number uint64) (terminology.StoredResource, error) {
	var v terminology.StoredResource
	err := r.bdg.View(func(txn *badger.Txn) (err error) {
		v, err = version(txn, typ, id, number)
		return err
	})
	if err != nil {
		return v, wrap("store.Version", err)
	}
	return v, nil
}

func version(txn *badger.Txn, typ, id string, number uint64) (terminology.StoredResource, error) {
	item, err := txn.Get(versionKey(typ, id, number))
	if err != nil {
		return terminology.StoredResource{}, err
	}
	v := terminology.StoredResource{Type: typ, ID: id, Version: number}
	return v, read(item, func(value []byte) error {
		size, n := binary.Uvarint(value)
		if n <= 0 || size > uint64(len(value)-n) {
			return corrupt("store.Version", "%s/%s version %d is cut short", typ, id, number)
		}
		var h header
		if err := json.Unmarshal(value[n:n+int(size)], &h); err != nil {
			return corrupt("store.Version", "%s/%s version %d: %w", typ, id, number, err)
		}
		v.Time, v.Method, v.Deleted, v.Meta, v.Sequence = h.Time, h.Method, h.Deleted, h.Meta, h.Sequence
		v.Raw = bytes.Clone(value[n+int(size):])
		return nil
	})
}

// History walks versions, newest first: of a resource, of a type when id is "", of all
// when typ is "" too.
func (r *Resources) History(typ, id string) iter.Seq2[terminology.StoredResource, error] {
	table, prefix := byte(ordersTable), []byte{ordersTable}
	if id != "" {
		table, prefix = versionTable, append(resourceKey(versionTable, typ, id), 0)
	}
	return func(yield func(terminology.StoredResource, error) bool) {
		r.view("store.History", yield, func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Reverse: true, Prefix: prefix})
			defer it.Close()
			for it.Seek(append(bytes.Clone(prefix), bytes.Repeat([]byte{0xff}, 9)...)); it.ValidForPrefix(prefix); it.Next() {
				key := it.Item().Key()[1:]
				if table == ordersTable {
					value, err := it.Item().ValueCopy(nil)
					if err != nil {
						return err
					}
					key = value
				}
				parts := bytes.SplitN(key, []byte{0}, 3)
				if len(parts) != 3 || len(parts[2]) != 8 {
					return corrupt("store.History", "the key %q", key)
				}
				if typ != "" && string(parts[0]) != typ {
					continue
				}
				typ, id := string(parts[0]), string(parts[1])
				v, err := version(txn, typ, id, binary.BigEndian.Uint64(parts[2]))
				if err != nil {
					return missingVersion(err, typ, id)
				}
				if !yield(v, nil) {
					return errStopped
				}
			}
			return nil
		})
	}
}

// Close closes the store.
func (r *Resources) Close() error {
	if err := r.bdg.Close(); err != nil {
		return wrap("store.Close", err)
	}
	return nil
}
