package operation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Criterion is one condition of a search for resources: a name of SearchParameters and
// values of which one must fit.
type Criterion struct {
	Name     string
	Modifier string // "", exact, contains or not
	Values   []string
}

// SearchParameters are the names of criteria and of what they look at: token, string or
// uri (FHIR, "Search"). Only is the type that has it, "" for all.
var SearchParameters = []struct{ Name, Kind, Only string }{
	{"_id", "token", ""}, {"url", "uri", ""}, {"version", "token", ""}, {"name", "string", ""}, {"title", "string", ""}, {"status", "token", ""},
	{"identifier", "token", ""}, {"date", "date", ""}, {"_lastUpdated", "date", ""}, {"publisher", "string", ""},
	{"code", "token", resource.TypeCodeSystem}, {"content", "token", resource.TypeCodeSystem}, {"content-mode", "token", resource.TypeCodeSystem},
	{"system", "uri", resource.TypeCodeSystem}, {"supplements", "uri", resource.TypeCodeSystem},
	{"code", "token", resource.TypeValueSet}, {"reference", "uri", resource.TypeValueSet},
	{"value", "token", resource.TypeNamingSystem}, {"kind", "token", resource.TypeNamingSystem},
}

// SortKeys are what a search can be sorted by; with - before it, the other way round.
var SortKeys = []string{"_id", "_lastUpdated", "url", "version", "name", "title", "status", "date"}

// ResourceSearchRequest asks for resources of a type.
type ResourceSearchRequest struct {
	Type     string
	Criteria []Criterion // all must fit
	Sort     []string    // of SortKeys; none: by URL, the newest version first
	Count    int         // of one page; 0: only how many there are
	Offset   int
	Page     PageLimit
}

// ResourceSearchResponse is a page of resources.
type ResourceSearchResponse struct {
	Total   int
	Entries []Resource // with their text, or what Page.Write made of it
	Next    int        // offset of the next page; 0: this is the last
}

// maxValues is how many values all criteria of a search may have together.
const maxValues = 200

// SearchResources finds resources of clients and of what is installed, on one snapshot.
func (s *Service) SearchResources(ctx context.Context, req ResourceSearchRequest) (*ResourceSearchResponse, error) {
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	found, err := s.find(ctx, snap, req.Type, req.Criteria)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b *Resource) int {
		for _, key := range req.Sort {
			name, down := strings.CutPrefix(key, "-")
			if n := compareBy(name, a, b); n != 0 && down {
				return -n
			} else if n != 0 {
				return n
			}
		}
		return byAddress(a, b)
	})
	resp := &ResourceSearchResponse{Total: len(found)}
	p := gathered{limit: req.Page}
	for _, r := range found[min(req.Offset, len(found)):] {
		if ctx.Err() != nil {
			return nil, &terminology.Error{Op: "operation.SearchResources", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if len(p.entries) == req.Count {
			break
		}
		out, err := r.withText(req.Page.Light)
		if out.Err = err; !p.add(out) {
			break
		}
	}
	resp.Entries = p.entries
	if next := req.Offset + len(resp.Entries); next < resp.Total && len(resp.Entries) > 0 {
		resp.Next = next
	}
	return resp, nil
}

// find returns the resources of a type that fit all criteria, in no order. Those that have
// an address of their own are looked up; others are asked one by one, from memory.
func (s *Service) find(ctx context.Context, snap *snapshot, typ string, criteria []Criterion) ([]*Resource, error) {
	values := 0
	for i := range criteria {
		values += len(criteria[i].Values)
	}
	if values > maxValues {
		return nil, &terminology.Error{Op: "operation.SearchResources", Kind: terminology.TooCostly, Err: fmt.Errorf("the search has %d values, want %d at most", values, maxValues)}
	}
	candidates, err := s.candidates(snap.Snapshot, typ, criteria)
	if err != nil {
		return nil, err
	}
	var found []*Resource
	for i, r := range candidates {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, &terminology.Error{Op: "operation.SearchResources", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		fits, err := matchesAll(snap, r, criteria)
		if err != nil {
			return nil, err
		}
		if fits {
			found = append(found, r)
		}
	}
	return found, nil
}

// candidates returns the resources of a type that may fit criteria: each once, and none
// that tells of a release where a client wrote one of the same URL and version.
func (s *Service) candidates(snap *catalog.Snapshot, typ string, criteria []Criterion) ([]*Resource, error) {
	known := s.resources(snap)
	var out []*Resource
	add := func(r *Resource) {
		if r.Made != nil && r.URL != "" && slices.ContainsFunc(snap.WrittenAs(typ, r.URL), func(w *catalog.Resource) bool { return w.Version == r.Version }) {
			return
		}
		out = append(out, r)
	}
	for i := range criteria {
		c := &criteria[i]
		if c.Modifier != "" || typ == resource.TypeNamingSystem {
			continue
		}
		switch c.Name {
		case "_id":
			for _, id := range unique(c.Values) {
				if r := snap.WrittenResource(typ, id); r != nil {
					out = append(out, ofWritten(r))
				} else if r := known.byID[[2]string{typ, id}]; r != nil {
					add(r)
				}
			}
			return out, nil
		case "url", "system":
			for _, url := range unique(c.Values) {
				for _, r := range snap.WrittenAs(typ, url) {
					out = append(out, ofWritten(r))
				}
				for _, r := range known.byURL[[2]string{typ, url}] {
					add(r)
				}
			}
			return out, nil
		}
	}
	list := snap.WrittenResources(typ)
	out = make([]*Resource, 0, len(list)+len(known.byType[typ]))
	for _, r := range identified(snap, typ, criteria, list) {
		out = append(out, ofWritten(r))
	}
	for _, r := range known.byType[typ] {
		add(r)
	}
	if typ == resource.TypeNamingSystem {
		names, err := s.naming(snap, known)
		if err != nil {
			return nil, err
		}
		out = append(out, names.byType[typ]...)
	}
	return out, nil
}

// identified returns what clients wrote that may have an identifier that is asked for; the
// list itself when none is.
func identified(snap *catalog.Snapshot, typ string, criteria []Criterion, list []*catalog.Resource) []*catalog.Resource {
	for i := range criteria {
		c := &criteria[i]
		if c.Name != "identifier" || c.Modifier != "" || slices.ContainsFunc(c.Values, func(v string) bool { return strings.HasSuffix(v, "|") }) {
			continue
		}
		var out []*catalog.Resource
		for _, v := range c.Values {
			for _, r := range snap.WrittenIdentified(typ, v[strings.IndexByte(v, '|')+1:]) {
				if !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
		return out
	}
	return list
}

func unique(values []string) []string {
	out := slices.Clone(values)
	slices.Sort(out)
	return slices.Compact(out)
}

func compareBy(key string, a, b *Resource) int {
	switch key {
	case "_id":
		return strings.Compare(a.ID, b.ID)
	case "_lastUpdated":
		return a.Modified.Compare(b.Modified)
	case "url":
		return strings.Compare(a.URL, b.URL)
	case "version":
		return terminology.CompareVersions(a.Version, b.Version)
	case "name":
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	case "title":
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	case "status":
		return strings.Compare(a.Status, b.Status)
	case "date":
		return strings.Compare(a.Date, b.Date)
	}
	return 0
}
