package operation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// installedValueSet returns the definition of a value set that a release holds as a FHIR
// resource, or of all codes of a code system whose value set of all codes it is; nil when
// neither is installed.
func (r resolver) installedValueSet(url, version string) (*valueset.Compose, error) {
	found, err := r.Resource(resource.TypeValueSet, url, version)
	if err == nil {
		if c, err := r.briefly(found); c != nil || err != nil {
			return c, err
		}
		parsed, err := found.Parsed()
		if err != nil {
			return nil, err
		}
		return r.define(parsed)
	}
	if all, ok := r.AllCodes(url, version); ok {
		set := valueset.ConceptSet{System: all.Release.System}
		if version != "" {
			set.Version = all.Release.Version
		}
		return &valueset.Compose{URL: url, Version: version, Include: []valueset.ConceptSet{set}}, nil
	}
	return nil, nil
}

// allOf returns the definition of all codes of a code system, whose URI and a query make the
// canonical URL of a value set; nil when there is no such code system.
func (r resolver) allOf(url, version, query string) *valueset.Compose {
	system, found := strings.CutSuffix(url, query)
	if !found {
		return nil
	}
	uri, err := r.System(system)
	if err != nil {
		return nil
	}
	return &valueset.Compose{URL: url, Version: version, Include: []valueset.ConceptSet{{System: uri, Version: version}}}
}

// definitionOf returns what a ValueSet resource defines. One that has a stored expansion
// only is the codes of it. The error is NotSupported when the value set refers to a value
// set that it contains in a way that cannot be said without it.
func definitionOf(r *resource.Resource) (*valueset.Compose, error) {
	v := r.ValueSet
	out := &valueset.Compose{URL: r.URL, Version: r.Version, Name: r.Name}
	switch {
	case v == nil || !v.Composed && v.Expansion == "":
		return nil, &terminology.Error{Op: "operation.ValueSet", Kind: terminology.Invalid, Coding: terminology.Coding{System: r.URL}, Err: fmt.Errorf("value set %s has neither a definition nor an expansion", r.URL)}
	case !v.Composed:
		sets, err := v.Expanded()
		out.Include = conceptSets(sets)
		return out, err
	}
	out.Inactive, out.Apart = v.Inactive, versionsApart(r)
	include, err := v.Inlined(v.Include)
	if err != nil {
		return nil, &terminology.Error{Op: "operation.ValueSet", Kind: terminology.NotSupported, Coding: terminology.Coding{System: r.URL}, Err: err}
	}
	for _, x := range v.Exclude { // what it excludes by a value set it does not exclude by itself
		if slices.ContainsFunc(x.ValueSets, func(url string) bool { return strings.HasPrefix(url, "#") }) {
			return nil, &terminology.Error{Op: "operation.ValueSet", Kind: terminology.NotSupported, Coding: terminology.Coding{System: r.URL}, Err: errors.New("the value set excludes one that it contains")}
		}
	}
	out.Include, out.Exclude = conceptSets(include), conceptSets(v.Exclude)
	return out, nil
}

// versionsApart reports whether a value set says that codes of several versions of a code
// system are not one.
func versionsApart(r *resource.Resource) bool {
	return expansionParameter(r, "versionsMatch") == "false"
}

func conceptSets(sets []resource.ConceptSet) []valueset.ConceptSet {
	out := make([]valueset.ConceptSet, len(sets))
	for i, s := range sets {
		out[i] = valueset.ConceptSet{System: s.System, Version: s.Version, ValueSets: slices.Clone(s.ValueSets)}
		for _, c := range s.Concepts {
			out[i].Concepts = append(out[i].Concepts, valueset.ConceptReference{Code: c.Code, Display: c.Display})
		}
		for _, f := range s.Filters {
			out[i].Filters = append(out[i].Filters, valueset.Filter{Property: f.Property, Op: f.Op, Value: f.Value})
		}
	}
	return out
}
