package search

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// BuilderOptions are the choices of a Builder. The zero value is good.
type BuilderOptions struct {
	Workers     int            // goroutines that build segments; 0: one a processor
	SegmentDocs int            // documents a segment, about 3 KiB of memory each and worker; 0: 10,000
	Words       []string       // words beyond those of the release that compounds may be made of, folded
	Progress    func(done int) // called from Add and Close with the documents that have left memory; may be nil
}

// Builder writes the index of one release into a directory. Its methods must be
// called from one goroutine, and it ends with either Close or Abort.
type Builder struct {
	dir, work string
	o         BuilderOptions
	created   bool // dir is ours to remove

	cur      *batch
	count    uint32
	segments int      // handed to the workers
	names    []string // keywords by number; 0 is ""
	analysis *analysis
	ids      map[string]uint16

	full  chan *batch // to the workers
	empty chan *batch // and back
	wg    sync.WaitGroup

	mu   sync.Mutex
	err  error // the first failure of a worker
	done int

	ended, published bool
}

// maxSegmentText ends a segment early when its terms are long texts.
const maxSegmentText = 8 << 20 // bytes

// plugin writes and merges segments. Bleve's own builder keeps the documents of
// a segment in a Go map and loses their order; the plugin under it does not.
var plugin = &zap.ZapPlugin{}

// NewBuilder starts an index in dir, which must not exist or be empty.
func NewBuilder(dir string, o BuilderOptions) (*Builder, error) {
	const op = "search.NewBuilder"
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.SegmentDocs <= 0 {
		o.SegmentDocs = 10_000
	}
	b := &Builder{
		dir: dir, work: filepath.Join(dir, "build"), o: o,
		names: []string{""}, ids: map[string]uint16{"": 0}, analysis: newAnalysis(),
		full: make(chan *batch), empty: make(chan *batch, o.Workers+1),
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		b.created = true
	case err != nil:
		return nil, &terminology.Error{Op: op, Err: err}
	case len(entries) > 0:
		return nil, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s is not empty", dir)}
	}
	if err := os.MkdirAll(b.work, 0o755); err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	for range o.Workers {
		b.empty <- newBatch()
		b.wg.Add(1)
		go b.worker()
	}
	b.cur = newBatch()
	return b, nil
}

// Learn reads the words of a release, for the analysis of its Norwegian terms, before
// they are added. Without it only the words that the program brings are known.
func (b *Builder) Learn(from terminology.TextLessons) error {
	const op = "search.Builder.Learn"
	if b.count > 0 || b.ended {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("documents have been added already")}
	}
	a, err := learn(from, slices.Values(b.o.Words))
	if err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	b.analysis = a
	return nil
}

// Add appends a document; it keeps nothing of d. An error is final: the caller
// must Abort.
func (b *Builder) Add(d Document) error {
	const op = "search.Builder.Add"
	if b.ended {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("the builder is closed")}
	}
	if b.count == math.MaxInt32 {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("more than 2,147,483,647 documents")}
	}
	c := b.cur
	r := record{b: c, number: b.count, start: uint32(len(c.buf)), tier0: uint32(len(c.tiers)), norwegian: isNorwegian(d.Language)}
	c.buf = language.AppendFold(c.buf, d.Term)
	r.end = uint32(len(c.buf))
	r.short0 = uint32(len(c.shorts))
	c.shorts = appendAbbreviations(c.shorts, d.Term)
	r.short1 = uint32(len(c.shorts))
	active := inactiveTier
	if d.Active {
		active = activeTier
	}
	c.tiers = append(c.tiers, b.keyword(active))
	for _, tier := range d.Tiers {
		c.tiers = append(c.tiers, b.keyword(tier))
	}
	r.tier1 = uint32(len(c.tiers))
	r.tag, r.use = b.keyword(d.Tag), b.keyword(d.Use)
	if len(b.names) > math.MaxUint16 {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("more than 65,535 different tiers, tags and uses")}
	}
	c.docs = append(c.docs, r)
	b.count++
	if len(c.docs) == b.o.SegmentDocs || len(c.buf) >= maxSegmentText {
		b.flush()
		return b.failure(op)
	}
	return nil
}

