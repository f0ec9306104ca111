package fhir

import (
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
)

// appendExpansionParameters repeats what was asked, and tells the releases that
// answered.
func appendExpansionParameters(dst []byte, p *Parameters, a *operation.ExpandResponse) []byte {
	mark := len(dst)
	dst = append(appendKey(dst, "parameter"), '[')
	empty := len(dst)
	for i := range p.list {
		n := &p.list[i]
		if !n.Definition.Echo {
			continue
		}
		switch n.Definition.Type {
		case Boolean:
			dst = appendBoolParameter(dst, n.Definition.Name, n.Text == "true")
		case Integer:
			dst = appendKey(openParameter(dst, n.Definition.Name), "valueInteger")
			dst = append(strconv.AppendInt(dst, int64(p.Int(n.Definition.Name, 0)), 10), '}')
		case Code:
			dst = appendParameter(dst, n.Definition.Name, "valueCode", n.Text)
		case DateTime:
			dst = appendParameter(dst, n.Definition.Name, "valueDateTime", n.Text)
		case URI:
			dst = appendParameter(dst, n.Definition.Name, "valueUri", n.Text)
		default:
			dst = appendParameter(dst, n.Definition.Name, "valueString", n.Text)
		}
	}
	dst = appendParameter(dst, "displayLanguage", "valueCode", normalList(a.LanguageList))
	for _, r := range a.Rules {
		dst = appendParameter(dst, r.Name, "valueUri", r.Value)
	}
	if a.Merged {
		dst = appendBoolParameter(dst, "versionsMatch", true)
	}
	for i := range a.Used {
		dst = appendCanonicalParameter(dst, "used-codesystem", a.Used[i].System, a.Used[i].Version)
	}
	for _, url := range a.UsedValueSets {
		dst = appendParameter(dst, "used-valueset", "valueUri", url)
	}
	for _, url := range a.UsedSupplements {
		dst = appendParameter(dst, "used-supplement", "valueUri", url)
	}
	for _, url := range a.Fragments {
		dst = appendParameter(dst, "used-fragment", "valueUri", url)
	}
	for _, w := range a.Warnings {
		dst = appendParameter(dst, "warning-"+w.What, "valueUri", w.Canonical)
	}
	if len(dst) == empty {
		return dst[:mark]
	}
	return append(dst, ']')
}

// appendCanonicalParameter writes a parameter that is a canonical URL with its version.
func appendCanonicalParameter(dst []byte, name, url, version string) []byte {
	if url == "" {
		return dst
	}
	dst = AppendString(append(openParameter(dst, name), `,"valueUri":`...), url)
	if version != "" {
		end := len(dst)
		dst[end-1] = '|' // the quotes between the two go
		dst = AppendString(dst, version)
		dst = append(dst[:end], dst[end+1:]...)
	}
	return append(dst, '}')
}

// normalList returns a list of languages as it is told: without blanks, but before one
// with a weight.
func normalList(list string) string {
	if !strings.Contains(list, ",") {
		return list
	}
	var b strings.Builder
	for i, part := range strings.Split(list, ",") {
		tag, weight, ok := strings.Cut(strings.TrimSpace(part), ";")
		if i > 0 {
			b.WriteByte(',')
			if ok {
				b.WriteByte(' ')
			}
		}
		b.WriteString(strings.TrimSpace(tag))
		if ok {
			b.WriteString("; " + strings.TrimSpace(weight))
		}
	}
	return b.String()
}
