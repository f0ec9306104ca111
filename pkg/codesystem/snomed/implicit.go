package snomed

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// ValueSetKind tells which concepts an implicit value set holds.
type ValueSetKind uint8

// The kinds of implicit value set (FHIR, "Using SNOMED CT with FHIR").
const (
	AllConcepts  ValueSetKind = iota // ?fhir_vs: every concept
	AllRefsets                       // ?fhir_vs=refset: concepts that name a reference set
	IsAConcept                       // ?fhir_vs=isa/ID: the concept and its descendants
	InRefset                         // ?fhir_vs=refset/ID: members of the reference set
	ByExpression                     // ?fhir_vs=ecl/…: what the constraint selects
)

// ImplicitValueSet is a value set that a SNOMED CT URL describes by itself.
type ImplicitValueSet struct {
	Edition Edition
	Kind    ValueSetKind
	ID      ID     // of IsAConcept and InRefset
	ECL     string // of ByExpression, not percent-encoded
}

const (
	valueSetQuery = "?fhir_vs"
	mapQuery      = "?fhir_cm"
)

// ParseImplicitValueSet reads the URL of an implicit value set, whose part before
// ?fhir_vs is any form of ParseEdition. It reports false for a URL that is none,
// and an error for one that is meant to be one and is malformed.
//
// An expression constraint may be percent-encoded or not; a plus sign is itself.
func ParseImplicitValueSet(uri string) (v ImplicitValueSet, ok bool, err error) {
	edition, query, ok, err := cutImplicit(uri, valueSetQuery)
	if !ok || err != nil {
		return v, ok, err
	}
	v.Edition = edition
	kind, arg, hasArg := strings.Cut(query, "/")
	switch {
	case query == "":
		return v, true, nil
	case kind == "refset" && !hasArg:
		v.Kind = AllRefsets
		return v, true, nil
	case kind == "isa":
		v.Kind = IsAConcept
	case kind == "refset":
		v.Kind = InRefset
	case kind == "ecl" && arg != "":
		v.Kind, v.ECL = ByExpression, arg
		if text, err := url.PathUnescape(arg); err == nil {
			v.ECL = text
		}
		return v, true, nil
	default:
		return ImplicitValueSet{}, true, implicitError(uri, "isa/ID, refset, refset/ID or ecl/EXPRESSION after ?fhir_vs=")
	}
	if v.ID, ok = ScanID(arg); !ok || !v.ID.IsConcept() {
		return ImplicitValueSet{}, true, implicitError(uri, "a concept id after "+kind+"/")
	}
	return v, true, nil
}

// String returns the URL of the value set.
func (v ImplicitValueSet) String() string {
	base := v.Edition.String() + valueSetQuery
	switch v.Kind {
	case AllRefsets:
		return base + "=refset"
	case IsAConcept:
		return base + "=isa/" + v.ID.String()
	case InRefset:
		return base + "=refset/" + v.ID.String()
	case ByExpression:
		return base + "=ecl/" + url.PathEscape(v.ECL)
	}
	return base
}

// ImplicitMap is a concept map that a SNOMED CT URL describes by itself: the rows
// of a map or association reference set.
type ImplicitMap struct {
	Edition Edition
	Refset  ID
}

// ParseImplicitMap reads the URL of an implicit concept map, EDITION?fhir_cm=ID.
// It reports false and an error as ParseImplicitValueSet does.
func ParseImplicitMap(uri string) (m ImplicitMap, ok bool, err error) {
	edition, query, ok, err := cutImplicit(uri, mapQuery)
	if !ok || err != nil {
		return m, ok, err
	}
	id, valid := ScanID(query)
	if !valid || !id.IsConcept() {
		return m, true, implicitError(uri, "the id of a reference set after ?fhir_cm=")
	}
	return ImplicitMap{Edition: edition, Refset: id}, true, nil
}

// String returns the URL of the map.
func (m ImplicitMap) String() string { return m.Edition.String() + mapQuery + "=" + m.Refset.String() }

// cutImplicit returns edition and query value of a SNOMED CT URL with a query
// parameter.
func cutImplicit(uri, param string) (e Edition, query string, ok bool, err error) {
	base, query, found := strings.Cut(uri, param)
	if !found || !strings.HasPrefix(base, System) && !strings.HasPrefix(base, experimental) {
		return e, "", false, nil
	}
	if query != "" {
		if query, found = strings.CutPrefix(query, "="); !found {
			return e, "", false, nil
		}
	}
	e, err = ParseEdition(base)
	return e, query, true, err
}

func implicitError(uri, want string) error {
	return &terminology.Error{Op: "snomed.ParseImplicit", Kind: terminology.Invalid,
		Err: fmt.Errorf("found %q, want %s", uri, want)}
}
