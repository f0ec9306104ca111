package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/ristretto/v2/z"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Writer writes one release. It implements terminology.TableWriter and belongs to
// one goroutine.
type Writer struct {
	db      *badger.DB
	stream  *badger.StreamWriter
	buf     *z.Buffer
	last    []byte
	version uint64
	closed  bool

	dir    string
	given  uint64                           // bytes handed to Badger
	free   func(dir string) (uint64, error) // bytes free on the disk
	failed bool                             // Badger has not taken all: the rest is not written
}

// flushSize is how many bytes are handed to Badger at a time.
const flushSize = 4 << 20

// Create makes an empty database in dir. The error is Conflict when dir holds one
// already, and Unavailable, as later of what is put, when the disk has no room.
func Create(dir string) (*Writer, error) {
	const op = "store.Create"
	if _, err := os.Stat(filepath.Join(dir, badger.ManifestFilename)); err == nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s holds a database already", dir)}
	}
	if err := roomToBegin(op, dir, freeBytes); err != nil {
		return nil, err
	}
	db, err := badger.Open(settings(dir).WithSyncWrites(false))
	if err != nil {
		return nil, wrap(op, err)
	}
	w := &Writer{db: db, stream: db.NewStreamWriter(), version: 1, buf: z.NewBuffer(2*flushSize, "kodeks.store"), dir: dir, free: freeBytes}
	if err := w.stream.Prepare(); err != nil {
		w.stream.Cancel() // before Close, which panics while a stream is open
		_ = db.Close()
		return nil, wrap(op, err)
	}
	return w, nil
}

// PutColumn writes a whole column. Columns come before all rows, in ascending order
// of their names.
func (w *Writer) PutColumn(name string, data []byte) error {
	key := append([]byte{columnTable}, name...)
	key = append(key, 0, 0, 0, 0, 0)
	at := len(key) - 4
	chunk := binary.LittleEndian.AppendUint64(make([]byte, 0, chunkSize+8), uint64(len(data)))
	for n := uint32(0); ; n++ {
		take := min(len(data), chunkSize)
		chunk = append(chunk, data[:take]...)
		data = data[take:]
		binary.BigEndian.PutUint32(key[at:], n)
		if err := w.put(key, chunk); err != nil {
			return err
		}
		chunk = chunk[:0]
		if len(data) == 0 {
			return nil
		}
	}
}

// PutRow writes one row. Rows come in ascending order of table and key.
func (w *Writer) PutRow(table byte, key, value []byte) error {
	if err := checkTable(table); err != nil {
		return err
	}
	return w.put(append([]byte{table}, key...), value)
}

// checkTable refuses the tables that KEYS.md keeps for columns.
func checkTable(table byte) error {
	if table < 'A' {
		return &terminology.Error{Op: "store.PutRow", Kind: terminology.Invalid, Err: fmt.Errorf("table %d is not a letter", table)}
	}
	return nil
}

func descending(op, key string) error {
	return &terminology.Error{Op: op, Err: fmt.Errorf("%q: keys must ascend", key)}
}

func (w *Writer) put(key, value []byte) error {
	if bytes.Compare(key, w.last) <= 0 {
		return descending("store.Put", string(key))
	}
	w.last = append(w.last[:0], key...)
	kv := &pb.KV{Key: key, Value: value, Version: w.version, StreamId: 1}
	badger.KVToBuffer(kv, w.buf)
	if w.buf.LenNoPadding() > flushSize {
		return w.flush()
	}
	return nil
}

func (w *Writer) flush() error {
	if w.buf.IsEmpty() {
		return nil
	}
	n := uint64(w.buf.LenNoPadding())
	if err := w.room(n); err != nil {
		w.failed = true
		return err
	}
	if err := w.stream.Write(w.buf); err != nil {
		w.failed = true
		return wrap("store.Put", err)
	}
	w.given += n
	w.buf.Reset()
	return nil
}

// Close makes what was written durable and closes the database. After an error of Put it
// gives up what was not written yet, and tells no more.
func (w *Writer) Close() error {
	const op = "store.Close"
	if w.closed {
		return nil
	}
	w.closed = true
	defer func() { _ = w.buf.Release() }()
	if w.failed {
		w.giveUp()
		return nil
	}
	if err := w.flush(); err != nil {
		w.giveUp()
		return err
	}
	if err := w.stream.Flush(); err != nil {
		_ = w.db.Close()
		return wrap(op, err)
	}
	if err := w.db.Sync(); err != nil {
		_ = w.db.Close()
		return wrap(op, err)
	}
	if err := w.db.Close(); err != nil {
		return wrap(op, err)
	}
	return nil
}

// giveUp closes the database without what Badger has not written yet.
func (w *Writer) giveUp() {
	w.stream.Cancel()
	_ = w.db.Close()
}
