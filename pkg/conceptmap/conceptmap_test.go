package conceptmap_test

import (
	"fmt"
	"log"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	icd10Map = "447562003" // SNOMED CT to ICD-10
	icpc2Map = "http://example.org/fhir/ConceptMap/icpc-2-to-icd-10"
)

func Example() {
	b := &conceptmap.Builder{}
	_ = b.Map(terminology.MapInfo{ID: icpc2Map, URL: icpc2Map})
	_ = b.Mapping(terminology.Mapping{Map: icpc2Map, Source: "K75", Target: "I21.9", Relationship: terminology.SourceIsBroader})
	_ = b.Mapping(terminology.Mapping{Map: icpc2Map, Source: "K75", Target: "I22.9", Priority: 1, Relationship: terminology.SourceIsBroader})
	tables := store.NewMemory()
	if err := b.Write(tables); err != nil {
		log.Fatal(err)
	}

	r := conceptmap.Open(tables, terminology.Release{Maps: b.Infos()})
	rows, err := r.Forward(icpc2Map, "K75")
	for _, m := range rows {
		fmt.Println(m.Source, m.Target, m.Relationship, err)
	}
	rows, err = r.Reverse(icpc2Map, "i219")
	fmt.Println(rows[0].Source, err)
	rows, err = r.Forward(icpc2Map, "A99") // no map is an answer
	fmt.Println(len(rows), err)
	// Output:
	// K75 I21.9 source-is-broader-than-target <nil>
	// K75 I22.9 source-is-broader-than-target <nil>
	// K75 <nil>
	// 0 <nil>
}

// mappings are rows of two maps, as their sources are ordered.
var mappings = []terminology.Mapping{
	{Map: icd10Map, Source: "22298006", Target: "I21.9", Group: 1, Priority: 1, Rule: "IFA 445518008", Category: "447639009"},
	{Map: icd10Map, Source: "22298006", Target: "I21.3", Group: 1, Priority: 2, Rule: "OTHERWISE TRUE", Category: "447637006"},
	{Map: icd10Map, Source: "22298006", Target: "Z92.2", Group: 2, Priority: 1, Rule: "TRUE", Category: "447637006"},
	{Map: icd10Map, Source: "38341003", Target: "I10", Group: 1, Priority: 1, Rule: "TRUE", Category: "447637006"},
	{Map: icd10Map, Source: "404684003", Group: 1, Priority: 1, Rule: "TRUE", Category: "447638001"}, // cannot be classified
	{Map: icd10Map, Source: "57054005", Target: "I21.9", Group: 1, Priority: 1, Rule: "TRUE"},
	{Map: icpc2Map, Source: "K75", Target: "i21.9", Relationship: terminology.SourceIsBroader},
	{Map: icpc2Map, Source: "S17", Target: "S80.8", Relationship: terminology.SourceIsBroader},
	{Map: icpc2Map, Source: "S18", Target: "s808", Relationship: terminology.SourceIsBroader},
	{Map: icd10Map, Source: "735581004", Target: "I51.0", Group: 1, Priority: 1, Rule: "TRUE", File: "der2_map.txt", Line: 17}, // overridden by the next
	{Map: icd10Map, Source: "735581004", Target: "I97.8", Group: 1, Priority: 1, Rule: "TRUE", Layer: 1, ID: "0000588b-7d73-4656-a506-4ea3d4a49bda"},
}

var infos = []terminology.MapInfo{{ID: icd10Map, Rows: 7777}, {ID: icpc2Map}}

