package operation

import (
	"cmp"
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
		out, err := r.withText()
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

func matchesAll(s *snapshot, r *Resource, criteria []Criterion) (bool, error) {
	for i := range criteria {
		c := &criteria[i]
		fits := false
		for _, v := range c.Values {
			var err error
			if fits, err = matches(s, r, c, v); err != nil {
				return false, err
			}
			if fits {
				break
			}
		}
		if fits == (c.Modifier == "not") {
			return false, nil
		}
	}
	return true, nil
}

// matches reports whether a resource fits one value of a criterion.
func matches(s *snapshot, r *Resource, c *Criterion, value string) (bool, error) {
	switch c.Name {
	case "_id":
		return r.ID == value, nil
	case "url", "system":
		if r.Type == resource.TypeNamingSystem && r.Made != nil {
			return r.Made.Naming.Means(value), nil
		}
		return r.URL == value, nil
	case "version":
		return r.Version == strings.TrimPrefix(value, "|"), nil
	case "name":
		if r.held != nil {
			return textFits(r.Name, r.held.FoldedName, c.Modifier, value), nil
		}
		return textFits(r.Name, language.Fold(r.Name), c.Modifier, value), nil
	case "title":
		if r.held != nil {
			return textFits(r.Title, r.held.FoldedTitle, c.Modifier, value), nil
		}
		return textFits(r.Title, language.Fold(r.Title), c.Modifier, value), nil
	case "status":
		return tokenFits("http://hl7.org/fhir/publication-status", r.Status, value), nil
	case "content", "content-mode":
		return tokenFits("http://hl7.org/fhir/codesystem-content-mode", r.Content, value), nil
	case "supplements":
		url, _, _ := strings.Cut(r.Supplements, "|")
		return r.Supplements == value || url == value, nil
	case "date":
		return dateFits(r.Date, value), nil
	case "_lastUpdated":
		return dateFits(r.Modified.UTC().Format("2006-01-02T15:04:05.000Z"), value), nil
	case "code":
		return s.hasCode(r, value)
	case "kind":
		return tokenFits("http://hl7.org/fhir/namingsystem-type", r.kind(), value), nil
	case "value":
		if n := r.naming(); n != nil {
			return n.Means(value[strings.LastIndexByte(value, '|')+1:]), nil
		}
		return false, nil
	}
	f := r.facts()
	if f == nil {
		return false, nil
	}
	switch c.Name {
	case "publisher":
		return textFits(f.Publisher, language.Fold(f.Publisher), c.Modifier, value), nil
	case "identifier":
		system, id, ok := strings.Cut(value, "|")
		return slices.ContainsFunc(f.Identifiers, func(i resource.Identifier) bool {
			if !ok {
				return i.Value == value
			}
			return i.System == system && (id == "" || i.Value == id)
		}), nil
	case "reference":
		return slices.Contains(f.References, value), nil
	}
	return false, nil
}

// tokenFits compares a code of a code system with code, |code or system|code.
func tokenFits(system, have, value string) bool {
	in, code, ok := strings.Cut(value, "|")
	if !ok {
		return have == value
	}
	return have != "" && (in == system || in == "" && code != "") && (code == "" || have == code)
}

// facts returns what searches ask of the text, nil when there is none, or it cannot be
// read: reading the resource tells why.
func (r *Resource) facts() *catalog.Facts {
	if r.held == nil || r.held.Bad != nil {
		return nil
	}
	f, err := r.held.Facts()
	if err != nil {
		return nil
	}
	return f
}

// kind returns the kind of a NamingSystem.
func (r *Resource) kind() string {
	if r.Made != nil {
		return "codesystem"
	}
	if f := r.facts(); f != nil {
		return f.Kind
	}
	return ""
}

// naming returns what a NamingSystem says.
func (r *Resource) naming() *NamingSystem {
	if r.Made != nil {
		return r.Made.Naming
	}
	f := r.facts()
	if f == nil || len(f.UniqueIDs) == 0 {
		return nil
	}
	n := &NamingSystem{ID: r.ID}
	for _, u := range f.UniqueIDs {
		n.IDs = append(n.IDs, UniqueID{u.Type, strings.TrimPrefix(u.Value, oidPrefix), u.Preferred})
	}
	return n
}

// textFits compares a text as FHIR's string search does: from its beginning, without
// regard to case.
func textFits(text, folded, modifier, value string) bool {
	switch modifier {
	case "exact":
		return text == value
	case "contains":
		return strings.Contains(folded, language.Fold(value))
	}
	return strings.HasPrefix(folded, language.Fold(value))
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
func (s *snapshot) hasCode(r *Resource, value string) (bool, error) {
	system, code, ok := strings.Cut(value, "|")
	if !ok {
		system, code = "", value
	}
	isSystem := r.Type == resource.TypeCodeSystem
	if isSystem && system != "" && system != r.URL {
		return false, nil
	}
	if cs := r.codeSystem(s); cs != nil {
		_, has := cs.Find(code)
		return has, nil
	}
	if r.held == nil || r.held.Bad != nil {
		return false, nil
	}
	if isSystem {
		system = ""
	}
	has, err := r.held.Names(system, code)
	if terminology.KindOf(err) == terminology.Corrupt { // reading the resource tells why
		return false, nil
	}
	return has, err
}

// codeSystem returns what answers for the codes of a CodeSystem that is installed; nil of
// one that has none, or that a client wrote, whose codes are listed.
func (r *Resource) codeSystem(s *snapshot) terminology.CodeSystem {
	if r.Type != resource.TypeCodeSystem || r.Written() {
		return nil
	}
	if r.of == nil && !r.Served && (r.held == nil || r.held.Release == nil || !r.held.Release.HasCodeSystem()) {
		return nil
	}
	found, err := s.CodeSystem(r.URL, r.Version)
	if err != nil {
		return nil
	}
	return found.CodeSystem
}
