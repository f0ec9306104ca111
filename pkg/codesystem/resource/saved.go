package resource

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// savedFormat is the version of what Save writes: the magic, the length of a JSON list of
// what follows, that list, and each part of it at a multiple of eight bytes; last the
// CRC-32C of all before it. A column that holds only zeros has no bytes.
const savedFormat = 1

var savedMagic = []byte("KODEKSCS")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// savedList is the list of what was saved.
type savedList struct {
	Format  int           `json:"format"`
	Basic   int           `json:"basic"` // format of the columns
	From    int           `json:"from"`  // of the array of concepts in the text
	To      int           `json:"to"`
	Columns []savedColumn `json:"columns"`
}

type savedColumn struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
	Zero  bool   `json:"zero,omitempty"`
}

// The parts besides columns.
const (
	savedText   = ".text"
	savedPlaces = ".places"
)

// Savable reports whether the code system has so long a text that it is worth to be saved.
func (p *Provider) Savable() bool { return p.places != nil }

// Save writes a code system that is Savable as OpenSaved reads it, text and all.
func (p *Provider) Save(to io.Writer) error {
	list := savedList{Format: savedFormat, Basic: basic.FormatVersion, From: p.resource.CodeSystem.from, To: p.resource.CodeSystem.to}
	at := make([]byte, 0, 4*len(p.places.at))
	for _, n := range p.places.at {
		at = binary.LittleEndian.AppendUint32(at, n)
	}
	parts := maps.Clone(map[string][]byte(p.columns))
	parts[savedText], parts[savedPlaces] = p.resource.Raw, at
	names := slices.Sorted(maps.Keys(parts))
	for _, name := range names {
		part := parts[name]
		list.Columns = append(list.Columns, savedColumn{name, len(part), len(part) > 0 && bytes.Count(part, []byte{0}) == len(part)})
	}
	head, err := json.Marshal(list)
	if err != nil {
		return err
	}
	sum := crc32.New(castagnoli)
	w := &padded{w: io.MultiWriter(to, sum)}
	w.write(savedMagic)
	w.write(binary.LittleEndian.AppendUint64(nil, uint64(len(head))))
	w.write(head)
	for i, name := range names {
		if !list.Columns[i].Zero {
			w.write(parts[name])
		}
	}
	if w.err == nil {
		_, w.err = to.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	}
	return w.err
}

// padded writes parts at multiples of eight bytes, until the first error.
type padded struct {
	w   io.Writer
	err error
}

func (p *padded) write(part []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(part)
	}
	if rest := len(part) % 8; p.err == nil && rest > 0 {
		_, p.err = p.w.Write(make([]byte, 8-rest))
	}
}

// OpenSaved makes the code system of what Save has written, in a fraction of the time
// that its text takes. The code system keeps data, which must not change. The error is
// Conflict when another program wrote it, in another format, and Corrupt when it is
// damaged: the text of the resource has it all.
func OpenSaved(data []byte) (*Provider, error) {
	list, parts, err := savedParts(data)
	if err != nil {
		return nil, err
	}
	raw, at := parts[savedText], parts[savedPlaces]
	delete(parts, savedText)
	delete(parts, savedPlaces)
	r, err := savedHead(raw, list)
	if err != nil {
		return nil, err
	}
	b, err := basic.Open(parts, basic.Options{})
	if err != nil {
		return nil, err
	}
	if len(at) != 4*b.Len() {
		return nil, notSaved("it has %d bytes of places of %d concepts", len(at), b.Len())
	}
	p := newProvider(b, r, parts)
	p.places = &places{text: view(raw), at: make([]uint32, b.Len())}
	for i := range p.places.at {
		if p.places.at[i] = binary.LittleEndian.Uint32(at[4*i:]); int64(p.places.at[i]) >= int64(len(raw)) {
			return nil, notSaved("concept %d is not in the text", i)
		}
	}
	return p, nil
}

func notSaved(format string, args ...any) error {
	return &terminology.Error{Op: "resource.OpenSaved", Kind: terminology.Corrupt, Err: fmt.Errorf(format, args...)}
}

// savedParts takes apart what Save has written.
func savedParts(data []byte) (*savedList, memory, error) {
	const start = 16
	if len(data) < start+4 || !bytes.HasPrefix(data, savedMagic) {
		return nil, nil, notSaved("it is no saved code system")
	}
	end := len(data) - 4
	if crc32.Checksum(data[:end], castagnoli) != binary.LittleEndian.Uint32(data[end:]) {
		return nil, nil, notSaved("its checksum is wrong")
	}
	n := binary.LittleEndian.Uint64(data[len(savedMagic):])
	if n > uint64(end-start) {
		return nil, nil, notSaved("its list has %d bytes, it has %d", n, len(data))
	}
	list := &savedList{}
	if err := json.Unmarshal(data[start:start+int(n)], list); err != nil {
		return nil, nil, notSaved("its list: %w", err)
	}
	if list.Format != savedFormat || list.Basic != basic.FormatVersion {
		return nil, nil, &terminology.Error{Op: "resource.OpenSaved", Kind: terminology.Conflict, Err: fmt.Errorf("it is in format %d.%d, want %d.%d", list.Format, list.Basic, savedFormat, basic.FormatVersion)}
	}
	parts, at := memory{}, start+even(int(n))
	for _, c := range list.Columns {
		switch {
		case c.Bytes < 0 || c.Bytes > 1<<30:
			return nil, nil, notSaved("%s has %d bytes", c.Name, c.Bytes)
		case c.Zero:
			parts[c.Name] = basic.Shared(make([]byte, c.Bytes))
		case at > end || c.Bytes > end-at:
			return nil, nil, notSaved("%s ends too early", c.Name)
		default:
			parts[c.Name] = data[at : at+c.Bytes : at+c.Bytes]
			at += even(c.Bytes)
		}
	}
	return list, parts, nil
}

// even is the next multiple of eight.
func even(n int) int { return (n + 7) &^ 7 }

// savedHead reads what a text says besides its concepts.
func savedHead(raw []byte, list *savedList) (*Resource, error) {
	if list.From < 0 || list.From > list.To || list.To > len(raw) {
		return nil, notSaved("its concepts are at %d to %d of %d bytes", list.From, list.To, len(raw))
	}
	r, err := Parse(slices.Concat(raw[:list.From], []byte("[]"), raw[list.To:]))
	if err != nil {
		return nil, notSaved("its text: %w", err)
	}
	if r.CodeSystem == nil {
		return nil, notSaved("its text is that of a %s", r.Type)
	}
	r.Raw, r.CodeSystem.listed, r.CodeSystem.from, r.CodeSystem.to = raw, true, list.From, list.To
	return r, nil
}
