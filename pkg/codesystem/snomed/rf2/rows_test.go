package rf2

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// FuzzRows states what holds for every file: each line is either a row that,
// printed back, is the line, or a bad row with the number of that line; and a row
// that is accepted keeps the promises of its checks.
func FuzzRows(f *testing.F) {
	f.Add([]byte("37436014\t20170731\t1\t900000000000207008\t22298006\ten\t900000000000013009\tMyocardial infarction\t900000000000448009\r\n"))
	f.Add([]byte("37436014\t20170731\t1\t900000000000207008\t22298006\ten\t900000000000013009\t\"\xc3\xa6\"\t900000000000448009"))
	f.Add([]byte("\n\n\t\t\t\t\t\t\t\t\t\n37436014\t20170230\t2"))
	header := "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n"
	f.Fuzz(func(t *testing.T, data []byte) {
		const name = "sct2_Description_Snapshot-en_INT_20250101.txt"
		p, err := Detect(fstest.MapFS{name: {Data: append([]byte(header), data...)}}, "fuzz")
		if err != nil || p == nil {
			t.Fatalf("Detect = %v, %v, want a package", p, err)
		}
		want := strings.Split(string(data), "\n")
		if want[len(want)-1] == "" {
			want = want[:len(want)-1]
		}
		row, next := newRows(&p.Files[0], false), 2
		l := lines{buf: make([]byte, 64)} // lines must not depend on the size of blocks
		err = l.each(context.Background(), &p.Files[0], func(int) {}, func(number int, line string) error {
			if number != next || line != strings.TrimSuffix(want[number-2], "\r") {
				t.Fatalf("line %d is %q, want line %d, %q", number, line, next, want[number-2])
			}
			next++
			if bad := row.parse(number, line, l.valid); bad != nil {
				if bad.Line != number {
					t.Fatalf("bad row of line %d says line %d", number, bad.Line)
				}
				return nil
			}
			if got := strings.Join(row.field, "\t"); got != line {
				t.Fatalf("row printed back: %q, want %q", got, line)
			}
			id, err := snomed.ParseID(row.field[0])
			if err != nil || !id.IsDescription() || uint64(id) != row.value[0] || row.field[7] == "" || !utf8.ValidString(line) {
				t.Fatalf("accepted %q", line)
			}
			if date, ok := terminology.ParseDate(row.field[1]); !ok || uint64(date) != row.value[1] {
				t.Fatalf("accepted date %q as %d", row.field[1], row.value[1])
			}
			return nil
		})
		if err != nil || next-2 != len(want) {
			t.Fatalf("each = %v after %d lines, want %d", err, next-2, len(want))
		}
	})
}

func TestKindOf(t *testing.T) {
	tests := []struct {
		name, file, header string
		want               Kind
	}{
		{"relationship", "sct2_Relationship_Snapshot_INT.txt", "id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId", Relationship},
		{"stated relationship, by its name", "xsct2_StatedRelationship_Snapshot_INT.txt", "id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId", StatedRelationship},
		{"old spelling", "der2_cRefset_LanguageSnapshot.txt", "id effectiveTime active moduleId refSetId referencedComponentId acceptabilityId", Language},
		{"named wrongly", "der2_cRefset_LanguageSnapshot.txt", "id effectiveTime active moduleId refsetId referencedComponentId mapTarget", SimpleMap},
		{"own refset", "der2_sRefset_OwnSnapshot.txt", "id effectiveTime active moduleId refsetId referencedComponentId note", OtherRefset},
		{"a map of another shape", "der2_scccRefset_MapCorrelationOriginSnapshot.txt", "id effectiveTime active moduleId refsetId referencedComponentId mapTarget attributeId correlationId contentOriginId", OtherMap},
		{"a map from another code system", "der2_sRefset_SimpleMapFromSnapshot.txt", "id effectiveTime active moduleId refsetId referencedComponentId mapSource", OtherMap},
		{"readme", "Readme.txt", "This is a subset of SNOMED CT", Other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := kindOf(tt.header, tt.file); got != tt.want {
				t.Errorf("kindOf(%q, %q) = %v, want %v", tt.header, tt.file, got, tt.want)
			}
		})
	}
}

func TestFormOf(t *testing.T) {
	for path, want := range map[string]Form{
		"Full/Terminology/sct2_Concept_Full_INT_20250101.txt":              Full,
		"sct2_Description_Delta-en_INT_20250101.txt":                       Delta,
		"der2_cRefset_LanguageSnapshot-en_INT_20250101.txt":                Snapshot,
		"RF2Release/full/Terminology/concepts.txt":                         Full,
		"SnomedCT_MiniRF2_delta/Terminology/sct2_Concept_Snapshot_INT.txt": Snapshot,
		"concepts.txt": Snapshot,
	} {
		if got := formOf(path); got != want {
			t.Errorf("formOf(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestIDSet(t *testing.T) {
	s := newIDSet()
	for i := uint64(1); i <= 10_000; i++ {
		s.add(i * 1000)
		s.add(i * 1000)
	}
	if s.n != 10_000 || s.has(0) || s.has(1) || !s.has(1000) || !s.has(10_000_000) {
		t.Errorf("n = %d, has(0, 1, 1000, 10000000) = %v %v %v %v, want 10000, false false true true",
			s.n, s.has(0), s.has(1), s.has(1000), s.has(10_000_000))
	}
}
