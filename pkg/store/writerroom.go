package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// writerRoom is how much of the disk a Writer leaves free, for what Badger keeps beside
// its table files.
const writerRoom = 1 << 20

// room refuses what the disk has not room for, with an error of kind Unavailable: Badger
// copies a table into a file that it has mapped, and when the disk is full, that ends the
// program with a signal instead of an error. What was handed to Badger and is not on the
// disk yet counts as written, and a sixteenth more for its indexes and filters. Where the
// room cannot be told it refuses nothing.
func (w *Writer) room(bytes uint64) error {
	free, err := w.free(w.dir)
	if err != nil {
		return nil
	}
	used, err := diskUse(w.dir)
	if err != nil {
		return nil
	}
	want := w.given + bytes
	want += want/16 + writerRoom
	return enough("store.Put", free, want-min(want, used))
}

// roomToBegin refuses to make a database where not even an empty one has room. The folder
// need not be there, and the one that it is in must.
func roomToBegin(op, dir string, freeBytes func(dir string) (uint64, error)) error {
	free, err := freeBytes(filepath.Dir(dir))
	if err != nil {
		return nil
	}
	return enough(op, free, writerRoom)
}

// enough is the error that a disk has less free than is wanted; nil when it has as much.
func enough(op string, free, want uint64) error {
	if free >= want {
		return nil
	}
	return &terminology.Error{Op: op, Kind: terminology.Unavailable,
		Err: fmt.Errorf("the disk of the data folder is full: it has %d MiB free, and to go on %d MiB must be: nothing of this release is kept, make room and try again", free>>20, (want+1<<20-1)>>20)}
}

// diskUse returns how many bytes the files of a folder take on the disk, which is less
// than their lengths while they are written.
func diskUse(dir string) (uint64, error) {
	var sum uint64
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) { // Badger has taken it away
			return nil
		}
		if err != nil {
			return err
		}
		sum += usedBytes(info)
		return nil
	})
	return sum, err
}
