package operation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// WriteRequest is a resource to be written, or deleted.
type WriteRequest struct {
	Type string
	ID   string // "": the server chooses one
	Raw  []byte // without meta, beginning with resourceType and id; see Prepare. nil: delete
	Meta string // JSON of meta, "" for none
	// Method is what the client does: POST, PUT or DELETE.
	Method string
	// IfMatch is the version that the resource must have; nil: any.
	IfMatch *uint64
	// IfNone are conditions of a create: when a resource fits, nothing is written.
	IfNone []Criterion
	// IfNew: only write when the resource is not there.
	IfNew bool
}

// WriteResponse is what became of a write.
type WriteResponse struct {
	Resource Resource
	Created  bool // there was none before
	// Existing: nothing was written, since a resource fits the conditions of the create.
	Existing bool
	// Nothing: there was nothing to delete.
	Nothing bool
}

// VersionError says that a resource has not the version that the client wants to
// replace. Its kind is Conflict.
type VersionError struct {
	Type, ID   string
	Want, Have uint64
}

// Error tells both versions.
func (e *VersionError) Error() string {
	if e.Have == 0 {
		return fmt.Sprintf("%s/%s is not there, and If-Match asks for version %d of it", e.Type, e.ID, e.Want)
	}
	return fmt.Sprintf("%s/%s has version %d, not version %d that If-Match asks for: read it again", e.Type, e.ID, e.Have, e.Want)
}

// ManyError says that conditions fit several resources. Its kind is Conflict.
type ManyError struct{ Count int }

// Error tells how many.
func (e *ManyError) Error() string {
	return fmt.Sprintf("the conditions fit %d resources: want one at most", e.Count)
}

// IsReadOnly reports whether an error says that nothing can be written here.
func IsReadOnly(err error) bool { return errors.Is(err, catalog.ErrReadOnly) }

// errExists ends a write whose conditions a resource fits.
type errExists struct{ id string }

func (errExists) Error() string { return "exists" }

// NewID returns an id that no resource has.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// WriteResource creates, replaces or deletes a resource. When it returns, the change
// outlasts a power cut, and answers. The error is NotSupported on a server that is
// read-only, Invalid for a resource that cannot answer, and Conflict for a wrong version,
// one that comes with a release, or a URL and version that another resource has.
func (s *Service) WriteResource(ctx context.Context, req WriteRequest) (*WriteResponse, error) {
	const op = "operation.WriteResource"
	if !s.catalog.Writable() {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: catalog.ErrReadOnly}
	}
	resp := &WriteResponse{}
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	known, err := s.resources(ctx, snap)
	if err != nil {
		return nil, err
	}
	if r := known.byID[[2]string{req.Type, req.ID}]; r != nil && !r.Written() {
		return nil, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s/%s comes with what is installed, and cannot be changed: choose another id", req.Type, req.ID)}
	}
	ch := catalog.ResourceChange{Type: req.Type, ID: req.ID, Method: req.Method, Meta: req.Meta}
	if req.Raw != nil {
		if ch.Parsed, err = resource.Parse(req.Raw); err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
		if err := checkResource(ch.Parsed); err != nil {
			return nil, err
		}
	}
	ch.Check = func(now catalog.Now) error {
		if len(req.IfNone) > 0 {
			if err := s.checkNone(now, snap, known, req); err != nil {
				return err
			}
		}
		have := now.Version
		if now.Deleted {
			have = 0
		}
		if req.IfNew && have > 0 {
			return errExists{req.ID}
		}
		if req.IfMatch != nil && *req.IfMatch != have {
			return &terminology.Error{Op: op, Kind: terminology.Conflict, Err: &VersionError{req.Type, req.ID, *req.IfMatch, have}}
		}
		resp.Created = have == 0
		return nil
	}
	v, err := s.catalog.Write(ch)
	if e, ok := err.(errExists); ok {
		resp.Existing = true
		resp.Resource, err = s.ReadResource(ctx, req.Type, e.id)
		return resp, err
	}
	if err != nil {
		return nil, err
	}
	resp.Nothing = v.Version == 0
	resp.Resource = versionOf(v)
	if ch.Parsed != nil {
		resp.Resource.ResourceInfo = ch.Parsed.Info()
	}
	resp.Resource.Type, resp.Resource.ID = req.Type, req.ID
	return resp, nil
}

// checkNone reports resources that fit the conditions of a create.
func (s *Service) checkNone(now catalog.Now, snap *snapshot, known *knownResources, req WriteRequest) error {
	var found []string
	for _, r := range now.Find(req.Type, func(r *catalog.Resource) bool { return r.Release == nil }) {
		if matchesAll(snap, &Resource{ResourceInfo: r.ResourceInfo, held: r, Versions: r.Stored.Version, Modified: r.Stored.Time}, req.IfNone) {
			found = append(found, r.ID)
		}
	}
	for _, r := range known.byType[req.Type] {
		if !r.Written() && matchesAll(snap, r, req.IfNone) {
			found = append(found, r.ID)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return errExists{found[0]}
	}
	return &terminology.Error{Op: "operation.WriteResource", Kind: terminology.Conflict, Err: &ManyError{len(found)}}
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
