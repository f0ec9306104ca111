package operation

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// VersionError says that a resource has not the version that the client wants to
// replace, or has one that it does not. Its kind is Conflict.
type VersionError struct {
	Type, ID string
	Have     uint64 // 0: it is not there
	Want     string // what the client says of the version
}

// Error tells both versions.
func (e *VersionError) Error() string {
	if e.Have == 0 {
		return fmt.Sprintf("%s/%s is not there, and the request asks for %s", e.Type, e.ID, e.Want)
	}
	return fmt.Sprintf("%s/%s has version %d, and the request asks for %s: read it again", e.Type, e.ID, e.Have, e.Want)
}

// ManyError says that conditions fit several resources. Its kind is Conflict.
type ManyError struct{ Count int }

// Error tells how many.
func (e *ManyError) Error() string {
	return fmt.Sprintf("the conditions fit %d resources: want one at most", e.Count)
}

// IsReadOnly reports whether an error says that nothing can be written here.
func IsReadOnly(err error) bool { return errors.Is(err, catalog.ErrReadOnly) }

// NewID returns an id that no resource has.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// checkResource refuses resources that nobody could find or use.
func checkResource(r *resource.Resource) error {
	fail := func(element, format string, args ...any) error {
		return &terminology.Error{Op: "operation.WriteResource", Kind: terminology.Invalid, Err: &terminology.RowError{Line: 1, Column: r.Type + "." + element, Err: fmt.Errorf(format, args...)}}
	}
	switch r.Status {
	case "draft", "active", "retired", "unknown":
	case "":
		return fail("status", "the status is missing, want draft, active, retired or unknown")
	default:
		return fail("status", "found %q, want draft, active, retired or unknown", r.Status)
	}
	if r.Type == resource.TypeCodeSystem {
		c := r.CodeSystem
		switch {
		case c == nil || c.Content == "":
			return fail("content", "the content is missing, want complete, fragment, example, not-present or supplement")
		case c.Content != resource.Complete && c.Content != resource.Fragment && c.Content != resource.Example && c.Content != resource.NotPresent && c.Content != resource.Supplement:
			return fail("content", "found %q, want complete, fragment, example, not-present or supplement", c.Content)
		case c.Content == resource.Supplement && c.Supplements == "":
			return fail("supplements", "the resource is a supplement, and does not say of which code system")
		}
	}
	if n := r.NamingSystem; n != nil && n.Kind != "codesystem" && n.Kind != "identifier" && n.Kind != "root" {
		return fail("kind", "found %q, want codesystem, identifier or root", n.Kind)
	}
	return nil
}
