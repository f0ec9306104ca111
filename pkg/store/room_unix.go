//go:build linux || darwin

package store

import (
	"io/fs"
	"syscall"
)

// freeBytes returns how many bytes a program without privileges may still write to the
// disk that a folder is on.
func freeBytes(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// usedBytes returns how many bytes a file takes on the disk.
func usedBytes(info fs.FileInfo) uint64 {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return uint64(s.Blocks) * 512 // whatever the blocks of the disk are (POSIX, sys/stat.h)
}
