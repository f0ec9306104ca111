package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	zap "github.com/blevesearch/zapx/v17"
)

// checkFrame looks at the places in a segment by which all else is found, some hundred bytes
// at its end and before each section: of others than were written Bleve's reader asks for
// memory that there is not, which ends the process.
func checkFrame(path string, documents int) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		f := frame{file: file, size: uint64(info.Size())}
		err = f.check(uint64(documents))
	}
	return errors.Join(err, file.Close())
}

// frame reads a segment here and there.
type frame struct {
	file io.ReaderAt
	size uint64
	at   uint64 // of what is read next
	err  error  // the first
	buf  [256]byte
}

// errFrame is the error of a place that cannot be.
var errFrame = errors.New("the places in the segment are not those of an index")

// bytes returns the next n bytes, zeros after an error.
func (f *frame) bytes(n uint64) []byte {
	b := f.buf[:n]
	clear(b)
	if f.at > f.size || n > f.size-f.at {
		f.fail()
	}
	if f.err == nil {
		_, f.err = f.file.ReadAt(b, int64(f.at))
	}
	f.at += n
	return b
}

func (f *frame) fail() {
	if f.err == nil {
		f.err = fmt.Errorf("%w (at byte %d of %d)", errFrame, f.at, f.size)
	}
}

// want fails unless something holds.
func (f *frame) want(holds bool) {
	if !holds {
		f.fail()
	}
}

func (f *frame) uint64() uint64 { return binary.BigEndian.Uint64(f.bytes(8)) }
func (f *frame) uint32() uint32 { return binary.BigEndian.Uint32(f.bytes(4)) }

func (f *frame) uvarint() uint64 {
	start := f.at
	n := min(binary.MaxVarintLen64, f.size-min(f.size, start))
	v, read := binary.Uvarint(f.bytes(n))
	f.want(read > 0)
	f.at = start + uint64(max(read, 0))
	return v
}

// check checks the footer, then each field.
func (f *frame) check(documents uint64) error {
	f.want(f.size > zap.FooterSize)
	f.at = f.size - zap.FooterSize
	f.want(f.uint32() == 0)
	if n := f.uint64(); f.err == nil && n != documents {
		return fmt.Errorf("%d documents, the manifest says %d", n, documents)
	}
	stored, fields := f.uint64(), f.uint64()
	f.want(f.uint32() == zap.DefaultChunkMode && f.uint32() == zap.Version)
	f.want(stored > 0 && stored < f.size && documents < f.size/8)
	if f.err != nil {
		return f.err
	}
	f.at = stored + 8*documents
	f.want(f.uvarint() == 0) // no document is in another
	f.at = fields
	n := f.uvarint()
	f.want(fields > 0 && n <= 64)
	for places := f.at; f.err == nil && n > 0; n-- {
		f.at = places
		places += 8
		if f.at = f.uint64(); f.err == nil {
			f.field()
		}
	}
	return f.err
}

// field checks a field, and its sections: they have no values of documents, and their
// dictionary is in the file.
func (f *frame) field() {
	name := f.uvarint()
	f.want(name > 0 && name <= 64)
	f.at += name
	f.uvarint() // options
	n := f.uvarint()
	f.want(n <= uint64(zap.NumSections))
	for next := f.at; f.err == nil && n > 0; n-- {
		f.at = next
		kind := binary.BigEndian.Uint16(f.bytes(2))
		f.want(kind < zap.NumSections)
		place := f.uint64()
		next = f.at
		if place == 0 {
			continue
		}
		f.at = place
		for range 2 {
			f.want(f.uvarint() == math.MaxUint64)
		}
		f.at = f.uvarint()
		size := f.uvarint()
		f.want(f.at <= f.size && size <= f.size-f.at)
	}
}
