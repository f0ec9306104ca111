package conceptmap

import (
	"fmt"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Reader answers from the maps of one release. It implements
// terminology.MapReader.
type Reader struct {
	tables terminology.Tables
	infos  []terminology.MapInfo
	texts  map[string]*mapTexts
}

// mapTexts are the texts that rows of a map have in common, read when they are first used.
type mapTexts struct {
	once sync.Once
	list []string
	err  error
}

// Open returns a Reader of the maps that a release says it has.
func Open(tables terminology.Tables, release terminology.Release) *Reader {
	r := &Reader{tables: tables, infos: release.Maps, texts: make(map[string]*mapTexts, len(release.Maps))}
	for _, info := range release.Maps {
		r.texts[info.ID] = &mapTexts{}
	}
	return r
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

// ReversePrefix returns the rows that lead to a target code that begins with a prefix, in
// the order of target and source codes. The error is TooCostly when there are more than
// most.
func (r *Reader) ReversePrefix(mapID, prefix string, most int) ([]terminology.Mapping, error) {
	common, err := r.common(mapID)
	if err != nil {
		return nil, err
	}
	var out []terminology.Mapping
	for kv, err := range r.tables.Rows(TableReverse, mapKey(mapID, foldCode(prefix))) {
		if err != nil {
			return nil, err
		}
		rows, err := readMappings(mapID, kv.Value, common)
		if err != nil {
			return nil, err
		}
		if out = append(out, rows...); len(out) > most {
			return nil, tooMany(prefix, most)
		}
	}
	return out, nil
}

func tooMany(prefix string, most int) error {
	return &terminology.Error{Op: "conceptmap.ReversePrefix", Kind: terminology.TooCostly, Err: fmt.Errorf("more than %d rows lead to codes that begin with %s", most, prefix)}
}

func (r *Reader) read(table byte, mapID, code string) ([]terminology.Mapping, error) {
	value, err := r.tables.Row(table, mapKey(mapID, code))
	if terminology.KindOf(err) == terminology.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	common, err := r.common(mapID)
	if err != nil {
		return nil, err
	}
	return readMappings(mapID, value, common)
}

// common returns the texts that rows of a map have in common.
func (r *Reader) common(mapID string) ([]string, error) {
	t := r.texts[mapID]
	if t == nil { // no map of the release
		return nil, nil
	}
	t.once.Do(func() {
		value, err := r.tables.Row(TableTexts, []byte(mapID))
		switch {
		case terminology.KindOf(err) == terminology.NotFound:
		case err != nil:
			t.err = err
		default:
			t.list, t.err = readTexts(value)
		}
	})
	return t.list, t.err
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
		common, err := r.common(id)
		if err != nil {
			return nil, err
		}
		rows, err := readMappings(id, kv.Value, common)
		if err != nil {
			return nil, err
		}
		counts[id] += len(rows)
		top := topLayer(rows, func(m terminology.Mapping) uint8 { return m.Layer })
		for _, m := range rows {
			if targets != nil && m.Target != "" && m.Layer == top {
				targets[id]++
			}
		}
	}
	return counts, nil
}

func corrupt(format string, args ...any) error {
	return &terminology.Error{Op: "conceptmap.Check", Kind: terminology.Corrupt, Err: fmt.Errorf(format, args...)}
}
