package volven_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/codesystem/volven"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

// api is a list as the API gives it, with the keys in its order.
const api = `{"id":9901,"name":"Vær ved skade","description":"Om været.","status":"Til utbredelse","statusLastChanged":"2024-05-06T00:00:00",
"owner":{"id":3,"name":"Eieren"},"collection":{"name":"Skader"},
"codeValues":[
 {"id":11,"name":"Sol","value":"S","sortKey":2,"description":"Skyfritt,\nikke regn"},
 {"id":12,"name":"Regn","value":"R + V","sortKey":1,"description":null},
 {"id":13,"name":"Snø","value":"N","sortKey":"3a","description":""},
 {"id":14,"name":"Sludd","value":"N, R","sortKey":4,"description":null}],
"validFrom":"2020-01-01T00:00:00","active":true}`

// export is one as it is exported, that has ended.
const export = `{
  "id": "9902",
  "name": "Føre",
  "version": "1.0.0",
  "status_last_changed": "2023-01-31T23:00:00Z",
  "active": false,
  "concepts": [
    {"code": "1", "display": "Glatt", "definition": ""},
    {"code": "2", "display": "Bart", "definition": "Uten is"}
  ]
}`

func read(tb testing.TB, file terminology.SourceFile) (terminology.Release, *tabulartest.Sink) {
	tb.Helper()
	src, err := volven.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	if err != nil || len(sink.BadRows) > 0 {
		tb.Fatal(err, sink.BadRows)
	}
	if err := sink.Whole(); err != nil {
		tb.Error(err)
	}
	return release, sink
}

// TestRealFiles holds the importer to real lists.
func TestRealFiles(t *testing.T) {
	for id, codes := range map[string]int{"1101": 2, "1102": 3, "1103": 3, "7403": 291, "7421": 6, "7426": 55, "8603": 10} {
		file := tabulartest.Real(t, "volven/fat2fsh-json/"+id+".json")
		head, err := tabular.SniffFile(file)
		if err != nil || !volven.Match(head) {
			t.Errorf("%s is not known: %+v, %v", id, head.Format, err)
			continue
		}
		release, sink := read(t, file)
		if sink.Codes() != codes || release.System != "urn:oid:2.16.578.1.12.4.1.1."+id || release.Version != "1.0.0" || len(release.Date) != 10 {
			t.Errorf("%s: %d codes, want %d; %+v", id, sink.Codes(), codes, release)
		}
	}
}

func TestRelease(t *testing.T) {
	got, _ := read(t, tabulartest.File("f", api))
	want := terminology.Release{Kind: terminology.KindCodeSystem, Name: "volven-9901", System: "urn:oid:2.16.578.1.12.4.1.1.9901", Version: "2024-05-06", Date: "2024-05-06",
		Title: "9901 Vær ved skade", Language: "nb", Short: []string{"volven-9901", "9901"},
		Aliases: []string{"http://helsedir.no/fhir/CodeSystem/no-kodeverk-9901", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-9901"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("release of the API (-want +got):\n%s", diff)
	}
	if got, _ := read(t, tabulartest.File("f", export)); got.Version != "1.0.0" || got.Date != "2023-02-01" {
		t.Errorf("release of the export: version %s, date %s", got.Version, got.Date)
	}
}

func TestCodes(t *testing.T) {
	_, sink := read(t, tabulartest.File("f", api))
	for code, want := range map[string]string{"S": "id=11 sort-order=2", "R + V": "id=12 sort-order=1", "N": "id=13 sort-order=3a", "N, R": "id=14 sort-order=4"} {
		if got := strings.Join(sink.Values(code), " "); got != want {
			t.Errorf("%q has the properties %s, want %s", code, got, want)
		}
	}
	if d := sink.Designations["S"]; len(d) != 2 || d[1].Use != terminology.UseDefinition || d[1].Term != "Skyfritt,\nikke regn" {
		t.Errorf("S has the terms %+v", d)
	}
	_, sink = read(t, tabulartest.File("f", export))
	if got := strings.Join(sink.Values("2"), " "); got != "sort-order=2" || !sink.Concepts["2"].Inactive {
		t.Errorf("a code of a list that has ended: %s, %+v", got, sink.Concepts["2"])
	}
}

func TestNotAList(t *testing.T) {
	for name, tt := range map[string]struct{ content, want string }{
		"no number":       {`{"id":"HER-ID","name":"x","codeValues":[{"value":"1","name":"x"}]}`, `f:id: "HER-ID" is not the number of a list, such as 7426`},
		"a path":          {`{"id":"../1","name":"x","codeValues":[{"value":"1","name":"x"}]}`, `f:id: "../1" is not the number of a list, such as 7426`},
		"ICD-10":          {`{"id":7110,"name":"x","codeValues":[{"value":"A00","name":"x"}]}`, "f:id: 7110 is the number of ICD-10 (norsk utgave), which is imported from the files of its publisher"},
		"NCMP":            {`{"id":"7220","name":"x","codeValues":[{"value":"A00","name":"x"}]}`, "f:id: 7220 is the number of NCMP"},
		"no name":         {`{"id":"1","codeValues":[{"value":"1","name":"x"}]}`, "f:name: the list has no name"},
		"it breaks off":   {`{"id":"1","name":"x","codeValues":[{"value":"1","name":"x"}`, "f: not the JSON of a list: unexpected end of JSON input"},
		"another keyword": {`{"id":"1","name":"x","rows":[{"value":"1","navn":"x"}]}`, `columns.display: column "name" or "display" is not in the file`},
	} {
		_, err := volven.NewSource(tabulartest.File("f", tt.content), options)
		if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	for name, content := range map[string]string{"a FHIR resource": `{"resourceType":"CodeSystem","concept":[{"code":"1","display":"x"}]}`, "a table": "value;name\n1;x\n"} {
		if head, err := tabular.SniffFile(tabulartest.File("f", content)); err != nil || volven.Match(head) {
			t.Errorf("%s is taken for a list: %v", name, err)
		}
	}
}

func TestResolve(t *testing.T) {
	const want = "urn:oid:2.16.578.1.12.4.1.1.7426"
	for _, name := range []string{"7426", "volven-7426", "2.16.578.1.12.4.1.1.7426", "URN:OID:2.16.578.1.12.4.1.1.7426", " 7426 "} {
		if got, ok := volven.Resolve(name); got != want || !ok {
			t.Errorf("Resolve(%q) = %s, %v, want %s", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "volven", "icd-10", "2.16.840.1.113883.6.1", "74.26", "1234567"} {
		if got, ok := volven.Resolve(name); ok {
			t.Errorf("Resolve(%q) = %s, want none", name, got)
		}
	}
}

func Example() {
	src, err := volven.NewSource(tabulartest.File("9901.json", api), terminology.SourceOptions{Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Title, release.Date, err)
	fmt.Println(sink.Display("R + V"), sink.Values("R + V"))
	// Output:
	// urn:oid:2.16.578.1.12.4.1.1.9901 9901 Vær ved skade 2024-05-06 <nil>
	// Regn [id=12 sort-order=1]
}

// FuzzRead states what holds for every file: whatever is said is whole, the release has
// a number, and reading twice says the same.
func FuzzRead(f *testing.F) {
	f.Add(api)
	f.Add(export)
	f.Fuzz(func(t *testing.T, content string) {
		src, err := volven.NewSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		release, err := src.Read(context.Background(), one)
		_, again := src.Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		if strings.ContainsAny(release.Name+release.Date, "/\\") || release.Date == "" {
			t.Fatalf("the release is %+v", release)
		}
		if err == nil && len(one.BadRows) == 0 {
			if err := one.Whole(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
