package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ResourcesFormat is the version of the key layout of Resources, see KEYS.md.
const ResourcesFormat = 3

// closureSums is the format from which on closure tables have checksums.
const closureSums = 3

// The tables of Resources.
const (
	formatTable  = 0x00 // the version of the layout
	currentTable = 'C'  // type 0x00 id → number and head of the newest version
	versionTable = 'H'  // type 0x00 id 0x00 version → the version
	partTable    = 'P'  // sequence, part → a part of the text of a version
	indexTable   = 'I'  // sequence, part → a part of the index of a version
	ordersTable  = 'S'  // sequence → type 0x00 id 0x00 version
	typeTable    = 'T'  // type 0x00 sequence → id 0x00 version, time
)

// The limits of a version. A text that is longer than textInline is kept in parts.
const (
	MaxResource = 1 << 30   // bytes of the text of a version
	MaxMeta     = 64 << 10  // bytes of meta
	MaxHead     = 256 << 10 // bytes of a head
	textInline  = 128 << 10
	textPart    = 256 << 10
	partsAtOnce = 4 << 20 // bytes of parts in one transaction
)

// Resources keeps the FHIR resources that clients write. It implements
// terminology.ResourceStore.
type Resources struct {
	bdg      *badger.DB
	dir      string
	readOnly bool
	have     byte                             // version of the layout
	free     func(dir string) (uint64, error) // bytes free on the disk
}

var _ terminology.ResourceStore = (*Resources)(nil)

// OpenResources opens the resources in dir, and makes an empty store of them when there
// is none and it may be written. Only one process may write, and nobody reads meanwhile:
// the error is Unavailable when another one has it.
func OpenResources(dir string, readOnly bool) (*Resources, error) {
	const op = "store.OpenResources"
	if !readOnly {
		if err := makeDir(dir); err != nil {
			return nil, wrap(op, err)
		}
	}
	if err := checkFooters(dir); err != nil {
		return nil, err
	}
	bdg, err := badger.Open(resourceSettings(dir).WithReadOnly(readOnly))
	if err != nil && readOnly && strings.Contains(err.Error(), "truncate required") { // a writer was killed: what it had begun must go first
		if bdg, err = badger.Open(resourceSettings(dir)); err == nil {
			if err = bdg.Close(); err == nil {
				bdg, err = badger.Open(resourceSettings(dir).WithReadOnly(true))
			}
		}
	}
	if err != nil && strings.Contains(err.Error(), "directory lock") {
		return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: fmt.Errorf("another process has the resources in %s, which one server at a time may have: give this one a data folder of its own, or end the other", dir)}
	}
	if err != nil {
		return nil, wrap(op, err)
	}
	r := &Resources{bdg: bdg, dir: dir, readOnly: readOnly, free: freeBytes}
	if err := r.prepare(dir); err != nil {
		return nil, errors.Join(err, bdg.Close())
	}
	return r, nil
}

// resourceSettings are the options of the database. Every commit is synced: a value is
// always shorter than longValue, since Badger swallows what goes wrong when it syncs the
// log of longer ones, and tells what goes wrong when it syncs its log of writes.
func resourceSettings(dir string) badger.Options {
	return settings(dir).WithSyncWrites(true).WithMemTableSize(resourceMemory).WithBaseTableSize(2 << 20)
}

// makeDir makes a folder and those that it is in, and syncs the folders whose names they
// are kept in, so that a power cut does not take them.
func makeDir(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncDir(parent)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// prepare reads the version of the layout, writes it into an empty store, and brings an
// older store to it.
func (r *Resources) prepare(dir string) error {
	const op = "store.OpenResources"
	have, err := r.format()
	r.have = ResourcesFormat
	switch {
	case err != nil:
		return err
	case have == 0 && r.readOnly:
		return nil
	case have == 0:
		if err := r.write(op, []badger.Entry{{Key: []byte{formatTable}, Value: []byte{ResourcesFormat}}}); err != nil {
			return err
		}
		return syncDir(dir)
	case have == 1 && r.readOnly:
		return &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("the resources are in format 1, which an earlier kodeks wrote: start this one once without --read-only, which brings them to format %d", ResourcesFormat)}
	case have == 1:
		if err := r.upgrade(); err != nil {
			return err
		}
		return r.sealClosures()
	case have == 2 && r.readOnly: // but for closure tables it is the present one
		r.have = have
		return nil
	case have == 2:
		if err := r.sealClosures(); err != nil {
			return err
		}
		return r.sweep()
	case have != ResourcesFormat:
		return &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("the resources are in format %d, this kodeks reads format %d", have, ResourcesFormat)}
	case r.readOnly:
		return nil
	}
	return r.sweep()
}

// format returns the version of the layout, 0 of an empty store.
func (r *Resources) format() (byte, error) {
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
	case errors.Is(err, badger.ErrKeyNotFound):
		return 0, nil
	case err != nil:
		return 0, wrap("store.OpenResources", err)
	case len(have) != 1 || have[0] == 0:
		return 0, corrupt("store.OpenResources", "the format of the resources is %v", have)
	}
	return have[0], nil
}

func resourceKey(table byte, typ, id string) []byte {
	return append(append(append([]byte{table}, typ...), 0), id...)
}

func versionKey(typ, id string, version uint64) []byte {
	return binary.BigEndian.AppendUint64(append(resourceKey(versionTable, typ, id), 0), version)
}

func sequenceKey(n uint64) []byte { return binary.BigEndian.AppendUint64([]byte{ordersTable}, n) }

