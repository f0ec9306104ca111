package resource

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TableResources is the table of the store that holds resources: under 0 the index as
// JSON, in parts, and under 1 and the number of a resource its text, in parts. A part has
// the number of it behind, and is at most partSize.
const TableResources = 'J'

const (
	keyIndex = 0
	keyText  = 1
	partSize = 256 << 10
)

// Builder collects the resources of a release. The zero Builder is empty.
type Builder struct {
	list []kept
	seen map[terminology.ResourceInfo]bool // identities
}

type kept struct {
	info terminology.ResourceInfo
	raw  []byte
}

// Len returns the number of resources so far.
func (b *Builder) Len() int { return len(b.list) }

// Infos returns what is collected.
func (b *Builder) Infos() []terminology.ResourceInfo {
	out := make([]terminology.ResourceInfo, len(b.list))
	for i := range b.list {
		out[i] = b.list[i].info
	}
	return out
}

// All yields what is collected, with the texts, which are not to be changed.
func (b *Builder) All() iter.Seq2[terminology.ResourceInfo, []byte] {
	return func(yield func(terminology.ResourceInfo, []byte) bool) {
		for i := range b.list {
			if !yield(b.list[i].info, b.list[i].raw) {
				return
			}
		}
	}
}

// identity is what no two resources of a release may share.
func identity(info terminology.ResourceInfo) terminology.ResourceInfo {
	id := terminology.ResourceInfo{Type: info.Type, URL: info.URL, Version: info.Version}
	if info.URL == "" {
		id.ID = info.ID
	}
	return id
}

// Resource adds a resource. The text is kept, not copied. One that comes twice is an
// error of kind Invalid.
func (b *Builder) Resource(info terminology.ResourceInfo, raw []byte) error {
	id := identity(info)
	if b.seen[id] {
		return &terminology.Error{Op: "resource.Resource", Kind: terminology.Invalid, Err: fmt.Errorf("%s %s %s is given twice", info.Type, cmp.Or(info.URL, info.ID), info.Version)}
	}
	if b.seen == nil {
		b.seen = map[terminology.ResourceInfo]bool{}
	}
	b.seen[id] = true
	b.list = append(b.list, kept{info, raw})
	return nil
}

// Write puts all resources; nothing when there are none.
func (b *Builder) Write(w terminology.TableWriter) error {
	if len(b.list) == 0 {
		return nil
	}
	slices.SortFunc(b.list, func(x, y kept) int {
		return cmp.Or(cmp.Compare(x.info.Type, y.info.Type), cmp.Compare(x.info.URL, y.info.URL), cmp.Compare(x.info.Version, y.info.Version), cmp.Compare(x.info.ID, y.info.ID))
	})
	index, err := json.Marshal(b.Infos())
	if err != nil {
		return &terminology.Error{Op: "resource.Write", Err: err}
	}
	if err := putParts(w, []byte{keyIndex}, index); err != nil {
		return err
	}
	for i := range b.list {
		if err := putParts(w, textKey(i), b.list[i].raw); err != nil {
			return err
		}
	}
	return nil
}

func textKey(i int) []byte { return binary.BigEndian.AppendUint32([]byte{keyText}, uint32(i)) }

func putParts(w terminology.TableWriter, key, value []byte) error {
	n := uint32(0)
	for part := range slices.Chunk(value, partSize) {
		if err := w.PutRow(TableResources, binary.BigEndian.AppendUint32(slices.Clone(key), n), part); err != nil {
			return err
		}
		n++
	}
	return nil
}

// Reader gives the resources of a stored release. It implements
// terminology.ResourceReader.
type Reader struct {
	tables terminology.Tables
	infos  []terminology.ResourceInfo
}

// OpenReader reads the list of the resources of a release, which may have none. The
// tables stay the caller's. The error is Corrupt when the list cannot be read.
func OpenReader(tables terminology.Tables) (*Reader, error) {
	r := &Reader{tables: tables}
	index, err := r.parts([]byte{keyIndex})
	if err != nil || len(index) == 0 {
		return r, err
	}
	if err := json.Unmarshal(index, &r.infos); err != nil {
		return nil, corrupt("the list of resources: %w", err)
	}
	return r, nil
}

func corrupt(format string, args ...any) error {
	return &terminology.Error{Op: "resource.OpenReader", Kind: terminology.Corrupt, Err: fmt.Errorf(format, args...)}
}

func (r *Reader) parts(key []byte) ([]byte, error) {
	var out []byte
	n := uint32(0)
	for kv, err := range r.tables.Rows(TableResources, key) {
		if err != nil {
			return nil, err
		}
		if len(kv.Key) != len(key)+4 || binary.BigEndian.Uint32(kv.Key[len(key):]) != n {
			return nil, corrupt("part %d of resource %x is missing", n, key)
		}
		out = append(out, kv.Value...)
		n++
	}
	return out, nil
}

// Resources lists the resources, by type, URL, version and id.
func (r *Reader) Resources() []terminology.ResourceInfo { return r.infos }

// Resource returns the text of number i of the list.
func (r *Reader) Resource(i int) ([]byte, error) {
	if i < 0 || i >= len(r.infos) {
		return nil, &terminology.Error{Op: "resource.Resource", Kind: terminology.NotFound, Err: fmt.Errorf("resource %d of %d", i, len(r.infos))}
	}
	raw, err := r.parts(textKey(i))
	if err == nil && len(raw) != r.infos[i].Bytes {
		err = corrupt("%s %s has %d bytes, want %d", r.infos[i].Type, r.infos[i].URL, len(raw), r.infos[i].Bytes)
	}
	return raw, err
}

// Check reads every resource and compares it with the list. The error is Corrupt.
func (r *Reader) Check() error {
	var errs []error
	for i, want := range r.infos {
		raw, err := r.Resource(i)
		if err != nil {
			return err
		}
		got := &Resource{Raw: raw, line: 1}
		if err := got.parse(true); err != nil {
			errs = append(errs, err)
			continue
		}
		info := got.Info()
		info.Served = want.Served
		if info != want {
			errs = append(errs, corrupt("%s %s is not what the list says", want.Type, want.URL))
		}
	}
	return errors.Join(errs...)
}

// Served makes the code systems that the resources of a release answer for.
func (r *Reader) Served() ([]*Provider, error) {
	var out []*Provider
	for i, info := range r.infos {
		if !info.Served {
			continue
		}
		raw, err := r.Resource(i)
		if err != nil {
			return nil, err
		}
		parsed, err := Parse(raw)
		if err != nil {
			return nil, corrupt("%s: %w", info.URL, err)
		}
		p, err := NewProvider(parsed, basic.Options{})
		if err != nil {
			return nil, corrupt("%s: %w", info.URL, err)
		}
		out = append(out, p)
	}
	return out, nil
}
