// Package wiring joins store and search to the packages that take them as ports:
// how a release is written, opened and verified.
//
// It holds no state. What Open returns is open until its Close is called; errors
// are those of the packages that it joins.
//
// It is the one place that names both store and search, so that the command and
// the tests of the packages above run on the same real thing. It does not know
// where releases are, what is asked of them, or who asks: catalog, operation and
// server do.
//
// wiring.go is for releases, resources.go for what clients write.
package wiring
