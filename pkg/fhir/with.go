package fhir

import (
	"errors"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// with reads what a request brings with it: resources, supplements and rules of versions.
// The bytes of resources are those of the body.
func (p *Parameters) with() operation.With {
	w := operation.With{Versions: operation.VersionRules{
		Default: p.texts("system-version"), Check: p.texts("check-system-version"),
		Force: p.texts("force-system-version"), ValueSets: p.texts("default-valueset-version"),
	}, Supplements: p.texts("useSupplement"), FHIR: p.FHIR, Client: p.Client}
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

// Place returns an error about a resource that the request brings as one about the place of
// it in the request, and any other error as it is.
func (p *Parameters) Place(err error) error {
	var b *operation.BroughtError
	if !errors.As(err, &b) || len(b.Raw) == 0 {
		return err
	}
	i := slices.IndexFunc(p.list, func(n Parameter) bool { return len(n.Raw) > 0 && &n.Raw[0] == &b.Raw[0] })
	if i < 0 || !strings.HasPrefix(p.list[i].Expression, "Parameters.") {
		return err
	}
	at, kind := p.list[i].Expression+".resource", terminology.KindOf(err)
	var placed []error
	for _, row := range rowErrors(b.Err) {
		moved := *row
		moved.Column, moved.Line = at, 0 // the line is that of the resource by itself
		if typ, rest, ok := strings.Cut(row.Column, "."); ok && typ != "" && typ[0] >= 'A' && typ[0] <= 'Z' {
			moved.Column += "." + rest
		} else if !ok && row.Column != "" && (row.Column[0] < 'A' || row.Column[0] > 'Z') {
			moved.Column += "." + row.Column
		}
		placed = append(placed, &moved)
	}
	if len(placed) == 0 {
		return elementError(kind, at, "%s", terminology.Message(b.Err))
	}
	return &terminology.Error{Op: "fhir.Read", Kind: kind, Err: errors.Join(placed...)}
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
