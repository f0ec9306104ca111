package search

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"runtime"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// fieldNames are the fields of a segment, in its order; Bleve wants fieldID to be the first.
var fieldNames = [...]string{fieldID, fieldWord, fieldEdge, fieldBegin, fieldExact, fieldStem, fieldPart, fieldShort, fieldTier, fieldTag, fieldUse}

// segmentWriter writes the one segment of an index, in Bleve's file format zap, version 17,
// as the page zap.md of its module explains it: the documents with their ids, the documents
// of the terms of all fields, the terms of each field, the fields, and the footer. Bleve's
// own writer makes a map of terms for each document and segments of some thousand
// documents, and reads those again to make one of them; what is found is the same.
type segmentWriter struct {
	w   *bufio.Writer
	n   uint64 // bytes written
	sum crcWriter
	err error // the first

	documents uint32
	once      map[int]uint64 // where the frequencies of so many documents are
	bits      *roaring.Bitmap
	buf       bytes.Buffer
	small     []byte
}

// crcWriter sums what goes through it.
type crcWriter struct {
	to  io.Writer
	crc uint32
}

func (w *crcWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.crc = crc32.Update(w.crc, crc32.IEEETable, p[:n])
	return n, err
}

// writeSegment writes the segment of documents to a new file and syncs it. The file is
// left to the caller when it fails. Workers is how many processors make dictionaries.
func writeSegment(path string, c *collected, a *analysis, workers int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = appendSegment(f, c, a, workers); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// appendSegment writes the segment of documents, which are of no use after it.
func appendSegment(to io.Writer, c *collected, a *analysis, workers int) error {
	s := &segmentWriter{documents: c.count, once: map[int]uint64{}, bits: roaring.New(), small: make([]byte, 0, 64)}
	s.sum.to = to
	s.w = bufio.NewWriterSize(&s.sum, 1<<20)
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	stored := s.ids()
	d := dictionaries{free: make(chan struct{}, workers)}
	d.make(fieldID, func(insert func([]byte, uint64)) {
		for doc := range c.count {
			insert([]byte(idOf(doc)), zap.FSTValEncode1Hit(uint64(doc), zap.NormBits1Hit))
		}
	})
	v := &inverter{collected: c, analysis: a, to: s, set: newBitset(c.count)}
	v.fields(func(field string, terms []fieldTerm) {
		d.make(field, func(insert func([]byte, uint64)) {
			var term []byte
			for _, t := range terms {
				term = append(term[:0], t.term...)
				insert(term, t.value)
			}
		})
	})
	d.wait()
	s.fields(&d, stored)
	return errors.Join(s.err, d.err)
}

func (s *segmentWriter) write(p []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(p)
	}
	s.n += uint64(len(p))
}

func (s *segmentWriter) uvarints(values ...uint64) {
	s.small = s.small[:0]
	for _, v := range values {
		s.small = binary.AppendUvarint(s.small, v)
	}
	s.write(s.small)
}

func (s *segmentWriter) uint64(v uint64) { s.write(binary.BigEndian.AppendUint64(s.small[:0], v)) }
func (s *segmentWriter) uint32(v uint32) { s.write(binary.BigEndian.AppendUint32(s.small[:0], v)) }

// ids writes the ids of documents, which is all that is stored of them, and returns where
// the list of their places is.
func (s *segmentWriter) ids() uint64 {
	record := []byte{1, 5, 4, 0, 0, 0, 0, 0} // lengths of two parts; the length of an id; the id, and no bytes, compressed
	for doc := range s.documents {
		binary.BigEndian.PutUint32(record[3:], doc)
		s.write(record)
	}
	at := s.n
	for doc := range s.documents {
		s.uint64(uint64(doc) * uint64(len(record)))
	}
	s.uvarints(0) // no document is in another
	return at
}

