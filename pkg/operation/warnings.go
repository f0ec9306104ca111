package operation

import (
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// warnings lists the resources that an answer rests on and that are not for use as they
// are: value sets, and code systems that were used.
func (s *snapshot) warnings(root *Compose) []Warning {
	var out []Warning
	var seen map[Warning]bool
	var source *resource.Resource
	add := func(r *resource.Resource) {
		if r == nil {
			return
		}
		if what := standingOf(r, source); what != "" {
			w := Warning{what, terminology.Canonical(r.URL, r.Version), r.Type}
			if !seen[w] {
				if seen == nil {
					seen = map[Warning]bool{}
				}
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	if root != nil {
		source = s.sourceOf(root)
		add(source)
	}
	for _, c := range s.usedValueSets {
		add(s.sourceOf(c))
	}
	for _, r := range s.usedSystems {
		if p := providerOf(r.CodeSystem); p != nil {
			add(p.Resource())
		}
	}
	return out
}

// standingOf returns the word for a resource that is not for use as it is. One that is
// itself only a draft or an experiment may rest on others.
func standingOf(r, source *resource.Resource) string {
	standard, _ := r.Extension(resource.ExtStandardsStatus)
	switch {
	case standard == "deprecated" || standard == "withdrawn":
		return standard
	case r.Status == "retired":
		return "retired"
	case source == nil || r == source:
		return ""
	case r.Experimental && !source.Experimental:
		return "experimental"
	case r.Status == "draft" && source.Status != "draft" && !source.Experimental:
		return "draft"
	}
	return ""
}

// providerOf returns the code system of a resource that answers, nil when what answers is
// none.
func providerOf(cs terminology.CodeSystem) *resource.Provider {
	if s, ok := cs.(*resource.Supplemented); ok {
		cs = s.Base()
	}
	p, _ := cs.(*resource.Provider)
	return p
}
