package store

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// roomKept is how much of the disk must stay free beyond what is written. Badger writes its
// log into a file that it has mapped and that is longer than its contents: when the disk is
// full, that ends the program with a signal instead of an error. Two logs of twice a memory
// table are open at once at most.
const roomKept = 4 * resourceMemory

// resourceMemory is how many bytes the memory table of Resources holds, before it becomes a
// table file.
const resourceMemory = 64 << 20

// releaseKept is how much of the disk must stay free while a release is written: its logs
// are mapped too, and so are the table files, of which some are being made at once.
const releaseKept = 4 * tableSize

// releaseRoom refuses to write more of a release, as room does.
func releaseRoom(op, dir string, free func(string) (uint64, error)) error {
	n, err := free(dir)
	if err != nil || n >= releaseKept {
		return nil
	}
	return &terminology.Error{Op: op, Kind: terminology.Unavailable,
		Err: fmt.Errorf("the disk of the data folder has %d MiB free, and while a release is written %d MiB must be: make room and import it again", n>>20, releaseKept>>20)}
}

// room refuses a write, with an error of kind Unavailable, when the disk has not room for it.
// Nothing has been written then. Where the room cannot be told it refuses nothing.
func (r *Resources) room(op string, bytes int) error {
	free, err := r.free(r.dir)
	want := uint64(roomKept) + 2*uint64(bytes) // in the log, and in a table file
	if err != nil || free >= want {
		return nil
	}
	return &terminology.Error{Op: op, Kind: terminology.Unavailable,
		Err: fmt.Errorf("the disk of the data folder has %d MiB free, and to write this %d MiB must be: nothing was written, make room and try again", free>>20, (want+1<<20-1)>>20)}
}
