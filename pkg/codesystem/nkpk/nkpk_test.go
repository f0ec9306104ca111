package nkpk_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/nkpk"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

// read reads all sources of a file, by the names of their releases.
func read(tb testing.TB, file terminology.SourceFile, asked string) map[string]*tabulartest.Sink {
	tb.Helper()
	o := options
	o.Asked = asked
	sources, err := nkpk.NewSources(file, o)
	if err != nil {
		tb.Fatal(err)
	}
	sinks := map[string]*tabulartest.Sink{}
	for _, s := range sources {
		sink := tabulartest.NewSink()
		release, err := s.Read(context.Background(), sink)
		if err != nil || len(sink.BadRows) > 0 {
			tb.Fatal(release.Name, err, sink.BadRows)
		}
		if err := sink.Whole(); err != nil {
			tb.Error(release.Name, err)
		}
		sinks[release.Name] = sink
	}
	return sinks
}

func fixture(tb testing.TB) terminology.SourceFile {
	b, err := os.ReadFile("testdata/nkpk.csv")
	if err != nil {
		tb.Fatal(err)
	}
	return tabulartest.File("nkpk.csv", string(b))
}

// TestRealFile holds the importer to the counts of the real codes.
func TestRealFile(t *testing.T) {
	file := tabulartest.Real(t, "procedures-nkpk/nkpk-derived.tsv")
	want := map[string]int{"ncsp": 7149, "ncmp": 1077, "ncrp": 1476}
	sinks := read(t, file, "")
	for name, codes := range want {
		if sink := sinks[name]; sink == nil || sink.Codes() != codes {
			t.Errorf("%s: %v, want %d codes", name, sink, codes)
		}
	}
	if len(sinks) != len(want) {
		t.Errorf("%d code systems, want %d", len(sinks), len(want))
	}
	all := read(t, file, nkpk.System)["nkpk"]
	if all == nil || all.Codes() != 7149+1077+1476 {
		t.Errorf("all of NKPK: %v", all)
	}
	for code, want := range map[string]string{"NFB40": "NCSP NFB,NCSP NF,NCSP N,NCSP", "AAFE00": "NCMP AAFE,NCMP AA,NCMP A,NCMP"} {
		if got := strings.Join(all.Path(code), ","); got != want {
			t.Errorf("%s is in %s, want %s", code, got, want)
		}
	}
	for code := range all.Concepts {
		if got := nkpk.Normalize(code); len(code) == 5 && !slices.Equal(got, []string{code}) {
			t.Errorf("Normalize(%q) = %q, want itself", code, got)
		}
	}
}

