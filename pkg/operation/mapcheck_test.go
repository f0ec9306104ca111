package operation_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// imported is a file and the mapping by which it is imported.
type imported struct{ file, mapping, content string }

// checkedFiles are two code systems and maps between them, with a fault of each kind.
var checkedFiles = []imported{
	{"a.csv", "system: {uri: 'urn:a', name: a, title: A}\ncolumns: {code: Kode, display: Tekst, valid-from: Fra, valid-to: Til, status: {column: Status, values: [ut]}}",
		"Kode;Tekst;Fra;Til;Status\nA1;en;;;\nA2;to;;;\nA3;tre;;;ut\nA4;fire;2020-01-01;2024-12-31;\nA5;fem;2027-01-01;;\n"},
	{"b.csv", "system: {uri: 'urn:b', name: b, title: B}\ncolumns: {code: Kode, display: Tekst, valid-to: Til, status: {column: Status, values: [ut]}, replaced-by: Ny}",
		"Kode;Tekst;Til;Status;Ny\nB1;en;;;\nB2;to;;ut;B1\nB3;tre;2024-12-31;;B4\nB4;fire;;ut;B5\nB5;fem;;ut;B3\nB6;seks;;ut;B7\nB7;sju;;;\n"},
	{"map.csv", "map: {url: 'urn:map', name: map-a-b, title: A til B, source: 'urn:a', target: 'urn:b', columns: {source: Fra, target: Til, group: Gruppe, priority: Nr, rule: Regel, " +
		"depends-on: [{column: Hvis, property: 'urn:p'}]}}",
		`Fra;Til;Gruppe;Nr;Regel;Hvis
A1;B1;1;1;IFA 248152002;
A1;B2;1;2;OTHERWISE TRUE;
A1;B7;2;1;TRUE;
A2;B1;1;1;TRUE;
A2;B7;1;2;TRUE;
A2;B9;1;3;TRUE;
A3;B1;1;1;IFA gal;
A4;B1;1;1;;ja
A5;;1;1;;
A9;B3;1;1;;
`},
	{"elsewhere.csv", "map: {url: 'urn:elsewhere', name: map-a-elsewhere, title: A til annet, source: 'urn:a', target: 'urn:not:installed', columns: {source: Fra, target: Til}}",
		"Fra;Til\nA1;X\n"},
}

// checkedService answers from the checked files.
func checkedService(t *testing.T) *operation.Service { return serviceOfFiles(t, checkedFiles) }

