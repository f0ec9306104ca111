package catalog

import (
	"hash/maphash"
	"maps"
)

// shards is how many pieces a shared map is in.
const shards = 256

// shared is a map that never changes: with returns one that differs in one key, and shares
// nearly all of it. So a write among many resources costs what it changes, and no snapshot
// that was taken before sees it. The zero map is empty.
type shared[K comparable, V any] struct {
	pieces *[shards]map[K]V
	len    int
}

var shardSeed = maphash.MakeSeed()

func shardOf[K comparable](key K) uint64 { return maphash.Comparable(shardSeed, key) % shards }

// get returns the value of a key, the zero value when there is none.
func (m shared[K, V]) get(key K) (v V, ok bool) {
	if m.pieces == nil {
		return v, false
	}
	v, ok = m.pieces[shardOf(key)][key]
	return v, ok
}

// with returns the map with a value for a key.
func (m shared[K, V]) with(key K, value V) shared[K, V] {
	return m.change(key, func(piece map[K]V) { piece[key] = value })
}

// without returns the map without a key.
func (m shared[K, V]) without(key K) shared[K, V] {
	if _, ok := m.get(key); !ok {
		return m
	}
	return m.change(key, func(piece map[K]V) { delete(piece, key) })
}

func (m shared[K, V]) change(key K, change func(map[K]V)) shared[K, V] {
	var pieces [shards]map[K]V
	if m.pieces != nil {
		pieces = *m.pieces
	}
	at := shardOf(key)
	before := len(pieces[at])
	if pieces[at] = maps.Clone(pieces[at]); pieces[at] == nil {
		pieces[at] = map[K]V{}
	}
	change(pieces[at])
	return shared[K, V]{&pieces, m.len + len(pieces[at]) - before}
}

// all walks the map, in no order.
func (m shared[K, V]) all(yield func(K, V) bool) {
	if m.pieces == nil {
		return
	}
	for _, piece := range m.pieces {
		for k, v := range piece {
			if !yield(k, v) {
				return
			}
		}
	}
}
