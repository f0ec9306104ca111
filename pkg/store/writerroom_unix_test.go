//go:build linux || darwin

package store

import (
	"encoding/binary"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestWriterRoom: a release that a disk has no room for is refused with an error before
// more is written than there is room for, and is written whole where there is room.
func TestWriterRoom(t *testing.T) {
	whole, err := writeOn(t, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		disk uint64
		fits bool
	}{
		{"a full disk", 0, false},
		{"a disk that fills at once", 2 << 20, false},
		{"a disk for half of it", whole / 2, false},
		{"a disk that is a little too small", whole - whole/20, false},
		{"a disk that is large enough", whole + whole/8 + 2*writerRoom, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			used, err := writeOn(t, tt.disk)
			switch {
			case tt.fits && err != nil:
				t.Errorf("%d bytes on a disk of %d: %v", whole, tt.disk, err)
			case !tt.fits && (terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), "make room and try again")):
				t.Errorf("%d bytes on a disk of %d: %v, want an error of kind %v", whole, tt.disk, err, terminology.Unavailable)
			}
			if used > tt.disk {
				t.Errorf("%d bytes were written to a disk of %d", used, tt.disk)
			}
		})
	}
}

// TestRoomToBegin: nothing is made on a disk that is full, of a folder that is not there yet.
func TestRoomToBegin(t *testing.T) {
	parent := t.TempDir()
	for free, want := range map[uint64]terminology.Kind{0: terminology.Unavailable, writerRoom - 1: terminology.Unavailable, writerRoom: terminology.Other} {
		err := roomToBegin("store.Create", filepath.Join(parent, "kv"), func(dir string) (uint64, error) {
			if dir != parent {
				t.Errorf("asked about %s, want %s", dir, parent)
			}
			return free, nil
		})
		if terminology.KindOf(err) != want || (err == nil) != (want == terminology.Other) {
			t.Errorf("with %d bytes free: %v, want kind %v", free, err, want)
		}
	}
}

// writeOn writes 24 MiB to a disk of the given size, and returns what they took of it.
func writeOn(t *testing.T, disk uint64) (uint64, error) {
	t.Helper()
	dir := t.TempDir()
	w, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	before, err := diskUse(dir)
	if err != nil {
		t.Fatal(err)
	}
	w.free = func(dir string) (uint64, error) {
		used, err := diskUse(dir)
		return disk - min(disk, used-before), err
	}
	value, random := make([]byte, 64<<10), rand.NewChaCha8([32]byte{1})
	for i := range uint32(24 << 4) {
		if _, err := random.Read(value); err != nil {
			t.Fatal(err)
		}
		if err = w.PutRow('A', binary.BigEndian.AppendUint32(nil, i), value); err != nil {
			break
		}
	}
	closing := w.Close()
	if err == nil {
		err = closing
	} else if closing != nil {
		t.Errorf("Close after an error: %v, want nothing more", closing)
	}
	used, e := diskUse(dir)
	if e != nil {
		t.Fatal(e)
	}
	return used - min(used, before), err
}
