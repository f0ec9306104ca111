package terminology

import (
	"iter"
	"time"
)

// StoredResource is one version of a FHIR resource that a client wrote.
type StoredResource struct {
	Type, ID string
	Version  uint64    // 1 is the first; a deletion counts
	Time     time.Time // when it was written, in UTC; never before that of an earlier Sequence
	Method   string    // POST, PUT or DELETE: what the client did
	Deleted  bool      // the resource was deleted; it has no text
	Meta     string    // the JSON of meta as the client gave it, "" for none
	// Raw is the text without meta; it begins with resourceType and id.
	Raw []byte
	// Head is what the writer wants to know of the newest version without reading its
	// text. The store only keeps it.
	Head []byte
	// Index is what the writer wants to have by Index; only Commit looks at it.
	Index []byte
	// Sequence orders all versions of all resources.
	Sequence uint64
}

// ResourceStore keeps the FHIR resources that clients write, with all their versions.
// It is safe for concurrent use, but only one goroutine may Commit at a time; what it
// returns is the caller's.
//
// A walk that meets a version which cannot be read gives an error, of kind Corrupt, and
// what is known of the version, and goes on; when Type is "" it has ended.
type ResourceStore interface {
	// Commit keeps versions, all of them or none. When it returns nil they outlast a
	// power cut. After an error of kind Invalid, of kind TooCostly for a version beyond the
	// limits of the store, or Unavailable when there is no room on the disk, nothing was
	// written; after another error that is not known.
	Commit([]StoredResource) error
	// Current walks the newest version of every resource, also of those that are
	// deleted, in the order of type and id: with its Head and without its text, or when
	// it was written without a head, with its text.
	Current() iter.Seq2[StoredResource, error]
	// Version returns one version of a resource. The error is NotFound.
	Version(typ, id string, version uint64) (StoredResource, error)
	// Index returns the index that a version was written with. The error is NotFound.
	Index(typ, id string, version uint64) ([]byte, error)
	// History walks versions, newest first, and leaves out the first skip: of a
	// resource, of a type when id is "", of all when typ is "" too.
	History(typ, id string, skip int) iter.Seq2[StoredResource, error]
	// Count returns how many versions History would walk that were written at a time or
	// later; the zero time: all. It reads no texts.
	Count(typ, id string, since time.Time) (int, error)
}
