package snomed_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestParseID(t *testing.T) {
	tests := []struct {
		name, in string
		want     snomed.ID
		kind     terminology.Kind // Other: no error
	}{
		{name: "short format concept", in: "22298006", want: 22298006},
		{name: "long format concept", in: "999000041000000102", want: 999000041000000102},
		{name: "Norwegian module", in: "51000202101", want: snomed.NorwegianModule},
		{name: "Norwegian description", in: "5215891000202119", want: 5215891000202119},
		{name: "shortest", in: "100005", want: 100005},
		{name: "two digits swapped", in: "22289006", kind: terminology.Invalid},
		{name: "wrong check digit", in: "22298007", kind: terminology.Invalid},
		{name: "ICD-10 code", in: "I21.9", kind: terminology.Invalid},
		{name: "letter among digits", in: "2229800A", kind: terminology.Invalid},
		{name: "leading zero", in: "022298006", kind: terminology.Invalid},
		{name: "five digits", in: "22298", kind: terminology.Invalid},
		{name: "nineteen digits", in: "9990000410000001020", kind: terminology.Invalid},
		{name: "space", in: " 22298006", kind: terminology.Invalid},
		{name: "plus sign", in: "+22298006", kind: terminology.Invalid},
		{name: "empty", in: "", kind: terminology.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := snomed.ParseID(tt.in)
			if got != tt.want || terminology.KindOf(err) != tt.kind {
				t.Errorf("ParseID(%q) = %v, %v, want %v, kind %v", tt.in, got, err, tt.want, tt.kind)
			}
			fromBytes, err := snomed.ParseIDBytes([]byte(tt.in))
			if fromBytes != tt.want || terminology.KindOf(err) != tt.kind {
				t.Errorf("ParseIDBytes(%q) = %v, %v, want %v, kind %v", tt.in, fromBytes, err, tt.want, tt.kind)
			}
		})
	}
}

func TestIDParts(t *testing.T) {
	tests := []struct {
		id                                           snomed.ID
		concept, description, relationship, extended bool
		namespace                                    uint32
	}{
		{id: 22298006, concept: true},
		{id: 37436014, description: true},
		{id: 100022, relationship: true},
		{id: snomed.CoreModule, concept: true},
		{id: snomed.NorwegianModule, concept: true, extended: true, namespace: 1000202},
		{id: 5215891000202119, description: true, extended: true, namespace: 1000202},
		{id: 1011000003024, relationship: true}, // partition 02: short, whatever its length
		{id: 1011000003124, relationship: true, extended: true, namespace: 1000003},
	}
	for _, tt := range tests {
		id := tt.id
		if id.IsConcept() != tt.concept || id.IsDescription() != tt.description || id.IsRelationship() != tt.relationship ||
			id.IsExtension() != tt.extended || id.Namespace() != tt.namespace {
			t.Errorf("%d: concept %v, description %v, relationship %v, extension %v, namespace %d, want %+v",
				id, id.IsConcept(), id.IsDescription(), id.IsRelationship(), id.IsExtension(), id.Namespace(), tt)
		}
	}
}

func TestIDAsText(t *testing.T) {
	var v struct{ ID snomed.ID }
	if err := json.Unmarshal([]byte(`{"ID":"22298006"}`), &v); err != nil || v.ID != 22298006 {
		t.Errorf("Unmarshal = %v, %v, want 22298006", v.ID, err)
	}
	if b, err := json.Marshal(v); err != nil || string(b) != `{"ID":"22298006"}` {
		t.Errorf("Marshal = %s, %v", b, err)
	}
}

func TestParseIDBytesDoesNotAllocate(t *testing.T) {
	b, out := []byte("999000041000000102"), make([]byte, 0, 18)
	if n := testing.AllocsPerRun(100, func() {
		id, _ := snomed.ParseIDBytes(b)
		out = id.Append(out[:0])
	}); n != 0 || string(out) != string(b) {
		t.Errorf("%v allocations, %s, want 0 and %s", n, out, b)
	}
}

// FuzzParseID states what holds for every input: an accepted identifier prints
// back unchanged, and with one other last digit it is refused.
func FuzzParseID(f *testing.F) {
	for _, s := range []string{"22298006", "999000041000000102", "22289006", "022298006", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := snomed.ParseID(s)
		if scanned, ok := snomed.ScanID([]byte(s)); ok != (err == nil) || ok && scanned != id {
			t.Fatalf("ParseID(%q) = %v, %v and ScanID = %v, %v", s, id, err, scanned, ok)
		}
		if err != nil {
			return
		}
		if id.String() != s {
			t.Fatalf("ParseID(%q).String() = %q", s, id)
		}
		b := []byte(s)
		b[len(b)-1] = '0' + (b[len(b)-1]-'0'+1)%10
		if _, err := snomed.ParseID(string(b)); err == nil {
			t.Fatalf("ParseID accepts both %q and %q", s, b)
		}
		if len(s) > 6 && s[0] != s[1] && s[1] != '0' { // the check digit finds a swap of neighbours
			b = []byte(s)
			b[0], b[1] = b[1], b[0]
			if _, err := snomed.ParseID(string(b)); err == nil {
				t.Fatalf("ParseID accepts both %q and %q", s, b)
			}
		}
	})
}

func BenchmarkScanID(b *testing.B) {
	s := []byte("999000041000000102")
	b.ReportAllocs()
	for b.Loop() {
		snomed.ScanID(s)
	}
}

func ExampleParseID() {
	id, err := snomed.ParseID("22298006")
	fmt.Println(id, id.IsConcept(), err)

	_, err = snomed.ParseID("22289006") // two digits swapped
	fmt.Println(err)
	// Output:
	// 22298006 true <nil>
	// snomed.ParseID: invalid input: "22289006": wrong check digit
}
