package operation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// WriteRequest is a resource to be written, or deleted.
type WriteRequest struct {
	Type string
	ID   string // "": the server chooses one
	// Text returns the resource under an id: without meta, beginning with resourceType and
	// id. nil: delete.
	Text func(id string) []byte
	Meta string // JSON of meta, "" for none
	// Method is what the client does: POST, PUT or DELETE.
	Method string

	// IfMatch are the versions of which the resource must have one; nil: any. IfThere:
	// any, but it must be there.
	IfMatch []uint64
	IfThere bool
	// IfNot are versions that the resource must not have; IfNew: it must not be there.
	IfNot []uint64
	IfNew bool
	// IfNone are conditions of a create: when a resource fits, nothing is written.
	IfNone []Criterion
	// Where are conditions of an update or a deletion, which say what it is of in the place
	// of ID: of the one resource that fits. When none does, an update creates the resource
	// under ID, and a deletion does nothing.
	Where []Criterion
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

// errExists ends a write whose conditions a resource fits.
type errExists struct{ id string }

func (errExists) Error() string { return "exists" }

// errMoved ends a write whose conditions fit another resource than a moment ago.
type errMoved struct{}

func (errMoved) Error() string { return "moved" }

// maxMoves is how often a write is judged again whose conditions fit another resource
// each time.
const maxMoves = 8

// WriteResource creates, replaces or deletes a resource. Conditions hold at the moment of
// the write. When it returns, the change outlasts a power cut, and answers. The error is
// NotSupported on a server that is read-only, Invalid for a resource that cannot answer,
// and Conflict for conditions that do not hold, for what comes with a release, and for a
// URL and version that another resource has.
func (s *Service) WriteResource(ctx context.Context, req WriteRequest) (*WriteResponse, error) {
	const op = "operation.WriteResource"
	if !s.catalog.Writable() {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: catalog.ErrReadOnly}
	}
	given := req.ID
	for range maxMoves {
		req.ID = given
		if len(req.Where) > 0 {
			snap := s.acquire(language.Preference{})
			id, err := s.target(ctx, snap, req)
			snap.LetGo()
			if err != nil {
				return nil, err
			}
			req.ID = id
		}
		if req.ID == "" && req.Text == nil {
			return &WriteResponse{Nothing: true}, nil
		}
		if req.ID == "" {
			req.ID = NewID()
		}
		resp, err := s.writeOne(ctx, req, given)
		if _, moved := err.(errMoved); !moved {
			return resp, err
		}
	}
	return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: errors.New("others write what the conditions fit all the time: try again")}
}

// target returns the id of the resource that the conditions of an update or a deletion
// fit: with none, for an update the one that the client gives, which may be "".
func (s *Service) target(ctx context.Context, snap *snapshot, req WriteRequest) (string, error) {
	const op = "operation.WriteResource"
	found, err := s.find(ctx, snap, req.Type, req.Where)
	switch {
	case err != nil:
		return "", err
	case len(found) > 1:
		return "", &terminology.Error{Op: op, Kind: terminology.Conflict, Err: &ManyError{len(found)}}
	case len(found) == 0 && req.Text == nil:
		return "", nil
	case len(found) == 0:
		if req.ID != "" && snap.WrittenResource(req.Type, req.ID) != nil {
			return "", &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("the conditions fit no resource, and %s/%s, as the resource calls itself, is another one", req.Type, req.ID)}
		}
		return req.ID, nil
	case req.Text != nil && req.ID != "" && req.ID != found[0].ID:
		return "", &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("the conditions fit %s/%s, and the resource has the id %s", req.Type, found[0].ID, req.ID)}
	}
	return found[0].ID, nil
}

// writeOne writes the resource of an id. Given is the id that the client gave.
func (s *Service) writeOne(ctx context.Context, req WriteRequest, given string) (*WriteResponse, error) {
	const op = "operation.WriteResource"
	resp := &WriteResponse{}
	ch := catalog.ResourceChange{Type: req.Type, ID: req.ID, Method: req.Method, Meta: req.Meta}
	if req.Text != nil {
		var err error
		if ch.Parsed, err = resource.Parse(req.Text(req.ID)); err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
		if err := checkResource(ch.Parsed); err != nil {
			return nil, err
		}
	}
	ch.Check = func(now catalog.Now) error {
		snap := &snapshot{Snapshot: now.Snapshot(), service: s}
		if len(req.IfNone) > 0 {
			if err := s.checkNone(ctx, snap, req); err != nil {
				return err
			}
		}
		if len(req.Where) > 0 {
			asked := req
			asked.ID = given
			switch id, err := s.target(ctx, snap, asked); {
			case err != nil:
				return err
			case id != req.ID && (id != "" || given != "" || snap.WrittenResource(req.Type, req.ID) != nil):
				return errMoved{}
			}
		}
		installed, err := s.installedResource(snap.Snapshot, req.Type, req.ID)
		if err != nil {
			return err
		}
		if installed != nil && snap.WrittenResource(req.Type, req.ID) == nil {
			what := "changed: choose another id"
			if req.Text == nil {
				what = "deleted: kodeks remove takes releases away"
			}
			return &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s/%s comes with %s, and cannot be %s", req.Type, req.ID, installed.source(), what)}
		}
		have, deleted := now.Version(req.Type, req.ID)
		if deleted {
			have = 0
		}
		resp.Created = have == 0
		return req.precondition(have)
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

// precondition reports whether a resource has a version that the client wants it to have;
// 0 of one that is not there.
func (req *WriteRequest) precondition(have uint64) error {
	fail := func(format string, args ...any) error {
		return &terminology.Error{Op: "operation.WriteResource", Kind: terminology.Conflict, Err: &VersionError{req.Type, req.ID, have, fmt.Sprintf(format, args...)}}
	}
	switch {
	case req.IfNew && have > 0:
		return fail("none (If-None-Match: *)")
	case req.IfThere && have == 0:
		return fail("any version of it (If-Match: *)")
	case req.IfMatch != nil && (have == 0 || !slices.Contains(req.IfMatch, have)):
		return fail("version %s of it (If-Match)", versionList(req.IfMatch))
	case have > 0 && slices.Contains(req.IfNot, have):
		return fail("another one (If-None-Match)")
	}
	return nil
}

func versionList(versions []uint64) string {
	if len(versions) == 0 {
		return "no known"
	}
	var out []string
	for _, v := range versions {
		out = append(out, strconv.FormatUint(v, 10))
	}
	return strings.Join(out, " or ")
}

// source names the release that a resource comes with.
func (r *Resource) source() string {
	in := r.of
	if r.held != nil {
		in = r.held.Release
	}
	if in == nil {
		return "what is installed"
	}
	return in.Release.Name + " " + in.Release.Date
}

// checkNone reports resources that fit the conditions of a create.
func (s *Service) checkNone(ctx context.Context, snap *snapshot, req WriteRequest) error {
	found, err := s.find(ctx, snap, req.Type, req.IfNone)
	switch {
	case err != nil || len(found) == 0:
		return err
	case len(found) == 1:
		return errExists{found[0].ID}
	}
	return &terminology.Error{Op: "operation.WriteResource", Kind: terminology.Conflict, Err: &ManyError{len(found)}}
}
