package conceptmap

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var stored = []terminology.Mapping{
	{Source: "22298006", Target: "I21.9", Group: 1, Priority: 2, Relationship: terminology.SourceIsNarrower, Rule: "OTHERWISE TRUE", Advice: "ALWAYS I21.9", Category: "447637006", Correlation: "447561005", Module: "51000202101"},
	{Source: "K75", Target: "I21.9"},
	{Source: "-30"}, // the source says that there is none
	{Source: "A01", Target: "Å", Group: 1<<16 - 1, Priority: 1<<16 - 1, Relationship: terminology.NotRelatedTo},
	{Source: "22298006", Target: "I21.3", Layer: 2, File: "Refset/Map/map.txt", Line: 1<<32 - 1, ID: "0000588b-7d73-4656-a506-4ea3d4a49bda", Module: "449080006", Display: "Hjerteinfarkt"},
	{Source: "22298006", Target: "I21.2", File: "Refset/Map/map.txt", Line: 7, ID: "not a UUID", Module: "449080006"},
	{Source: "22298006", Target: "I21.1", ID: "0000588B-7D73-4656-A506-4EA3D4A49BDA", Module: "449080006"},
	{Source: "a", Target: "b", DependsOn: []terminology.MapTerm{{Property: "http://example.org/sex", Value: terminology.Coding{System: "http://hl7.org/fhir/administrative-gender", Code: "male"}}},
		Products: []terminology.MapTerm{{Property: "http://example.org/note", Value: terminology.Coding{Display: "also"}}, {Property: "x", Value: terminology.Coding{Version: "1"}}}},
}

// rowsOf are mappings as a builder has them.
func rowsOf(list []terminology.Mapping) []*row {
	var rows []*row
	for _, m := range list {
		rows = append(rows, &row{mapping: m})
	}
	return rows
}

func TestCommonTexts(t *testing.T) {
	list := make([]terminology.Mapping, 0, 12)
	for i := range 12 {
		m := terminology.Mapping{Source: "K75", Rule: "TRUE", File: "Refset/Map/map.txt", Line: uint32(i + 1)}
		if i < 4 {
			m.Category = "447637006"
		}
		if i < 3 {
			m.Module = "449080006" // not often enough
		}
		list = append(list, m)
	}
	texts, numbers := commonTexts(rowsOf(list))
	if diff := cmp.Diff([]string{"Refset/Map/map.txt", "TRUE", "447637006"}, texts); diff != "" {
		t.Errorf("commonTexts (-want +got):\n%s", diff)
	}
	stored, err := readTexts(appendTexts(nil, texts))
	if diff := cmp.Diff(texts, stored); diff != "" || err != nil {
		t.Errorf("readTexts (-want +got): %v\n%s", err, diff)
	}
	var value []byte
	for i := range list {
		value = appendMapping(value, &list[i], numbers)
	}
	got, err := readMappings("", value, stored)
	if diff := cmp.Diff(list, got); diff != "" || err != nil {
		t.Errorf("readMappings (-want +got): %v\n%s", err, diff)
	}
	if perRow := len(value) / len(list); perRow > 17 {
		t.Errorf("%d bytes a row, want at most 17", perRow)
	}
	if got, err := readMappings("", value, stored[:1]); terminology.KindOf(err) != terminology.Corrupt {
		t.Errorf("with texts missing: %v, %v, want kind Corrupt", got, err)
	}
}

func TestMappingRoundTrip(t *testing.T) {
	var value []byte
	for _, m := range stored {
		value = appendMapping(value, &m, nil)
	}
	got, err := readMappings("", value, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, got); diff != "" {
		t.Errorf("readMappings (-want +got):\n%s", diff)
	}
	whole := map[int]bool{0: true}
	for n, i := 0, 0; i < len(stored); i++ {
		n += len(appendMapping(nil, &stored[i], nil))
		whole[n] = true
	}
	for n := range value {
		if _, err := readMappings("", value[:n], nil); (err == nil) != whole[n] || err != nil && terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("the first %d of %d bytes: %v", n, len(value), err)
		}
	}
}

func TestMappingRefusesGarbage(t *testing.T) {
	for name, value := range map[string]string{
		"fields that are none":         "\x80\x04\x00\x00\x00\x00\x00",
		"group above 65,535":           "\x00\x80\x80\x04\x00\x00\x00\x00",
		"priority above 65,535":        "\x00\x00\x80\x80\x04\x00\x00\x00",
		"relationship that is none":    "\x00\x00\x00\x05\x00\x00",
		"a length beyond all memory":   "\x00\x00\x00\x00\xfe\xff\xff\xff\xff\xff\xff\x7f\x00",
		"a number that does not end":   "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
		"a text longer than the value": "\x00\x00\x00\x00\x0aI21",
		"a common text that is none":   "\x00\x00\x00\x00\x01\x00",
		"an id that is cut short":      "\x80\x01\x00\x00\x00\x00\x00\x01abc",
		"more terms than bytes":        "\x80\x02\x00\x00\x00\x00\x00\xff\x01",
	} {
		if got, err := readMappings("", []byte(value), nil); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%s: %v, %v, want kind Corrupt", name, got, err)
		}
	}
}

// FuzzReadMappings states that what can be read is written and read again as the
// same rows, and that no value makes more rows than it has room for.
func FuzzReadMappings(f *testing.F) {
	for _, m := range stored {
		f.Add(appendMapping(nil, &m, nil))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		rows, err := readMappings("m", value, []string{"TRUE", "449080006"})
		if err != nil {
			if terminology.KindOf(err) != terminology.Corrupt {
				t.Fatalf("kind of %v is not Corrupt", err)
			}
			return
		}
		if len(rows) > len(value)/6 { // six bytes are the shortest row
			t.Fatalf("%d rows in %d bytes", len(rows), len(value))
		}
		var again []byte
		for _, m := range rows {
			again = appendMapping(again, &m, nil)
		}
		back, err := readMappings("m", again, nil)
		if diff := cmp.Diff(rows, back); diff != "" || err != nil {
			t.Fatalf("read, written and read again: %v\n%s", err, diff)
		}
	})
}

// FuzzMapping states that every mapping is read as it was written.
func FuzzMapping(f *testing.F) {
	f.Add("22298006", "I21.9", "TRUE", "", uint16(1), uint16(2), uint8(2))
	f.Fuzz(func(t *testing.T, source, target, rule, advice string, group, priority uint16, relationship uint8) {
		m := terminology.Mapping{Map: "m", Source: source, Target: target, Rule: rule, Advice: advice, Group: group, Priority: priority, Relationship: terminology.Relationship(relationship % 5)}
		got, err := readMappings("m", appendMapping(nil, &m, nil), nil)
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], m) {
			t.Fatalf("read %+v, %v, want %+v", got, err, m)
		}
	})
}
