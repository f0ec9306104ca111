//go:build linux || darwin

package store

import "syscall"

// freeBytes returns how many bytes a program without privileges may still write to the
// disk that a folder is on.
func freeBytes(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
