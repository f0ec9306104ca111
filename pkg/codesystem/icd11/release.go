package icd11

import (
	"cmp"
	"slices"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Release is an open release of ICD-11 MMS. It implements terminology.Composable.
type Release struct {
	*basic.Provider
	entities func() entities // made once
}

// entities are the concepts of a release by their entities.
type entities struct {
	list     []entity // ascending
	ordinals []terminology.Ordinal
}

var _ terminology.Composable = (*Release)(nil)

// New returns the release of a provider. The URIs of all concepts are read once, when
// the first of them is asked for.
func New(p *basic.Provider) *Release {
	return &Release{Provider: p, entities: sync.OnceValue(func() entities { return readEntities(p) })}
}

// readEntities reads the URIs of all concepts.
func readEntities(p *basic.Provider) entities {
	typ := slices.IndexFunc(p.AttributeTypes(), func(t basic.AttributeType) bool {
		return t.Code == propLinearization && t.Text
	})
	if typ < 0 {
		return entities{} // a release that was not read from a tabulation
	}
	type place struct {
		entity  entity
		ordinal terminology.Ordinal
	}
	places := make([]place, 0, p.Len())
	for o := range terminology.Ordinal(p.Len()) {
		for _, a := range p.Attributes(o) {
			if a.Type() != typ {
				continue
			}
			uri := p.ValueText(a.Value())
			if e, _, size, ok := parseURI(uri); ok && size == len(uri) {
				places = append(places, place{e, o})
			}
			break
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.entity, b.entity) })
	known := entities{make([]entity, len(places)), make([]terminology.Ordinal, len(places))}
	for i, place := range places {
		known.list[i], known.ordinals[i] = place.entity, place.ordinal
	}
	return known
}

// Find returns the concept of a code, in any form that Normalize knows, or of its entity:
// by its URI or, as HL7's "Using ICD-11 with FHIR" would have codes, by the number that the
// URI ends with, 257068234 for 1A00 and 257068234/other for a residual. An expression of
// several codes is none.
func (r *Release) Find(code string) (terminology.Ordinal, bool) {
	if !isURI(code) {
		if o, ok := r.Provider.Find(code); ok {
			return o, true
		}
		e, size, ok := parseEntity(code, true)
		if !ok || size != len(code) {
			return terminology.NoOrdinal, false
		}
		return r.entity(e)
	}
	code = unescape(code)
	e, _, size, ok := parseURI(code)
	if !ok || size != len(code) {
		return terminology.NoOrdinal, false
	}
	return r.entity(e)
}

// entity returns the concept of an entity.
func (r *Release) entity(e entity) (terminology.Ordinal, bool) {
	known := r.entities()
	i, ok := slices.BinarySearch(known.list, e)
	if !ok {
		return terminology.NoOrdinal, false
	}
	return known.ordinals[i], true
}
