package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// diagnosis is one that general practitioners often make, under a name of ours.
type diagnosis struct{ code, name string }

// diagnoses are twenty of them, no symptoms.
var diagnoses = []diagnosis{
	{"D73", "mage-tarm-infeksjon"}, {"H71", "akutt mellomørebetennelse"}, {"K74", "angina pectoris"}, {"K77", "hjertesvikt"}, {"K78", "atrieflimmer"},
	{"K86", "høyt blodtrykk"}, {"L86", "rygg med utstråling"}, {"L90", "kneartrose"}, {"N89", "migrene"}, {"P74", "angst"},
	{"P76", "depresjon"}, {"R74", "forkjølelse"}, {"R75", "bihulebetennelse"}, {"R78", "akutt bronkitt"}, {"R81", "lungebetennelse"},
	{"R96", "astma"}, {"S87", "atopisk eksem"}, {"T86", "lavt stoffskifte"}, {"T90", "diabetes type 2"}, {"U71", "blærekatarr"},
}

// realMaps are the files of TestRealMaps, in the folder of real data.
var realMaps = []string{"icd10-no/tsm-icd10.json", "icd10-who/icd_10_v2019.xml", "icpc2/tsm-icpc2.json", "icpc2/tsm-icpc2b.json", "icpc2/skde-icpc2_beriket.csv", "icpc2/icpc-2e-v7.0.xlsx"}

// realWHOMaps are WHO's tables between ICD-10 and ICD-11, in the same folder.
var realWHOMaps = []string{"icd11/10To11MapToOneCategory.txt", "icd11/10To11MapToMultipleCategories.txt", "icd11/11To10MapToOneCategory.txt"}

// translated is what the tests read of an answer of kodeks translate.
type translated struct {
	Result  bool
	Message string
	Notes   []string
	Matches []struct {
		Coding       struct{ System, Code, Display string }
		Relationship string
		Path         []struct{ Coding struct{ Code string } }
	}
}

// codes returns the codes of the matches.
func (a *translated) codes() []string {
	var out []string
	for _, m := range a.Matches {
		if !slices.Contains(out, m.Coding.Code) {
			out = append(out, m.Coding.Code)
		}
	}
	return out
}

