// Package storetest is the suite that every store of releases passes: columns of
// all sizes, rows in many tables, prefixes, missing keys, and keys that do not
// ascend.
//
// A test calls Run with a Store. The suite writes releases of fixed seeds and holds
// every read to what was written; it keeps nothing after the test.
//
// The package knows the promises of terminology.TableWriter and terminology.Tables.
// It does not know how a store keeps its data, nor what damage can come to it: that
// is for the tests of each store.
//
// storetest.go has the suite, release.go the releases that it writes.
package storetest
