package operation

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// BrowseRequest asks what a code system holds, for people who look around in it: its
// concepts on top, or those directly below one.
type BrowseRequest struct {
	System  string // any alias
	Version string // "": the one that answers
	Under   string // a code in any form; "": the concepts on top
	Offset  int
	Count   int // most concepts to tell; 0: DefaultBrowse, at most MaxBrowse
	// Languages of displays; zero: the default of the server.
	Languages language.Preference
}

// How many concepts a page of Browse has.
const (
	DefaultBrowse = 100
	MaxBrowse     = 1000
)

// BrowseResponse is a page of concepts, and what there is to know of the code system.
type BrowseResponse struct {
	Release    InstalledRelease
	Names      []UniqueID // what the code system is called, URIs first
	Properties []Property // that concepts have: Code, Kind and, where the code is a concept, Description
	Filters    []Offered  // that value sets may use of it
	Found      bool       // Under is a code, or none was asked about
	// Path leads from a concept on top to Under, without it, by the first broader concept
	// of each.
	Path     []terminology.Coding
	Concepts []BrowsedConcept // in the order of the hierarchy
	Total    int
}

// Offered is a kind of filter.
type Offered = valueset.Offered

// BrowsedConcept is a concept in a list.
type BrowsedConcept struct {
	Coding   terminology.Coding // with its display
	Language string             // of the display, "" when not known
	Inactive bool
	Abstract bool
	Narrower int // concepts directly below
}

// Browse tells a page of concepts: active ones on top, or all that are directly below a
// concept. An unknown code is an answer. The error is NotFound when the code system or its
// version is not installed, and Invalid for a page that cannot be meant.
func (s *Service) Browse(ctx context.Context, req BrowseRequest) (*BrowseResponse, error) {
	const op = "operation.Browse"
	req.Count = cmp.Or(req.Count, DefaultBrowse)
	if req.Offset < 0 || req.Count < 0 || req.Count > MaxBrowse {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errBrowsePage}
	}
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	r, err := snap.find(terminology.Coding{System: req.System, Version: req.Version})
	if err != nil {
		return nil, err
	}
	resp := &BrowseResponse{Release: installed(snap.Snapshot, r.installed), Found: true, Properties: r.kinds(), Filters: valueset.OfferedBy(r.cs())}
	if cs := r.cs(); resp.Release.Concepts == 0 && cs != nil { // of what clients write nothing was counted
		resp.Release.Concepts, resp.Release.Active = cs.Len(), int(cs.Active().GetCardinality())
	}
	if resp.Names, err = s.namesOf(snap.Snapshot, &r.installed.Release); err != nil {
		return nil, err
	}
	var ordinals []terminology.Ordinal
	if req.Under == "" {
		ordinals, resp.Total, err = s.top(ctx, snap, &r, &req)
		if err != nil {
			return nil, err
		}
	} else if o, ok := r.cs().Find(req.Under); ok {
		children := r.cs().Children(o)
		resp.Total, resp.Path = len(children), r.path(o)
		ordinals = children[min(req.Offset, len(children)):]
		ordinals = ordinals[:min(len(ordinals), req.Count)]
	} else {
		resp.Found = false
	}
	resp.Concepts = make([]BrowsedConcept, len(ordinals))
	for i, o := range ordinals {
		c, info := &resp.Concepts[i], r.cs().Info(o)
		c.Coding, c.Language, _ = r.concept(o)
		c.Inactive, c.Abstract, c.Narrower = info.Inactive, info.Abstract, len(r.cs().Children(o))
	}
	return resp, nil
}

var errBrowsePage = errors.New("want an offset of 0 or more and a count of 1 to 1000")

// top returns a page of the active concepts that have no parent, and how many there are. The
// set is kept with the value sets that were evaluated.
func (s *Service) top(ctx context.Context, snap *snapshot, r *reader, req *BrowseRequest) ([]terminology.Ordinal, int, error) {
	all := ConceptSet{System: r.installed.Release.System, Version: r.installed.Release.Version,
		Filters: []Filter{{Property: "parent", Op: "exists", Value: "false"}}}
	set, err := s.members(ctx, snap, asked{compose: &Compose{Include: []ConceptSet{all}}, activeOnly: true, noComposed: true})
	if err != nil {
		return nil, 0, err
	}
	if len(set.parts) == 0 {
		return nil, 0, nil
	}
	n := int(set.sizes[0])
	from := min(req.Offset, n)
	return page(set.parts[0].Set, uint64(from), min(req.Count, n-from)), n, nil
}

// maxPath is how long a path may be that is told; deeper ones lack their beginning.
const maxPath = 50

// path returns the way from a concept on top to a concept, without it.
func (r reader) path(o terminology.Ordinal) []terminology.Coding {
	var way []terminology.Coding
	for parents := r.cs().Parents(o); len(parents) > 0 && len(way) < maxPath; parents = r.cs().Parents(parents[0]) {
		way = append(way, r.coding(parents[0]))
	}
	slices.Reverse(way)
	return way
}

// kinds returns the properties that concepts of a code system have.
func (r reader) kinds() []Property {
	typed, ok := terminology.As[interface{ AttributeTypes() []basic.AttributeType }](r.cs())
	if !ok {
		return nil
	}
	var out []Property
	for _, t := range typed.AttributeTypes() {
		if slices.ContainsFunc(out, func(p Property) bool { return p.Code == t.Code }) {
			continue // with values of several types
		}
		p := Property{Code: t.Code, Kind: t.Kind}
		if t.Concept != terminology.NoOrdinal {
			p.Description = r.coding(t.Concept).Display
		}
		out = append(out, p)
	}
	return out
}

// namesOf returns what the code system of a release is called.
func (s *Service) namesOf(snap *catalog.Snapshot, of *terminology.Release) ([]UniqueID, error) {
	names, err := s.naming(snap, s.resources(snap))
	if err != nil {
		return nil, err
	}
	for _, n := range names.byType[resource.TypeNamingSystem] {
		if made := n.Made; made != nil && slices.ContainsFunc(made.Naming.IDs, func(id UniqueID) bool { return id.Type == "uri" && id.Value == of.System }) {
			return made.Naming.IDs, nil
		}
	}
	own := NamingSystem{}
	own.name(of.System, of.Aliases, of.Short)
	return own.IDs, nil
}
