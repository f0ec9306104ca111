package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const testdata = "../../testdata"

// TestCommittedFilesAreCurrent compares the committed samples with what the
// tables give, byte for byte. To change a sample, edit testdata/source and run
// go generate in this folder.
func TestCommittedFilesAreCurrent(t *testing.T) {
	files, err := Generate(filepath.Join(testdata, "source"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{}
	for _, f := range files {
		if want[f.Name] != nil {
			t.Errorf("%s is generated twice", f.Name)
		}
		want[f.Name] = f.Data
	}
	for _, folder := range generatedFolders {
		root := os.DirFS(testdata)
		err := fs.WalkDir(root, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			got, err := fs.ReadFile(root, name)
			switch data, ok := want[name]; {
			case err != nil:
				return err
			case !ok:
				t.Errorf("%s is committed but not generated", name)
			case !bytes.Equal(got, data):
				t.Errorf("%s differs from what the tables give; run go generate", name)
			}
			delete(want, name)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range want {
		t.Errorf("%s is generated but not committed", name)
	}
}

// table is one RF2 file as a reader sees it.
type table struct {
	name   string
	header []string
	rows   []map[string]string
}

// snapshot reads the RF2 files under a folder of testdata.
func snapshot(t *testing.T, folder string) []table {
	t.Helper()
	var out []table
	err := filepath.WalkDir(filepath.Join(testdata, folder), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !utf8.Valid(data) || bytes.HasPrefix(data, []byte(byteOrderMark)) {
			t.Errorf("%s: want UTF-8 without a byte order mark", name)
		}
		tab := table{name: filepath.Base(name)}
		for line := range strings.Lines(string(data)) {
			fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
			if tab.header == nil {
				tab.header = fields
				continue
			}
			if len(fields) != len(tab.header) {
				t.Errorf("%s: %q has %d columns, want %d", tab.name, line, len(fields), len(tab.header))
				continue
			}
			row := map[string]string{}
			for i, f := range fields {
				row[tab.header[i]] = f
			}
			tab.rows = append(tab.rows, row)
		}
		out = append(out, tab)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// conceptColumns are the columns whose values are concepts.
var conceptColumns = []string{
	"moduleId", "definitionStatusId", "conceptId", "typeId", "caseSignificanceId", "sourceId", "destinationId",
	"characteristicTypeId", "modifierId", "refsetId", "acceptabilityId", "targetComponentId", "valueId",
	"correlationId", "mapCategoryId", "domainId", "ruleStrengthId", "contentTypeId",
}

func isMember(tab table) bool { return slices.Contains(tab.header, "refsetId") }

func TestIdentifiersAreValidAndUnique(t *testing.T) {
	partitions := map[string]string{"sct2_Concept": "0", "sct2_Description": "1", "sct2_TextDefinition": "1", "sct2_Relationship": "2"}
	seen := map[string]string{}
	for _, tab := range snapshot(t, "snomed") {
		for _, row := range tab.rows {
			id := row["id"]
			if old := seen[id]; old != "" {
				t.Errorf("%s: %s is also in %s", tab.name, id, old)
			}
			seen[id] = tab.name
			if isMember(tab) {
				continue
			}
			if !validSCTID(id) {
				t.Errorf("%s: %s has a wrong check digit", tab.name, id)
			}
			for prefix, kind := range partitions {
				if strings.HasPrefix(tab.name, prefix) && id[len(id)-2:len(id)-1] != kind {
					t.Errorf("%s: %s is not in partition %s", tab.name, id, kind)
				}
			}
		}
	}
}

func TestEveryReferenceExists(t *testing.T) {
	tabs := snapshot(t, "snomed")
	concepts, components := map[string]bool{}, map[string]bool{}
	for _, tab := range tabs {
		for _, row := range tab.rows {
			if strings.HasPrefix(tab.name, "sct2_Concept") {
				concepts[row["id"]] = true
			}
			if !isMember(tab) {
				components[row["id"]] = true
			}
		}
	}
	for _, tab := range tabs {
		for _, row := range tab.rows {
			for _, column := range conceptColumns {
				if id, ok := row[column]; ok && !concepts[id] {
					t.Errorf("%s: row %s: %s: no concept %s", tab.name, row["id"], column, id)
				}
			}
			if id, ok := row["referencedComponentId"]; ok && !components[id] {
				t.Errorf("%s: row %s: no component %s", tab.name, row["id"], id)
			}
			if a := row["active"]; a != "0" && a != "1" {
				t.Errorf("%s: row %s: active is %q", tab.name, row["id"], a)
			}
		}
	}
}

func TestHierarchyIsAcyclicAndReachesTheRoot(t *testing.T) {
	active, parents := map[string]bool{}, map[string][]string{}
	for _, tab := range snapshot(t, "snomed") {
		for _, row := range tab.rows {
			switch {
			case row["active"] != "1":
			case strings.HasPrefix(tab.name, "sct2_Concept"):
				active[row["id"]] = true
			case strings.HasPrefix(tab.name, "sct2_Relationship_") && row["typeId"] == isA:
				parents[row["sourceId"]] = append(parents[row["sourceId"]], row["destinationId"])
			}
		}
	}
	state := map[string]int{} // 1 on the way up, 2 known to reach the root
	var visit func(id string)
	visit = func(id string) {
		if state[id] == 2 {
			return
		}
		if state[id] == 1 {
			t.Fatalf("%s is in a cycle", id)
		}
		state[id] = 1
		if !active[id] {
			t.Errorf("%s is inactive or missing, and a parent", id)
		}
		if len(parents[id]) == 0 && id != "138875005" {
			t.Errorf("%s has no parent", id)
		}
		for _, p := range parents[id] {
			visit(p)
		}
		state[id] = 2
	}
	many := 0
	for id := range active {
		visit(id)
		if len(parents[id]) > 1 {
			many++
		}
	}
	if many < 20 {
		t.Errorf("%d concepts have several parents, want at least 20", many)
	}
}

// TestEveryConceptHasOneNameAndOnePreferredTerm counts names and, by language
// reference set, preferred terms.
func TestEveryConceptHasOneNameAndOnePreferredTerm(t *testing.T) {
	type description struct{ concept, typeID string }
	descriptions, names := map[string]description{}, map[string]int{}
	tabs := snapshot(t, "snomed")
	var concepts []string
	for _, tab := range tabs {
		for _, row := range tab.rows {
			if strings.HasPrefix(tab.name, "sct2_Concept") {
				concepts = append(concepts, row["id"])
			}
			if row["active"] == "1" && row["term"] != "" {
				descriptions[row["id"]] = description{row["conceptId"], row["typeId"]}
				if row["typeId"] == fsnType {
					names[row["conceptId"]]++
				}
			}
		}
	}
	preferences := map[[2]string]int{}
	for _, tab := range tabs {
		for _, row := range tab.rows {
			d, ok := descriptions[row["referencedComponentId"]]
			if row["active"] != "1" || row["acceptabilityId"] == "" {
				continue
			}
			if !ok {
				t.Errorf("%s: %s refers to an inactive description", tab.name, row["id"])
			}
			if row["acceptabilityId"] == preferred && d.typeID == synonymType {
				preferences[[2]string{row["refsetId"], d.concept}]++
			}
		}
	}
	for key, n := range preferences {
		if n != 1 {
			t.Errorf("concept %s has %d preferred terms in %s, want 1", key[1], n, key[0])
		}
	}
	bokmålTerms, nynorskTerms := 0, 0
	for _, id := range concepts {
		if names[id] != 1 || preferences[[2]string{usEnglish, id}] != 1 {
			t.Errorf("concept %s: %d names and %d preferred terms in US English, want 1 and 1",
				id, names[id], preferences[[2]string{usEnglish, id}])
		}
		bokmålTerms += preferences[[2]string{bokmål, id}]
		nynorskTerms += preferences[[2]string{nynorsk, id}]
	}
	if bokmålTerms < 300 || nynorskTerms < 140 || nynorskTerms*3 > bokmålTerms*2 {
		t.Errorf("%d bokmål and %d nynorsk terms; want most concepts, and about half of those", bokmålTerms, nynorskTerms)
	}
}

// TestMapTargetsExist checks that both sides of a map can show a text, and that
// Norwegian rows override some International ones, with lower-case codes too.
func TestMapTargetsExist(t *testing.T) {
	var codes []struct {
		Kode                 string
		Rapporteres_til_NPR  *string
		Foreldrekode         *string
		Gyldig_fra, Kodeverk string
	}
	known := map[string]map[string]bool{icd10Map: {}, icpc2Map: {}}
	for refset, name := range map[string]string{icd10Map: "icd10/icd10-fat.json", icpc2Map: "icpc2/icpc2-fat.json"} {
		data, err := os.ReadFile(filepath.Join(testdata, name))
		if err != nil {
			t.Fatal(err)
		}
		codes = nil
		if err := json.Unmarshal(data, &codes); err != nil {
			t.Fatal(err)
		}
		for _, c := range codes {
			known[refset][c.Kode] = refset == icpc2Map || c.Rapporteres_til_NPR != nil
			if c.Foreldrekode != nil {
				if _, ok := known[refset][*c.Foreldrekode]; !ok {
					t.Errorf("%s: %s: parent %s is not above it", name, c.Kode, *c.Foreldrekode)
				}
			}
		}
	}
	international, overridden, lower := map[string]bool{}, 0, 0
	for _, tab := range snapshot(t, "snomed") { // International files come first
		for _, row := range tab.rows {
			target, ok := row["mapTarget"]
			if targets := known[row["refsetId"]]; ok && targets != nil && target != "" && !targets[target] {
				t.Errorf("%s: %s maps to %s, which is not a code to report", tab.name, row["referencedComponentId"], target)
			}
			if row["refsetId"] != icd10Map {
				continue
			}
			if row["moduleId"] == icd10Module {
				international[row["referencedComponentId"]] = true
				continue
			}
			if international[row["referencedComponentId"]] {
				overridden++
			}
			if strings.ToUpper(target) != target {
				lower++
			}
		}
	}
	if overridden < 5 || lower < 4 {
		t.Errorf("%d rows override and %d have lower-case targets, want 5 and 4", overridden, lower)
	}
}
