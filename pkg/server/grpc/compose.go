package grpcserver

import (
	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Compose reads the definition of a value set; a missing one is nil.
func Compose(m *kodeksv1.Compose) *operation.Compose {
	if m == nil {
		return nil
	}
	return &operation.Compose{
		URL: m.GetUrl(), Version: m.GetVersion(), Name: m.GetName(),
		Include: conceptSets(m.GetInclude()), Exclude: conceptSets(m.GetExclude()),
		Inactive: m.Inactive, Apart: m.GetApart(),
	}
}

func conceptSets(list []*kodeksv1.ConceptSet) []operation.ConceptSet {
	var out []operation.ConceptSet
	for _, m := range list {
		set := operation.ConceptSet{System: m.GetSystem(), Version: m.GetVersion(), ValueSets: m.GetValueSets(), Refsets: m.GetRefsets()}
		for _, c := range m.GetConcepts() {
			set.Concepts = append(set.Concepts, operation.ConceptReference{Code: c.GetCode(), Display: c.GetDisplay()})
		}
		for _, f := range m.GetFilters() {
			set.Filters = append(set.Filters, operation.Filter{Property: f.GetProperty(), Op: f.GetOp(), Value: f.GetValue()})
		}
		out = append(out, set)
	}
	return out
}

// ComposeMessage writes the definition of a value set; nil is a missing one.
func ComposeMessage(c *operation.Compose) *kodeksv1.Compose {
	if c == nil {
		return nil
	}
	return &kodeksv1.Compose{
		Url: c.URL, Version: c.Version, Name: c.Name,
		Include: messages(c.Include, conceptSet), Exclude: messages(c.Exclude, conceptSet),
		Inactive: c.Inactive, Apart: c.Apart,
	}
}

func conceptSet(m *kodeksv1.ConceptSet, s *operation.ConceptSet) {
	m.System, m.Version, m.ValueSets, m.Refsets = s.System, s.Version, s.ValueSets, s.Refsets
	m.Concepts = messages(s.Concepts, func(m *kodeksv1.ConceptReference, c *operation.ConceptReference) {
		m.Code, m.Display = c.Code, c.Display
	})
	m.Filters = messages(s.Filters, func(m *kodeksv1.Filter, f *operation.Filter) {
		m.Property, m.Op, m.Value = f.Property, f.Op, f.Value
	})
}
