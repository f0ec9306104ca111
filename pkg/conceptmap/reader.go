package conceptmap

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Reader answers from the maps of one release. It implements
// terminology.MapReader.
type Reader struct {
	tables terminology.Tables
	infos  []terminology.MapInfo
}

// Open returns a Reader of the maps that a release says it has.
func Open(tables terminology.Tables, release terminology.Release) *Reader {
	return &Reader{tables: tables, infos: release.Maps}
}

// Maps lists the maps. The slice is shared.
func (r *Reader) Maps() []terminology.MapInfo { return r.infos }

// Forward returns the rows of a source code in the order of group and priority; no
// rows are no error.
func (r *Reader) Forward(mapID, source string) ([]terminology.Mapping, error) {
	return r.read(TableForward, mapID, source)
}

// Reverse returns the rows that lead to a target code, in any case and with or
// without dots, in the order of their source codes; no rows are no error.
func (r *Reader) Reverse(mapID, target string) ([]terminology.Mapping, error) {
	return r.read(TableReverse, mapID, foldCode(target))
}

func (r *Reader) read(table byte, mapID, code string) ([]terminology.Mapping, error) {
	value, err := r.tables.Row(table, mapKey(mapID, code))
	if terminology.KindOf(err) == terminology.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readMappings(mapID, value)
}

// Check reads every stored mapping, of both tables, and compares the number of rows
// with what the release says. The error is Corrupt.
func (r *Reader) Check() error {
	want := map[string]int{}
	for _, info := range r.infos {
		want[info.ID] = info.Rows
	}
	targets := map[string]int{}
	got, err := r.count(TableForward, targets)
	if err != nil {
		return err
	}
	reverse, err := r.count(TableReverse, nil)
	if err != nil {
		return err
	}
	for _, info := range r.infos {
		if got[info.ID] != want[info.ID] {
			return corrupt("map %s has %d rows, want %d", info.ID, got[info.ID], want[info.ID])
		}
		if reverse[info.ID] != targets[info.ID] {
			return corrupt("map %s has %d reverse rows, want %d", info.ID, reverse[info.ID], targets[info.ID])
		}
	}
	for _, table := range []map[string]int{got, reverse} {
		for id := range table {
			if _, ok := want[id]; !ok {
				return corrupt("rows of unknown map %q", id)
			}
		}
	}
	return nil
}

// count returns the rows of each map in a table, and counts those with a target.
func (r *Reader) count(table byte, targets map[string]int) (map[string]int, error) {
	counts := map[string]int{}
	for kv, err := range r.tables.Rows(table, nil) {
		if err != nil {
			return nil, err
		}
		id, _, _ := strings.Cut(string(kv.Key), "\x00")
		rows, err := readMappings(id, kv.Value)
		if err != nil {
			return nil, err
		}
		counts[id] += len(rows)
		for _, m := range rows {
			if targets != nil && m.Target != "" {
				targets[id]++
			}
		}
	}
	return counts, nil
}

func corrupt(format string, args ...any) error {
	return &terminology.Error{Op: "conceptmap.Check", Kind: terminology.Corrupt, Err: fmt.Errorf(format, args...)}
}
