package catalog

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func conflict(format string, args ...any) error {
	return &terminology.Error{Op: "catalog.Write", Kind: terminology.Conflict, Err: fmt.Errorf(format, args...)}
}

// notListed refuses a code system whose releases are imported.
func notListed(p *resource.Resource) error {
	if !p.AnswersItself() || p.Type != resource.TypeCodeSystem {
		return nil
	}
	if known, ok := codesystem.Resolve(p.URL); ok {
		return conflict("%s is a code system whose releases are imported: a resource does not stand in for %s", p.URL, known)
	}
	return nil
}

// conflict refuses a resource that would stand in the place of another one: what is
// installed answers for itself, and what one client wrote is not hidden by what another
// one writes. The error says what is there.
func (n Now) conflict(ch *ResourceChange) error {
	p := ch.Parsed
	if p.URL != "" {
		if err := n.sameCanonical(ch); err != nil {
			return err
		}
	}
	return n.sameName(ch)
}

// sameCanonical refuses the URL and version of another resource, or of what is installed
// without being one: code systems, their value sets of all codes, and maps.
func (n Now) sameCanonical(ch *ResourceChange) error {
	typ, url, version := ch.Type, ch.Parsed.URL, ch.Parsed.Version
	written, _ := n.view.byURL.get(resourceKey{typ, url})
	for _, r := range written {
		if r.ID != ch.ID && r.Version == version {
			return conflict("%s/%s has the URL and version %s already", r.Type, r.ID, terminology.Canonical(url, version))
		}
	}
	b := n.snap.base
	for _, r := range b.resources[resourceKey{typ, url}] {
		if r.Version == version {
			return installedAs(typ, url, version, r.Release)
		}
	}
	same := func(r *Installed) bool {
		return r.Release.Version == version || r.Release.Date == version && version != ""
	}
	switch typ {
	case resource.TypeCodeSystem:
		for _, r := range b.bySystem[url] {
			if r.HasCodeSystem() && same(r) {
				return installedAs(typ, url, version, r)
			}
		}
	case resource.TypeValueSet:
		for _, system := range b.allCodes[url] {
			for _, r := range b.bySystem[system] {
				if r.Release.ValueSet == url && (version == "" || same(r)) {
					return installedAs(typ, url, version, r)
				}
			}
		}
		if system, query, ok := strings.Cut(url, "?"); ok && (query == "vs" || strings.HasPrefix(query, "fhir_vs")) {
			if r := b.first(system); r != nil {
				return conflict("%s is an implicit value set of %s, which is installed as %s %s: choose another URL", url, r.Release.System, r.Release.Name, r.Release.Date)
			}
		}
	case resource.TypeConceptMap:
		for _, r := range b.maps[url] {
			if version == "" || same(r) {
				return installedAs(typ, url, version, r)
			}
		}
		if system, query, ok := strings.Cut(url, "?"); ok && strings.HasPrefix(query, "fhir_cm") {
			if r := b.first(system); r != nil {
				return conflict("%s is an implicit map of %s, which is installed as %s %s: choose another URL", url, r.Release.System, r.Release.Name, r.Release.Date)
			}
		}
	}
	return nil
}

// installedAs says which release has what a client wants to write.
func installedAs(typ, url, version string, by *Installed) error {
	r := by
	if by.Of != nil {
		r = by.Of // the collection that it is of
	}
	return conflict("%s %s is installed with %s %s, and answers for itself: choose another URL or version", typ, terminology.Canonical(url, version), r.Release.Name, r.Release.Date)
}

// first returns the release that answers for a system by any of its names; nil when it is
// not installed.
func (b *base) first(name string) *Installed {
	system := name
	if uri, ok := codesystem.Resolve(name); ok {
		system = uri
	} else if uri, ok := b.aliases[strings.ToLower(name)]; ok && len(b.bySystem[name]) == 0 {
		system = uri
	}
	if strings.HasPrefix(name, codesystem.SNOMED+"/") {
		system = codesystem.SNOMED // an edition
	}
	if list := b.bySystem[system]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// sameName refuses names that mean another code system already: OIDs of a CodeSystem, and
// the ids of a NamingSystem.
func (n Now) sameName(ch *ResourceChange) error {
	var own string
	var names []string
	switch p := ch.Parsed; {
	case p.Type == resource.TypeCodeSystem && p.AnswersItself():
		own, names = p.URL, append(p.OIDs(), p.URL)
	case p.NamingSystem != nil && p.NamingSystem.Kind == "codesystem":
		own, names = p.NamingSystem.Identity()
		if own == "" {
			return nil // it names nothing
		}
		names = append(names, own)
	}
	for _, name := range names {
		if system, by := n.meaning(name, ch); system != "" && !n.snap.sameSystem(system, own) {
			return conflict("%s means %s, as %s says: it cannot mean %s too", name, system, by, own)
		}
	}
	return nil
}

// meaning returns the code system that a name means without a change, and who says so.
func (n Now) meaning(name string, ch *ResourceChange) (system, by string) {
	b := n.snap.base
	if uri, ok := codesystem.Resolve(name); ok {
		return uri, "the list of code systems"
	}
	for _, spelling := range []string{name, oidPrefix + name, strings.TrimPrefix(name, oidPrefix)} {
		if list := b.bySystem[spelling]; len(list) > 0 {
			return spelling, list[0].Release.Name + " " + list[0].Release.Date
		}
		if uri, ok := b.aliases[strings.ToLower(spelling)]; ok {
			if r := b.first(uri); r != nil {
				return uri, r.Release.Name + " " + r.Release.Date
			}
			return uri, "a naming system that is installed"
		}
		claims, _ := n.view.names.get(strings.ToLower(spelling))
		for _, c := range claims {
			if c.by != (writtenKey{ch.Type, ch.ID}) {
				return c.system, c.by.typ + "/" + c.by.id
			}
		}
	}
	return "", ""
}

const oidPrefix = "urn:oid:"

// sameSystem reports whether two URIs mean one code system.
func (s *Snapshot) sameSystem(a, b string) bool {
	if a == b || strings.TrimPrefix(a, oidPrefix) == strings.TrimPrefix(b, oidPrefix) {
		return true
	}
	x, ok := codesystem.Resolve(a)
	y, too := codesystem.Resolve(b)
	return ok && too && x == y
}
