package rf2_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestPublishedPackages reads packages of others, which are not part of the
// project: it looks for them in a folder named shared beside the module and is
// skipped where there is none.
func TestPublishedPackages(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "..", "shared")
	tests := []struct {
		dir      string
		lenient  bool
		version  string
		concepts int
		parents  int
		ids      int    // accepted because of lenient
		bad      int    // rows
		err      string // part of the error of Detect, NewSource or Read
	}{
		{dir: "tx-ecosystem/tx-source/snomed", version: "http://snomed.info/xsct/31000003106/version/20250909", concepts: 2258, parents: 3264},
		{dir: "ecl/eval/snowstorm-core/rf2", version: "http://snomed.info/sct/900000000000207008/version/20260101", concepts: 34, parents: 33},
		{dir: "rf2-fixtures/snowstorm/SnomedCT_MiniRF2", bad: 15, concepts: 13, version: "http://snomed.info/sct/900000000000207008/version/20200731"},
		{dir: "rf2-fixtures/snowstorm/SnomedCT_MiniRF2", lenient: true, ids: 15, concepts: 13, parents: 9, version: "http://snomed.info/sct/900000000000207008/version/20200731"},
		{dir: "rf2-fixtures/snowstorm/SnomedCT_MiniRF2_Base_snapshot", lenient: true, ids: 29, concepts: 17, parents: 11, version: "http://snomed.info/sct/900000000000207008/version/20180131"},
		{dir: "rf2-fixtures/snowstorm-lite/SnomedCT_MiniRF2", lenient: true, ids: 25, bad: 3, concepts: 25, parents: 17, version: "http://snomed.info/sct/900000000000207008/version/20200131"},
		{dir: "rf2-fixtures/hermes/example-snapshot", err: "an extension without its base"},
		{dir: "rf2-fixtures/blaze/Full", err: "want the header line of an RF2 file"},
		{dir: "rf2-fixtures/snowstorm/SnomedCT_MiniRF2_bad_delta", err: "found only Delta files"},
		{dir: "rf2-fixtures/snowstorm-lite/SnomedCT_SE_MiniRF2", err: "found no concept rows"},
	}
	for _, tt := range tests {
		name := strings.ReplaceAll(tt.dir, "/", " ")
		if tt.lenient {
			name += " lenient"
		}
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, filepath.FromSlash(tt.dir))
			if _, err := os.Stat(dir); err != nil {
				t.Skip("the package is not there")
			}
			c, release, ids, err := readFolder(dir, rf2.Options{LenientIDs: tt.lenient})
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || terminology.KindOf(err) != terminology.Invalid {
					t.Errorf("error %v, want Invalid with %q", err, tt.err)
				}
				return
			}
			if err != nil || release.Version != tt.version || c.concepts != tt.concepts || c.parents != tt.parents || c.bad != tt.bad || ids != tt.ids {
				t.Errorf("%s: %d concepts, %d parents, %d bad, %d ids, %v, want %s: %d, %d, %d, %d; first bad rows %q",
					release.Version, c.concepts, c.parents, c.bad, ids, err, tt.version, tt.concepts, tt.parents, tt.bad, tt.ids, c.errors[:min(3, len(c.errors))])
			}
		})
	}
}

func readFolder(dir string, o rf2.Options) (counter, terminology.Release, int, error) {
	var c counter
	p, err := rf2.Detect(os.DirFS(dir), dir)
	if err != nil {
		return c, terminology.Release{}, 0, err
	}
	s, err := rf2.NewSource([]*rf2.Package{p}, o)
	if err != nil {
		return c, terminology.Release{}, 0, err
	}
	release, err := s.Read(context.Background(), &c)
	return c, release, s.Lenient(), err
}