// TestRealMaps imports published code systems and maps into one data folder, before the
// list of ICD-11 and with it, and translates.
func TestRealMaps(t *testing.T) {
	files := filepath.Join(realData, "data")
	if _, err := os.Stat(files); err != nil {
		t.Skip("skipped: there is no folder with real data here:", err)
	}
	if raceEnabled || testing.Short() {
		t.Skip("skipped: it takes a minute under the race detector")
	}
	data := t.TempDir()
	imports := func(names ...string) {
		t.Helper()
		for _, name := range names {
			if status, _, stderr := kodeks("import", filepath.Join(files, filepath.FromSlash(name)), "--data", data); status != exitAnswered {
				t.Fatalf("import %s: status %d\n%s", name, status, stderr)
			}
		}
	}
	translate := func(t *testing.T, from, to, code string, flags ...string) (a translated) {
		t.Helper()
		_, stdout, stderr := kodeks(append([]string{"translate", "--from", from, "--to", to, code, "--data", data, "--format", "json"}, flags...)...)
		if err := json.Unmarshal([]byte(stdout), &a); err != nil {
			t.Fatalf("%s from %s to %s: %v\n%s%s", code, from, to, err, stdout, stderr)
		}
		return a
	}
	first := func(t *testing.T, a translated, code string) string {
		t.Helper()
		if !a.Result || len(a.Matches) == 0 || a.Matches[0].Coding.Code != code {
			t.Fatalf("answer %+v, want %s first", a, code)
		}
		return a.Matches[0].Coding.Display
	}
	const cluster = "1B12.3&XA0NE9/5A74.0"

	imports(slices.Concat(realMaps, realWHOMaps)...)
	t.Run("without ICD-11 the display is the map's", func(t *testing.T) {
		if display := first(t, translate(t, "icd-10", "icd-11", "A18.7"), cluster); !strings.Contains(display, "Tuberculosis") || !strings.Contains(display, "insufficiency") {
			t.Errorf("display %q, want one of the whole cluster", display)
		}
	})
	imports("icd11/SimpleTabulation-ICD-11-MMS-en.txt")
	t.Run("ICD-10 to ICD-11 and back", func(t *testing.T) {
		for _, from := range []string{"icd-10", "icd-10-who"} {
			if display := first(t, translate(t, from, "icd-11", "A18.7"), cluster); !strings.Contains(display, "Tuberculosis") || !strings.Contains(display, "insufficiency") {
				t.Errorf("display %q, want one of the whole cluster", display)
			}
		}
		if display := first(t, translate(t, "icd-11", "icd-10", cluster), "A18.7"); display != "Tuberkulose i binyre" {
			t.Errorf("display %q", display)
		}
		if display := first(t, translate(t, "icd-11", "icd-10", "1B12.3"), "A18"); display == "" {
			t.Error("a category that the Norwegian list has not has no display: WHO's has it")
		}
		if display := first(t, translate(t, "icd-11", "icd-10-who", "BlockL1-1A0"), "I"); display == "" { // WHO's map has its URI
			t.Error("a block of ICD-11 gives a chapter without display")
		}
		if display := first(t, translate(t, "icd-11", "icd-10-who", "BlockL1-1A0", "--reverse"), "A00-A09"); display == "" {
			t.Error("a block of ICD-10 that gives one of ICD-11 has no display")
		}
		if got := translate(t, "icd-11", "icd-10", "1B12.3&XA0NE9"); got.Result {
			t.Errorf("a cluster that no map has: %+v", got)
		}
	})
	t.Run("ICPC-2B to ICD-10", func(t *testing.T) {
		a := translate(t, "icpc-2b", "icd-10", "A01.0001")
		if display := first(t, a, "R52.9"); display == "" || len(a.Matches) != 1 {
			t.Errorf("answer %+v, want R52.9 alone with its display", a)
		}
	})
	t.Run("ICPC-2 to ICD-10 as is expected", func(t *testing.T) { expectTargets(t, data) })
	t.Run("ICPC-2 to ICD-10 to ICD-11", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("# Fra ICPC-2 til ICD-11 med kartene som WHO og WONCA gir ut: ingen av dem går hele veien.\n")
		b.WriteString("# Antall er hvor mange koder kartene gir; veien er til den første av dem.\n\n")
		line := func(cells ...string) {
			for i, width := range [...]int{5, 26, 7, 7, 25, 12} {
				fmt.Fprintf(&b, "%s%s", cells[i], strings.Repeat(" ", max(1, width-utf8.RuneCountInString(cells[i]))))
			}
			b.WriteString(cells[6] + "\n")
		}
		line("Kode", "Diagnose", "ICD-10", "ICD-11", "Beste vei", "Forhold", "Hva går tapt")
		for _, d := range diagnoses {
			step, whole := translate(t, "icpc-2", "icd-10", d.code), translate(t, "icpc-2", "icd-11", d.code)
			if !whole.Result || len(whole.Notes) != 1 {
				t.Errorf("%s: %+v", d.code, whole)
				continue
			}
			way := d.code
			for _, h := range whole.Matches[0].Path {
				way += " > " + h.Coding.Code
			}
			_, lost, _ := strings.Cut(whole.Notes[0], "; these do, one after the other: ")
			lost = lost[strings.LastIndex(lost, "; ")+2:]
			line(d.code, d.name, fmt.Sprint(len(step.codes())), fmt.Sprint(len(whole.codes())), way, whole.Matches[0].Relationship, lost)
		}
		golden.Equal(t, "icpc-2-to-icd-11.txt", []byte(b.String()))
	})
}

// The least share of expected codes that are the first, and among the first three, in
// hundredths, of those sources that the map gives several codes.
const (
	leastFirst = 82
	leastThree = 94
)

// expectTargets translates the rubrics of ICPC-2 for which the target that a clinician would
// take has been written down, and tells how often it is the first code.
func expectTargets(t *testing.T, data string) {
	in, err := openService(t.Context(), data, "")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	text, err := os.ReadFile(filepath.Join("testdata", "icpc-2-to-icd-10-gold.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	type counts struct{ all, first, three, none int }
	var every, several counts
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(cells) != 3 {
			t.Fatalf("%q has not three cells", line)
		}
		want := strings.Fields(cells[1])
		resp, err := in.Translate(t.Context(), operation.TranslateRequest{Coding: terminology.Coding{System: "icpc-2", Code: cells[0]}, Target: "icd-10"})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(resp.Matches, func(m operation.Match) bool { return slices.Contains(want, m.Coding.Code) })
		for _, c := range []*counts{&every, &several} {
			if c == &several && len(resp.Matches) < 2 {
				continue
			}
			c.all++
			switch {
			case at < 0:
				c.none++
			case at == 0:
				c.first++
				c.three++
			case at < 3:
				c.three++
			}
		}
		if at != 0 && len(resp.Matches) > 0 {
			t.Logf("%s %s: want %s, at place %d; first %s %s", cells[0], cells[2], cells[1], at+1, resp.Matches[0].Coding.Code, resp.Matches[0].Coding.Display)
		}
	}
	for name, c := range map[string]counts{"all": every, "with several codes": several} {
		t.Logf("of %d rubrics, %s: the expected code is first for %d, among three for %d, not there for %d", c.all, name, c.first, c.three, c.none)
	}
	if 100*several.first < leastFirst*several.all || 100*several.three < leastThree*several.all || several.all < 120 {
		t.Errorf("%+v: want %d of 100 first, %d among three, of at least 120", several, leastFirst, leastThree)
	}
}
