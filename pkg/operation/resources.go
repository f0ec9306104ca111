package operation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ResourcesRequest asks for installed FHIR resources of one type. What is empty asks for
// nothing.
type ResourcesRequest struct {
	Type, ID, URL, Version, Status string
	Name, Title                    string // begin with this, in any case
	Count                          int    // most resources to return; negative: all
	Offset                         int
}

// ResourcesResponse is a page of the resources that were found, by URL and newest first.
type ResourcesResponse struct {
	Total     int
	Resources []StoredResource
}

// StoredResource is a FHIR resource as it was installed, and the id that it has here.
type StoredResource struct {
	ID  string
	Raw []byte
}

// Resources finds installed FHIR resources. One that is asked for by id, and is not there,
// is no error.
func (s *Service) Resources(_ context.Context, req ResourcesRequest) (*ResourcesResponse, error) {
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	resp := &ResourcesResponse{}
	for _, r := range snap.Resources(req.Type) {
		if !req.wants(r) {
			continue
		}
		resp.Total++
		if resp.Total <= req.Offset || req.Count >= 0 && len(resp.Resources) >= req.Count {
			continue
		}
		raw, err := r.Raw()
		if err != nil {
			return nil, err
		}
		resp.Resources = append(resp.Resources, StoredResource{ID: idOf(r), Raw: raw})
	}
	return resp, nil
}

func (req *ResourcesRequest) wants(r *catalog.Resource) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	begins := func(want, have string) bool {
		return len(have) >= len(want) && strings.EqualFold(have[:len(want)], want)
	}
	return is(req.URL, r.URL) && is(req.Version, r.Version) && is(req.Status, r.Status) &&
		begins(req.Name, r.Name) && begins(req.Title, r.Title) && is(req.ID, idOf(r))
}

// idOf is the id of a resource: its own with its version, so that versions beside each
// other have ids of their own, or made of its URL when it has none.
func idOf(r *catalog.Resource) string {
	id := r.ID
	if id == "" {
		sum := sha256.Sum256([]byte(r.URL))
		id = hex.EncodeToString(sum[:8])
	}
	if r.Version != "" {
		id += "-" + r.Version
	}
	clean := func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '-'
	}
	if id = strings.Map(clean, id); len(id) > 64 {
		sum := sha256.Sum256([]byte(r.URL + "|" + r.Version))
		id = hex.EncodeToString(sum[:16])
	}
	return id
}

// NoResource is the error that there is no resource with an id.
func NoResource(typ, id string) error {
	return &terminology.Error{Op: "operation.Resources", Kind: terminology.NotFound, Err: fmt.Errorf("there is no %s with the id %s", typ, id)}
}
