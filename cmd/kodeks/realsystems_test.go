package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// published are the files of real code systems and what publishers, or a count of the
// file itself, say is in them: rows of the files, and by release the codes that may be
// recorded (not chapters and blocks) and how many of these are active.
var published = []struct {
	file string
	rows int
	want []counted
}{
	{"icd10-no/tsm-icd10.csv", 19634, []counted{{"icd-10-no", 19634, 19634}}},
	{"icd10-no/tsm-icd10.json", 19634, []counted{{"icd-10-no", 19634, 19634}}},
	{"icd10-no/navikt-ICD10.json", 19634, []counted{{"icd-10-no", 19634, 19634}}},
	{"icd10-no/skde-ICD10.csv", 19521, []counted{{"icd-10-no", 19521, 19521}}},
	{"fat-api/download-ICD10.sample.json", 8, []counted{{"icd-10-no", 6, 6}}},
	{"icpc2/tsm-icpc2.csv", 708, []counted{{"icpc-2", 708, 708}}},
	{"icpc2/tsm-icpc2.json", 708, []counted{{"icpc-2", 708, 708}}},
	{"icpc2/navikt-ICPC2.json", 708, []counted{{"icpc-2", 708, 708}}},
	{"icpc2/skde-icpc2.csv", 747, []counted{{"icpc-2", 747, 747}}},
	{"icpc2/tsm-icpc2b.csv", 16292, []counted{{"icpc-2b", 16292, 16292}}},
	{"icpc2/tsm-icpc2b.json", 16292, []counted{{"icpc-2b", 16292, 16292}}},
	{"icpc2/icpc-2e-v7.0.xlsx", 726, []counted{{"icpc-2e", 726, 726}, {"map-icpc-2e-icd-10", 686, 9913}}},
	{"icpc2/skde-icpc2_beriket.csv", 16391, []counted{{"map-icpc-2b-icd-10-no", 16391, 16391}}},
	{"icd10-who/icd_10_v2019.xml", 12542, []counted{{"icd-10", 12246, 12246}}},
	{"icd10-cm/icd10cm-order-Jan-2021.txt.gz", 95358, []counted{{"icd-10-cm", 72621, 72621}}},
	{"icd11/SimpleTabulation-ICD-11-MMS-en.txt", 36044, []counted{{"icd-11", 34663, 34663}}},
	{"icd11/simple-tab-icd11-mms.zip", 36044, []counted{{"icd-11", 34663, 34663}}},
	{"icd11/10To11MapToOneCategory.txt", 12597, []counted{{"map-icd-10-icd-11-one", 12597, 12597}}},
	{"icd11/10To11MapToMultipleCategories.txt", 15658, []counted{{"map-icd-10-icd-11-multiple", 12597, 15658}}},
	{"icd11/11To10MapToOneCategory.txt", 17908, []counted{{"map-icd-11-icd-10-one", 17908, 17908}}},
	{"icd11/foundation_10To11MapToOneCategory.txt", 12597, []counted{{"map-icd-10-icd-11-foundation", 12597, 12597}}},
	{"nlk/Norsk Laboratoriekodeverk 7280.77.xlsx", 11395, []counted{{"nlk", 11391, 9679}}},
	{"nlk/norsk_laboratoriekodeverk_7280.77-clean_full.csv", 11395, []counted{{"nlk", 11391, 9679}}},
	{"procedures-nkpk/nkpk-derived.tsv", 9702, []counted{{"ncsp", 7149, 7149}, {"ncmp", 1077, 1077}, {"ncrp", 1476, 1476}}},
	{"norpat/norpat_codes.excerpt.csv", 35, []counted{{"norpat", 35, 32}}},
	{"fest-atc/atc-groups-2017.tsv", 94, []counted{{"atc", 94, 94}}},
	{"fat-api/fest_merkevarer.json", 8693, []counted{{"atc", 1894, 1894}}},
	{"fest-atc/lmdi/botox.xml", 1, []counted{{"atc", 1, 1}}},
	{"volven/fat2fsh-json/1101.json", 2, []counted{{"volven-1101", 2, 2}}},
	{"volven/fat2fsh-json/1102.json", 3, []counted{{"volven-1102", 3, 3}}},
	{"volven/fat2fsh-json/1103.json", 3, []counted{{"volven-1103", 3, 3}}},
	{"volven/fat2fsh-json/7403.json", 291, []counted{{"volven-7403", 291, 291}}},
	{"volven/fat2fsh-json/7421.json", 6, []counted{{"volven-7421", 6, 6}}},
	{"volven/fat2fsh-json/7426.json", 55, []counted{{"volven-7426", 55, 55}}},
	{"volven/fat2fsh-json/8603.json", 10, []counted{{"volven-8603", 10, 10}}},
}

