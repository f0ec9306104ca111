package main

import (
	"slices"
	"strconv"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// shownApart are the properties that other lines of a card tell.
var shownApart = []string{"parent", "child", "inactive", "effectiveTime", "moduleId", "sufficientlyDefined", "notSelectable"}

// history writes what became of an inactive concept, best replacement first.
func (c card) history(list []*kodeksv1.Association) {
	if len(list) == 0 {
		return
	}
	c.section("what became of it", len(list), len(list))
	t := table{columns: []column{{name: "association"}, {name: "code", style: strong}, {name: "display", flex: true}, {name: "status", show: filled}}}
	for _, a := range list {
		status := ""
		if a.GetInactive() {
			status = "inactive"
		}
		t.add(associationName(a.GetKind()), a.GetTarget().GetCode(), a.GetTarget().GetDisplay(), status)
	}
	t.writeRows(c.w, c.s, "    ")
}

// associationName returns the name of a historical association.
func associationName(kind *kodeksv1.Coding) string {
	if id, err := snomed.ParseID(kind.GetCode()); err == nil {
		if name := snomed.MapOf(id, 0).Title; !strings.HasPrefix(name, "SNOMED CT") {
			return name
		}
	}
	return kind.GetDisplay()
}

// codings writes parents or children.
func (c card) codings(name string, list []*kodeksv1.Coding, total int) {
	if total == 0 {
		return
	}
	shown := list[:min(len(list), c.limit)]
	c.section(name, len(shown), total)
	t := table{columns: []column{{name: "code", style: strong}, {name: "display", flex: true}}}
	for _, p := range shown {
		t.add(p.GetCode(), p.GetDisplay())
	}
	t.writeRows(c.w, c.s, "    ")
}

// properties writes attributes by relationship group, then other properties.
func (c card) properties(list []*kodeksv1.Property) {
	var attributes, others []*kodeksv1.Property
	for _, p := range list {
		switch {
		case looksLikeSCTID(p.GetCode()):
			attributes = append(attributes, p)
		case !slices.Contains(shownApart, p.GetCode()):
			others = append(others, p)
		}
	}
	slices.SortStableFunc(attributes, func(a, b *kodeksv1.Property) int { return int(a.GetGroup()) - int(b.GetGroup()) })
	if len(attributes) > 0 {
		c.section("attributes", len(attributes), len(attributes))
		t := table{columns: []column{{name: "group", style: dim}, {name: "attribute"}, {name: "value", style: strong}, {name: "term", flex: true}}}
		last := int32(-1)
		for _, p := range attributes {
			group := ""
			if p.GetGroup() != last && p.GetGroup() > 0 {
				group = "group " + strconv.Itoa(int(p.GetGroup()))
			}
			last = p.GetGroup()
			t.add(group, propertyName(p), p.GetValue(), p.GetDisplay())
		}
		t.writeRows(c.w, c.s, "    ")
	}
	c.values(others)
}

// values writes properties: those of several words are texts, and wrapped.
func (c card) values(list []*kodeksv1.Property) {
	if len(list) == 0 {
		return
	}
	const indent, widest = 4, 30
	c.section("properties", len(list), len(list))
	names, codes := 0, 0
	for _, p := range list {
		names = max(names, min(width(clean(propertyName(p))), widest))
		if p.GetDisplay() != "" {
			codes = max(codes, min(width(clean(p.GetValue())), widest))
		}
	}
	for _, p := range list {
		name, value := clean(propertyName(p)), clean(p.GetValue())
		writeSpaces(c.w, indent)
		c.w.WriteString(name)
		column := max(names, width(name)) + gap
		writeSpaces(c.w, column-width(name))
		if display := clean(p.GetDisplay()); display != "" {
			value += strings.Repeat(" ", max(0, codes-width(value))+gap) + display
		}
		for i, line := range wrap(value, c.s.width-indent-column) {
			if i > 0 {
				writeSpaces(c.w, indent+column)
			}
			c.w.WriteString(line + "\n")
		}
	}
}

func propertyName(p *kodeksv1.Property) string {
	if p.GetDescription() != "" {
		return p.GetDescription()
	}
	return p.GetCode()
}