// serviceOfFiles answers from files that are imported.
func serviceOfFiles(t *testing.T, files []imported) *operation.Service {
	t.Helper()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	for _, f := range files {
		path := filepath.Join(dir, f.file)
		if err := os.WriteFile(path, []byte(f.content), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := table.Parse(f.file+".yaml", []byte(f.mapping))
		if err != nil {
			t.Fatal(err)
		}
		in, err := importer.OpenInputs([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		sources, err := codesystem.Detect(in.List, codesystem.Options{Version: "2024", Today: "2024-01-01", Mapping: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range sources {
			if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
				t.Fatal(err)
			}
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return operation.New(c, operation.Options{})
}

func TestCheckMaps(t *testing.T) {
	s := checkedService(t)
	for _, tt := range []struct {
		name string
		req  operation.MapCheckRequest
		want []string // findings of all maps, and a line of each map without
	}{
		{"on a day", operation.MapCheckRequest{Date: 20261122}, []string{
			"urn:kodeks:map:b:replaced-by: target-inactive B3 -> B4: B4 is inactive in B 2024",
			"urn:kodeks:map:b:replaced-by: target-inactive B4 -> B5: B5 is inactive in B 2024",
			"urn:kodeks:map:b:replaced-by: target-not-valid B5 -> B3: B3 is no longer valid on 2026-11-22 in B 2024: it is until 2024-12-31",
			"urn:kodeks:map:b:replaced-by: cycle B5 -> B3: B3, then B4, then B5, then B3 again",
			"urn:map: target-inactive A1 -> B2: B2 is inactive in B 2024",
			"urn:map: target-unknown A2 -> B9: B9 is not in B 2024",
			"urn:map: undecided A2 -> B7: A2 leads to B1 and to B7, and no rule tells which",
			"urn:map: source-inactive A3 -> B1: A3 is inactive in A 2024",
			`urn:map: bad-rule A3 -> B1: the rule "IFA gal": column 5 of the rule: found "gal", want the id of a concept after IFA`,
			"urn:map: source-not-valid A4 -> B1: A4 is no longer valid on 2026-11-22 in A 2024: it is from 2020-01-01 to 2024-12-31",
			"urn:map: source-not-valid A5 -> : A5 is not yet valid on 2026-11-22 in A 2024: it is from 2027-01-01",
			"urn:map: source-unknown A9 -> B3: A9 is not in A 2024",
			"urn:map: target-not-valid A9 -> B3: B3 is no longer valid on 2026-11-22 in B 2024: it is until 2024-12-31",
			"urn:elsewhere: nothing",
		}},
		{"on another day, one map by its URL and version", operation.MapCheckRequest{Maps: []string{"urn:map|2024"}, Date: 20240630}, []string{
			"urn:map: target-inactive A1 -> B2: B2 is inactive in B 2024",
			"urn:map: target-unknown A2 -> B9: B9 is not in B 2024",
			"urn:map: undecided A2 -> B7: A2 leads to B1 and to B7, and no rule tells which",
			"urn:map: source-inactive A3 -> B1: A3 is inactive in A 2024",
			`urn:map: bad-rule A3 -> B1: the rule "IFA gal": column 5 of the rule: found "gal", want the id of a concept after IFA`,
			"urn:map: source-not-valid A5 -> : A5 is not yet valid on 2024-06-30 in A 2024: it is from 2027-01-01",
			"urn:map: source-unknown A9 -> B3: A9 is not in A 2024",
		}},
		{"on no day, by the name of the release", operation.MapCheckRequest{Maps: []string{"B"}}, []string{
			"urn:kodeks:map:b:replaced-by: target-inactive B3 -> B4: B4 is inactive in B 2024",
			"urn:kodeks:map:b:replaced-by: target-inactive B4 -> B5: B5 is inactive in B 2024",
			"urn:kodeks:map:b:replaced-by: cycle B5 -> B3: B3, then B4, then B5, then B3 again",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := map[*operation.MapCheck][]string{}
			counts := map[*operation.MapCheck]map[operation.MapFault]int{}
			tt.req.Finding = func(m *operation.MapCheck, f operation.MapFinding) error {
				found[m] = append(found[m], fmt.Sprintf("%s: %s %s -> %s: %s", m.Map.ID, f.Fault, f.Row.Source, f.Row.Target, f.Text))
				if counts[m] == nil {
					counts[m] = map[operation.MapFault]int{}
				}
				counts[m][f.Fault]++
				return nil
			}
			last := 0
			tt.req.Progress = func(m *operation.MapCheck, done, total int) {
				if last = done; done != total || total != m.Map.Rows {
					t.Errorf("progress of %s: %d of %d, want all of so few at once", m.Map.ID, done, total)
				}
			}
			list, err := s.CheckMaps(context.Background(), tt.req)
			if err != nil || last == 0 {
				t.Fatalf("CheckMaps: %v; the last progress is %d", err, last)
			}
			var got []string
			for _, m := range list {
				if got = append(got, found[m]...); len(found[m]) == 0 {
					got = append(got, m.Map.ID+": nothing")
				}
				wrong := 0
				for _, f := range operation.MapFaults() {
					if m.Counts[f] != counts[m][f] {
						t.Errorf("%s counts %d of %s and tells %d", m.Map.ID, m.Counts[f], f, counts[m][f])
					}
					if f != operation.Undecided {
						wrong += counts[m][f]
					}
				}
				if m.Faults() != wrong {
					t.Errorf("%s has %d faults, want %d", m.Map.ID, m.Faults(), wrong)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error("findings (-want +got):\n", diff)
			}
		})
	}
}

// TestCheckMapsNotInstalled: a code system that is not there is told, and not wrong; a map
// that is not there is an error, and so are an end of the context and one of the caller.
func TestCheckMapsNotInstalled(t *testing.T) {
	s := checkedService(t)
	list, err := s.CheckMaps(context.Background(), operation.MapCheckRequest{Maps: []string{"urn:elsewhere"}})
	if err != nil || len(list) != 1 || list[0].Target != nil || list[0].Source == nil || list[0].Source.Name != "a" || list[0].Faults() != 0 {
		t.Errorf("CheckMaps = %+v, %v, want a map without faults whose target is not installed", list, err)
	}
	if _, err := s.CheckMaps(context.Background(), operation.MapCheckRequest{Maps: []string{"urn:map|1999"}}); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("CheckMaps of a version that is not there: %v, want NotFound", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.CheckMaps(ended, operation.MapCheckRequest{}); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("CheckMaps with a context that has ended: %v, want Unavailable", err)
	}
	stop := errors.New("stop")
	if _, err := s.CheckMaps(context.Background(), operation.MapCheckRequest{Finding: func(*operation.MapCheck, operation.MapFinding) error { return stop }}); !errors.Is(err, stop) {
		t.Errorf("CheckMaps whose caller stops: %v", err)
	}
}

func ExampleService_CheckMaps() {
	list, err := service.CheckMaps(context.Background(), operation.MapCheckRequest{Maps: []string{"urn:kodeks:map:icpc-2b:icd-10-no"}, Date: 20261122})
	for _, m := range list {
		fmt.Println(m.Map.Title, m.Map.Rows, m.Faults(), m.Source != nil, m.Target.Name)
	}
	fmt.Println(err)

	_, err = service.CheckMaps(context.Background(), operation.MapCheckRequest{Maps: []string{"no-such-map"}})
	fmt.Println(terminology.Message(err))
	// Output:
	// ICPC-2B til ICD-10 (norsk utgave) 154 0 true icd-10-no
	// <nil>
	// no map no-such-map is installed: kodeks maps lists those that are
}
