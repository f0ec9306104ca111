package operation_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/operation"
)

// TestPublishedMaps: the maps of published files by their rows, and what is wrong in them.
// WHO's tables have the codes U10 to U49 that are kept for new diseases, which its list of
// 2019 has not, and lead to blocks that the tabulation of the same month has not; the table
// from ICPC-2B is older than the codes that it is held against.
func TestPublishedMaps(t *testing.T) {
	data := t.TempDir()
	for _, name := range []string{"icd11", "icd10-who/icd_10_v2019.xml", "icd10-no/tsm-icd10.json", "icpc2/icpc-2e-v7.0.xlsx", "icpc2/skde-icpc2_beriket.csv",
		"icpc2/tsm-icpc2b.json", "icpc2/navikt-ICPC2.json", "nlk/Norsk Laboratoriekodeverk 7280.77.xlsx"} {
		path := filepath.Join(published, filepath.FromSlash(name))
		if _, err := os.Stat(path); err != nil {
			t.Skip("skipped: there is no such real data here:", err)
		}
		if err := importList(data, path); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Open(data, wiring.OpenLater, catalog.Options{Language: "nb", Later: wiring.Readable})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	list, err := operation.New(c, operation.Options{}).CheckMaps(context.Background(), operation.MapCheckRequest{Date: 20261122})
	if err != nil {
		t.Fatal(err)
	}
	type figures struct {
		Rows, Sources int
		Found         map[string]int
	}
	got := map[string]figures{}
	for _, m := range list {
		f := figures{m.Map.Rows, m.Map.Sources, map[string]int{}}
		for _, fault := range operation.MapFaults() {
			if n := m.Counts[fault]; n > 0 {
				f.Found[fault.String()] = n
			}
		}
		if m.Source == nil || (m.Target == nil) != (m.Map.Target == "http://id.who.int/icd/entity") {
			t.Errorf("%s: looked up in %v and %v", m.Map.ID, m.Source, m.Target)
		}
		got[m.Map.ID] = f
	}
	none := map[string]int{}
	if diff := cmp.Diff(map[string]figures{
		"urn:kodeks:map:icd-10:icd-11:one":        {12597, 12597, map[string]int{"target-unknown": 1, "source-unknown": 80}},
		"urn:kodeks:map:icd-10:icd-11:multiple":   {15658, 12597, map[string]int{"target-unknown": 22, "source-unknown": 80, "undecided": 1291}},
		"urn:kodeks:map:icd-11:icd-10:one":        {17908, 17908, none},
		"urn:kodeks:map:icd-10:icd-11:foundation": {12597, 12597, map[string]int{"source-unknown": 80}},
		"urn:kodeks:map:icpc-2b:icd-10-no":        {16391, 16391, map[string]int{"target-unknown": 203, "source-unknown": 130}},
		"urn:kodeks:map:icpc-2e:icd-10":           {9913, 686, map[string]int{"target-unknown": 5, "undecided": 475}},
		"urn:kodeks:map:nlk:replaced-by":          {1221, 1221, map[string]int{"target-not-valid": 2}},
	}, got); diff != "" {
		t.Error("maps (-want +got):\n", diff)
	}
}
