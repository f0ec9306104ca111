package releasetest

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rows reads the rows of all files below dir whose name begins with stem.
func rows(t *testing.T, dir, stem string) [][]string {
	t.Helper()
	var out [][]string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), stem) {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.Split(string(b), "\r\n")
		columns := strings.Count(lines[0], "\t")
		if lines[len(lines)-1] != "" {
			t.Errorf("%s: the last line has no end", d.Name())
		}
		for _, line := range lines[1 : len(lines)-1] {
			if strings.Count(line, "\t") != columns {
				t.Fatalf("%s: %q has not %d columns", d.Name(), line, columns+1)
			}
			out = append(out, strings.Split(line, "\t"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, o Options) (string, Summary) {
	t.Helper()
	dir := t.TempDir()
	s, err := WriteSNOMED(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

func TestCheckDigitOfRealIDs(t *testing.T) {
	for _, id := range []uint64{138875005, 22298006, 61000202103, 5215891000202119, 900000000000509007} {
		if got := id/10*10 + checkDigit(id/10); got != id {
			t.Errorf("checkDigit(%d) makes %d, want %d", id/10, got, id)
		}
	}
	if got := sctid(521589, descriptionPartition, true); got != 5215891000202119 {
		t.Errorf("sctid(521589, description, Norwegian) = %d, want 5215891000202119", got)
	}
}

func TestSameSeedGivesSameBytes(t *testing.T) {
	read := func(o Options) map[string]string {
		dir, _ := write(t, o)
		if err := WriteICD10(filepath.Join(dir, "icd10.json"), o); err != nil {
			t.Fatal(err)
		}
		if err := WriteICPC2(filepath.Join(dir, "icpc2.json"), o); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				b, _ := os.ReadFile(filepath.Join(dir, path))
				all[path] = string(b)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	o := Options{Seed: 7, Concepts: 300, ICD10Codes: 400, ICPC2Codes: 50, ICPC2BCodes: 100}
	first := read(o)
	if d := cmp.Diff(first, read(o)); d != "" {
		t.Errorf("two releases of one seed differ:\n%s", d)
	}
	o.Seed = 8
	if cmp.Equal(first, read(o)) {
		t.Error("releases of two seeds are equal")
	}
}

// TestIntegrity reads releases back as an importer would and checks every reference.
func TestIntegrity(t *testing.T) {
	for _, n := range []int{50, 500, 5000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			o := Options{Seed: 3, Concepts: n, ICD10Codes: 2000, ICPC2BCodes: 500}
			dir, s := write(t, o)
			active, all := map[string]bool{}, map[string]bool{}
			unique := func(id string, partition string) {
				if v, _ := strconv.ParseUint(id, 10, 64); checkDigit(v/10) != v%10 || id[len(id)-2:len(id)-1] != partition {
					t.Errorf("%s is no SCTID of partition %s", id, partition)
				}
				if all[id] {
					t.Errorf("%s stands twice", id)
				}
				all[id] = true
			}
			for _, r := range rows(t, dir, "sct2_Concept_") {
				unique(r[0], "0")
				active[r[0]] = r[2] == "1"
			}
			if len(active) != s.Active+s.Inactive {
				t.Errorf("%d concepts, the summary says %d and %d", len(active), s.Active, s.Inactive)
			}
			isConcept := func(ids ...string) {
				for _, id := range ids {
					if _, ok := active[id]; !ok {
						t.Errorf("%s is referred to and is no concept", id)
					}
				}
			}
			for _, stem := range []string{"sct2_Description_", "sct2_TextDefinition_"} {
				for _, r := range rows(t, dir, stem) {
					unique(r[0], "1")
					isConcept(r[3], r[4], r[6], r[8])
					if r[7] == "" || len(r[7]) > 300 || r[7] != strings.TrimSpace(r[7]) {
						t.Errorf("term %q", r[7])
					}
				}
			}
			parents := map[string][]string{}
			for _, r := range rows(t, dir, "sct2_Relationship_") {
				unique(r[0], "2")
				isConcept(r[3], r[4], r[5], r[7], r[8], r[9])
				if r[2] == "1" && !(active[r[4]] && active[r[5]]) {
					t.Errorf("active relationship %s has an inactive end", r[0])
				}
				if r[2] == "1" && r[7] == "116680003" {
					parents[r[4]] = append(parents[r[4]], r[5])
				}
			}
			for _, r := range rows(t, dir, "sct2_RelationshipConcreteValues_") {
				unique(r[0], "2")
				isConcept(r[3], r[4], r[7])
			}
			checkHierarchy(t, active, parents)
			for _, r := range append(rows(t, dir, "der2_"), rows(t, dir, "sct2_sRefset")...) {
				isConcept(r[3], r[4])
				if !all[r[5]] {
					t.Errorf("member %s of %s refers to %s, which is not there", r[0], r[4], r[5])
				}
			}
			for _, r := range append(rows(t, dir, "der2_cRefset_Lang"), rows(t, dir, "der2_cRefset_A")...) {
				isConcept(r[6])
			}
			checkMaps(t, dir, o)
		})
	}
}

// checkHierarchy follows is-a up from every active concept to the root.
func checkHierarchy(t *testing.T, active map[string]bool, parents map[string][]string) {
	const open, done = 1, 2
	state := map[string]int{}
	var visit func(id string)
	visit = func(id string) {
		if state[id] == open {
			t.Fatalf("%s is above itself", id)
		}
		if state[id] == done {
			return
		}
		state[id] = open
		if len(parents[id]) == 0 && id != "138875005" {
			t.Errorf("%s has no parents", id)
		}
		for _, p := range parents[id] {
			visit(p)
		}
		state[id] = done
	}
	for id, ok := range active {
		if ok {
			visit(id)
		}
	}
}

// checkMaps looks up the targets of the maps in the classifications of the same Options.
func checkMaps(t *testing.T, dir string, o Options) {
	icd10, icpc2 := filepath.Join(t.TempDir(), "icd10.json"), filepath.Join(t.TempDir(), "icpc2.json")
	if err := WriteICD10(icd10, o); err != nil {
		t.Fatal(err)
	}
	if err := WriteICPC2(icpc2, o); err != nil {
		t.Fatal(err)
	}
	for stem, path := range map[string]string{"der2_iisssccRefset_ExtendedMap": icd10, "der2_iisssccRefset_ICPC2": icpc2} {
		codes := readCodes(t, path)
		for _, r := range rows(t, dir, stem) {
			if r[10] != "" && codes[r[10]] == nil {
				t.Errorf("%s: no code %q", stem, r[10])
			}
		}
	}
}

func readCodes(t *testing.T, path string) map[string]map[string]any {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	codes := map[string]map[string]any{}
	for _, c := range list {
		code := c["Kode"].(string)
		if codes[code] != nil {
			t.Errorf("%s: code %s stands twice", path, code)
		}
		codes[code] = c
	}
	for code, c := range codes {
		if p, _ := c["Foreldrekode"].(string); p != "" && codes[p] == nil {
			t.Errorf("%s: parent %s of %s is not there", path, p, code)
		}
	}
	return codes
}

func TestClassificationSizes(t *testing.T) {
	for _, tt := range []struct{ icd10, icpc2, icpc2b int }{{0, 0, 0}, {300, 20, 0}, {3000, 100, 500}, {25_000, 700, 5_000}} {
		o := Options{ICD10Codes: tt.icd10, ICPC2Codes: tt.icpc2, ICPC2BCodes: tt.icpc2b}
		dir := t.TempDir()
		if err := WriteICD10(filepath.Join(dir, "a"), o); err != nil {
			t.Fatal(err)
		}
		if err := WriteICPC2(filepath.Join(dir, "b"), o); err != nil {
			t.Fatal(err)
		}
		o = o.defaults()
		if got := len(readCodes(t, filepath.Join(dir, "a"))); got < o.ICD10Codes*95/100 || got > o.ICD10Codes*110/100 {
			t.Errorf("ICD-10 of %d codes has %d", o.ICD10Codes, got)
		}
		want := o.ICPC2Codes + o.ICPC2BCodes + 51 // and chapters and components
		if got := len(readCodes(t, filepath.Join(dir, "b"))); got < want*95/100 || got > want {
			t.Errorf("ICPC-2 of %d codes has %d", want, got)
		}
	}
}

// TestProportions holds a small release against the figures of the full size.
func TestProportions(t *testing.T) {
	dir, s := write(t, Options{Seed: 1, Concepts: 10_000})
	const of = fullSize / 10_000
	near := func(what string, got, full int) {
		if want := full / of; got < want*80/100 || got > want*120/100 {
			t.Errorf("%s: %d, want about %d", what, got, want)
		}
	}
	near("active", s.Active, 370_000)
	near("inactive", s.Inactive, 140_000)
	near("is-a", s.IsA, 620_000)
	near("attributes", s.Attributes, 630_000)
	near("English descriptions", len(rows(t, dir, "sct2_Description_Snapshot-en")), 1_600_000)
	near("bokmål", len(rows(t, dir, "der2_cRefset_LanguageSnapshot-nb")), 170_000)
	near("nynorsk", len(rows(t, dir, "der2_cRefset_LanguageSnapshot-nn")), 13_604)
	near("ICD-10 map", len(rows(t, dir, "der2_iisssccRefset_ExtendedMap")), 120_000)
}

// TestShapeOfHierarchy guards what makes a synthetic hierarchy cost what a real one does.
func TestShapeOfHierarchy(t *testing.T) {
	w := newWorld(Options{Seed: 1, Concepts: 10_000}.defaults())
	above := make([]map[int32]bool, w.active)
	total, widest, deepest := 0, 0, uint8(0)
	w.groupChildren()
	for i := range int32(w.active) {
		above[i] = map[int32]bool{}
		for _, p := range w.parentsOf(i) {
			above[i][p] = true
			for a := range above[p] {
				above[i][a] = true
			}
			for _, q := range w.parentsOf(i) {
				if p != q && w.isAncestor(p, q) {
					t.Errorf("concept %d stands under both %d and %d, which is above it", i, q, p)
				}
			}
		}
		total += len(above[i])
		widest = max(widest, len(w.childrenOf(i)))
		deepest = max(deepest, w.concepts[i].depth)
	}
	mean := float64(total) / float64(w.active)
	if mean < 9 || mean > 28 || deepest < 12 || deepest > 20 || widest < 50 {
		t.Errorf("mean ancestors %.1f, depth %d, most children %d", mean, deepest, widest)
	}
}

func TestUUIDIsOfVersion4(t *testing.T) {
	r := random(1)
	b := r.appendUUID(nil)
	if len(b) != 36 || b[14] != '4' || !bytes.ContainsRune([]byte("89ab"), rune(b[19])) {
		t.Errorf("appendUUID = %s", b)
	}
}

func BenchmarkWriteSNOMED(b *testing.B) {
	for b.Loop() {
		if _, err := WriteSNOMED(b.TempDir(), Options{Seed: 1, Concepts: 1000}); err != nil {
			b.Fatal(err)
		}
	}
}
