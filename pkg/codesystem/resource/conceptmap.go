package resource

import (
	"errors"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// ConceptMap is what a ConceptMap says besides its identity.
type ConceptMap struct {
	SourceScope, TargetScope string // canonical URLs of value sets
	Groups                   []MapGroup
	listed                   bool // has groups
}

// MapGroup maps codes of one system to codes of another.
type MapGroup struct {
	Source, SourceVersion string
	Target, TargetVersion string
	Elements              []MapElement
	Unmapped              *Unmapped
}

// MapElement is what one source code, or all codes of a value set, map to.
type MapElement struct {
	Code, Display, ValueSet string
	NoMap                   bool // the map says that there is no target
	Targets                 []MapTarget
	at                      int
}

// MapTarget is one target. In R4 the relationship is an equivalence; the word of the
// resource is Equivalence.
type MapTarget struct {
	Code, Display, ValueSet string
	Relationship            terminology.Relationship
	Equivalence             string
	Comment                 string
	DependsOn, Products     []Dependency
	Properties              []Property
}

// Dependency is a condition of a target, or a further product of it.
type Dependency struct {
	Attribute, System, Value, Display, ValueSet string
	text                                        bool // Value is a text, not a code
}

// Unmapped says what to do with a code that no element has.
type Unmapped struct {
	Mode, Code, Display, ValueSet string
	Relationship                  terminology.Relationship
	URL                           string // of another map
}

// relationships are the codes of ConceptMapRelationship (R5) and ConceptMapEquivalence
// (R4), which says of the target what the other says of the source.
var relationships = map[string]terminology.Relationship{
	"related-to": terminology.RelatedTo, "equivalent": terminology.Equivalent,
	"source-is-narrower-than-target": terminology.SourceIsNarrower, "source-is-broader-than-target": terminology.SourceIsBroader,
	"not-related-to": terminology.NotRelatedTo,

	"relatedto": terminology.RelatedTo, "equal": terminology.Equivalent,
	"wider": terminology.SourceIsNarrower, "subsumes": terminology.SourceIsNarrower,
	"narrower": terminology.SourceIsBroader, "specializes": terminology.SourceIsBroader,
	"inexact": terminology.RelatedTo, "unmatched": terminology.NotRelatedTo, "disjoint": terminology.NotRelatedTo,
}

func readRelationship(s *scanner) (terminology.Relationship, string) {
	word := s.str()
	r, ok := relationships[word]
	if s.err == nil && !ok {
		s.fail("found %q, want a relationship of a ConceptMap such as equivalent", word)
	}
	return r, word
}

func (m *ConceptMap) member(s *scanner, key string) {
	switch key {
	case "sourceUri", "sourceCanonical", "sourceScopeUri", "sourceScopeCanonical":
		m.SourceScope = s.str()
	case "targetUri", "targetCanonical", "targetScopeUri", "targetScopeCanonical":
		m.TargetScope = s.str()
	case "group":
		if s.head {
			m.listed = s.listed()
			return
		}
		s.array(func(int) { m.Groups = append(m.Groups, readGroup(s)) })
		m.listed = len(m.Groups) > 0
	}
}

func readGroup(s *scanner) MapGroup {
	var g MapGroup
	s.object(func(key string) {
		switch key {
		case "source":
			g.Source = s.str()
		case "sourceVersion":
			g.SourceVersion = s.str()
		case "target":
			g.Target = s.str()
		case "targetVersion":
			g.TargetVersion = s.str()
		case "element":
			s.array(func(int) { g.Elements = append(g.Elements, readMapElement(s)) })
		case "unmapped":
			g.Unmapped = readUnmapped(s)
		}
	})
	for _, side := range [...]struct{ system, version *string }{{&g.Source, &g.SourceVersion}, {&g.Target, &g.TargetVersion}} {
		if system, version, ok := strings.Cut(*side.system, "|"); ok { // R5: a canonical
			*side.system, *side.version = system, version
		}
	}
	return g
}

func readMapElement(s *scanner) MapElement {
	e := MapElement{at: s.at}
	s.object(func(key string) {
		switch key {
		case "code":
			e.Code = s.str()
		case "display":
			e.Display = s.str()
		case "valueSet":
			e.ValueSet = s.str()
		case "noMap":
			e.NoMap = s.flag()
		case "target":
			s.array(func(int) { e.Targets = append(e.Targets, readTarget(s)) })
		}
	})
	return e
}

func readTarget(s *scanner) MapTarget {
	t := MapTarget{Relationship: terminology.RelatedTo}
	s.object(func(key string) {
		switch key {
		case "code":
			t.Code = s.str()
		case "display":
			t.Display = s.str()
		case "valueSet":
			t.ValueSet = s.str()
		case "comment":
			t.Comment = s.str()
		case "relationship":
			t.Relationship, _ = readRelationship(s)
		case "equivalence":
			t.Relationship, t.Equivalence = readRelationship(s)
		case "dependsOn":
			t.DependsOn = readDependencies(s)
		case "product":
			t.Products = readDependencies(s)
		case "property":
			s.array(func(int) { t.Properties = append(t.Properties, readProperty(s)) })
		}
	})
	return t
}

func readDependencies(s *scanner) []Dependency {
	var list []Dependency
	s.array(func(int) {
		var d Dependency
		s.object(func(key string) {
			switch {
			case key == "property" || key == "attribute":
				d.Attribute = s.str()
			case key == "system":
				d.System = s.str()
			case key == "display":
				d.Display = s.str()
			case key == "valueSet":
				d.ValueSet = s.str()
			case key == "valueCoding":
				_, c := readCoding(s)
				d.System, d.Value, d.Display = c.System, c.Code, c.Display
			case key == "valueQuantity":
				d.Value, d.text = s.raw(), true
			case strings.HasPrefix(key, "value"):
				d.Value, d.text = s.primitive(), key == "valueString" || key == "value"
			}
		})
		list = append(list, d)
	})
	return list
}

func readUnmapped(s *scanner) *Unmapped {
	u := &Unmapped{}
	s.object(func(key string) {
		switch key {
		case "mode":
			u.Mode = s.str()
		case "code":
			u.Code = s.str()
		case "display":
			u.Display = s.str()
		case "valueSet":
			u.ValueSet = s.str()
		case "url", "otherMap":
			u.URL = s.str()
		case "relationship", "equivalence":
			u.Relationship, _ = readRelationship(s)
		}
	})
	return u
}

// maps returns the maps that a ConceptMap holds: one for each pair of systems in the versions
// that its groups name, all under its URL.
func (r *Resource) maps() (infos []terminology.MapInfo, ofGroup []int) {
	for _, g := range r.ConceptMap.Groups {
		n := -1
		for i, info := range infos {
			if info.Source == g.Source && info.Target == g.Target && info.SourceVersion == g.SourceVersion && info.TargetVersion == g.TargetVersion {
				n = i
			}
		}
		if n < 0 {
			n = len(infos)
			id := r.URL
			if n > 0 {
				id += "#" + itoa(n+1)
			}
			infos = append(infos, terminology.MapInfo{ID: id, URL: r.URL, Title: r.title(), Source: g.Source, Target: g.Target, SourceVersion: g.SourceVersion, TargetVersion: g.TargetVersion})
		}
		if infos[n].Unmapped == nil {
			infos[n].Unmapped = g.Unmapped.rule()
		}
		ofGroup = append(ofGroup, n)
	}
	return infos, ofGroup
}

// rule returns what to do with codes without element as maps say it; nil when there is
// nothing that can be done.
func (u *Unmapped) rule() *terminology.Unmapped {
	if u == nil {
		return nil
	}
	mode := terminology.UnmappedMode(u.Mode)
	if mode == "provided" { // R4
		mode = terminology.UnmappedSource
	}
	if mode == terminology.UnmappedFixed && u.Code == "" { // a value set
		return nil
	}
	return &terminology.Unmapped{Mode: mode, Code: u.Code, Display: u.Display, Relationship: u.Relationship, Map: u.URL}
}

// sayMaps says the maps of a ConceptMap to a sink. A condition of a target (dependsOn)
// and its products go with its row, whose ID is its place in the resource; what a group
// says of codes without element is in the resource only.
func (r *Resource) sayMaps(to terminology.Sink) error {
	infos, ofGroup := r.maps()
	for i := range infos {
		if err := to.Map(infos[i]); err != nil {
			return err
		}
	}
	for gi := range r.ConceptMap.Groups {
		g := &r.ConceptMap.Groups[gi]
		priority := map[string]uint16{}
		for ei := range g.Elements {
			e := &g.Elements[ei]
			if e.Code == "" { // a value set maps as a whole, which is in the resource only
				continue
			}
			at := "group[" + itoa(gi) + "].element[" + itoa(ei) + "]"
			for _, m := range e.mappings(at) {
				if priority[e.Code] == 1<<16-1 {
					return to.Bad(r.bad(e.at, r.root+"."+at, "code %s has more than 65,535 targets", e.Code))
				}
				priority[e.Code]++
				m.Map, m.Group, m.Priority = infos[ofGroup[gi]].ID, uint16(min(gi+1, 1<<16-1)), priority[e.Code]
				m.File = r.file
				if err := r.kept(to, e.at, r.root+"."+at, to.Mapping(m)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// mappings returns the rows of an element at a place of the resource. A target that is a
// value set is in the resource only.
func (e *MapElement) mappings(at string) []terminology.Mapping {
	var rows []terminology.Mapping
	for i, t := range e.Targets {
		if t.Code == "" && t.ValueSet != "" {
			continue
		}
		m := terminology.Mapping{Source: e.Code, Target: t.Code, Relationship: t.Relationship, Advice: t.Comment, Display: t.Display,
			ID: at + ".target[" + itoa(i) + "]", DependsOn: mapTerms(t.DependsOn), Products: mapTerms(t.Products)}
		if t.Equivalence == "unmatched" {
			m.Target, m.Display = "", ""
		}
		rows = append(rows, m)
	}
	if len(e.Targets) == 0 && e.NoMap {
		rows = append(rows, terminology.Mapping{Source: e.Code, ID: at})
	}
	return rows
}

// mapTerms returns dependencies as maps say them. A value that is a text, as R4 writes those
// without a system, is its display; those that only are of a value set say nothing of one.
func mapTerms(list []Dependency) []terminology.MapTerm {
	var terms []terminology.MapTerm
	for _, d := range list {
		t := terminology.MapTerm{Property: d.Attribute, Value: terminology.Coding{System: d.System, Code: d.Value, Display: d.Display}}
		if d.text && d.System == "" {
			t.Value = terminology.Coding{Display: d.Value}
		}
		if t.Value != (terminology.Coding{}) {
			terms = append(terms, t)
		}
	}
	return terms
}

// Mappings returns the maps of a ConceptMap, and their rows in order. The error is
// Invalid and names the bad rows.
func (r *Resource) Mappings() ([]terminology.MapInfo, []terminology.Mapping, error) {
	if r.ConceptMap == nil {
		return nil, nil, nil
	}
	var m mapCollector
	if err := r.sayMaps(&m); err != nil {
		m.collector.rows = append(m.collector.rows, err)
	}
	if len(m.collector.rows) > 0 {
		return nil, nil, &terminology.Error{Op: "resource.Mappings", Kind: terminology.Invalid, Err: errors.Join(m.collector.rows...)}
	}
	return m.infos, m.mappings, nil
}

// mapCollector takes what a ConceptMap says.
type mapCollector struct {
	collector
	infos    []terminology.MapInfo
	mappings []terminology.Mapping
}

func (m *mapCollector) Map(info terminology.MapInfo) error {
	m.infos = append(m.infos, info)
	return nil
}

func (m *mapCollector) Mapping(row terminology.Mapping) error {
	m.mappings = append(m.mappings, row)
	return nil
}