func written(t *testing.T, rows []terminology.Mapping) (*store.Memory, []terminology.MapInfo) {
	t.Helper()
	b := &conceptmap.Builder{}
	for _, info := range infos {
		if err := b.Map(info); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range rows {
		if err := b.Mapping(m); err != nil {
			t.Fatal(err)
		}
	}
	tables := store.NewMemory()
	if err := b.Write(tables); err != nil {
		t.Fatal(err)
	}
	return tables, b.Infos()
}

func TestInfosCount(t *testing.T) {
	_, got := written(t, mappings)
	want := []terminology.MapInfo{{ID: icd10Map, Rows: 8, Sources: 5}, {ID: icpc2Map, Rows: 3, Sources: 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Infos (-want +got):\n%s", diff)
	}
}

// TestAnswers asks for rows that were given in several orders: the answer is in the
// order of group and priority, and of sources.
func TestAnswers(t *testing.T) {
	tests := []struct {
		name, id, source, target string
		want                     []int // of mappings
	}{
		{name: "one target", id: icd10Map, source: "38341003", want: []int{3}},
		{name: "groups and priorities", id: icd10Map, source: "22298006", want: []int{0, 1, 2}},
		{name: "the source says none", id: icd10Map, source: "404684003", want: []int{4}},
		{name: "a source without rows", id: icd10Map, source: "2229800"},
		{name: "a source of the other map", id: icpc2Map, source: "22298006"},
		{name: "an unknown map", id: "999", source: "22298006"},
		{name: "two sources of one target", id: icd10Map, target: "I21.9", want: []int{0, 5}},
		{name: "a target in lower case without its dot", id: icpc2Map, target: "s808", want: []int{7, 8}},
		{name: "a target as ICD-10 writes it", id: icpc2Map, target: "S80.8", want: []int{7, 8}},
		{name: "a target that the map writes in lower case", id: icpc2Map, target: "I21.9", want: []int{6}},
		{name: "two layers", id: icd10Map, source: "735581004", want: []int{9, 10}},
		{name: "a target that a layer overrides", id: icd10Map, target: "I51.0"},
		{name: "a target of the highest layer", id: icd10Map, target: "I97.8", want: []int{10}},
		{name: "part of a target", id: icd10Map, target: "I21"},
		{name: "rows without target are nobody's", id: icd10Map, target: ""},
	}
	for seed := range uint64(5) {
		rows := append([]terminology.Mapping(nil), mappings...)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(rows)-2, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		tables, infos := written(t, rows)
		r := conceptmap.Open(tables, terminology.Release{Maps: infos})
		if err := r.Check(); err != nil {
			t.Fatalf("Check: %v", err)
		}
		for _, tt := range tests {
			ask, code := r.Forward, tt.source
			if code == "" {
				ask, code = r.Reverse, tt.target
			}
			got, err := ask(tt.id, code)
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			var want []terminology.Mapping
			for _, i := range tt.want {
				want = append(want, mappings[i])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %s (-want +got):\n%s", seed, tt.name, diff)
			}
		}
	}
}

func TestBuilderRefuses(t *testing.T) {
	b := &conceptmap.Builder{}
	if err := b.Map(terminology.MapInfo{ID: icd10Map}); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"a map twice":           b.Map(terminology.MapInfo{ID: icd10Map}),
		"a map with zero byte":  b.Map(terminology.MapInfo{ID: "a\x00b"}),
		"a row of no map":       b.Mapping(terminology.Mapping{Map: "999", Source: "K75"}),
		"a row without source":  b.Mapping(terminology.Mapping{Map: icd10Map, Target: "I10"}),
		"a row before all maps": (&conceptmap.Builder{}).Mapping(terminology.Mapping{Map: icd10Map, Source: "K75"}),
	} {
		if terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: %v, want kind Invalid", name, err)
		}
	}
}

// TestBuilderCopies clears the bytes behind every text after it was passed, as a
// reader of files does when it goes on.
func TestBuilderCopies(t *testing.T) {
	var buffers [][]byte
	lend := func(s string) string {
		b := []byte(s)
		buffers = append(buffers, b)
		return unsafe.String(&b[0], len(b))
	}
	b := &conceptmap.Builder{}
	info := terminology.MapInfo{ID: icpc2Map, URL: icpc2Map, Title: "ICPC-2 til ICD-10", Source: "urn:oid:2.16.578.1.12.4.1.1.7170", Target: "urn:oid:2.16.578.1.12.4.1.1.7110"}
	if err := b.Map(terminology.MapInfo{ID: lend(info.ID), URL: lend(info.URL), Title: lend(info.Title), Source: lend(info.Source), Target: lend(info.Target)}); err != nil {
		t.Fatal(err)
	}
	if err := b.Mapping(terminology.Mapping{Map: lend(icpc2Map), Source: lend("K75"), Target: lend("I21.9"), Rule: lend("TRUE")}); err != nil {
		t.Fatal(err)
	}
	for _, b := range buffers {
		clear(b)
	}
	info.Rows, info.Sources = 1, 1
	if diff := cmp.Diff([]terminology.MapInfo{info}, b.Infos()); diff != "" {
		t.Errorf("Infos (-want +got):\n%s", diff)
	}
	tables := store.NewMemory()
	if err := b.Write(tables); err != nil {
		t.Fatal(err)
	}
	got, err := conceptmap.Open(tables, terminology.Release{}).Reverse(icpc2Map, "I21.9")
	if err != nil || len(got) != 1 || got[0].Source != "K75" || got[0].Target != "I21.9" || got[0].Rule != "TRUE" {
		t.Errorf("Reverse = %+v, %v", got, err)
	}
}

// TestMemoryReverse asks maps in memory for targets in other forms.
func TestMemoryReverse(t *testing.T) {
	m := conceptmap.NewMemory(infos, []terminology.Mapping{{Map: icpc2Map, Source: "1", Target: "m"}, {Map: icpc2Map, Source: "2", Target: "M"}, {Map: icpc2Map, Source: "3", Target: "I21.9"}})
	for target, want := range map[string]string{"m": "1", "M": "2", "i219": "3", "I21.9": "3", "x": ""} {
		rows, err := m.Reverse(icpc2Map, target)
		got := ""
		for _, row := range rows {
			got += row.Source
		}
		if got != want || err != nil {
			t.Errorf("Reverse(%s) = %v, %v, want source %s", target, rows, err, want)
		}
	}
}

