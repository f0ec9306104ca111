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

// VerifyResources reads every version of every resource that clients wrote, compares it
// with its checksum, and reads it as a resource. It returns how many versions there are,
// and how many bytes they have. The error is Corrupt and names what is damaged, or
// Unavailable while a server has the resources.
func VerifyResources(ctx context.Context, dataDir string) (versions int, bytes int64, err error) {
	r, err := OpenResources(dataDir, true)
	if r == nil || err != nil {
		return 0, 0, err
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
			return versions, bytes, &terminology.Error{Op: "wiring.VerifyResources", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		versions, bytes = versions+1, bytes+int64(len(v.Raw))
		if err == nil && !v.Deleted {
			if _, err = resource.Parse(v.Raw); err != nil {
				err = fmt.Errorf("%s/%s version %d: %w", v.Type, v.ID, v.Version, err)
			}
		}
		if err != nil {
			note(err)
		}
	}
	if damaged > maxNamed {
		bad = append(bad, fmt.Errorf("%d more are damaged", damaged-maxNamed))
	}
	if damaged > 0 {
		return versions, bytes, &terminology.Error{Op: "wiring.VerifyResources", Kind: terminology.Corrupt, Err: errors.Join(bad...)}
	}
	return versions, bytes, nil
}
