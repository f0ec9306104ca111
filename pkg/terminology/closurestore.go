package terminology

import (
	"iter"
	"time"
)

// Closure is the head of a closure table (FHIR ConceptMap/$closure): a set of concepts
// that a client keeps the subsumptions of.
type Closure struct {
	Name string `json:"name"`
	// Began is the number of the change that made the table, or emptied it. It names the
	// concepts of the table, so that those of before are never taken for its own.
	Began uint64 `json:"began"`
	// Version is the number of the newest change, Began when nothing was added since.
	// Numbers are of all tables together and are never used again.
	Version  uint64          `json:"version"`
	Changed  time.Time       `json:"changed"` // in UTC
	Concepts int             `json:"concepts"`
	Systems  []ClosureSystem `json:"systems,omitempty"`
}

// ClosureSystem is one code system of a closure table, as it was when its first concept
// came.
type ClosureSystem struct {
	System  string `json:"system"`          // preferred URI
	Asked   string `json:"asked,omitempty"` // the version that the client named; "": none
	Version string `json:"version"`         // that answered
	Print   string `json:"print"`           // is another when what answers has changed
}

// ClosureConcept is a concept of a closure table, as the client wrote its code.
type ClosureConcept struct {
	System  int    // place in Closure.Systems
	Code    string // or an expression in the place of one
	Version uint64 // number of the change that it came with
}

// ClosureStore keeps closure tables. It is safe for concurrent use, but only one
// goroutine may change a table at a time; what it returns is the caller's.
type ClosureStore interface {
	// Closures walks the heads of all tables in the order of their names. One that is
	// damaged comes as its name with an error of kind Corrupt, and as its version a number
	// that no change of it has passed; an error without a name ends the walk.
	Closures() iter.Seq2[Closure, error]
	// ClosureConcepts walks the concepts of a table in the order in which they came.
	ClosureConcepts(Closure) iter.Seq2[ClosureConcept, error]
	// PutClosure keeps the head of a table together with the concepts that its newest
	// change adds, and forgets the tables of others, which may have the same name; all or
	// nothing. When it returns nil the change outlasts a power cut.
	PutClosure(c Closure, added []ClosureConcept, others ...Closure) error
}
