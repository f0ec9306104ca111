package table_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
)

// TestMapPlaces: the line of a row is that on which it begins, whatever ends lines, however
// many lines the rows before it take, and where there are empty ones.
func TestMapPlaces(t *testing.T) {
	const content = "Lokal kode;ICD-10;Tekst;Forhold;Gruppe;Prioritet;Regel;Merknad;Avdeling;Tillegg\n" +
		"HJ1;I21.9;\"over\nto linjer\";;;;;;;\n\nHJ2;I21.0;;;;;;\"tre\n\nlinjer\";;\nHJ3;I50.9;;;;;;;;\n"
	want := "HJ1 2, HJ2 5, HJ3 8"
	for name, text := range map[string]string{"LF": content, "CRLF": strings.ReplaceAll(content, "\n", "\r\n"), "byte order mark": "\ufeff" + content} {
		s, err := table.NewMapSource(tabulartest.File("map.csv", text), parse(t, localMap), options)
		if err != nil {
			t.Fatal(err)
		}
		sink := tabulartest.NewSink()
		if _, err := s.Read(context.Background(), sink); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range sink.Mappings {
			got = append(got, fmt.Sprint(m.Source, " ", m.Line))
		}
		if list := strings.Join(got, ", "); list != want {
			t.Errorf("%s: %s, want %s", name, list, want)
		}
	}
}
