package operation

import (
	"cmp"
	"context"
	"slices"
	"strings"

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
}

// ResourceSearchResponse is a page of resources.
type ResourceSearchResponse struct {
	Total   int
	Entries []Resource // with their text
}

// SearchResources finds resources of clients and of what is installed, on one snapshot.
func (s *Service) SearchResources(ctx context.Context, req ResourceSearchRequest) (*ResourceSearchResponse, error) {
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	known, err := s.resources(ctx, snap)
	if err != nil {
		return nil, err
	}
	var found []*Resource
	for _, r := range known.byType[req.Type] {
		if ctx.Err() != nil {
			return nil, &terminology.Error{Op: "operation.SearchResources", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if matchesAll(snap, r, req.Criteria) {
			found = append(found, r)
		}
	}
	if len(req.Sort) > 0 {
		slices.SortStableFunc(found, func(a, b *Resource) int {
			for _, key := range req.Sort {
				name, down := strings.CutPrefix(key, "-")
				if n := compareBy(name, a, b); n != 0 && down {
					return -n
				} else if n != 0 {
					return n
				}
			}
			return 0
		})
	}
	resp := &ResourceSearchResponse{Total: len(found)}
	found = found[min(req.Offset, len(found)):]
	for _, r := range found[:min(req.Count, len(found))] {
		out, err := r.withText()
		if err != nil {
			return nil, err
		}
		resp.Entries = append(resp.Entries, out)
	}
	return resp, nil
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

func matchesAll(s *snapshot, r *Resource, criteria []Criterion) bool {
	for i := range criteria {
		c := &criteria[i]
		fits := slices.ContainsFunc(c.Values, func(v string) bool { return matches(s, r, c, v) })
		if fits == (c.Modifier == "not") {
			return false
		}
	}
	return true
}

// matches reports whether a resource fits one value of a criterion.
func matches(s *snapshot, r *Resource, c *Criterion, value string) bool {
	switch c.Name {
	case "_id":
		return r.ID == value
	case "url", "system":
		if r.Type == resource.TypeNamingSystem && r.Made != nil {
			return r.Made.Naming.Means(value)
		}
		return r.URL == value
	case "version":
		return r.Version == strings.TrimPrefix(value, "|")
	case "name":
		return textFits(r.Name, c.Modifier, value)
	case "title":
		return textFits(r.Title, c.Modifier, value)
	case "status":
		return r.Status == value[strings.LastIndexByte(value, '|')+1:]
	case "content", "content-mode":
		return r.Content == value[strings.LastIndexByte(value, '|')+1:]
	case "supplements":
		url, _, _ := strings.Cut(r.Supplements, "|")
		return r.Supplements == value || url == value
	case "date":
		return dateFits(r.Date, value)
	case "_lastUpdated":
		return dateFits(r.Modified.UTC().Format("2006-01-02T15:04:05.000Z"), value)
	case "code":
		return s.hasCode(r, value)
	case "value":
		if n := r.naming(); n != nil {
			return n.Means(value[strings.LastIndexByte(value, '|')+1:])
		}
		return false
	case "kind":
		return r.Made != nil && value == "codesystem" || r.parsed() != nil && r.parsed().NamingSystem != nil && r.parsed().NamingSystem.Kind == value
	}
	p := r.parsed()
	if p == nil {
		return false
	}
	switch c.Name {
	case "publisher":
		return textFits(p.Publisher, c.Modifier, value)
	case "identifier":
		system, id, ok := strings.Cut(value, "|")
		return slices.ContainsFunc(p.Identifiers, func(i resource.Identifier) bool {
			if !ok {
				return i.Value == value
			}
			return i.System == system && (id == "" || i.Value == id)
		})
	case "reference":
		return p.ValueSet != nil && slices.ContainsFunc(append(slices.Clone(p.ValueSet.Include), p.ValueSet.Exclude...), func(set resource.ConceptSet) bool {
			return set.System == value || slices.Contains(set.ValueSets, value)
		})
	}
	return false
}

// parsed returns what is read of the text, nil when there is none.
func (r *Resource) parsed() *resource.Resource {
	if r.held == nil {
		return nil
	}
	p, err := r.held.Parsed()
	if err != nil {
		return nil
	}
	return p
}

// naming returns what a NamingSystem says.
func (r *Resource) naming() *NamingSystem {
	if r.Made != nil {
		return r.Made.Naming
	}
	p := r.parsed()
	if p == nil || p.NamingSystem == nil {
		return nil
	}
	n := &NamingSystem{ID: r.ID}
	for _, u := range p.NamingSystem.UniqueIDs {
		n.IDs = append(n.IDs, UniqueID{u.Type, strings.TrimPrefix(u.Value, oidPrefix), u.Preferred})
	}
	return n
}

// textFits compares a text as FHIR's string search does: from its beginning, without
// regard to case.
func textFits(text, modifier, value string) bool {
	switch modifier {
	case "exact":
		return text == value
	case "contains":
		return strings.Contains(language.Fold(text), language.Fold(value))
	}
	return strings.HasPrefix(language.Fold(text), language.Fold(value))
}

// dateFits compares a date with one that may have a prefix: eq, ne, gt, lt, ge, le. The
// precision of the value counts.
func dateFits(have, value string) bool {
	op := "eq"
	if len(value) > 2 && value[0] >= 'a' {
		op, value = value[:2], value[2:]
	}
	if have == "" {
		return op == "ne"
	}
	n := cmp.Compare(have[:min(len(have), len(value))], value)
	switch op {
	case "eq":
		return n == 0
	case "ne":
		return n != 0
	case "gt", "sa":
		return n > 0
	case "lt", "eb":
		return n < 0
	case "ge":
		return n >= 0
	case "le":
		return n <= 0
	}
	return false
}

// hasCode reports whether a code system has a code, or a value set names it: code, or
// system|code.
func (s *snapshot) hasCode(r *Resource, value string) bool {
	system, code, ok := strings.Cut(value, "|")
	if !ok {
		system, code = "", value
	}
	if r.Type == resource.TypeValueSet {
		p := r.parsed()
		return p != nil && p.ValueSet != nil && slices.ContainsFunc(p.ValueSet.Include, func(set resource.ConceptSet) bool {
			return (system == "" || set.System == system) && slices.ContainsFunc(set.Concepts, func(c resource.ConceptReference) bool { return c.Code == code })
		})
	}
	if system != "" && system != r.URL {
		return false
	}
	if r.of != nil || r.Served {
		found, err := s.CodeSystem(r.URL, r.Version)
		if err != nil {
			return false
		}
		_, has := found.CodeSystem.Find(code)
		return has
	}
	has := false
	if p := r.parsed(); p != nil && p.CodeSystem != nil {
		p.CodeSystem.Walk(func(c, _ *resource.Concept) bool {
			has = c.Code == code
			return !has
		})
	}
	return has
}
