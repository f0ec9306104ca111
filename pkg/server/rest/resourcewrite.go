package rest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// save creates or replaces a resource.
func (s *Server) save(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	if in.foreign != nil {
		return reply{}, dst, in.foreign
	}
	if in.method == http.MethodPut && in.id == "" && in.query == "" { // with conditions, PUT is a method of the address
		return reply{}, dst, refuse(http.StatusBadRequest, "invalid", "PUT needs an id: %s/id, or conditions: %s?url=", in.typ, in.typ)
	}
	if in.method == http.MethodPut && in.id != "" && !fhir.ValidID(in.id) {
		return reply{}, dst, refuse(http.StatusBadRequest, "invalid", "'%s' is no id: want up to 64 letters, digits, - and .", in.id)
	}
	body, err := in.body()
	if err != nil {
		return reply{}, dst, err
	}
	given, err := fhir.ReadResource(in.endpoint.version, in.typ, body)
	if err != nil {
		return reply{}, dst, err
	}
	if in.id != "" && given.ID != in.id {
		return reply{}, dst, &terminology.Error{Op: "rest.save", Kind: terminology.Invalid, Err: &fhir.ElementError{Expression: in.typ + ".id", Err: fmt.Errorf("the resource has the id %q, and the address %q", given.ID, in.id)}}
	}
	req := operation.WriteRequest{Type: in.typ, ID: in.id, Meta: given.Meta, Method: in.method, Text: given.Text}
	switch {
	case in.method == http.MethodPost:
		condition, err := single(in.header, "If-None-Exist")
		if err != nil {
			return reply{}, dst, err
		}
		if condition != "" {
			if req.IfNone, err = in.conditions(condition[strings.IndexByte(condition, '?')+1:], "If-None-Exist"); err != nil {
				return reply{}, dst, err
			}
		}
	default:
		if in.id == "" {
			req.ID = given.ID
			if req.Where, err = in.conditions(in.query, "an update without an id"); err != nil {
				return reply{}, dst, err
			}
		}
		if err := in.preconditions(&req); err != nil {
			return reply{}, dst, err
		}
	}
	resp, err := s.ops.WriteResource(ctx, req)
	if err != nil {
		return reply{}, dst, err
	}
	return in.written(resp, dst)
}

// conditions reads what a conditional write looks for: of criteria at least one, since
// none would fit every resource.
func (in *interaction) conditions(query, what string) ([]operation.Criterion, error) {
	search, err := fhir.ReadSearch(in.typ, query, false)
	if err != nil {
		return nil, err
	}
	if len(search.Criteria) == 0 {
		return nil, refuse(http.StatusBadRequest, "invalid", "%s needs conditions, such as url=http://example.org", what)
	}
	return search.Criteria, nil
}

// preconditions reads If-Match and If-None-Match of a write (RFC 9110, 13.1): entity tags,
// which may be weak as those of FHIR are, or * for any version.
func (in *interaction) preconditions(req *operation.WriteRequest) (err error) {
	if req.IfMatch, req.IfThere, err = in.entityTags("If-Match"); err != nil {
		return err
	}
	req.IfNot, req.IfNew, err = in.entityTags("If-None-Match")
	return err
}

// entityTags reads the versions that a header names. A tag that is none of ours is no
// version: it is in the list as one that no resource has.
func (in *interaction) entityTags(name string) (versions []uint64, any bool, err error) {
	text := strings.TrimSpace(list(in.header, name))
	if text == "" || text == "*" {
		return nil, text == "*", nil
	}
	versions = []uint64{}
	for tag := range strings.SplitSeq(text, ",") {
		tag = strings.TrimSpace(tag)
		number := strings.Trim(strings.TrimPrefix(tag, "W/"), `"`)
		if tag == "*" || number == "" || strings.ContainsAny(number, "\" \t") {
			return nil, false, refuse(http.StatusBadRequest, "invalid", `%s '%s' is no list of entity tags, want such as W/"1"`, name, text)
		}
		if version, err := strconv.ParseUint(number, 10, 64); err == nil && version > 0 {
			versions = append(versions, version)
		}
	}
	return versions, false, nil
}

// written tells what became of a write, as much of it as the client prefers.
func (in *interaction) written(resp *operation.WriteResponse, dst []byte) (reply, []byte, error) {
	r := &resp.Resource
	rep := reply{status: http.StatusOK, etag: fhir.ETag(r), modified: r.Modified}
	if resp.Created {
		rep.status = http.StatusCreated
	}
	rep.location = in.server.BaseURL + "/" + r.Type + "/" + r.ID
	if r.Written() {
		rep.location += "/_history/" + strconv.FormatUint(r.Versions, 10)
	}
	switch preference(in.header, "return") {
	case "minimal":
		rep.nothing = true
		return rep, dst, nil
	case "OperationOutcome":
		text := fmt.Sprintf("%s/%s is written, as version %d", r.Type, r.ID, r.Versions)
		if resp.Existing {
			text = fmt.Sprintf("%s/%s fits the conditions: nothing is written", r.Type, r.ID)
		}
		return rep, fhir.AppendIssue(dst, operation.Issue{Severity: operation.SeverityInformation, Type: "informational", Text: text}), nil
	}
	return rep, fhir.AppendResource(dst, in.endpoint.version, in.server, r, fhir.View{}), nil
}

// preference reads a member of Prefer, such as return.
func preference(h http.Header, name string) string {
	for _, line := range h["Prefer"] {
		for part := range strings.SplitSeq(strings.ReplaceAll(line, ";", ","), ",") {
			if value, ok := strings.CutPrefix(strings.TrimSpace(part), name+"="); ok {
				return strings.Trim(value, `"`)
			}
		}
	}
	return ""
}

// remove deletes a resource, or with conditions the one that fits. Deleting what is not
// there is no error.
func (s *Server) remove(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	if in.foreign != nil {
		return reply{}, dst, in.foreign
	}
	req := operation.WriteRequest{Type: in.typ, ID: in.id, Method: http.MethodDelete}
	err := in.preconditions(&req)
	if err == nil && in.id == "" {
		req.Where, err = in.conditions(in.query, "a deletion without an id")
	}
	if err != nil {
		return reply{}, dst, err
	}
	resp, err := s.ops.WriteResource(ctx, req)
	if err != nil {
		return reply{}, dst, err
	}
	rep := reply{status: http.StatusNoContent, nothing: true}
	if !resp.Nothing {
		rep.etag = fhir.ETag(&resp.Resource)
	}
	return rep, dst, nil
}
