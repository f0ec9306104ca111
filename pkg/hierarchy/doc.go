// Package hierarchy turns the is-a edges of a release into what subsumption needs:
// ordinals in depth-first order, sorted ancestor lists and descendant sets.
//
// Everything is computed once, when a release is built, and is read-only
// afterwards and safe to share. Functions that take a graph expect nodes 0 to
// n-1; they do not change what they are given, and what they return belongs to
// the caller, except that Sets.Get returns a bitmap over the stored bytes, which
// must not be changed.
//
// The package does no input or output and knows neither codes nor stores: those
// live in codesystem/basic and store.
//
// edges.go has graphs as compressed rows, order.go the depth-first order and the
// search for cycles, closure.go ancestors and subsumption, sets.go the stored
// bitmaps.
package hierarchy
