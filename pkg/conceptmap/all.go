package conceptmap

import (
	"iter"

	"github.com/kodeks/kodeks/pkg/terminology"
)

var _ terminology.MapWalker = (*Reader)(nil)

// All walks the rows of a map by source code, as terminology.MapWalker says. It ends at the
// first error, which is Corrupt when a stored row cannot be read.
func (r *Reader) All(mapID string) iter.Seq2[[]terminology.Mapping, error] {
	return func(yield func([]terminology.Mapping, error) bool) {
		common, err := r.common(mapID)
		if err != nil {
			yield(nil, err)
			return
		}
		for kv, err := range r.tables.Rows(TableForward, mapKey(mapID, "")) {
			var rows []terminology.Mapping
			if err == nil {
				rows, err = readMappings(mapID, kv.Value, common)
			}
			if !yield(rows, err) || err != nil {
				return
			}
		}
	}
}
