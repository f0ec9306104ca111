package crossmap_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleReplacements() {
	rows := crossmap.Replacements(terminology.Release{Name: "nlk", System: "urn:oid:2.16.578.1.12.4.1.1.7280", Title: "NLK"})
	_ = rows.Replace("NPU01944", "NPU26880", "nlk.xlsx!Nlk", 7)
	_ = rows.Replace("NPU01944", "NPU26880", "nlk.xlsx!Nlk", 8)
	_ = rows.Replace("NPU26880", "NPU26880", "nlk.xlsx!Nlk", 9)
	sink := tabulartest.NewSink()
	fmt.Println(rows.Say(context.Background(), sink), sink.Maps[0].Title, sink.Maps[0].Rows)
	for _, m := range sink.Mappings {
		fmt.Printf("%s: %s -> %s, %d.%d, %s:%d\n", m.Map, m.Source, m.Target, m.Group, m.Priority, m.File, m.Line)
	}
	// Output:
	// <nil> NLK: replaced by 1
	// urn:kodeks:map:nlk:replaced-by: NPU01944 -> NPU26880, 1.1, nlk.xlsx!Nlk:7
}

// refusing is a sink that has something against each row.
type refusing struct{ *tabulartest.Sink }

func (refusing) Mapping(terminology.Mapping) error {
	return &terminology.Error{Op: "refusing", Kind: terminology.Invalid, Err: errors.New("no")}
}

func TestRows(t *testing.T) {
	ctx := context.Background()
	t.Run("a map without rows is not said", func(t *testing.T) {
		sink := tabulartest.NewSink()
		if err := crossmap.New(terminology.MapInfo{ID: "m"}).Say(ctx, sink); err != nil || len(sink.Maps) > 0 {
			t.Errorf("Say = %v, maps %v, want none", err, sink.Maps)
		}
	})
	t.Run("groups and priorities that are given are kept", func(t *testing.T) {
		rows, sink := crossmap.New(terminology.MapInfo{ID: "m"}), tabulartest.NewSink()
		for _, m := range []terminology.Mapping{{Source: "A", Target: "1"}, {Source: "A", Target: "2", Group: 2, Priority: 4}, {Source: "A", Target: "3"}, {Source: "B", Target: "1"}} {
			if err := rows.Add(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Say(ctx, sink); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range sink.Mappings {
			got += fmt.Sprintf("%s%s %d.%d, ", m.Source, m.Target, m.Group, m.Priority)
		}
		if want := "A1 1.1, A2 2.4, A3 1.3, B1 1.1, "; got != want || sink.Maps[0].Sources != 2 {
			t.Errorf("rows %s of %d sources, want %s of 2", got, sink.Maps[0].Sources, want)
		}
	})
	t.Run("a row that the sink refuses is bad at its line", func(t *testing.T) {
		rows, sink := crossmap.New(terminology.MapInfo{ID: "m"}), tabulartest.NewSink()
		_ = rows.Add(terminology.Mapping{Source: "A", File: "f.csv", Line: 9})
		if err := rows.Say(ctx, refusing{sink}); err != nil || len(sink.BadRows) != 1 || sink.BadRows[0].File != "f.csv" || sink.BadRows[0].Line != 9 {
			t.Errorf("Say = %v, bad rows %v, want one at f.csv:9", err, sink.BadRows)
		}
	})
	t.Run("more targets than priorities", func(t *testing.T) {
		rows := crossmap.New(terminology.MapInfo{ID: "m"})
		var err error
		for i := 0; err == nil && i <= math.MaxUint16; i++ {
			err = rows.Add(terminology.Mapping{Source: "A"})
		}
		if terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("Add = %v, want Invalid", err)
		}
	})
	t.Run("a context that has ended", func(t *testing.T) {
		rows := crossmap.New(terminology.MapInfo{ID: "m"})
		_ = rows.Add(terminology.Mapping{Source: "A"})
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := rows.Say(ended, tabulartest.NewSink()); terminology.KindOf(err) != terminology.Unavailable {
			t.Errorf("Say = %v, want Unavailable", err)
		}
	})
}