func typeKey(typ string, sequence uint64) []byte {
	return binary.BigEndian.AppendUint64(append(append([]byte{typeTable}, typ...), 0), sequence)
}

func partKey(sequence uint64, part uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64([]byte{partTable}, sequence), part)
}

// Commit keeps versions, all of them or none, and syncs them to disk before it returns.
// Parts of long texts are written before them, but not before it is known that the rows go
// into one transaction: they are nothing until the version is there that they belong to.
func (r *Resources) Commit(versions []terminology.StoredResource) error {
	const op = "store.Commit"
	if r.readOnly {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("the resources were opened to be read only")}
	}
	bytes := 0
	for i := range versions {
		v := &versions[i]
		if err := checkLimits(v); err != nil {
			return err
		}
		bytes += len(v.Raw) + len(v.Index) + len(v.Head) + len(v.Meta)
	}
	if err := r.room(op, bytes); err != nil {
		return err
	}
	var entries []badger.Entry
	for i := range versions {
		rows, err := versionRows(&versions[i])
		if err != nil {
			return wrap(op, err)
		}
		entries = append(entries, rows...)
	}
	txn, err := r.begin(op, entries)
	if err != nil {
		return err
	}
	defer txn.Discard()
	for i := range versions {
		v := &versions[i]
		if len(v.Raw) > textInline {
			if err := r.writeParts(op, partKey, v.Sequence, v.Raw); err != nil {
				return err
			}
		}
		if err := r.writeParts(op, indexKey, v.Sequence, v.Index); err != nil {
			return err
		}
	}
	if err := txn.Commit(); err != nil {
		return wrap(op, err)
	}
	return nil
}

// versionRows are the rows of a version but its parts.
func versionRows(v *terminology.StoredResource) ([]badger.Entry, error) {
	h := headerOf(v)
	head, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	key, number := versionKey(v.Type, v.ID, v.Version), binary.BigEndian.AppendUint64(nil, v.Version)
	value := withHeader(nil, head)
	if h.Bytes == 0 {
		value = append(value, v.Raw...)
	}
	return []badger.Entry{
		{Key: key, Value: value},
		{Key: sequenceKey(v.Sequence), Value: key[1:]},
		{Key: typeKey(v.Type, v.Sequence), Value: typeValue(v)},
		{Key: resourceKey(currentTable, v.Type, v.ID), Value: sealed(append(withHeader(number, head), v.Head...))},
	}, nil
}

// checkLimits refuses what the store cannot hold.
func checkLimits(v *terminology.StoredResource) error {
	refuse := func(kind terminology.Kind, format string, args ...any) error {
		return &terminology.Error{Op: "store.Commit", Kind: kind, Err: fmt.Errorf(format, args...)}
	}
	switch {
	case strings.ContainsRune(v.Type+v.ID, 0):
		return refuse(terminology.Invalid, "the id %q has a zero byte", v.ID)
	case len(v.Type)+len(v.ID) > 1<<10:
		return refuse(terminology.Invalid, "the id has %d bytes, want %d at most", len(v.ID), 1<<10)
	case len(v.Raw) > MaxResource || len(v.Index) > MaxResource:
		return refuse(terminology.TooCostly, "%s/%s has %d bytes, want %d at most", v.Type, v.ID, len(v.Raw), MaxResource)
	case len(v.Meta) > MaxMeta:
		return refuse(terminology.TooCostly, "the meta of %s/%s has %d bytes, want %d at most", v.Type, v.ID, len(v.Meta), MaxMeta)
	case len(v.Head) > MaxHead:
		return refuse(terminology.TooCostly, "what lists tell of %s/%s has %d bytes, want %d at most", v.Type, v.ID, len(v.Head), MaxHead)
	}
	return nil
}

// writeParts writes a long text, or an index, some parts at a time.
func (r *Resources) writeParts(op string, key func(uint64, uint32) []byte, sequence uint64, text []byte) error {
	var entries []badger.Entry
	bytes := 0
	for part := uint32(0); len(text) > 0; part++ {
		n := min(len(text), textPart)
		entries = append(entries, badger.Entry{Key: key(sequence, part), Value: text[:n]})
		if bytes, text = bytes+n, text[n:]; bytes >= partsAtOnce || len(text) == 0 {
			if err := r.write(op, entries); err != nil {
				return err
			}
			entries, bytes = entries[:0], 0
		}
	}
	return nil
}

// write puts entries in one transaction.
func (r *Resources) write(op string, entries []badger.Entry) error {
	txn, err := r.begin(op, entries)
	if err != nil {
		return err
	}
	defer txn.Discard()
	if err := txn.Commit(); err != nil {
		return wrap(op, err)
	}
	return nil
}

// begin returns a transaction that has entries, which the caller commits or discards.
func (r *Resources) begin(op string, entries []badger.Entry) (*badger.Txn, error) {
	txn := r.bdg.NewTransaction(true)
	for i := range entries {
		err := txn.SetEntry(&entries[i])
		if err == nil {
			continue
		}
		txn.Discard()
		if errors.Is(err, badger.ErrTxnTooBig) {
			return nil, &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: fmt.Errorf("%d rows are too many to be written at once", len(entries))}
		}
		return nil, wrap(op, err)
	}
	return txn, nil
}

// Close closes the store.
func (r *Resources) Close() error {
	if err := r.bdg.Close(); err != nil {
		return wrap("store.Close", err)
	}
	return nil
}
