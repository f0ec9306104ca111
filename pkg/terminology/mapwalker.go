package terminology

import "iter"

// MapWalker is a MapReader that can tell all rows of a map, for what looks at maps as a
// whole. What a client waits for may take the first rows, and end the walk there.
type MapWalker interface {
	// All walks the rows of a map by source code, all rows of one source at a time, in
	// their order and of all layers. The slice is the caller's.
	All(mapID string) iter.Seq2[[]Mapping, error]
}
