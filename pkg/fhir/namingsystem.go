package fhir

import (
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// NamingSystemSearch is the parameter table of a search for naming systems.
var NamingSystemSearch = &Operation{Resource: "NamingSystem", Parameters: []Definition{
	{Name: "value", Type: URI},
	{Name: "_id", Type: Code},
	{Name: "_count", Type: Integer, Use: Ignored, Note: "all that are found are given"},
}}

// NamingSystemRead is the parameter table of a read of one naming system.
var NamingSystemRead = &Operation{Resource: "NamingSystem"}

// AppendNamingSystem writes the naming system of an id; the error is NotFound when there
// is none.
func AppendNamingSystem(dst []byte, v Version, s Server, id string, list []operation.NamingSystem) ([]byte, error) {
	for i := range list {
		if list[i].ID == id {
			return appendNamingSystem(dst, v, s, &list[i]), nil
		}
	}
	return dst, elementError(terminology.NotFound, "NamingSystem.id", "there is no NamingSystem '%s': NamingSystem without an id lists them", id)
}

// AppendNamingSystems writes those that a search finds as a Bundle: all of them, or those
// that have a value, which is a URI, an OID with or without urn:oid:, or another name.
func AppendNamingSystems(dst []byte, v Version, s Server, p *Parameters, list []operation.NamingSystem) []byte {
	value, id := p.Text("value"), p.Text("_id")
	total := 0
	entries := []byte{'['}
	for i := range list {
		n := &list[i]
		if value != "" && !n.Means(value) || id != "" && id != n.ID {
			continue
		}
		total++
		entries = appendMember(appendItem(entries), "fullUrl", s.BaseURL+"/NamingSystem/"+n.ID)
		entries = appendNamingSystem(appendKey(entries, "resource"), v, s, n)
		entries = append(entries, `,"search":{"mode":"match"}}`...)
	}
	dst = append(dst, `{"resourceType":"Bundle","type":"searchset","total":`...)
	dst = strconv.AppendInt(dst, int64(total), 10)
	if total > 0 {
		dst = append(append(appendKey(dst, "entry"), entries...), ']')
	}
	return append(dst, '}')
}

func appendNamingSystem(dst []byte, v Version, s Server, n *operation.NamingSystem) []byte {
	dst = append(dst, `{"resourceType":"NamingSystem"`...)
	dst = appendMember(dst, "id", n.ID)
	if v == R5 {
		dst = appendMember(dst, "url", s.BaseURL+"/NamingSystem/"+n.ID)
	}
	dst = appendMember(dst, "name", computable(n.ID))
	if v == R5 {
		dst = appendMember(dst, "title", n.Title)
	}
	dst = appendMember(dst, "status", "active")
	dst = appendMember(dst, "kind", "codesystem")
	dst = appendMember(dst, "date", s.Released)
	dst = appendMember(dst, "description", describe(n))
	dst = append(appendKey(dst, "uniqueId"), '[')
	for _, id := range n.IDs {
		dst = appendMember(appendItem(dst), "type", id.Type)
		dst = appendMember(dst, "value", id.Value)
		dst = append(appendBool(dst, "preferred", id.Preferred), '}')
	}
	return append(dst, `]}`...)
}

func describe(n *operation.NamingSystem) string {
	if len(n.Installed) == 0 {
		return n.Title + ". Known to this server, and not installed."
	}
	return n.Title + ". Installed: " + strings.Join(n.Installed, ", ") + "."
}

// computable returns an id as the name of a resource, which has letters, digits and
// underscores only and begins with an upper-case letter.
func computable(id string) string {
	name := []byte(strings.ToUpper(id[:1]) + id[1:])
	for i, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			name[i] = '_'
		}
	}
	if name[0] < 'A' || name[0] > 'Z' {
		return "N" + string(name)
	}
	return string(name)
}
