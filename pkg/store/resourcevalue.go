package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// header is what stands before the text of a version.
type header struct {
	Time     time.Time `json:"time"`
	Method   string    `json:"method"`
	Deleted  bool      `json:"deleted,omitempty"`
	Meta     string    `json:"meta,omitempty"`
	Sequence uint64    `json:"sequence"`
	Bytes    int       `json:"bytes,omitempty"` // of a text in parts; 0: it stands here
	Index    int       `json:"index,omitempty"` // bytes of its index
	Sum      uint32    `json:"sum,omitempty"`   // of the text; 0: of format 1, which had none
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the checksum of a text. It is never 0.
func sum(text []byte) uint32 {
	if n := crc32.Checksum(text, castagnoli); n != 0 {
		return n
	}
	return 1
}

func headerOf(v *terminology.StoredResource) header {
	h := header{Time: v.Time, Method: v.Method, Deleted: v.Deleted, Meta: v.Meta, Sequence: v.Sequence, Index: len(v.Index), Sum: sum(v.Raw)}
	if len(v.Raw) > textInline {
		h.Bytes = len(v.Raw)
	}
	return h
}

func (h *header) into(v *terminology.StoredResource) {
	v.Time, v.Method, v.Deleted, v.Meta, v.Sequence = h.Time, h.Method, h.Deleted, h.Meta, h.Sequence
}

// withHeader appends a header and its length.
func withHeader(dst, header []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(header))), header...)
}

// cutHeader reads what withHeader wrote, and returns what is behind it.
func cutHeader(value []byte) (h header, rest []byte, ok bool) {
	size, n := binary.Uvarint(value)
	if n <= 0 || size > uint64(len(value)-n) {
		return h, nil, false
	}
	end := n + int(size)
	return h, value[end:], json.Unmarshal(value[n:end], &h) == nil
}

// sealed appends the checksum of a value, and unsealed takes it off.
func sealed(value []byte) []byte {
	return binary.BigEndian.AppendUint32(value, crc32.Checksum(value, castagnoli))
}

func unsealed(value []byte) ([]byte, bool) {
	n := len(value) - 4
	if n < 0 || crc32.Checksum(value[:n], castagnoli) != binary.BigEndian.Uint32(value[n:]) {
		return nil, false
	}
	return value[:n], true
}

// typeValue is the value of a version in the table of its type.
func typeValue(v *terminology.StoredResource) []byte {
	out := binary.BigEndian.AppendUint64(append([]byte(v.ID), 0), v.Version)
	return binary.BigEndian.AppendUint64(out, uint64(v.Time.UnixMilli()))
}

// readTypeValue reads a typeValue.
func readTypeValue(value []byte) (id string, version uint64, at time.Time, ok bool) {
	n := len(value) - 17
	if n < 0 || value[n] != 0 {
		return "", 0, at, false
	}
	return string(value[:n]), binary.BigEndian.Uint64(value[n+1:]), time.UnixMilli(int64(binary.BigEndian.Uint64(value[n+9:]))).UTC(), true
}

// version reads a version. What is known of it is returned with an error.
func version(txn *badger.Txn, typ, id string, number uint64) (terminology.StoredResource, error) {
	v := terminology.StoredResource{Type: typ, ID: id, Version: number}
	item, err := txn.Get(versionKey(typ, id, number))
	if err != nil {
		return v, err
	}
	var h header
	err = read(item, func(value []byte) error {
		var rest []byte
		var ok bool
		if h, rest, ok = cutHeader(value); !ok {
			return corrupt("store.Version", "%s/%s version %d cannot be read", typ, id, number)
		}
		h.into(&v)
		v.Raw = bytes.Clone(rest)
		return nil
	})
	if err == nil && h.Bytes > 0 {
		v.Raw, err = parts(txn, partKey, &v, h.Bytes)
	}
	if err == nil && h.Sum != 0 && h.Sum != sum(v.Raw) {
		err = corrupt("store.Version", "the text of %s/%s version %d is not what was written", typ, id, number)
	}
	if err != nil {
		v.Raw = nil
	}
	return v, err
}

// parts reads a text, or an index, that is kept in parts under keys of the version.
func parts(txn *badger.Txn, key func(sequence uint64, part uint32) []byte, v *terminology.StoredResource, size int) ([]byte, error) {
	damaged := func(part uint32) error {
		return corrupt("store.Version", "part %d of %s/%s version %d is damaged", part, v.Type, v.ID, v.Version)
	}
	if size < 0 || size > MaxResource {
		return nil, damaged(0)
	}
	last := lastPart(size)
	if _, err := txn.Get(key(v.Sequence, last)); err != nil { // before so much memory is asked for
		return nil, damaged(last)
	}
	text := make([]byte, 0, size)
	for part := uint32(0); part <= last; part++ {
		item, err := txn.Get(key(v.Sequence, part))
		if err != nil {
			return nil, damaged(part)
		}
		err = read(item, func(value []byte) error {
			if len(value) != min(textPart, size-len(text)) {
				return damaged(part)
			}
			text = append(text, value...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return text, nil
}
