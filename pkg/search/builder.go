package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	zap "github.com/blevesearch/zapx/v17"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// BuilderOptions are the choices of a Builder. The zero value is good.
type BuilderOptions struct {
	Workers int      // processors that make dictionaries; 0: all
	Words   []string // words beyond those of the release that compounds may be made of, folded
}

// Builder writes the index of one release into a directory. It keeps the words of all
// documents as numbers, and writes them in Close. Its methods must be called from one
// goroutine, and it ends with either Close or Abort.
type Builder struct {
	dir, work string
	o         BuilderOptions
	created   bool // dir is ours to remove

	documents *collected
	analysis  *analysis

	ended, published bool
}

// plugin opens segments.
var plugin = &zap.ZapPlugin{}

// NewBuilder starts an index in dir, which must not exist or be empty.
func NewBuilder(dir string, o BuilderOptions) (*Builder, error) {
	const op = "search.NewBuilder"
	b := &Builder{dir: dir, work: filepath.Join(dir, "build"), o: o, documents: newCollected(), analysis: newAnalysis()}
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
	return b, nil
}

// Learn reads the words of a release, for the analysis of its Norwegian terms, before
// they are added. Without it only the words that the program brings are known.
func (b *Builder) Learn(from terminology.TextLessons) error {
	const op = "search.Builder.Learn"
	if b.ended || b.documents.count > 0 {
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
	if b.ended {
		return closed("search.Builder.Add")
	}
	return b.documents.add(d)
}

func closed(op string) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("the builder is closed")}
}

// Close writes the index and syncs it to disk. The manifest comes last: without it, Open
// refuses the directory. An error is final: the caller must Abort.
func (b *Builder) Close() error {
	const op = "search.Builder.Close"
	if b.ended {
		return closed(op)
	}
	b.ended = true
	m := manifest{MappingVersion: MappingVersion, Documents: int(b.documents.count)}
	if err := b.publish(&m); err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	b.published = true
	return nil
}

// publish makes the files of the index, the manifest last.
func (b *Builder) publish(m *manifest) error {
	if m.Documents > 0 {
		segment := filepath.Join(b.dir, segmentFile)
		if err := writeSegment(segment, b.documents, b.analysis, b.o.Workers); err != nil {
			return err
		}
		if err := writeRoot(b.dir, b.work); err != nil {
			return err
		}
		info, err := os.Stat(segment)
		if err != nil {
			return err
		}
		m.SegmentBytes = info.Size()
	}
	b.documents = nil
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
	b.ended, b.documents = true, nil
	os.RemoveAll(b.work)
	for _, name := range []string{segmentFile, rootFile, splitterFile, equivalentsFile, wordsFile, manifestFile} {
		os.Remove(filepath.Join(b.dir, name))
	}
	if b.created {
		os.Remove(b.dir)
	}
}
