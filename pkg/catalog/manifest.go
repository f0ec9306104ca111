package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Manifest says what a release is made of. It is written last; a folder without
// one is not a release.
type Manifest struct {
	Format   int                 `json:"format"`  // ManifestFormat
	Formats  map[string]int      `json:"formats"` // of store, columns and text index
	Release  terminology.Release `json:"release"`
	Imported time.Time           `json:"imported"`
	Software string              `json:"software"`
	Concepts int                 `json:"concepts"`
	Active   int                 `json:"active"`
	Terms    int                 `json:"terms"`
	// ResourceCount is how many FHIR resources the release holds, and Kept what lists tell
	// of them, in order, of a release that is not a collection: so that it need not be
	// open for that.
	ResourceCount int                         `json:"resources,omitempty"`
	Kept          []Kept                      `json:"kept,omitempty"`
	Columns       []terminology.DisplayColumn `json:"columns,omitempty"`
	Sources       []SourceFile                `json:"sources"`
	Repaired      int                         `json:"repaired,omitempty"` // rows that are said otherwise than they are written
	Repairs       []string                    `json:"repairs,omitempty"`  // what was done to the first of them, and to whole files
	Files         []File                      `json:"files"`
}

// Kept is what lists tell of a resource that a release holds.
type Kept struct {
	terminology.ResourceInfo
	// Light is the text of a long resource without resource.LongMembers; "": it is read.
	Light string `json:"light,omitempty"`
}

// Keep returns what a manifest tells of a resource.
func Keep(info terminology.ResourceInfo, raw []byte) (Kept, error) {
	k := Kept{ResourceInfo: info}
	if len(raw) < longText {
		return k, nil
	}
	light, err := resource.LightOf(raw)
	if len(light) <= maxLight {
		k.Light = string(light)
	}
	return k, err
}

// Infos returns the resources of Kept as the tables of the release list them.
func (m Manifest) Infos() []terminology.ResourceInfo {
	out := make([]terminology.ResourceInfo, len(m.Kept))
	for i, k := range m.Kept {
		out[i] = k.ResourceInfo
	}
	return out
}

// ManifestFormat is the version of the manifest itself. 1: first.
const ManifestFormat = 1

// SourceFile is a file that was read, with its size and SHA-256 uncompressed.
type SourceFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// File is a file of the release itself.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Size returns the bytes on disk of the release.
func (m Manifest) Size() int64 {
	n := int64(0)
	for _, f := range m.Files {
		n += f.Bytes
	}
	return n
}

// The names inside a data folder and inside a release.
const (
	ReleasesDir  = "releases"
	ResourcesDir = "resources"
	stagingDir   = ".staging"
	manifestName = "manifest.json"
	TablesDir    = "kv"
	TextDir      = "terms"
)

// Dir returns the folder of a release in a data folder.
func Dir(data string, r terminology.Release) string {
	return filepath.Join(data, ReleasesDir, r.Name, r.Date)
}

// WriteManifest writes the manifest of the release in dir and syncs it to disk.
func WriteManifest(dir string, m Manifest) error {
	const op = "catalog.WriteManifest"
	m.Format = ManifestFormat
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	f, err := os.OpenFile(filepath.Join(dir, manifestName), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	return syncDir(dir)
}

// ReadManifest reads the manifest of the release in dir, and compares the files
// that it names with those that are there, by name and size. The error is Corrupt
// when they differ, NotFound when there is no manifest.
func ReadManifest(dir string) (Manifest, error) {
	const op = "catalog.ReadManifest"
	var m Manifest
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, os.ErrNotExist) {
		return m, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: fmt.Errorf("%s has no %s: it is not a whole release", dir, manifestName)}
	}
	if err != nil {
		return m, &terminology.Error{Op: op, Err: err}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&m); err != nil {
		return m, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)}
	}
	if m.Format != ManifestFormat {
		return m, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s is in format %d, this kodeks reads format %d: import the release again with kodeks import --replace", dir, m.Format, ManifestFormat)}
	}
	for _, f := range m.Files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil {
			return m, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("release %s: %w", dir, err)}
		}
		if info.Size() != f.Bytes {
			return m, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("release %s: %s has %d bytes, want %d", dir, f.Name, info.Size(), f.Bytes)}
		}
	}
	return m, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return &terminology.Error{Op: "catalog.sync", Err: err}
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return &terminology.Error{Op: "catalog.sync", Err: err}
	}
	return nil
}
