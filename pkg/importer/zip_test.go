package importer_test

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/importer"
)

// TestZipBomb: a file of a zip that unpacks to far more than it is packed in ends in an
// error, and one that packs as well as releases do is read whole.
func TestZipBomb(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	bomb, err := z.Create("bomb.csv")
	if err != nil {
		t.Fatal(err)
	}
	line := []byte(strings.Repeat("\n", 1<<20))
	for range 100 {
		if _, err := bomb.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("release.txt")
	if err != nil {
		t.Fatal(err)
	}
	release := bufio.NewWriter(w)
	size := int64(0)
	for i := uint64(1); size < 66<<20; i++ { // identifiers that no packer knows beforehand
		n, _ := release.WriteString(strconv.FormatUint(i*0x9E3779B97F4A7C15, 10) + "\t20260101\t1\t900000000000207008\t900000000000074008\t900000000000074008\n")
		size += int64(n)
	}
	if err := release.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	in, err := importer.OpenInputs([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() //nolint:errcheck // nothing was written
	read := func(name string) (int64, error) {
		f, err := in.List[0].FS.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // nothing was written
		return io.Copy(io.Discard, f)
	}
	if n, err := read("bomb.csv"); err == nil || n > 65<<20 || !strings.Contains(err.Error(), "bomb.csv: ") || !strings.Contains(err.Error(), "that is no code system") {
		t.Errorf("the bomb: %d bytes, %v", n, err)
	}
	if n, err := read("release.txt"); err != nil || n != size {
		t.Errorf("the release: %d bytes of %d, %v", n, size, err)
	}
	if list, err := fs.ReadDir(in.List[0].FS, "."); err != nil || len(list) != 2 {
		t.Errorf("ReadDir = %d files, %v", len(list), err)
	}
}
