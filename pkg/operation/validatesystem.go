package operation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// infer finds the code system of a code that has none, and tells that there is none.
func (v *validation) infer(d *verdict) (done bool, err error) {
	if v.set == nil {
		return false, nil
	}
	if !v.req.InferSystem {
		d.add(issueProvided(d.given, v.name), issueCodingNoSystem())
		return true, nil
	}
	named, err := v.systems()
	if err != nil {
		return true, err
	}
	var systems []string
	missing := &verdict{} // code systems that might have the code too
	for _, system := range named {
		try := &verdict{given: d.given}
		try.given.System = system
		if err := v.member(try, v.set); err != nil {
			return true, err
		}
		missing.tellCauses(try)
		if try.in && !slices.Contains(systems, system) {
			systems = append(systems, system)
		}
	}
	if len(systems) == 1 {
		d.given.System = systems[0]
		return false, nil
	}
	d.tellCauses(missing)
	switch len(systems) {
	case 0:
		d.add(issueProvided(d.given, v.name), issueNotInferred(d.given.Code, v.name))
	default:
		d.add(issueProvided(d.given, v.name), issueInferredTwice(d.given.Code, v.name, systems))
	}
	return true, nil
}

// systems lists the code systems that the value set and those that it imports name, each
// value set looked at once.
func (v *validation) systems() ([]string, error) {
	var out []string
	named := map[string]bool{}
	seen, next := map[string]bool{}, []*Compose{v.set}
	for len(next) > 0 {
		c := next[0]
		next = next[1:]
		for i := range c.Include {
			if system := c.Include[i].System; system != "" && !named[system] {
				named[system] = true
				out = append(out, system)
			}
			for _, url := range c.Include[i].ValueSets {
				if seen[url] {
					continue
				}
				seen[url] = true
				imported, err := resolver{v.snap}.ValueSet(url)
				if err != nil {
					return nil, err
				}
				next = append(next, imported)
			}
		}
	}
	return out, nil
}

// maxImports is how deep value sets that import each other are followed.
const maxImports = 30

// system looks at the code system of a coding for itself; stop tells that there is
// nothing more to say of the coding.
func (v *validation) system(d *verdict) (stop bool, err error) {
	uri := d.given.System
	if preferred, err := v.snap.System(uri); err == nil {
		if preferred != uri {
			d.called, d.given.System = uri, preferred
		}
		return false, nil
	}
	notIn := func() {
		if v.set != nil {
			d.add(issueProvided(d.given, v.name))
		}
	}
	if found, err := v.snap.Resource(resource.TypeCodeSystem, uri, d.given.Version); err == nil && found.Supplements != "" {
		notIn()
		d.add(issueSystemIsSupplement(terminology.Canonical(found.URL, found.Version)))
		return true, nil
	}
	if _, err := v.snap.Resource(resource.TypeValueSet, uri, ""); err == nil {
		notIn()
		d.add(issueSystemIsValueSet(uri))
		return true, nil
	}
	if !strings.Contains(uri, ":") {
		d.add(issueRelativeSystem())
	}
	return false, nil
}

// inCodeSystem judges a coding against its code system alone.
func (v *validation) inCodeSystem(d *verdict) error {
	want := v.snap.wanted(d.given.System, d.given.Version)
	r, inForce, err := v.snap.release(cmp.Or(d.called, d.given.System), want)
	if terminology.KindOf(err) == terminology.NotFound {
		v.unknownSystem(d, d.given.System, want, true)
		return nil
	}
	if err != nil {
		return err
	}
	if allowed := v.snap.checkVersion(d.given.System, r.Release.Version); allowed != "" {
		d.add(issueVersionCheck(d.given.System, r.Release.Version, allowed))
	}
	v.use(d, r, inForce)
	v.find(d)
	d.in = d.exists
	if d.exists && d.thing.composed == nil && v.req.ActiveOnly && v.req.Date == 0 {
		if inactive, _ := d.reader.standing(d.thing.o); inactive {
			d.add(issueNotActive(d.reader.cs().Code(d.thing.o)))
		}
	}
	return nil
}

// unknownSystem tells that a code system, or its version, is not known.
func (v *validation) unknownSystem(d *verdict, system, version string, cause bool) {
	known := v.snap.knownVersions(system)
	if version == "" {
		d.add(issueUnknownSystem(system))
	} else {
		d.add(issueUnknownVersion(system, version, known))
	}
	if len(known) == 0 && len(v.snap.VersionsOf(system)) == 0 {
		version = ""
		if !cause {
			d.unknown = appendNew(d.unknown, system)
			return
		}
	}
	d.causes = appendNew(d.causes, terminology.Canonical(system, version))
}
