package terminology

import "io"

// SavedStore keeps what was made of resources, so that it need not be made again: each
// under a name that tells all that it was made of, so that what has a name never changes.
// All of it can be made anew, and may be lost. A ResourceStore may be one too. It is safe
// for concurrent use.
type SavedStore interface {
	// Saved returns what was saved under a name, which is the caller's. The error is
	// NotFound.
	Saved(name string) ([]byte, error)
	// Save keeps what write writes, whole or not at all.
	Save(name string, write func(io.Writer) error) error
	// Unsave removes what was saved under a name, if anything was.
	Unsave(name string) error
	// Forget removes what was saved under the names for which keep returns false.
	Forget(keep func(name string) bool) error
}
