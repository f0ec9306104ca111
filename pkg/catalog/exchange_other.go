//go:build !linux

package catalog

import (
	"errors"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// exchange would make two folders change places in one step: see Publish.
func exchange(string, string) error {
	return &terminology.Error{Op: "catalog.exchange", Kind: terminology.NotSupported, Err: errors.ErrUnsupported}
}
