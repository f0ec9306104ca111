package fhir

import (
	"strconv"

	"github.com/kodeks/kodeks/pkg/operation"
)

// appendMade writes a resource that tells of what is installed.
func appendMade(dst []byte, v Version, s Server, r *operation.Resource) []byte {
	if n := r.Made.Naming; n != nil {
		return appendNamingSystem(dst, v, s, n)
	}
	rel := &r.Made.Release
	dst = append(append(append(dst, `{"resourceType":"`...), r.Type...), '"')
	if rel.Language != "" && r.Type != "ConceptMap" {
		dst = appendMember(dst, "language", rel.Language)
	}
	dst = appendMember(dst, "url", r.URL)
	dst = appendMember(dst, "version", r.Version)
	dst = appendMember(dst, "name", r.Name)
	dst = appendMember(dst, "title", r.Title)
	dst = appendMember(dst, "status", r.Status)
	dst = appendBool(dst, "experimental", false)
	dst = appendMember(dst, "date", r.Date)
	switch r.Type {
	case "CodeSystem":
		all := rel.System + "?vs" // the value set of all codes that operation.Expand knows of every code system
		if rel.System == snomedSystem {
			all = rel.System + "?fhir_vs"
		}
		all = firstOf(rel.ValueSet, all)
		dst = appendMember(dst, "description", rel.Title+", as it is installed on this server. The codes are not in this resource: ask for them with $lookup, or expand its value set, "+all+".")
		dst = appendBool(dst, "caseSensitive", rel.CaseSens)
		dst = appendMember(dst, "valueSet", all)
		if len(rel.Columns) > 0 {
			dst = appendMember(dst, "hierarchyMeaning", "is-a")
		}
		dst = appendMember(dst, "content", r.Content)
		dst = strconv.AppendInt(appendKey(dst, "count"), int64(rel.Concepts), 10)
	case "ValueSet":
		dst = appendMember(dst, "description", "All codes of "+rel.Title+", as it is installed on this server.")
		dst = append(appendKey(dst, "compose"), `{"include":[{`...)
		dst = appendMember(dst, "system", rel.System)
		dst = append(appendMember(dst, "version", rel.Version), `}]}`...)
	case "ConceptMap":
		m := r.Made.Map
		dst = appendMember(dst, "description", "A map of "+strconv.Itoa(m.Rows)+" rows, as it is installed on this server. The rows are not in this resource: ask for them with $translate.")
		if v == R5 {
			dst = append(appendKey(dst, "property"), `[{"code":"rows","description":"how many rows the map has","type":"integer"}]`...)
		}
		if m.Source != "" && m.Target != "" {
			dst = append(appendKey(dst, "group"), `[{`...)
			dst = appendMember(dst, "source", m.Source)
			dst = appendMember(dst, "target", m.Target)
			if v == R4 {
				dst = append(dst, `,"element":[{"target":[{"equivalence":"relatedto","comment":"see $translate"}]}]`...)
			} else {
				dst = append(dst, `,"element":[{"noMap":false,"target":[{"relationship":"related-to","comment":"see $translate"}]}]`...)
			}
			dst = append(dst, `}]`...)
		}
	}
	return append(dst, '}')
}
