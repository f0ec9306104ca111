package rf2

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// A component can have several rows: in a Full, one for each change, and in the
// Snapshots of two releases, when it moved from one to the other, and in a Snapshot
// and the Delta that changes it. The row of the latest effectiveTime is its state;
// at one date, that of a Delta. A state finds these rows in a first pass over
// identifiers and dates; the second pass then passes over the rows that do not
// hold.

// identity is an SCTID (in low) or a UUID.
type identity struct{ high, low uint64 }

// place is where the row that holds was found.
type place struct {
	date terminology.Date
	line uint32
	file uint16
}

// state is the rows that hold, of files that share their identifiers. A nil state
// says that every row does.
type state struct {
	places map[identity]place
	files  []*File
	filter []uint64 // bits of the identifiers in places, to pass most others at once
	limits *limits
	all    bool // every identifier is in places
}

// stateOf returns the state of files of one kind, or nil when each identifier can
// be there only once: one release, and its Snapshot. Of Snapshots of several
// releases, and of those that a Delta changes, the largest need not be kept, only
// compared.
func (r *reading) stateOf(ctx context.Context, files []*File) (*state, error) {
	full := slices.ContainsFunc(files, func(f *File) bool { return f.Form == Full })
	delta := slices.ContainsFunc(files, func(f *File) bool { return f.Form == Delta })
	largest, releases := r.largest(files)
	if !full && !delta && releases < 2 {
		return nil, nil
	}
	s := &state{places: map[identity]place{}, files: files, filter: make([]uint64, filterWords), limits: r.limits, all: full || releases == 0}
	for pass := range 2 {
		for i, f := range files {
			base := !s.all && r.owner[f] == largest
			if base != (pass == 1) {
				continue
			}
			if err := r.statePass(ctx, s, i, f, base); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// largest returns the release with most bytes among files that are no Delta, and
// the number of those releases.
func (r *reading) largest(files []*File) (owner string, releases int) {
	bytes := map[string]int64{}
	for _, f := range files {
		if f.Form != Delta {
			bytes[r.owner[f]] += f.Size
		}
	}
	for _, o := range slices.Sorted(maps.Keys(bytes)) {
		if owner == "" || bytes[o] > bytes[owner] {
			owner = o
		}
	}
	return owner, len(bytes)
}

// statePass notes the rows of one file. Rows of a base change what is noted and
// add nothing. A row that is malformed is passed over here: the second pass says
// what is wrong with it.
func (r *reading) statePass(ctx context.Context, s *state, index int, f *File, base bool) error {
	id, date := f.column("id"), f.column("effectiveTime")
	if f.Kind == Identifier {
		id = f.column("alternateIdentifier")
	}
	module := f.column("moduleId")
	fields := make([]string, len(f.Columns))
	return r.lines.each(ctx, f, func(int) {}, func(number int, line string) error {
		if split(line, fields) != len(fields) {
			return nil
		}
		key, ok := identify(f, fields)
		day, dated := terminology.ParseDate(fields[date])
		if !ok || !dated {
			return nil
		}
		if s.limits != nil {
			if m, _ := scanDigits(fields[module]); !s.limits.counts(snomed.ID(m), day) {
				return nil
			}
		}
		old, known := s.find(key)
		switch {
		case !known && base, known && old.date > day, known && old.date == day && f.Form != Delta && s.files[old.file].Form == Delta:
			return nil
		case known && int(old.file) == index && (f.Form == Snapshot || old.date == day):
			return r.to.Bad(&terminology.RowError{File: f.Base(), Line: number, Column: f.Columns[id],
				Err: fmt.Errorf("found %s a second time, first in line %d", strings.Clone(fields[id]), old.line)})
		}
		word, bit := key.filterBit()
		s.filter[word] |= bit
		s.places[key] = place{date: day, line: uint32(number), file: uint16(index)}
		return nil
	})
}

// holds reports whether the row at a line of a file is the state of its component.
func (s *state) holds(f *File, index, line int, fields []string) bool {
	if s == nil {
		return true
	}
	key, _ := identify(f, fields)
	p, known := s.find(key)
	if !known {
		return !s.all
	}
	return int(p.file) == index && int(p.line) == line
}

// filterWords makes a filter of 2 MB: 16 bits an identifier of a million.
const filterWords = 1 << 18

func (id identity) filterBit() (word int, bit uint64) {
	h := (id.low ^ id.high) * 0x9E3779B97F4A7C15 >> 40
	return int(h >> 6), 1 << (h & 63)
}

func (s *state) find(id identity) (place, bool) {
	if word, bit := id.filterBit(); s.filter[word]&bit == 0 {
		return place{}, false
	}
	p, known := s.places[id]
	return p, known
}

// identify reads the identifier of a row: an SCTID, the UUID of a member, or a
// hash of an alternate identifier and its scheme.
func identify(f *File, fields []string) (identity, bool) {
	if f.Kind == Identifier {
		h := fnv.New128a()
		h.Write([]byte(fields[f.column("identifierSchemeId")] + "\t" + fields[f.column("alternateIdentifier")]))
		sum := h.Sum(nil)
		return identity{binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:])}, true
	}
	s := fields[0]
	if !f.Kind.refset() {
		n, ok := scanDigits(s)
		return identity{low: n}, ok
	}
	if !isUUID(s) {
		return identity{}, false
	}
	var id identity
	for i := 0; i < len(s); i++ {
		if d := hexDigit[s[i]]; d < 16 {
			id.high = id.high<<4 | id.low>>60
			id.low = id.low<<4 | uint64(d)
		}
	}
	return id, true
}
