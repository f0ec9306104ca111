package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// MappingVersion is the version of fields and analysis together. An index of
// another version is not opened but built again.
//
// It counts the changes of package norwegian too.
//
//	1  fields word, edge, begin, exact, tier, tag, use
//	2  fields stem, part and short; the files splitter.txt and equivalents.txt
const MappingVersion = 2

// The files of an index. The first two are those of a Bleve index (scorch) of one
// segment, with the names that Bleve's own builder gives them, so that its tools
// read it too. We read the segment alone.
const (
	segmentFile  = "000000000002.zap"
	rootFile     = "root.bolt"
	manifestFile = "kodeks.json"
)

// manifest says what an index is. It is written last.
type manifest struct {
	MappingVersion int   `json:"mappingVersion"`
	Documents      int   `json:"documents"`
	SegmentBytes   int64 `json:"segmentBytes"` // of segmentFile: Bleve panics on one cut short
}

// writeRoot writes the file that tells scorch which segments there are. Scorch
// keeps the code to itself, so its builder makes an index of one document in
// work, and that index's root, which names one segment file and counts nothing,
// is ours.
func writeRoot(dir, work string) error {
	tmp := filepath.Join(work, "root")
	sb, err := scorch.NewBuilder(map[string]any{"path": tmp, "buildPathPrefix": work})
	if err != nil {
		return err
	}
	if err := sb.Index(rootDocument{}); err != nil {
		return err
	}
	if err := sb.Close(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(tmp, segmentFile)); err != nil {
		return fmt.Errorf("scorch names its segment otherwise: %w", err)
	}
	return os.Rename(filepath.Join(tmp, rootFile), filepath.Join(dir, rootFile))
}

// rootDocument is the document of an index of which only the root is used.
type rootDocument struct{}

func (rootDocument) ID() string                                 { return idOf(0) }
func (rootDocument) Size() int                                  { return 0 }
func (rootDocument) VisitFields(visit index.FieldVisitor)       { visit(rootField{}) }
func (rootDocument) VisitComposite(index.CompositeFieldVisitor) {}
func (rootDocument) HasComposite() bool                         { return false }
func (rootDocument) NumPlainTextBytes() uint64                  { return 0 }
func (rootDocument) AddIDField()                                {}
func (rootDocument) StoredFieldsBytes() uint64                  { return 4 }
func (rootDocument) Indexed() bool                              { return true }

// rootField is its id.
type rootField struct{}

func (rootField) Name() string                        { return fieldID }
func (rootField) Value() []byte                       { return []byte(idOf(0)) }
func (rootField) ArrayPositions() []uint64            { return nil }
func (rootField) EncodedFieldType() byte              { return 't' }
func (rootField) Analyze()                            {}
func (rootField) Options() index.FieldIndexingOptions { return index.IndexField | index.StoreField }
func (rootField) AnalyzedLength() int                 { return 1 }
func (rootField) NumPlainTextBytes() uint64           { return 0 }
func (rootField) AnalyzedTokenFrequencies() index.TokenFrequencies {
	return index.TokenFrequencies{idOf(0): &index.TokenFreq{}}
}

// writeManifest writes the manifest and syncs it and the directory.
func writeManifest(dir string, m manifest) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(dir, manifestFile), append(data, '\n')); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// readManifest reads the manifest of dir and refuses what this program cannot
// search.
func readManifest(dir string) (manifest, error) {
	const op = "search.Open"
	var m manifest
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, os.ErrNotExist) {
		return m, &terminology.Error{Op: op, Kind: terminology.Corrupt,
			Err: fmt.Errorf("%s holds no complete text index: kodeks reindex builds it anew", dir)}
	}
	if err != nil {
		return m, &terminology.Error{Op: op, Err: err}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("%s: %w", manifestFile, err)}
	}
	if m.MappingVersion != MappingVersion {
		return m, &terminology.Error{Op: op, Kind: terminology.Unavailable,
			Err: fmt.Errorf("the text index has mapping version %d, this program needs %d: kodeks reindex builds it anew", m.MappingVersion, MappingVersion)}
	}
	if m.Documents > 0 {
		info, err := os.Stat(filepath.Join(dir, segmentFile))
		if err == nil && info.Size() != m.SegmentBytes {
			err = fmt.Errorf("%s has %d bytes, want %d", info.Name(), info.Size(), m.SegmentBytes)
		}
		if err != nil {
			return m, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: err}
		}
	}
	return m, nil
}
