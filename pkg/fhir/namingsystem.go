package fhir

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
)

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
