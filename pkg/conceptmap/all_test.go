package conceptmap_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestAll states the law of All: it walks the sources of a map in order, and gives of each
// what Forward does, and of another map nothing.
func TestAll(t *testing.T) {
	var b conceptmap.Builder
	for _, id := range []string{"m", "m2"} {
		if err := b.Map(terminology.MapInfo{ID: id}); err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			m := terminology.Mapping{Map: id, Source: fmt.Sprint("S", i*7%20), Target: fmt.Sprint(id, i), Group: uint16(i % 3), Priority: uint16(i)}
			if err := b.Mapping(m); err != nil {
				t.Fatal(err)
			}
		}
	}
	tables := store.NewMemory()
	if err := b.Write(tables); err != nil {
		t.Fatal(err)
	}
	r := conceptmap.Open(tables, terminology.Release{Maps: b.Infos()})
	var sources []string
	for rows, err := range r.All("m") {
		if err != nil {
			t.Fatal(err)
		}
		want, err := r.Forward("m", rows[0].Source)
		if err != nil || fmt.Sprint(want) != fmt.Sprint(rows) {
			t.Errorf("All gives %v of %s, Forward %v, %v", rows, rows[0].Source, want, err)
		}
		sources = append(sources, rows[0].Source)
	}
	if len(sources) != 20 || !slices.IsSorted(sources) {
		t.Errorf("All walks %v, want 20 sources in order", sources)
	}
	for rows := range r.All("none") {
		t.Errorf("All of no map gives %v", rows)
	}
	for range r.All("m") {
		break // a caller may stop
	}
}