// TestReversePrefix asks the stored maps and those in memory for targets by their beginning.
func TestReversePrefix(t *testing.T) {
	tables, infos := written(t, mappings)
	for name, r := range map[string]terminology.MapReader{
		"stored": conceptmap.Open(tables, terminology.Release{Maps: infos}), "in memory": conceptmap.NewMemory(infos, mappings),
	} {
		for _, tt := range []struct {
			id, prefix string
			most       int
			want       []int
			kind       terminology.Kind
		}{
			{id: icd10Map, prefix: "I21", most: 3, want: []int{1, 0, 5}},
			{id: icd10Map, prefix: "i2", most: 3, want: []int{1, 0, 5}},
			{id: icd10Map, prefix: "I21.9", most: 3, want: []int{0, 5}},
			{id: icd10Map, prefix: "I21.90", most: 3},
			{id: icd10Map, prefix: "I51", most: 3},
			{id: icpc2Map, prefix: "S80", most: 3, want: []int{7, 8}},
			{id: "447562", prefix: "I21", most: 3}, // the beginning of the id of a map is no map
			{id: icd10Map, prefix: "I", most: 4, kind: terminology.TooCostly},
		} {
			got, err := r.ReversePrefix(tt.id, tt.prefix, tt.most)
			var want []terminology.Mapping
			for _, i := range tt.want {
				want = append(want, mappings[i])
			}
			if diff := cmp.Diff(want, got); diff != "" || terminology.KindOf(err) != tt.kind {
				t.Errorf("%s: ReversePrefix(%s, %s, %d): %v, want kind %v (-want +got):\n%s", name, tt.id, tt.prefix, tt.most, err, tt.kind, diff)
			}
		}
	}
}

// TestReverseFindsSource states the law that a source whose rows lead to a target is found
// from that target, whatever the rows are, unless a higher layer overrides them.
func TestReverseFindsSource(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	var rows []terminology.Mapping
	for range 400 {
		rows = append(rows, terminology.Mapping{Map: icd10Map, Source: fmt.Sprint(100000 + r.IntN(90)), Target: fmt.Sprintf("%c%02d.%d", 'A'+rune(r.IntN(3)), r.IntN(9), r.IntN(3)), Layer: uint8(r.IntN(2)), Group: uint16(r.IntN(3)), Priority: uint16(r.IntN(3))})
	}
	tables, infos := written(t, rows)
	for name, reader := range map[string]terminology.MapReader{
		"stored": conceptmap.Open(tables, terminology.Release{Maps: infos}), "in memory": conceptmap.NewMemory(infos, rows),
	} {
		for _, m := range rows {
			forward, err := reader.Forward(icd10Map, m.Source)
			if err != nil || len(forward) == 0 {
				t.Fatalf("%s: Forward(%s) = %v, %v", name, m.Source, forward, err)
			}
			for i, j := range conceptmap.Evaluate(forward, &conceptmap.Given{}) {
				back, err := reader.Reverse(icd10Map, forward[i].Target)
				found := slices.ContainsFunc(back, func(b terminology.Mapping) bool { return cmp.Equal(b, forward[i]) })
				if err != nil || found == (j.State == conceptmap.Overridden) {
					t.Errorf("%s: %+v is %s, and found from its target: %v, %v", name, forward[i], j.State, found, err)
				}
			}
		}
	}
}

// TestCheckFindsDamage gives Check releases that do not say what their rows say.
func TestCheckFindsDamage(t *testing.T) {
	whole, counts := written(t, mappings)
	tests := []struct {
		name   string
		damage func(*terminology.KeyValue, *byte) bool // false: leave the row out
	}{
		{"a forward row is missing", func(kv *terminology.KeyValue, table *byte) bool {
			return *table != conceptmap.TableForward || !strings.Contains(string(kv.Key), "38341003")
		}},
		{"a reverse row is missing", func(kv *terminology.KeyValue, table *byte) bool {
			return *table != conceptmap.TableReverse || !strings.Contains(string(kv.Key), "s808")
		}},
		{"a reverse row is cut short", func(kv *terminology.KeyValue, table *byte) bool {
			if *table == conceptmap.TableReverse {
				kv.Value = kv.Value[:len(kv.Value)-1]
			}
			return true
		}},
		{"the texts in common are garbled", func(kv *terminology.KeyValue, table *byte) bool {
			if *table == conceptmap.TableTexts {
				kv.Value = kv.Value[:1]
			}
			return true
		}},
		{"rows of a map that is not declared", func(kv *terminology.KeyValue, _ *byte) bool {
			kv.Key = append([]byte("0"), kv.Key...)
			return true
		}},
		{"a key without a code", func(kv *terminology.KeyValue, _ *byte) bool {
			kv.Key = []byte(strings.ReplaceAll(string(kv.Key), "\x00", ""))
			return true
		}},
	}
	for _, tt := range tests {
		damaged := store.NewMemory()
		for _, table := range []byte{conceptmap.TableReverse, conceptmap.TableTexts, conceptmap.TableForward} {
			for kv := range whole.Rows(table, nil) {
				if tt.damage(&kv, &table) {
					if err := damaged.PutRow(table, kv.Key, kv.Value); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		r := conceptmap.Open(damaged, terminology.Release{Maps: counts})
		if err := r.Check(); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%s: Check = %v, want kind Corrupt", tt.name, err)
		}
	}
}
