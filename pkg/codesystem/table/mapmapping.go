package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Map is the identity of a map between two code systems, and what the columns of its table
// mean.
type Map struct {
	URL      string     `yaml:"url"`
	Name     string     `yaml:"name"` // of its releases
	Title    string     `yaml:"title"`
	Version  string     `yaml:"version"`
	Language string     `yaml:"language"` // of displays
	Source   string     `yaml:"source"`   // canonical URI of the source system
	Target   string     `yaml:"target"`
	Columns  MapColumns `yaml:"columns"`
	// SourceCodes and TargetCodes return the forms that a code may be meant to have, best
	// first, none for one that is to be taken as it is. Each may be nil.
	SourceCodes, TargetCodes func(code string) []string `yaml:"-"`
}

// MapColumns are what the columns of a map mean. Those without names are not there.
type MapColumns struct {
	Source       Names    `yaml:"source"`
	Target       Names    `yaml:"target"` // an empty cell: there is no target
	Display      Names    `yaml:"display"`
	Relationship Relation `yaml:"relationship"`
	Group        Names    `yaml:"group"`
	Priority     Names    `yaml:"priority"`
	Rule         Names    `yaml:"rule"`
	Advice       Names    `yaml:"advice"`
	DependsOn    []Term   `yaml:"depends-on"`
	Products     []Term   `yaml:"products"`
}

// Relation is a column that tells how the target relates to its source: in the words of
// FHIR, R5 or R4, or those that Values gives for the words of R5.
type Relation struct {
	Column  Names            `yaml:"column"`
	Values  map[string]Names `yaml:"values"`
	Default string           `yaml:"default"` // of rows that do not tell
}

// Term is a column of values that a row depends on or that go with its target.
type Term struct {
	Column   Names  `yaml:"column"`
	Property string `yaml:"property"` // URI of the attribute
	System   string `yaml:"system"`   // of the codes; "": the cells are texts
}

// relationshipWords are those of FHIR: R5, which says of the source what R4 says of the
// target.
var relationshipWords = map[string]terminology.Relationship{
	"related-to": terminology.RelatedTo, "equivalent": terminology.Equivalent, "not-related-to": terminology.NotRelatedTo,
	"source-is-narrower-than-target": terminology.SourceIsNarrower, "source-is-broader-than-target": terminology.SourceIsBroader,
	"relatedto": terminology.RelatedTo, "inexact": terminology.RelatedTo, "equal": terminology.Equivalent, "unmatched": terminology.NotRelatedTo,
	"disjoint": terminology.NotRelatedTo, "wider": terminology.SourceIsNarrower, "subsumes": terminology.SourceIsNarrower,
	"narrower": terminology.SourceIsBroader, "specializes": terminology.SourceIsBroader,
}

// r5Words are the relationships that a mapping may give words for.
var r5Words = []string{"equivalent", "source-is-narrower-than-target", "source-is-broader-than-target", "related-to", "not-related-to"}

// IsMap reports whether the mapping is of a map, and not of codes.
func (m *Mapping) IsMap() bool { return m.Map.URL != "" || len(m.Map.Columns.Source) > 0 }

// checkMap is Check for a map.
func (m *Mapping) checkMap() error {
	p := &m.Map
	isURI := func(s string) bool { return strings.Contains(s, ":") && !strings.ContainsAny(s, " \t\n|#") }
	switch {
	case m.System.URI != "" || m.System.Name != "" || len(m.Systems.List) > 0:
		return m.fault("map", "there is a system too: a table holds codes or a map")
	case len(m.Columns.Code) > 0 || len(m.Columns.Display) > 0:
		return m.fault("columns", "the columns of a map are in map.columns")
	case !isURI(p.URL):
		return m.fault("map.url", "%q: want the URL of the map, such as http://example.org/fhir/ConceptMap/lokal", p.URL)
	case p.Name == "" || p.Name[0] == '.' || strings.IndexFunc(p.Name, notInName) >= 0:
		return m.fault("map.name", "%q: want small letters, digits, '.' and '-', such as map-lokal-icd-10", p.Name)
	case p.Version != "" && (p.Version[0] == '.' || strings.IndexFunc(p.Version, notInVersion) >= 0):
		return m.fault("map.version", "%q: want letters, digits, '.', '-' and '_', such as 2026", p.Version)
	case !isURI(p.Source):
		return m.fault("map.source", "%q: want the URI of the source code system, or a name of one that is known", p.Source)
	case !isURI(p.Target):
		return m.fault("map.target", "%q: want the URI of the target code system, or a name of one that is known", p.Target)
	case len(p.Columns.Source) == 0:
		return m.fault("map.columns.source", "want the column of the source codes")
	case len(p.Columns.Target) == 0:
		return m.fault("map.columns.target", "want the column of the target codes")
	}
	r := p.Columns.Relationship
	if _, ok := relationshipWords[r.Default]; r.Default != "" && !ok {
		return m.fault("map.columns.relationship.default", "%q: want one of %s", r.Default, strings.Join(r5Words, ", "))
	}
	for word := range r.Values {
		if !slices.Contains(r5Words, word) {
			return m.fault("map.columns.relationship.values", "%q: want one of %s", word, strings.Join(r5Words, ", "))
		}
	}
	meant := map[string]string{}
	for _, relationship := range r5Words {
		for _, w := range r.Values[relationship] {
			if other, twice := meant[strings.ToLower(w)]; twice {
				return m.fault("map.columns.relationship.values", "%q means %s and %s: want one meaning", w, other, relationship)
			}
			meant[strings.ToLower(w)] = relationship
		}
	}
	for key, terms := range map[string][]Term{"depends-on": p.Columns.DependsOn, "products": p.Columns.Products} {
		for i, t := range terms {
			if len(t.Column) == 0 || t.Property == "" {
				return m.fault(fmt.Sprintf("map.columns.%s[%d]", key, i), "want column and property")
			}
		}
	}
	return m.checkFile()
}

// relationship returns what a word means.
func (r *Relation) relationship(word string) (terminology.Relationship, bool) {
	if word == "" {
		word = r.Default
	}
	for _, meant := range r5Words { // in one order: a word that means another is that one
		if slices.ContainsFunc(r.Values[meant], func(w string) bool { return strings.EqualFold(w, word) }) {
			return relationshipWords[meant], true
		}
	}
	if word == "" {
		return terminology.RelatedTo, true
	}
	is, ok := relationshipWords[strings.ToLower(word)]
	return is, ok
}
