package catalog

import (
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// exchange makes two folders change places in one step, and makes that durable. It
// fails on file systems that cannot, and has then done nothing.
func exchange(a, b string) error {
	if err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE); err != nil {
		return &terminology.Error{Op: "catalog.exchange", Err: err}
	}
	// What is done cannot fail any more; it may come later than a power cut.
	_ = syncDir(filepath.Dir(b))
	_ = syncDir(filepath.Dir(a))
	return nil
}
