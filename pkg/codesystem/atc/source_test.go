package atc_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/atc"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026-11-22", Today: "2026-11-22"}

func read(tb testing.TB, files ...terminology.SourceFile) (*tabulartest.Sink, terminology.Release) {
	tb.Helper()
	src, err := atc.NewSource(files, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	if err != nil {
		tb.Fatal(err)
	}
	return sink, release
}

func fest(tb testing.TB) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/fest.xml")
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// TestRealFiles holds the reader to the counts of what has been published.
func TestRealFiles(t *testing.T) {
	for _, tt := range []struct {
		file           string
		named, missing int
		path           string
	}{
		{"fat-api/fest_merkevarer.json", 1894, 0, "N02AJ N02A N02 N"},
		{"fest-atc/atc-groups-2017.tsv", 94, 0, ""},
		{"fest-atc/lmdi/botox.xml", 1, 4, ""},
	} {
		t.Run(tt.file, func(t *testing.T) {
			sink, _ := read(t, tabulartest.Real(t, tt.file))
			if len(sink.BadRows) > 0 {
				t.Fatalf("bad rows, the first: %v", sink.BadRows[0])
			}
			if err := sink.Whole(); err != nil {
				t.Error(err)
			}
			if sink.Codes() != tt.named || tt.missing > 0 && len(sink.Concepts) != tt.named+tt.missing {
				t.Errorf("%d codes of %d concepts, want %d", sink.Codes(), len(sink.Concepts), tt.named)
			}
			if got := strings.Join(sink.Path("N02AJ07"), " "); got != tt.path {
				t.Errorf("path of N02AJ07 = %q", got)
			}
			t.Logf("%d codes, %d groups added", sink.Codes(), len(sink.Concepts)-sink.Codes())
		})
	}
}

func TestFEST(t *testing.T) {
	content := fest(t)
	sink, release := read(t, tabulartest.File("b.xml", content), tabulartest.File("a.tsv", "C01DA14\tNavn av en liste\nC01DA\tNitrater\n"))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	if release.System != atc.System || release.Version != "2026-11-20" || release.Language != "nb" {
		t.Errorf("release %+v", release)
	}
	if diff := cmp.Diff(strings.Fields("C C01 C01D C01DA C01DA14 V V07 V07A"), sink.Order); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, d := range sink.Designations["C01DA14"] {
		names = append(names, d.Use+": "+d.Term)
	}
	if diff := cmp.Diff([]string{"display: Nitrat av det slaget", "synonym: Et annet navn", "synonym: Navn av en liste"}, names); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(sink.Path("C01DA14"), " "); got != "C01DA C01D C01 C" {
		t.Errorf("path of C01DA14: %s", got)
	}
	for code, want := range map[string]string{"C": "Hjerte og kretsløp level=1 abstract", "C01D": "C01D level=3 abstract", "C01DA": "Nitrater level=4", "C01DA14": "Nitrat av det slaget level=5"} {
		got := sink.Display(code) + " " + sink.Values(code)[0]
		if sink.Concepts[code].Abstract {
			got += " abstract"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", code, got, want)
		}
	}
}

func TestBrands(t *testing.T) {
	sink, _ := read(t, tabulartest.File("f.json", `[{"varenavn":"X","atcKode":"N02AJ07","atcFarmakoTerGrNorsk":"Blanding"},{"varenavn":"Y"},{"atcKode":"WITHOUT","atcFarmakoTerGrNorsk":"Uten"},
{"varenavn":"Z","atcKode":"N02AJ7","atcFarmakoTerGrNorsk":"Feil"}]`))
	if sink.Codes() != 1 || len(sink.BadRows) != 1 || sink.BadRows[0].Error() != `f.json:2:atcKode: "N02AJ7" is not an ATC code` {
		t.Errorf("%d codes, bad rows %v", sink.Codes(), sink.BadRows)
	}
}

// TestBadRows says what a person sees of each mistake in FEST.
func TestBadRows(t *testing.T) {
	sink, _ := read(t, tabulartest.File("f.xml", strings.Replace(fest(t), `V="V07A"`, `V="V7"`, 1)))
	if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != `f.xml:16:Atc/V: "V7" is not an ATC code` {
		t.Errorf("bad rows %v", sink.BadRows)
	}
	sink, _ = read(t, tabulartest.File("f.xml", "<FEST><Atc V='C01' S='1.2.3'/></FEST>"))
	if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != "f.xml: the file holds no ATC codes" {
		t.Errorf("bad rows %v", sink.BadRows)
	}
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		content       string
		certain, fits bool
	}{
		{"V09AB02\tJod\n", true, true},
		{"C01\tx\nC01DA\ty\nC01DA14\tz\n", true, true},
		{"C01\tx\nC02\ty\n", false, false},
		{"A01;Smerte\nA191;x\n", false, false},
		{"code;text\nC01;x\n", false, true},
		{"code;parent\nC01;x\n", false, false},
		{`[{"atcKode":"C01","atcFarmakoTerGrNorsk":"x"}]`, true, true},
	} {
		head, err := tabular.Sniff(strings.NewReader(tt.content), "f")
		if err != nil {
			t.Fatal(err)
		}
		if certain, fits := atc.Match(head, false), atc.Match(head, true); certain != tt.certain || fits != tt.fits {
			t.Errorf("Match(%q) = %v, asked %v, want %v, %v", tt.content, certain, fits, tt.certain, tt.fits)
		}
	}
	for name, want := range map[string]bool{"FEST": true, "OppfLegemiddelpakning": true, "OppfRefusjon": false, "ClaML": false} {
		if got := atc.MatchXML(markup.Root{Name: name}); got != want {
			t.Errorf("MatchXML(%s) = %v", name, got)
		}
	}
	for _, content := range []string{"<ClaML/>", "a;b\n1;2\n", "<FEST><Atc"} {
		if _, err := atc.NewSource([]terminology.SourceFile{tabulartest.File("f", content)}, options); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("NewSource(%q): %v", content, err)
		}
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{"n02aj07": "N02AJ07", "N02 AJ07": "N02AJ07", "n": "N", "N02A": "N02A", "N0": "", "N02AJ0": "", "1": "", "": "", "N02AJ071": ""} {
		if got := strings.Join(atc.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	src, err := atc.NewSource([]terminology.SourceFile{tabulartest.File("f", fest(t))}, options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(ctx, tabulartest.NewSink()); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Read after cancel: %v", err)
	}
}

func Example() {
	file := tabulartest.File("fest.xml", `<FEST><HentetDato>2026-11-20T06:00:00</HentetDato><Atc V="C01DA14" S="2.16.578.1.12.4.1.1.7180" DN="Isosorbidmononitrat"/></FEST>`)
	src, err := atc.NewSource([]terminology.SourceFile{file}, terminology.SourceOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Display("C01DA14"), sink.Path("C01DA14"))
	// Output:
	// http://www.whocc.no/atc 2026-11-20 <nil>
	// Isosorbidmononitrat [C01DA C01D C01 C]
}

// FuzzRead states what holds for every input: reading ends, every code is its own
// canonical form, and what is read without a bad row is whole, up to the first level.
func FuzzRead(f *testing.F) {
	f.Add(fest(f))
	f.Add("V09AB02\tJod\nV09\tx\n")
	f.Add(`[{"atcKode":"C01","atcFarmakoTerGrNorsk":"x"}]`)
	f.Fuzz(func(t *testing.T, content string) {
		src, err := atc.NewSource([]terminology.SourceFile{tabulartest.File("f", content)}, options)
		if err != nil {
			return
		}
		sink := tabulartest.NewSink()
		if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			return
		}
		if err := sink.Whole(); err != nil || len(sink.Order) == 0 {
			t.Fatalf("%v, codes %q", err, sink.Order)
		}
		for _, code := range sink.Order {
			path := append([]string{code}, sink.Path(code)...)
			if top := path[len(path)-1]; len(top) != 1 {
				t.Fatalf("%s is under nothing: %v", code, path)
			}
			if got := atc.Normalize(code); len(got) != 1 || got[0] != code {
				t.Fatalf("Normalize(%q) = %q", code, got)
			}
		}
	})
}

// TestAllLeftOut: every code that is left out is counted, each once.
func TestAllLeftOut(t *testing.T) {
	var b strings.Builder
	b.WriteString("<FEST><Atc V='A01AA01' DN='x'/>")
	for i := range 250 {
		for range 2 {
			fmt.Fprintf(&b, "<Atc V='X%03d' S='2.16.578.1.12.4.1.1.9999' DN='y'/>\n", i)
		}
	}
	b.WriteString("</FEST>")
	sink, _ := read(t, tabulartest.File("f.xml", b.String()))
	if len(sink.Repairs) != 250 || len(sink.BadRows) > 0 {
		t.Errorf("%d codes were told to be left out, want 250; %v", len(sink.Repairs), sink.BadRows)
	}
}
