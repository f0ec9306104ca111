package store

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// FormatVersion is the version of the key layout, see KEYS.md.
const FormatVersion = 1

const (
	columnTable = 0x01
	chunkSize   = 512 << 10
	tableSize   = 64 << 20 // of one file, which is held in memory while it is written
	longValue   = 1 << 20  // from here on Badger keeps a value in its value log
)

// settings are the options of a release's database: no compression and no block
// cache, so that reads go through the memory map; one version of each key.
func settings(dir string) badger.Options {
	return badger.DefaultOptions(dir).
		WithLogger(nil).
		WithCompression(options.None).
		WithBlockCacheSize(0).
		WithIndexCacheSize(0).
		WithMetricsEnabled(false).
		WithDetectConflicts(false).
		WithNumVersionsToKeep(1).
		WithValueThreshold(longValue).
		WithVerifyValueChecksum(true).
		WithNumGoroutines(1).
		WithNumCompactors(2).
		WithValueLogFileSize(16 << 20).
		WithMemTableSize(16 << 20).
		WithBaseTableSize(tableSize / 32) // the stream writer makes tables of 2^5 times this
}

// wrap turns an error of Badger into ours.
func wrap(op string, err error) error {
	if errors.Is(err, badger.ErrKeyNotFound) {
		return &terminology.Error{Op: op, Kind: terminology.NotFound, Err: errors.New("no such key")}
	}
	return &terminology.Error{Op: op, Kind: terminology.KindOf(err), Err: err}
}

func corrupt(op, format string, args ...any) error {
	return &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf(format, args...)}
}
