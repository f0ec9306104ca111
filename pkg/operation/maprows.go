package operation

import (
	"cmp"
	"context"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// MapRowsRequest asks for the first rows of a map that is installed, for people who want to
// see what is in it.
type MapRowsRequest struct {
	URL     string // of the map
	Version string // of its release; "": the newest that has it
	Count   int    // most rows; 0: DefaultBrowse, at most MaxBrowse
	// Languages of displays; zero: the default of the server.
	Languages language.Preference
}

// MapRowsResponse is the first rows of a map, by source code.
type MapRowsResponse struct {
	Map     terminology.MapInfo
	Release terminology.Release // that holds the map
	Rows    []MapRow
	More    bool // there are more rows
}

// MapRow is one row. What it means for a patient, Translate tells.
type MapRow struct {
	Source, Target terminology.Coding // with displays; no Target.Code: there is nothing to map to
	Relationship   terminology.Relationship
	Rule, Advice   string
	Inactive       bool // the source is inactive
}

// MapRows tells the first rows of a map. It reads no more than it tells. The error is
// NotFound when no release has the map.
func (s *Service) MapRows(ctx context.Context, req MapRowsRequest) (*MapRowsResponse, error) {
	const op = "operation.MapRows"
	req.Count = cmp.Or(req.Count, DefaultBrowse)
	if req.Count < 0 || req.Count > MaxBrowse {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errBrowsePage}
	}
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	resp := &MapRowsResponse{}
	of := mapNamed(snap.Snapshot, &req, &resp.Map)
	if of == nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: terminology.Coding{System: req.URL, Version: req.Version}, Err: errUnknownMap(req.URL)}
	}
	if err := of.Ready(); err != nil {
		return nil, err
	}
	walker, ok := of.Maps.(terminology.MapWalker)
	if !ok {
		return nil, &terminology.Error{Op: op, Err: errNoWalker}
	}
	resp.Release = of.Release
	source, target := snap.end(of, resp.Map.Source, resp.Map.SourceVersion), snap.end(of, resp.Map.Target, resp.Map.TargetVersion)
	for rows, err := range walker.All(resp.Map.ID) {
		if err == nil && ctx.Err() != nil {
			err = &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if len(resp.Rows) == req.Count {
				resp.More = true
				return resp, nil
			}
			resp.Rows = append(resp.Rows, rowOf(&rows[i], &resp.Map, source, target))
		}
	}
	return resp, nil
}

// rowOf tells a row. Source and target are nil where their code systems are not installed.
func rowOf(m *terminology.Mapping, of *terminology.MapInfo, source, target *reader) MapRow {
	row := MapRow{Relationship: m.Relationship, Rule: m.Rule, Advice: m.Advice}
	row.Source, row.Inactive = source.named(of.Source, m.Source)
	if m.Target != "" {
		row.Target, _ = target.named(of.Target, m.Target)
		row.Target.Display = cmp.Or(row.Target.Display, m.Display)
	}
	return row
}

// named returns a code with its display, and whether it is inactive; r may be nil.
func (r *reader) named(system, code string) (c terminology.Coding, inactive bool) {
	if r != nil {
		if o, ok := r.cs().Find(code); ok {
			return r.coding(o), r.cs().Info(o).Inactive
		}
	}
	return terminology.Coding{System: system, Code: code}, false
}

// mapNamed returns the release that has a map, nil for none, and what it says of the map.
func mapNamed(s *catalog.Snapshot, req *MapRowsRequest, info *terminology.MapInfo) (found *catalog.Installed) {
	for _, r := range s.Releases {
		for _, m := range r.Release.Maps {
			if m.URL != req.URL || req.Version != "" && req.Version != r.Release.Version {
				continue
			}
			if found == nil || terminology.CompareVersions(r.Release.Version, found.Release.Version) > 0 {
				found, *info = r, m
			}
		}
	}
	return found
}

// end returns the code system at an end of a map that a release holds: the release itself,
// the version that the map was made for, or the one that answers; nil when it is not
// installed.
func (s *snapshot) end(of *catalog.Installed, system, version string) *reader {
	if of.HasCodeSystem() && of.Release.System == system {
		r := s.reader(of)
		return &r
	}
	for _, v := range []string{version, ""} {
		if r, err := s.find(terminology.Coding{System: system, Version: v}); err == nil {
			return &r
		}
	}
	return nil
}