// counted is a release: codes and active ones of a code system, source codes and rows
// of a map.
type counted struct {
	name          string
	codes, active int
}

// TestRealSystems imports every real file of a code system into one data folder, each as
// a version of its own, and counts.
func TestRealSystems(t *testing.T) {
	files := filepath.Join(realData, "data")
	if _, err := os.Stat(files); err != nil {
		t.Skip("skipped: there is no folder with real data here:", err)
	}
	if raceEnabled || testing.Short() {
		t.Skip("skipped: it takes minutes under the race detector")
	}
	data := t.TempDir()
	imported := make([][]catalog.Manifest, len(published))
	releases := 0
	for i, tt := range published {
		version := strings.ReplaceAll(filepath.Base(tt.file), " ", "-")
		status, stdout, stderr := kodeks("import", filepath.Join(files, filepath.FromSlash(tt.file)), "--data", data, "--release-version", version, "--replace", "--format", "json")
		var out struct{ Releases []catalog.Manifest }
		if err := json.Unmarshal([]byte(stdout), &out); err != nil || status != exitAnswered {
			t.Errorf("import %s: status %d, %v\n%s", tt.file, status, err, stderr)
		}
		imported[i] = out.Releases
		releases += len(out.Releases)
	}
	codes := countCodes(t, data)
	for i, tt := range published {
		var got []counted
		for _, m := range imported[i] {
			is := codes[m.Release.Name+" "+m.Release.Version]
			if maps := m.Release.Maps; m.Release.Kind == terminology.KindConceptMap && len(maps) == 1 {
				is = [2]int{maps[0].Sources, maps[0].Rows}
			}
			got = append(got, counted{m.Release.Name, is[0], is[1]})
			if rows := m.Sources[0].Rows; len(m.Sources) != 1 || rows != tt.rows {
				t.Errorf("%s: %d rows of %d files, want %d", tt.file, rows, len(m.Sources), tt.rows)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s holds %v, want %v", tt.file, got, tt.want)
		}
	}
	if status, stdout, stderr := kodeks("verify", "--data", data); status != exitAnswered || strings.Count(stdout, " undamaged,") != len(codes) || len(codes) < releases-1 {
		t.Errorf("verify of %d releases, of which %d are there: status %d\n%s%s", releases, len(codes), status, stdout, stderr)
	}
}

// countCodes counts the codes of each installed release that may be recorded, and the
// active ones of these, by the name and version of the release.
func countCodes(t *testing.T, data string) map[string][2]int {
	t.Helper()
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	s := c.Acquire()
	defer s.LetGo()
	counts := map[string][2]int{}
	for _, r := range s.Releases {
		n := [2]int{}
		for o := range length(r.CodeSystem) {
			if info := r.CodeSystem.Info(terminology.Ordinal(o)); !info.Abstract {
				n[0]++
				if !info.Inactive {
					n[1]++
				}
			}
		}
		counts[r.Release.Name+" "+r.Release.Version] = n
	}
	return counts
}

// length returns how many concepts a code system has; a release of maps has none.
func length(cs terminology.CodeSystem) int {
	if cs == nil {
		return 0
	}
	return cs.Len()
}
