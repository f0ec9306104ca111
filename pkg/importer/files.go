package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// hashSources returns the files of a source with their SHA-256.
func hashSources(ctx context.Context, src terminology.Source) ([]catalog.SourceFile, error) {
	var out []catalog.SourceFile
	for _, f := range src.Files() {
		if err := ctx.Err(); err != nil {
			return nil, &terminology.Error{Op: "importer.hash", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		in, err := f.Open()
		if err != nil {
			return nil, &terminology.Error{Op: "importer.hash", Err: err}
		}
		sum, n, err := hash(in)
		if err = errors.Join(err, in.Close()); err != nil {
			return nil, &terminology.Error{Op: "importer.hash", Err: err}
		}
		out = append(out, catalog.SourceFile{Name: f.Name, Bytes: n, SHA256: sum})
	}
	return out, nil
}

// sealFiles makes every file and folder of a release readable to all, so that a
// server may run as another user than the importer, syncs it to disk and returns
// the files with their SHA-256.
func sealFiles(dir string) ([]catalog.File, error) {
	const op = "importer.seal"
	var out []catalog.File
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if e.IsDir() {
			mode = 0o755
		}
		if err := f.Chmod(mode); err != nil {
			return errors.Join(err, f.Close())
		}
		if e.IsDir() {
			return errors.Join(f.Sync(), f.Close())
		}
		sum, n, err := hash(f)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		out = append(out, catalog.File{Name: filepath.ToSlash(name), Bytes: n, SHA256: sum})
		return err
	})
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	return out, nil
}

func hash(r io.Reader) (string, int64, error) {
	h := sha256.New()
	n, err := io.CopyBuffer(h, onlyReader{r}, make([]byte, 1<<20))
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// onlyReader hides WriteTo, so that the buffer is used.
type onlyReader struct{ io.Reader }

// VerifyFiles reads every file of the release in dir and compares its SHA-256 with
// the manifest. The error is Corrupt and names the first file that differs.
func VerifyFiles(ctx context.Context, dir string, m catalog.Manifest) error {
	const op = "importer.VerifyFiles"
	for _, f := range m.Files {
		if ctx.Err() != nil {
			return &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		in, err := os.Open(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil {
			return &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: err}
		}
		sum, n, err := hash(in)
		if err = errors.Join(err, in.Close()); err != nil {
			return &terminology.Error{Op: op, Err: err}
		}
		if sum != f.SHA256 || n != f.Bytes {
			return &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: errors.New(filepath.Join(dir, f.Name) + " is not what was imported: its SHA-256 differs")}
		}
	}
	return nil
}