// keyword returns the number of a keyword. The caller checks that there are not
// too many of them.
func (b *Builder) keyword(s string) uint16 {
	n, known := b.ids[s]
	if !known {
		s = strings.Clone(s)
		n = uint16(len(b.names))
		b.names, b.ids[s] = append(b.names, s), n
	}
	return n
}

// flush hands the current batch to a worker and takes an empty one.
func (b *Builder) flush() {
	c := b.cur
	c.number, c.names, c.analysis = b.segments, b.names, b.analysis
	b.segments++
	b.full <- c
	b.cur = <-b.empty
	if b.o.Progress != nil {
		b.mu.Lock()
		done := b.done
		b.mu.Unlock()
		b.o.Progress(done)
	}
}

// worker writes batches as segments until there are no more.
func (b *Builder) worker() {
	defer b.wg.Done()
	for c := range b.full {
		err := b.failure("")
		if err == nil {
			err = writeSegment(b.segmentPath(c.number), c)
		}
		b.mu.Lock()
		if b.err == nil {
			b.err = err
		}
		b.done += len(c.docs)
		b.mu.Unlock()
		c.reset()
		b.empty <- c
	}
}

func (b *Builder) segmentPath(number int) string {
	return filepath.Join(b.work, fmt.Sprintf("%06d.zap", number))
}

// failure returns the first error of the workers.
func (b *Builder) failure(op string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		return nil
	}
	return &terminology.Error{Op: op, Err: b.err}
}

func writeSegment(path string, c *batch) error {
	seg, _, err := plugin.New(c.documents())
	if err != nil {
		return err
	}
	defer seg.Close()
	unpersisted, ok := seg.(segment.UnpersistedSegment)
	if !ok {
		return fmt.Errorf("segment of type %T cannot be written", seg)
	}
	return unpersisted.Persist(path)
}

// Close writes what is left, merges all segments into one, in order, and syncs
// it to disk. The manifest comes last: without it, Open refuses the directory. An
// error is final: the caller must Abort.
func (b *Builder) Close() error {
	const op = "search.Builder.Close"
	if b.ended {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("the builder is closed")}
	}
	if len(b.cur.docs) > 0 {
		b.flush()
	}
	b.stop()
	if err := b.failure(op); err != nil {
		return err
	}
	m := manifest{MappingVersion: MappingVersion, Documents: int(b.count)}
	if err := b.publish(&m); err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	b.published = true
	if b.o.Progress != nil {
		b.o.Progress(int(b.count))
	}
	return nil
}

// publish makes the files of the index, the manifest last.
func (b *Builder) publish(m *manifest) error {
	if m.Documents > 0 {
		if err := b.merge(); err != nil {
			return err
		}
		if err := writeRoot(b.dir, b.work); err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(b.dir, segmentFile))
		if err != nil {
			return err
		}
		m.SegmentBytes = info.Size()
	}
	if err := os.RemoveAll(b.work); err != nil {
		return err
	}
	if err := b.analysis.write(b.dir); err != nil {
		return err
	}
	if err := writeWords(b.dir, b.o.Words); err != nil {
		return err
	}
	return writeManifest(b.dir, *m)
}

// Abort ends the builder and removes what it has written. After a Close that
// succeeded it does nothing, so it can be deferred.
func (b *Builder) Abort() {
	if b.published {
		return
	}
	b.stop()
	b.remove()
}

func (b *Builder) stop() {
	if b.ended {
		return
	}
	b.ended = true
	close(b.full)
	b.wg.Wait()
	b.cur = nil
}

func (b *Builder) remove() {
	os.RemoveAll(b.work)
	for _, name := range []string{segmentFile, rootFile, splitterFile, equivalentsFile, wordsFile, manifestFile} {
		os.Remove(filepath.Join(b.dir, name))
	}
	if b.created {
		os.Remove(b.dir)
	}
}

// merge makes one segment of all, in order.
func (b *Builder) merge() error {
	final := filepath.Join(b.dir, segmentFile)
	n := b.segments
	if n == 1 {
		return os.Rename(b.segmentPath(0), final)
	}
	segments := make([]segment.Segment, 0, n)
	defer func() {
		for _, s := range segments {
			s.Close()
		}
	}()
	for i := range n {
		s, err := plugin.Open(b.segmentPath(i))
		if err != nil {
			return err
		}
		segments = append(segments, s)
	}
	_, _, err := plugin.Merge(segments, make([]*roaring.Bitmap, n), final, nil, nil)
	return err
}
