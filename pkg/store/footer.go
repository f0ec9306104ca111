package store

import (
	"encoding/binary"
	"os"
	"path/filepath"
)

// checkFooters looks at the end of the table files in dir, where each says how long its
// index and the checksum of it are. A file that ends in zeros, as one does that was never
// written out before the power went, makes Badger panic, in a goroutine of its own.
func checkFooters(dir string) error {
	entries, err := os.ReadDir(dir) // not filepath.Glob: the folder's name may have a '[' in it
	if err != nil {
		return wrap("store.Open", err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".sst" {
			continue
		}
		if err := checkFooter(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// checkFooter reads, from the end: the length of the checksum in four bytes, the
// checksum, the length of the index in four bytes, and before it is the index.
func checkFooter(name string) error {
	const op = "store.Open"
	f, err := os.Open(name)
	if err != nil {
		return wrap(op, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return wrap(op, err)
	}
	rest := info.Size()
	for _, part := range []string{"checksum", "index"} {
		var length [4]byte
		if rest < 4 {
			return corrupt(op, "%s has no room for its %s", name, part)
		}
		if _, err := f.ReadAt(length[:], rest-4); err != nil {
			return wrap(op, err)
		}
		n := int64(binary.BigEndian.Uint32(length[:]))
		if rest -= 4 + n; n == 0 || rest < 0 {
			return corrupt(op, "%s says that its %s has %d bytes", name, part, n)
		}
	}
	return nil
}
