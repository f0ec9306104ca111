package fhir

import (
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Closure is the parameter table of ConceptMap/$closure.
var Closure = &Operation{Resource: "ConceptMap", Name: "closure", System: true, Changes: true, Writes: true, Parameters: []Definition{
	{Name: "name", Type: String},
	{Name: "concept", Type: CodingType, Many: true},
	{Name: "version", Type: String},
	{Name: "tx-resource", Type: ResourceType, Many: true, In: Ecosystem, Use: Refused, Note: "a closure table outlasts the request, and rests on what is installed"},
	{Name: "cache-id", Type: String, In: Ecosystem, Use: Refused, Note: "a closure table outlasts the resources of a cache, and rests on what is installed"},
}}

// ClosureRequest reads the parameters of ConceptMap/$closure.
func ClosureRequest(p *Parameters) (operation.ClosureRequest, error) {
	req := operation.ClosureRequest{Name: p.Text("name"), Version: p.Text("version"), Resync: p.find("version") != nil}
	if p.find("name") == nil {
		return req, p.missing("name")
	}
	for i := range p.list {
		n := &p.list[i]
		if n.name() != "concept" {
			continue
		}
		if req.Resync {
			return req, elementError(terminology.Invalid, n.where(), "give concepts to add, or a version to tell again what came after it, not both")
		}
		req.Concepts = append(req.Concepts, operation.ClosureCoding{Coding: n.Coding.Terminology(), Where: n.where()})
	}
	return req, nil
}

// AppendClosure writes the answer to ConceptMap/$closure: a ConceptMap of what the client
// is to add to its table. A source is always the narrower of two concepts.
func AppendClosure(dst []byte, v Version, a *operation.ClosureResponse) []byte {
	dst = append(dst, `{"resourceType":"ConceptMap"`...)
	if ValidID(a.Name) {
		dst = appendMember(dst, "id", a.Name)
	}
	dst = appendMember(dst, "version", a.Version)
	name := "Updates for Closure Table " + a.Name
	if a.Made {
		name = "Closure Table " + a.Name + " Creation"
	}
	dst = appendMember(dst, "name", name)
	dst = append(dst, `,"status":"active","experimental":true`...)
	dst = appendMember(dst, "date", Instant(a.Time))
	if len(a.Groups) == 0 {
		return append(dst, '}')
	}
	dst = append(appendKey(dst, "group"), '[')
	for i := range a.Groups {
		dst = appendClosureGroup(appendItem(dst), v, &a.Groups[i])
	}
	return append(dst, `]}`...)
}

func appendClosureGroup(dst []byte, v Version, g *operation.ClosureGroup) []byte {
	dst = appendMember(dst, "source", g.System)
	dst = appendMember(dst, "target", g.System)
	dst = append(appendKey(dst, "element"), '[')
	for i := 0; i < len(g.Rows); {
		source := g.Rows[i].Source
		dst = appendMember(appendItem(dst), "code", source)
		dst = append(appendKey(dst, "target"), '[')
		for ; i < len(g.Rows) && g.Rows[i].Source == source; i++ {
			dst = appendMember(appendItem(dst), "code", g.Rows[i].Target)
			key, value := closureRelation(v, g.Rows[i].Equal)
			dst = append(appendMember(dst, key, value), '}')
		}
		dst = append(dst, `]}`...)
	}
	return append(dst, `]}`...)
}

// closureRelation is how a version of FHIR says that the target subsumes the source, or
// means the same. R4 says it of the target (ConceptMapEquivalence), R5 of the source.
func closureRelation(v Version, equal bool) (element, code string) {
	switch {
	case v == R4 && equal:
		return "equivalence", "equal"
	case v == R4:
		return "equivalence", "subsumes"
	case equal:
		return "relationship", "equivalent"
	}
	return "relationship", "source-is-narrower-than-target"
}
