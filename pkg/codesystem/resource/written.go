package resource

import (
	"errors"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// AnswersItself reports whether a resource by itself makes codes or maps known: a
// CodeSystem with concepts, or a ConceptMap with groups.
func (r *Resource) AnswersItself() bool {
	if r.Type == TypeConceptMap {
		return r.URL != "" && r.ConceptMap != nil && r.ConceptMap.listed
	}
	return r.Answerable() == nil
}

// Release returns the identity of what a resource that AnswersItself makes known. It has
// the version of the resource, also when that has none.
func (r *Resource) Release() terminology.Release {
	out := r.release("")
	out.Version, out.Date = r.Version, r.releaseDate("")
	if m := r.ConceptMap; m != nil {
		out.Kind, out.Name = terminology.KindConceptMap, releaseName("map", r.URL)
		if len(m.Groups) > 0 {
			out.Source, out.Target = m.Groups[0].Source, m.Groups[0].Target
		}
	}
	return out
}

// MapSink takes the maps of a ConceptMap.
type MapSink interface {
	Map(terminology.MapInfo) error
	Mapping(terminology.Mapping) error
}

// SayMaps says the maps of a ConceptMap. The error is Invalid and names all bad rows.
func (r *Resource) SayMaps(to MapSink) error {
	s := &mapSayer{to: to}
	if err := r.sayMaps(s); err != nil {
		s.rows = append(s.rows, err)
	}
	if len(s.rows) > 0 {
		return &terminology.Error{Op: "resource.SayMaps", Kind: terminology.Invalid, Err: errors.Join(s.rows...)}
	}
	return nil
}

// mapSayer passes maps on, and keeps bad rows.
type mapSayer struct {
	collector
	to MapSink
}

func (s *mapSayer) Map(m terminology.MapInfo) error     { return s.to.Map(m) }
func (s *mapSayer) Mapping(m terminology.Mapping) error { return s.to.Mapping(m) }
