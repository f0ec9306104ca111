package wiring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// OpenResources opens the resources of a data folder that clients write. It returns nil
// when there are none and none may be written.
func OpenResources(dataDir string, readOnly bool) (Resources, error) {
	dir := filepath.Join(dataDir, catalog.ResourcesDir)
	if _, err := os.Stat(dir); readOnly && errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	r, err := store.OpenResources(dir, readOnly)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Resources are the resources of a data folder, which Close gives back.
type Resources interface {
	terminology.ResourceStore
	terminology.ClosureStore
	Close() error
}

// maxNamed is how many damaged resources are named.
const maxNamed = 20

// VerifiedResources is how much of what clients wrote was read.
type VerifiedResources struct {
	Versions int
	Bytes    int64 // of the versions
	Closures int   // closure tables
}

// VerifyResources reads every version of every resource that clients wrote, compares it
// with its checksum, and reads it as a resource; and every closure table. The error is
// Corrupt and names what is damaged, or Unavailable while a server has the resources.
func VerifyResources(ctx context.Context, dataDir string) (found VerifiedResources, err error) {
	r, err := OpenResources(dataDir, true)
	if r == nil || err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var bad []error
	damaged := 0
	note := func(err error) {
		if damaged++; damaged <= maxNamed {
			bad = append(bad, err)
		}
	}
	for _, err := range r.Current() {
		if err != nil {
			note(err)
		}
	}
	for v, err := range r.History("", "", 0) {
		if ctx.Err() != nil {
			return found, &terminology.Error{Op: "wiring.VerifyResources", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		found.Versions, found.Bytes = found.Versions+1, found.Bytes+int64(len(v.Raw))
		if err == nil && !v.Deleted {
			if _, err = resource.Parse(v.Raw); err != nil {
				err = fmt.Errorf("%s/%s version %d: %w", v.Type, v.ID, v.Version, err)
			}
		}
		if err != nil {
			note(err)
		}
	}
	for c, err := range r.Closures() {
		if ctx.Err() != nil {
			return found, &terminology.Error{Op: "wiring.VerifyResources", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		found.Closures++
		if err == nil {
			err = verifyClosure(r, c)
		}
		if err != nil {
			note(err)
		}
	}
	if damaged > maxNamed {
		bad = append(bad, fmt.Errorf("%d more are damaged", damaged-maxNamed))
	}
	if damaged > 0 {
		return found, &terminology.Error{Op: "wiring.VerifyResources", Kind: terminology.Corrupt, Err: errors.Join(bad...)}
	}
	return found, nil
}

// verifyClosure reads the concepts of a closure table.
func verifyClosure(r terminology.ClosureStore, c terminology.Closure) error {
	n := 0
	for one, err := range r.ClosureConcepts(c) {
		if err == nil && one.System >= len(c.Systems) {
			err = fmt.Errorf("a concept of the closure table %q is of no code system", c.Name)
		}
		if err != nil {
			return err
		}
		n++
	}
	if n != c.Concepts {
		return fmt.Errorf("the closure table %q has %d concepts, want %d", c.Name, n, c.Concepts)
	}
	return nil
}