// TestFixture: each of four code systems, told by a column and by the form of codes.
func TestFixture(t *testing.T) {
	byColumn := read(t, fixture(t), "")
	plain := "code;text\nNFB40;a\nNFB20;b\nNFA02;c\nZXA00;d\nAAFE00;e\nSNA0UG;f\nZTX6FB;g\nA0099;h\n"
	byForm := read(t, tabulartest.File("f", plain), "")
	for name, want := range map[string]struct{ code, path string }{
		"ncsp": {"NFB40", "NFB NF N"}, "ncmp": {"AAFE00", "AAFE AA A"}, "ncrp": {"SNA0UG", "SNA SN S"}, "saerkoder": {"A0099", "A"},
	} {
		for _, sinks := range []map[string]*tabulartest.Sink{byColumn, byForm} {
			if sink := sinks[name]; sink == nil || strings.Join(sink.Path(want.code), " ") != want.path {
				t.Errorf("%s: %v, want %s in %s", name, sink, want.code, want.path)
			}
		}
	}
	ncsp := byColumn["ncsp"]
	for code, want := range map[string]string{"N": "Muskel- og skjelettsystemet", "NF": "Koder NFA02 til NFB40", "NFB": "Koder NFB20 til NFB40", "NFA": "Gruppen av NFA02"} {
		if got := ncsp.Display(code); got != want || !ncsp.Concepts[code].Abstract {
			t.Errorf("group %s: %q, %+v, want %q, not for recording", code, got, ncsp.Concepts[code], want)
		}
	}
	if got := ncsp.Concepts["NFA02"]; got != (terminology.Concept{Code: "NFA02", From: 20100101, To: 20151231, Inactive: true}) {
		t.Errorf("NFA02 is %+v", got)
	}
	if got := strings.Join(ncsp.Values("ZXA00"), " "); !strings.Contains(got, "additional-code=true") {
		t.Errorf("ZXA00 has the properties %s", got)
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{"nfb40": "NFB40", "NFB 40": "NFB40", " sna0ug ": "SNA0UG", "AAFE-00": "AAFE00", "a0099": "A0099",
		"nfb": "NFB", "ncsp nfb": "NCSP NFB", "I21.0": "", "NFB400": "", "": "", "hofte": "HOFTE", "hofter": ""} {
		if got := strings.Join(nkpk.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for name, tt := range map[string]struct {
		content     string
		want, asked bool
	}{
		"by a column":                   {"system\tcode\ttext\nNCMP\tAAFE00\tx\n", true, true},
		"a column of others":            {"system#code#text\nICD10#A00.0#Kolera\n", false, false},
		"by form":                       {"code;text\nNFB40;x\n", true, true},
		"the columns of ICD-10":         {`[{"Kode":"NFB40","Tekst_uten_lengdebegrensning":"x"}]`, true, true},
		"ICD-10":                        {"code;text\nA00;x\nA000;y\n", false, false},
		"ICD-10 that could be særkoder": {"code;text\nM0009;y\n", false, true},
		"words":                         {"code;text\nMALES;y\n", false, false},
		"NORPAT":                        {"code;text\nT02000;y\n", false, false},
		"no text":                       {"code;navnet\nNFB40;x\n", false, false},
	} {
		head, err := tabular.SniffFile(tabulartest.File("f", tt.content))
		if err != nil {
			t.Fatal(err)
		}
		if got, asked := nkpk.Match(head, false), nkpk.Match(head, true); got != tt.want || asked != tt.asked {
			t.Errorf("%s: %v, asked %v, want %v and %v", name, got, asked, tt.want, tt.asked)
		}
	}
}

func TestBadRows(t *testing.T) {
	for content, want := range map[string]string{
		"system;code;text\nNCSP;AAFE00;x\n":              `f:2:code: "AAFE00" has the form of NCMP, not of NCSP`,
		"system;code;text\nNCSP;NFB40;x\nNCSP;12345;y\n": `f:3:code: "12345" is not a code of NCSP (NFB40), NCMP (AAFE00), NCRP (SNA0UG) or the særkoder (A0099)`,
		"code;text\nNFB40;x\nI21.0;y\n":                  `f:3:code: "I21.0" is not a code of any of the code systems of this file`,
	} {
		sources, err := nkpk.NewSources(tabulartest.File("f", content), options)
		if err != nil {
			t.Fatal(err)
		}
		sink := tabulartest.NewSink()
		if _, err := sources[0].Read(context.Background(), sink); err != nil || len(sink.BadRows) != 1 || sink.BadRows[0].Error() != want {
			t.Errorf("%v, %v, want %s", sink.BadRows, err, want)
		}
	}
}

func Example() {
	file := tabulartest.File("prosedyrer.csv", "Kodeverk;Kode;Tekst\nNCSP;NFB40;Sementert protese i hofte\nNCMP;AAFE00;Måling av hjernens strømmer\n")
	sources, err := nkpk.NewSources(file, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range sources {
		sink := tabulartest.NewSink()
		release, err := s.Read(context.Background(), sink)
		fmt.Println(release.Name, release.System, sink.Codes(), err)
		fmt.Println(sink.Path(sink.Order[len(sink.Order)-1]))
	}
	// Output:
	// ncsp urn:oid:2.16.578.1.12.4.1.1.7210 1 <nil>
	// [NFB NF N]
	// ncmp urn:oid:2.16.578.1.12.4.1.1.7220 1 <nil>
	// [AAFE AA A]
}

// FuzzRead states what holds for every file: whatever is said is whole, every code is
// canonical, and reading twice says the same.
func FuzzRead(f *testing.F) {
	f.Add("system\tcode\ttext\nNCMP\tAAFE00\tx\nNCSP\tNFB40\ty\n", false)
	f.Add("Kode;Tekst\nNFB40;x\nSNA0UG;y\nA0099;z\nNFB;gruppe\n", true)
	f.Add(`[{"codeValue":"nfb 40","nameNorwegian":"x","active":false}]`, false)
	f.Fuzz(func(t *testing.T, content string, all bool) {
		o := options
		if all {
			o.Asked = nkpk.System
		}
		sources, err := nkpk.NewSources(tabulartest.File("f", content), o)
		if err != nil {
			return
		}
		for _, s := range sources {
			one, two := tabulartest.NewSink(), tabulartest.NewSink()
			_, err = s.Read(context.Background(), one)
			_, again := s.Read(context.Background(), two)
			if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) {
				t.Fatalf("two readings differ: %v, %v", err, again)
			}
			if err != nil || len(one.BadRows) > 0 {
				continue
			}
			if err := one.Whole(); err != nil {
				t.Fatal(err)
			}
			for _, code := range one.Order {
				if c := one.Concepts[code]; !c.Abstract && !slices.Equal(nkpk.Normalize(code), []string{code}) {
					t.Fatalf("code %q was said, Normalize gives %q", code, nkpk.Normalize(code))
				}
			}
		}
	})
}
