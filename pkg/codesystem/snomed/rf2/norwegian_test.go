package rf2_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
)

// mappedConcept is a concept of the published sample of the map to ICD-10, of which it has
// the rows that hold.
type mappedConcept struct {
	ConceptID string `json:"conceptId"`
	Mapping   []struct {
		Code     string `json:"icd10Code"`
		Group    string `json:"mapGroup"`
		Priority string `json:"mapPriority"`
		Date     string `json:"effectiveTime"`
		Module   struct {
			ID string `json:"moduleId"`
		} `json:"module"`
	} `json:"mapping"`
}

// publishedSample reads the sample of 1,000 concepts, and skips the test where it is not.
func publishedSample(t *testing.T) []mappedConcept {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "fat-api", "icd10_codes_hp.json"))
	if err != nil {
		t.Skip("skipped: there is no such real data here:", err)
	}
	var list []mappedConcept
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// sampleRelease makes an International package and a Norwegian one of the sample: the rows
// of each module stand in its file. With doubled, each concept with Norwegian rows also has
// an International one, for a code that none has.
func sampleRelease(list []mappedConcept, doubled bool) (base, extension fstest.MapFS) {
	base, extension = tiny(), norwegian()
	concepts, international, no := []string{}, []string{}, []string{}
	n := 1000
	for _, c := range list {
		if c.ConceptID != "22298006" && c.ConceptID != "57054005" {
			concepts = append(concepts, c.ConceptID+" 20020131 1 "+core+" "+prim)
		}
		hasNorwegian := false
		for _, m := range c.Mapping {
			n++
			row := fmt.Sprintf("%s %s 1 %s 447562003 %s %s %s TRUE ALWAYS_%s %s 447561005 447637006", uuid(n), m.Date, m.Module.ID, c.ConceptID, m.Group, m.Priority, m.Code, m.Code)
			if m.Module.ID == norw {
				no, hasNorwegian = append(no, row), true
			} else {
				international = append(international, row)
			}
		}
		if hasNorwegian && doubled {
			n++
			international = append(international, uuid(n)+" 20180131 1 449080006 447562003 "+c.ConceptID+" 1 1 TRUE ALWAYS_X99 X99 447561005 447637006")
		}
	}
	file := base[fileConcept]
	seen := string(file.Data)
	for _, row := range concepts {
		if id, _, _ := strings.Cut(row, " "); !strings.Contains(seen, "\n"+id+"\t") && !strings.HasPrefix(seen, id+"\t") {
			file.Data = append(file.Data, strings.ReplaceAll(row, " ", "\t")+"\r\n"...)
		}
	}
	base[fileMap] = lines(headMap, international...)
	extension[strings.ReplaceAll(fileMap, "INT_20250101", "NO1000202_20250215")] = lines(headMap, no...)
	return base, extension
}

// TestNorwegianOverInternational: of the published sample, 914 rows are International and
// 195 Norwegian, and no concept has rows of both: the service that gave it leaves the
// International rows of a concept with Norwegian ones out, all of its groups together. Where
// a release has both, the Norwegian ones are a layer above, and no others of the concept.
func TestNorwegianOverInternational(t *testing.T) {
	list := publishedSample(t)
	wanted := map[string][]string{} // targets of each concept that hold, by group and priority
	for _, c := range list {
		modules := map[string]bool{}
		for _, m := range c.Mapping {
			modules[m.Module.ID] = true
			wanted[c.ConceptID] = append(wanted[c.ConceptID], m.Group+"."+m.Priority+" "+m.Code)
		}
		if len(modules) > 1 {
			t.Errorf("%s has rows of %v", c.ConceptID, modules)
		}
		slices.Sort(wanted[c.ConceptID])
	}
	for _, doubled := range []bool{false, true} {
		base, extension := sampleRelease(list, doubled)
		sink := &mapSink{recorder: newRecorder()}
		if _, err := source(t, rf2.Options{LenientIDs: true}, base, extension).Read(t.Context(), sink); err != nil || len(sink.bad) > 0 {
			t.Fatalf("Read = %v, bad rows %q", err, sink.bad)
		}
		layers, top, got := map[uint8]int{}, map[string]uint8{}, map[string][]string{}
		for _, m := range sink.rows {
			if m.Map == snomed.ICD10Map.String() {
				layers[m.Layer]++
				top[m.Source] = max(top[m.Source], m.Layer)
			}
		}
		below := 0
		for _, m := range sink.rows {
			if m.Map != snomed.ICD10Map.String() {
				continue
			}
			if m.Layer < top[m.Source] {
				below++
				continue
			}
			got[m.Source] = append(got[m.Source], strconv.Itoa(int(m.Group))+"."+strconv.Itoa(int(m.Priority))+" "+m.Target)
		}
		want, wantBelow := map[uint8]int{0: 914, 1: 195}, 0
		if doubled { // 147 concepts have Norwegian rows
			want[0], wantBelow = 914+147, 147
		}
		if layers[0] != want[0] || layers[1] != want[1] || len(layers) != 2 || below != wantBelow {
			t.Errorf("layers %v, %d rows below others of their concept; want %v and %d", layers, below, want, wantBelow)
		}
		for id, rows := range wanted {
			slices.Sort(got[id])
			if !slices.Equal(got[id], rows) {
				t.Errorf("%s leads to %q, want %q", id, got[id], rows)
			}
		}
	}
}
