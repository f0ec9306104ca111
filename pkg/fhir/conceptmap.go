package fhir

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// R5 says of the source what R4 says of the target (FHIR R5, ConceptMap, "Differences to
// R4"). Of equivalences that become one relationship, the first of the list is given back.
var equivalences = [...][2]string{
	{"equivalent", "equivalent"}, {"equal", "equivalent"}, {"wider", "source-is-narrower-than-target"}, {"subsumes", "source-is-narrower-than-target"},
	{"narrower", "source-is-broader-than-target"}, {"specializes", "source-is-broader-than-target"}, {"relatedto", "related-to"},
	{"inexact", "related-to"}, {"disjoint", "not-related-to"}, {"unmatched", "not-related-to"},
}

// foreign is what may stand in a ConceptMap only when it is not of a version.
var foreign = [...][]string{
	R4: {`"relationship"`, `"sourceScope`, `"targetScope`, `"noMap"`, `"identifier"`, `"otherMap"`, `"use-source-code"`, `"attribute"`, `"property"`, `"additionalAttribute"`, `|`},
	R5: {`"equivalence"`, `"sourceUri"`, `"sourceCanonical"`, `"targetUri"`, `"targetCanonical"`, `"sourceVersion"`, `"targetVersion"`, `"identifier"`, `"provided"`, `"dependsOn"`, `"product"`},
}

// conceptMapIn returns a ConceptMap as a version of FHIR writes it: as it is when it
// stands so already.
func conceptMapIn(v Version, raw []byte) []byte {
	if !slices.ContainsFunc(foreign[v], func(sign string) bool { return bytes.Contains(raw, []byte(sign)) }) {
		return raw
	}
	object, err := parseJSON(raw)
	if err != nil {
		return raw
	}
	before, err := json.Marshal(object)
	if err != nil {
		return raw
	}
	c := mapConverter{v}
	c.head(object)
	each(object, "group", c.group)
	out, err := json.Marshal(object)
	if err != nil || bytes.Equal(before, out) {
		return raw
	}
	return out
}

type mapConverter struct{ to Version }

func each(object map[string]any, key string, do func(map[string]any)) {
	list, _ := object[key].([]any)
	for _, item := range list {
		if o, ok := item.(map[string]any); ok {
			do(o)
		}
	}
}

// rename gives a member another name, unless that is taken.
func rename(object map[string]any, from, to string) {
	for _, sign := range []string{"", "_"} {
		if v, ok := object[sign+from]; ok {
			if _, taken := object[sign+to]; !taken {
				object[sign+to] = v
				delete(object, sign+from)
			}
		}
	}
}

func (c mapConverter) head(object map[string]any) {
	for _, end := range []string{"source", "target"} {
		for _, typ := range []string{"Uri", "Canonical"} {
			if c.to == R5 {
				rename(object, end+typ, end+"Scope"+typ)
			} else {
				rename(object, end+"Scope"+typ, end+typ)
			}
		}
	}
	switch id := object["identifier"].(type) {
	case map[string]any:
		if c.to == R5 {
			object["identifier"] = []any{id}
		}
	case []any:
		if c.to == R4 && len(id) > 0 {
			object["identifier"] = id[0]
		}
	}
	if c.to == R4 {
		for _, name := range []string{"property", "additionalAttribute"} {
			delete(object, name)
		}
	}
}

func (c mapConverter) group(g map[string]any) {
	for _, end := range []string{"source", "target"} {
		system, _ := g[end].(string)
		version, has := g[end+"Version"].(string)
		switch {
		case c.to == R5 && has && system != "":
			g[end] = system + "|" + version
			delete(g, end+"Version")
		case c.to == R4 && !has:
			if s, v, ok := strings.Cut(system, "|"); ok {
				g[end], g[end+"Version"] = s, v
			}
		}
	}
	each(g, "element", c.element)
	if u, ok := g["unmapped"].(map[string]any); ok {
		if c.to == R5 {
			rename(u, "url", "otherMap")
			if u["mode"] == "provided" {
				u["mode"] = "use-source-code"
			}
			return
		}
		rename(u, "otherMap", "url")
		if u["mode"] == "use-source-code" {
			u["mode"] = "provided"
		}
		delete(u, "relationship")
	}
}

func (c mapConverter) element(e map[string]any) {
	if c.to == R4 {
		if e["noMap"] == true && e["target"] == nil {
			e["target"] = []any{map[string]any{"equivalence": "unmatched"}}
		}
		delete(e, "noMap")
	}
	each(e, "target", c.target)
	if list, _ := e["target"].([]any); c.to == R5 && len(list) == 1 {
		if t, ok := list[0].(map[string]any); ok && t["relationship"] == "not-related-to" && t["code"] == nil {
			delete(e, "target")
			e["noMap"] = true
		}
	}
}

func (c mapConverter) target(t map[string]any) {
	from, to, i := "equivalence", "relationship", 0
	if c.to == R4 {
		from, to, i = to, from, 1
		delete(t, "property")
	}
	if word, ok := t[from].(string); ok {
		for _, pair := range equivalences {
			if pair[i] == word {
				t[to] = pair[1-i]
				delete(t, from)
				break
			}
		}
	}
	for _, name := range []string{"dependsOn", "product"} {
		each(t, name, func(d map[string]any) {
			if c.to == R5 {
				rename(d, "property", "attribute")
				rename(d, "value", "valueString")
				return
			}
			rename(d, "attribute", "property")
			for _, typ := range []string{"valueString", "valueCode"} {
				rename(d, typ, "value")
			}
		})
	}
}
