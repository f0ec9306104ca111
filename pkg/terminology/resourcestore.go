package terminology

import (
	"iter"
	"time"
)

// StoredResource is one version of a FHIR resource that a client wrote.
type StoredResource struct {
	Type, ID string
	Version  uint64    // 1 is the first; a deletion counts
	Time     time.Time // when it was written, in UTC
	Method   string    // POST, PUT or DELETE: what the client did
	Deleted  bool      // the resource was deleted; it has no text
	Meta     string    // the JSON of meta as the client gave it, "" for none
	// Raw is the text without meta; it begins with resourceType and id.
	Raw []byte
	// Sequence orders all versions of all resources.
	Sequence uint64
}

// ResourceStore keeps the FHIR resources that clients write, with all their versions.
// It is safe for concurrent use, but only one goroutine may Commit at a time; what it
// returns is the caller's.
type ResourceStore interface {
	// Commit keeps versions, all of them or none. When it returns nil they outlast a
	// power cut.
	Commit([]StoredResource) error
	// Current walks the newest version of every resource, also of those that are
	// deleted, in the order of type and id.
	Current() iter.Seq2[StoredResource, error]
	// Version returns one version of a resource. The error is NotFound.
	Version(typ, id string, version uint64) (StoredResource, error)
	// History walks versions, newest first: of a resource, of a type when id is "", of
	// all when typ is "" too.
	History(typ, id string) iter.Seq2[StoredResource, error]
}
