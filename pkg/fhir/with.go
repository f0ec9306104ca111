package fhir

import "github.com/kodeks/kodeks/pkg/operation"

// with reads what a request brings with it: resources, supplements and rules of versions.
// The bytes of resources are those of the body.
func (p *Parameters) with() operation.With {
	w := operation.With{Versions: operation.VersionRules{
		Default: p.texts("system-version"), Check: p.texts("check-system-version"),
		Force: p.texts("force-system-version"), ValueSets: p.texts("default-valueset-version"),
	}, Supplements: p.texts("useSupplement"), FHIR: p.FHIR}
	if w.Cache = p.CacheID; w.Cache == "" {
		w.Cache, w.CacheNamed = p.Text("cache-id"), p.find("cache-id") != nil
	}
	w.Resources = append(w.Resources, p.Shared...)
	for i := range p.list {
		switch n := &p.list[i]; {
		case n.Definition.Type == ResourceType:
			w.Resources = append(w.Resources, n.Raw)
		case n.Definition.Type == ValueSetType && w.Cache != "":
			w.Given = append(w.Given, n.Raw)
		}
	}
	return w
}

// texts returns all values of a parameter that may come more than once.
func (p *Parameters) texts(name string) []string {
	var out []string
	for i := range p.list {
		if n := &p.list[i]; n.name() == name {
			out = append(out, n.Text)
		}
	}
	return out
}