// postings writes documents, which are in order, and returns what the dictionary has for
// them; 0 for none.
func (s *segmentWriter) postings(docs []uint32) uint64 {
	switch len(docs) {
	case 0:
		return 0
	case 1:
		return zap.FSTValEncode1Hit(uint64(docs[0]), zap.NormBits1Hit)
	}
	often := s.frequencies(docs)
	s.bits.Clear()
	s.bits.AddMany(docs)
	s.buf.Reset()
	if _, err := s.bits.WriteTo(&s.buf); err != nil && s.err == nil {
		s.err = err
	}
	at := s.n
	s.uvarints(often, 0, uint64(s.buf.Len())) // no locations
	s.write(s.buf.Bytes())
	return at
}

// chunkDocuments is how many documents share a chunk of frequencies, on an average, in the
// way of counting that zap.DefaultChunkMode is.
const chunkDocuments = 1024

// frequencies writes how often a term stands in documents, which is 0 in all of them: nobody
// counts. They are in chunks of documents, a byte each; where there is one chunk, as many
// documents need the same bytes.
func (s *segmentWriter) frequencies(docs []uint32) uint64 {
	chunks := len(docs)/chunkDocuments + 1
	if at, known := s.once[len(docs)]; known && chunks == 1 {
		return at
	}
	at := s.n
	size := uint64(s.documents) / uint64(chunks) // at least chunkDocuments of documents make one chunk
	count := uint64(s.documents-1)/size + 1
	s.uvarints(count)
	next := 0
	for chunk := range count {
		for next < len(docs) && uint64(docs[next]) < (chunk+1)*size {
			next++
		}
		s.uvarints(uint64(next))
	}
	s.write(zeros(len(docs)))
	if chunks == 1 {
		s.once[len(docs)] = at
	}
	return at
}

var someZeros [64 << 10]byte

func zeros(n int) []byte {
	if n <= len(someZeros) {
		return someZeros[:n]
	}
	return make([]byte, n)
}

// fields writes the dictionaries, the fields and the footer.
func (s *segmentWriter) fields(d *dictionaries, stored uint64) {
	const textSection = zap.SectionInvertedTextIndex
	var places [len(fieldNames)]uint64
	for i, name := range fieldNames {
		data := d.done[name]
		at := s.n
		s.uvarints(uint64(len(data)))
		s.write(data)
		places[i] = s.n
		s.uvarints(math.MaxUint64, math.MaxUint64, at) // no values of documents
	}
	for i, name := range fieldNames {
		at := s.n
		options := index.IndexField | index.SkipFreqNorm
		if name == fieldID {
			options = index.IndexField | index.StoreField
		}
		s.uvarints(uint64(len(name)))
		s.write([]byte(name))
		s.uvarints(uint64(options), 1) // section
		s.write([]byte{0, textSection})
		s.uint64(places[i])
		places[i] = at
	}
	at := s.n
	s.uvarints(uint64(len(places)))
	for _, place := range places {
		s.uint64(place)
	}
	s.uint32(0) // no name of what would have changed the bytes
	s.uint64(uint64(s.documents))
	s.uint64(stored)
	s.uint64(at)
	s.uint32(zap.DefaultChunkMode)
	s.uint32(zap.Version)
	if s.err == nil {
		s.err = s.w.Flush()
	}
	s.uint32(s.sum.crc)
	if s.err == nil {
		s.err = s.w.Flush()
	}
}

// dictionaries are the terms of fields, each made beside the others.
type dictionaries struct {
	free    chan struct{}
	working sync.WaitGroup
	mu      sync.Mutex
	done    map[string][]byte
	err     error
}

// make makes the dictionary of a field, whose terms insert takes in order.
func (d *dictionaries) make(field string, terms func(insert func(term []byte, value uint64))) {
	d.working.Go(func() {
		d.free <- struct{}{}
		defer func() { <-d.free }()
		var out bytes.Buffer
		b, err := vellum.New(&out, nil)
		if err == nil {
			terms(func(term []byte, value uint64) {
				if err == nil {
					err = b.Insert(term, value)
				}
			})
		}
		if err == nil {
			err = b.Close()
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.done == nil {
			d.done = map[string][]byte{}
		}
		d.done[field], d.err = out.Bytes(), errors.Join(d.err, err)
	})
}

// wait waits until all are made.
func (d *dictionaries) wait() { d.working.Wait() }
