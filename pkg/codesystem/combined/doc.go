// Package combined answers for code systems in which several codes, joined by a sign,
// stand in the place of one: NKPK's TSV0FM///ZTX6FB, NORPAT's T56000/P11430.
//
// A Release is a basic.Provider that is also a terminology.Composable, and is safe for
// concurrent use as the Provider is. A combination that Compose returns has only codes
// of its release, in one canonical order; what is wrong with another text is told by the
// part of it that is meant.
//
// The package does not know any code system: which codes may follow others is Rules,
// which the packages of the code systems give.
//
// release.go reads combinations, code.go is one of them.
package combined
