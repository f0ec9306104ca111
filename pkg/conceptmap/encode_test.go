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
}

func TestMappingRoundTrip(t *testing.T) {
	var value []byte
	for _, m := range stored {
		value = appendMapping(value, m)
	}
	got, err := readMappings("", value)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, got); diff != "" {
		t.Errorf("readMappings (-want +got):\n%s", diff)
	}
	whole := map[int]bool{0: true}
	for n, i := 0, 0; i < len(stored); i++ {
		n += len(appendMapping(nil, stored[i]))
		whole[n] = true
	}
	for n := range value {
		if _, err := readMappings("", value[:n]); (err == nil) != whole[n] || err != nil && terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("the first %d of %d bytes: %v", n, len(value), err)
		}
	}
}

func TestMappingRefusesGarbage(t *testing.T) {
	for name, value := range map[string]string{
		"group above 65,535":           "\x80\x80\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		"priority above 65,535":        "\x00\x80\x80\x04\x00\x00\x00\x00\x00\x00\x00\x00",
		"relationship that is none":    "\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00",
		"a length beyond all memory":   "\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
		"a number that does not end":   "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
		"a text longer than the value": "\x00\x00\x00\x05I21",
	} {
		if got, err := readMappings("", []byte(value)); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%s: %v, %v, want kind Corrupt", name, got, err)
		}
	}
}

// FuzzReadMappings states that what can be read is written and read again as the
// same rows, and that no value makes more rows than it has room for.
func FuzzReadMappings(f *testing.F) {
	for _, m := range stored {
		f.Add(appendMapping(nil, m))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		rows, err := readMappings("m", value)
		if err != nil {
			if terminology.KindOf(err) != terminology.Corrupt {
				t.Fatalf("kind of %v is not Corrupt", err)
			}
			return
		}
		if len(rows) > len(value)/10 { // ten bytes are the shortest row
			t.Fatalf("%d rows in %d bytes", len(rows), len(value))
		}
		var again []byte
		for _, m := range rows {
			again = appendMapping(again, m)
		}
		back, err := readMappings("m", again)
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
		got, err := readMappings("m", appendMapping(nil, m))
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], m) {
			t.Fatalf("read %+v, %v, want %+v", got, err, m)
		}
	})
}
