package icd11_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026-11-22", Today: "2026-11-22"}

// header is that of the tabulation of January 2024; no row has a cell below the stamp.
const header = "Foundation URI\tLinearization URI\tCode\tBlockId\tTitle\tClassKind\tDepthInKind\tIsResidual\tChapterNo\tBrowserLink\tisLeaf\tPrimary tabulation\t" +
	"Grouping1\tGrouping2\tGrouping3\tGrouping4\tGrouping5\tVersion:2024 Jan 21 - 22:30 UTC"

// list is a small ICD-11 in our own words: code or BlockId, number of the entity, title.
// Depth is told by the dashes; what has digits only, or neither, has no code.
const list = `
01        | 1435254666 | Infections
BlockL1-1A0 | 588616678 | - Infections of the gut
BlockL2-1A0 | 135352227 | - - Of the gut, by bacteria
1A00      | 257068234  | - - - Cholera
1A03      | 344162786  | - - - Infection by "E. coli"
1A03.0    | 2099226249 | - - - - Enteropathogenic one
1A03.Y    | 344162786/other | - - - - Other specified one
1A03.Z    | 344162786/unspecified | - - - - Unspecified one
BlockL1-1B1 | 1229988 | - Mycobacteria
1B12      | 591725299 | - - Tuberculosis of other organs
1B12.3    | 807058764  | - - - Tuberculosis of glands
05        | 21500692   | Glands and metabolism
5A74      | 1434985279 | - Underactive adrenals
5A74.0    | 1920929898 | - - Acquired adrenal failure
X         | 979408586  | What may be added
.         | 1154280071 | - Parts of the body
XA96N8    | 409827719  | - - Glands
XA0NE9    | 72373228   | - - - Adrenal gland
XA4XM8    | 1644747126 | - - - Thyroid gland
.         | 71556738   | - Microbes
XN7N1     | 437215757  | - - Vibrio
XN8P1     | 1205958647 | - - - Vibrio, first kind
XN62R     | 1222       | - - - Vibrio, second kind
XK9J      | 876572005  | - Both sides
`

// tabulation writes a list as WHO does: CRLF, byte order mark, quotes.
func tabulation(list string) string {
	var b strings.Builder
	b.WriteString("\ufeff" + header + "\r\n")
	chapter := ""
	for line := range strings.Lines(strings.TrimSpace(list)) {
		cells := strings.Split(line, "|")
		code, id, title := strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])
		kind, block, foundation, residual := "category", "", "http://id.who.int/icd/entity/"+id, "False"
		switch {
		case !strings.HasPrefix(title, "-"):
			kind, chapter, code = "chapter", code, ""
		case strings.HasPrefix(code, "BlockL"):
			kind, block, code = "block", code, ""
		case code == ".":
			kind, code = "block", ""
		}
		if strings.Contains(id, "/") {
			foundation, residual = "", "True"
		}
		primary := ""
		if kind == "category" {
			primary = map[bool]string{true: "False", false: "True"}[chapter == "X"]
		}
		fmt.Fprintf(&b, "%s\thttp://id.who.int/icd/release/11/mms/%s\t%s\t%s\t\"%s\"\t%s\t1\t%s\t%s\t\"=hyperlink(\"\"https://icd.who.int/browse11/l-m/en#/%s\"\",\"\"browser\"\")\"\tFalse\t%s\t\t\t\t\t\r\n",
			foundation, id, code, block, strings.ReplaceAll(title, `"`, `""`), kind, residual, chapter, strings.ReplaceAll(id, "/", "%2Fmms%2F"), primary)
	}
	return b.String()
}

// read returns what the source of files says; they are of one release.
func read(tb testing.TB, files ...terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	sources, err := icd11.NewSources(files, options)
	if err != nil {
		tb.Fatal(err)
	}
	if len(sources) != 1 {
		tb.Fatalf("%d sources, want one", len(sources))
	}
	sink := tabulartest.NewSink()
	if _, err := sources[0].Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// opened is a folder with one imported release.
type opened struct {
	catalog *catalog.Catalog
	release *icd11.Release
}

// importFile imports a file into a folder and opens it.
func importFile(data, file string) (opened, error) {
	in, err := importer.OpenInputs([]string{file})
	if err != nil {
		return opened{}, err
	}
	defer in.Close()
	sources, err := codesystem.Detect(in.List, codesystem.Options{Today: "2026-11-22"})
	if err != nil {
		return opened{}, err
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			return opened{}, err
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{})
	if err != nil {
		return opened{}, err
	}
	snap := c.Acquire()
	defer snap.LetGo()
	return opened{c, snap.Releases[0].CodeSystem.(*icd11.Release)}, nil
}

// sample is the small ICD-11, imported and opened once for all tests.
var sample opened

func TestMain(m *testing.M) {
	os.Exit(func() int {
		data, err := os.MkdirTemp("", "icd11")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(data)
		file := filepath.Join(data, "list.txt")
		if err = os.WriteFile(file, []byte(tabulation(list)), 0o600); err == nil {
			sample, err = importFile(filepath.Join(data, "data"), file)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer sample.catalog.Close()
		defer os.RemoveAll(realFolder)
		return m.Run()
	}())
}

func must(tb testing.TB, r *icd11.Release, code string) terminology.Ordinal {
	tb.Helper()
	o, ok := r.Find(code)
	if !ok {
		tb.Fatalf("the release has no %s", code)
	}
	return o
}

func cluster(tb testing.TB, r *icd11.Release, text string) *icd11.Cluster {
	tb.Helper()
	x, err := r.Cluster(text)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func readAll(tb testing.TB, f terminology.SourceFile) string {
	tb.Helper()
	in, err := f.Open()
	if err != nil {
		tb.Fatal(err)
	}
	defer in.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, in); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}
