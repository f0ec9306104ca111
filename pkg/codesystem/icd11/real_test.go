package icd11_test

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const published = "icd11/SimpleTabulation-ICD-11-MMS-en.txt"

// TestRealFiles holds the reader to the counts of the published files, and the workbook to
// the text.
func TestRealFiles(t *testing.T) {
	text := read(t, tabulartest.Real(t, published))
	for name, sink := range map[string]*tabulartest.Sink{"text": text, "workbook": read(t, realWorkbook(t))} {
		t.Run(name, func(t *testing.T) {
			if len(sink.BadRows) > 0 {
				t.Fatalf("bad rows, the first: %v", sink.BadRows[0])
			}
			if err := sink.Whole(); err != nil {
				t.Error(err)
			}
			kinds := map[string]int{}
			for _, code := range sink.Order {
				for _, v := range sink.Values(code) {
					for _, counted := range []string{"class-kind=", "code-type=", "residual=", "primary-tabulation=", "grouping="} {
						if strings.HasPrefix(v, counted) {
							kinds[v]++
						}
					}
				}
				if got := icd11.Normalize(code); len(got) == 0 || got[0] != code {
					t.Errorf("Normalize(%q) = %q, want itself first", code, got)
				}
				if path := sink.Path(code); len(path) == 0 && !sink.Concepts[code].Abstract {
					t.Errorf("%s is in no chapter", code)
				}
			}
			want := map[string]int{"class-kind=chapter": 28, "class-kind=block": 1353, "class-kind=category": 34663,
				"code-type=stem": 17822, "code-type=extension": 16841, "residual=true": 5217, "primary-tabulation=true": 16544, "primary-tabulation=false": 18119}
			if diff := cmp.Diff(want, kinds); diff != "" {
				t.Error(diff)
			}
			if len(sink.Concepts) != 36044 || sink.Codes() != 34663 {
				t.Errorf("%d concepts, %d codes", len(sink.Concepts), sink.Codes())
			}
			for code, want := range map[string]string{
				"1A00":   "BlockL2-1A0 BlockL1-1A0 01",
				"1A03.Y": "1A03 BlockL2-1A0 BlockL1-1A0 01",
				"SB80":   "BlockL6-SB8 BlockL5-SB8 BlockL4-SB8 BlockL3-SB3 BlockL2-SA0 BlockL1-SA0 26",
				"XA0NE9": "409827719 1644747126 1154280071 X",
				"XN8P1":  "XN7N1 XN8RL XN5PZ XN74M 437215757 71556738 X",
			} {
				if got := strings.Join(sink.Path(code), " "); got != want {
					t.Errorf("path of %s = %q, want %q", code, got, want)
				}
			}
		})
	}
}

// realWorkbook returns the workbook that WHO's zip has beside the text.
func realWorkbook(tb testing.TB) terminology.SourceFile {
	tb.Helper()
	dir := tabulartest.RealData(tb)
	z, err := zip.OpenReader(filepath.Join(dir, "icd11", "simple-tab-icd11-mms.zip"))
	if err != nil {
		tb.Skipf("no real data: %v", err)
	}
	tb.Cleanup(func() { z.Close() })
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".xlsx") {
			return terminology.SourceFile{Name: f.Name, Size: int64(f.UncompressedSize64), Open: func() (io.ReadCloser, error) { return f.Open() }}
		}
	}
	tb.Fatal("the zip has no workbook")
	return terminology.SourceFile{}
}

// TestRealMapsAreNone: WHO's maps stand in the same folder, and are no tabulation.
func TestRealMapsAreNone(t *testing.T) {
	for name, want := range map[string]bool{
		published: true, "icd11/10To11MapToOneCategory.txt": false, "icd11/10To11MapToMultipleCategories.txt": false,
		"icd11/11To10MapToOneCategory.txt": false, "icd11/foundation_10To11MapToOneCategory.txt": false, "icd11/readme.txt": false,
	} {
		head, err := tabular.SniffFile(tabulartest.Real(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := icd11.Match(head); got != want {
			t.Errorf("Match(%s) = %v, want %v", name, got, want)
		}
	}
}

// realClusters are the clusters of a map of WHO with the titles that it gives them.
func realClusters(tb testing.TB) [][2]string {
	tb.Helper()
	in, err := tabulartest.Real(tb, "icd11/10To11MapToOneCategory.txt").Open()
	if err != nil {
		tb.Fatal(err)
	}
	defer in.Close()
	var list [][2]string
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if cells := strings.Split(lines.Text(), "\t"); len(cells) > 11 && strings.ContainsAny(cells[9], "&/") && cells[9] != "icd11Code" {
			list = append(list, [2]string{cells[9], strings.TrimSpace(cells[11])})
		}
	}
	return list
}

// realFolder is where the published release is imported to; TestMain removes it.
var realFolder = filepath.Join(os.TempDir(), fmt.Sprint("icd11-", os.Getpid()))

// real is the published release, imported from WHO's zip and opened once, when a test
// first asks for it.
var real = sync.OnceValues(func() (opened, error) {
	return importFile(realFolder, filepath.Join("..", "..", "..", "..", "shared", "data", "icd11", "simple-tab-icd11-mms.zip"))
})

func realRelease(tb testing.TB) opened {
	tb.Helper()
	tabulartest.Real(tb, published) // skips without it
	o, err := real()
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// TestRealClusters holds clusters to a map of WHO: all that it leads to can be read, and
// have the titles that it gives them.
func TestRealClusters(t *testing.T) {
	r := realRelease(t).release
	list := realClusters(t)
	titled := 0
	for _, c := range list {
		x, err := r.Compose(c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if got := x.Display(r.Display); got == c[1] {
			titled++
		} else {
			t.Errorf("%s is %q, in the map %q", c[0], got, c[1])
		}
	}
	if len(list) < 800 || titled != len(list) {
		t.Errorf("%d clusters, %d of them with WHO's title", len(list), titled)
	}
}

// TestRealURIs finds every concept of the release by its URIs.
func TestRealURIs(t *testing.T) {
	r := realRelease(t).release
	found := 0
	for o := range terminology.Ordinal(r.Len()) {
		for p := range r.Properties(o) {
			if p.Code != "linearization-uri" && p.Code != "foundation-uri" {
				continue
			}
			found++
			for _, uri := range []string{p.Value, strings.Replace(p.Value, "/11/mms/", "/11/2025-01/mms/", 1)} {
				if got, ok := r.Find(uri); !ok || got != o {
					t.Errorf("Find(%s) = %s, want %s", uri, r.Code(got), r.Code(o))
				}
			}
		}
	}
	if found != 36044+30827 {
		t.Errorf("%d URIs", found)
	}
}

func BenchmarkCompose(b *testing.B) {
	r := realRelease(b).release
	list := realClusters(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := r.Compose(list[i%len(list)][0]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkSubsumes(b *testing.B) {
	r := realRelease(b).release
	var list []*icd11.Cluster
	for _, c := range realClusters(b) {
		list = append(list, cluster(b, r, c[0]))
	}
	i := 0
	for b.Loop() {
		list[i%len(list)].SubsumesComposed(list[(i+1)%len(list)])
		i++
	}
}

// BenchmarkNew is what opening a release takes beside its columns.
func BenchmarkNew(b *testing.B) {
	p := realRelease(b).release.Provider
	for b.Loop() {
		icd11.New(p)
	}
}
