package catalog

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// base is what is installed, as snapshots share it. It never changes.
type base struct {
	releases []*Installed // those with a folder by name and date, then those of collections
	bySystem map[string][]*Installed
	aliases  map[string]string // names that releases tell, in lower case, to their system
	inForce  map[*Installed]terminology.Period
	allCodes map[string][]string // URLs of value sets of all codes to systems
	// resources are the FHIR resources of all releases, newest version first.
	resources map[resourceKey][]*Resource
	byType    map[string][]*Resource
	maps      map[string][]*Installed // by URL
	options   Options
	today     terminology.Date // on which the defaults were chosen; 0: no day

	print func() [32]byte
	id    *byte // which no other base has
	alike *byte // which those have that answer alike, and differ in what of them is open
}

type resourceKey struct{ typ, url string }

// newBase returns what there is to be known of releases today, which it puts in order.
func newBase(releases []*Installed, o Options) *base { return newBaseOn(releases, o, o.today()) }

// with returns the base when releases have taken the place of others that answer as they
// do. Its day stays, as Refresh is who tells that another one has come.
func (b *base) with(releases []*Installed) *base {
	next := newBaseOn(releases, b.options, b.today)
	next.alike = b.alike
	return next
}

func newBaseOn(releases []*Installed, o Options, today terminology.Date) *base {
	slices.SortFunc(releases, func(a, b *Installed) int {
		return cmp.Or(strings.Compare(a.Release.Name, b.Release.Name), terminology.CompareVersions(a.Release.Date, b.Release.Date))
	})
	b := &base{releases: slices.Clone(releases), bySystem: map[string][]*Installed{}, aliases: map[string]string{}, allCodes: map[string][]string{},
		resources: map[resourceKey][]*Resource{}, byType: map[string][]*Resource{}, maps: map[string][]*Installed{}, options: o, today: today, id: new(byte), alike: new(byte)}
	for _, r := range releases {
		b.releases = append(b.releases, r.served...)
	}
	for _, r := range b.releases {
		b.bySystem[r.Release.System] = append(b.bySystem[r.Release.System], r)
		if url := r.Release.ValueSet; url != "" && !slices.Contains(b.allCodes[url], r.Release.System) {
			b.allCodes[url] = append(b.allCodes[url], r.Release.System)
		}
		for _, m := range r.Release.Maps {
			b.maps[m.URL] = append(b.maps[m.URL], r)
		}
		putNames(b.aliases, r.Release)
	}
	for _, r := range releases { // after what the releases themselves are called
		for _, n := range r.names {
			putNames(b.aliases, n)
		}
	}
	b.inForce = periods(b.releases)
	for _, list := range b.bySystem {
		b.sort(list, b.inForce)
	}
	putResources(b.resources, b.releases)
	for key, list := range b.resources {
		b.byType[key.typ] = append(b.byType[key.typ], list...)
	}
	for _, list := range b.byType {
		slices.SortStableFunc(list, func(a, b *Resource) int { return strings.Compare(a.URL, b.URL) })
	}
	b.print = sync.OnceValue(b.fingerprint)
	return b
}

// putResources adds the resources of releases, the newest version of each first.
func putResources(to map[resourceKey][]*Resource, releases []*Installed) {
	for _, r := range releases {
		for _, res := range r.resources {
			key := resourceKey{res.Type, res.URL}
			to[key] = append(to[key], res)
		}
	}
	for _, list := range to {
		slices.SortStableFunc(list, func(a, b *Resource) int { return terminology.CompareVersions(b.Version, a.Version) })
	}
}

// merge returns the releases of a code system that a request, or clients, have too.
func (b *base) merge(over, written []*Installed) *merged {
	system := ""
	for _, r := range slices.Concat(over, written) {
		system = r.Release.System
	}
	m := &merged{list: slices.Concat(over, b.bySystem[system], written)}
	m.inForce = periods(m.list)
	b.sort(m.list, m.inForce)
	return m
}

// sort puts the releases of one system in order, the most fitting first.
func (b *base) sort(list []*Installed, inForce map[*Installed]terminology.Period) {
	slices.SortStableFunc(list, func(x, y *Installed) int {
		return cmp.Or(cmp.Compare(b.weight(y, inForce[y]), b.weight(x, inForce[x])), terminology.CompareVersions(y.Release.Date, x.Release.Date), sameResource(x, y))
	})
}

// The reasons to be the default, the least of them first.
const (
	inLanguage   = 1 << iota // of the server
	begun                    // its first day is not still to come
	inProduction             // not experimental
	complete                 // not some of the codes only
	ownReader                // read from the files of its publisher, not from a FHIR resource
	pinned                   // named by Options.Default
)

// weight ranks releases of one system for the place of the default.
func (b *base) weight(r *Installed, inForce terminology.Period) int {
	w := 0
	if b.today == 0 || inForce.From <= b.today {
		w |= begun
	}
	if want := b.options.Default[r.Release.System]; want != "" && r.answers(ask(r.Release.System, want)) {
		return w | pinned
	}
	if r.Release.Language == b.options.Language {
		w |= inLanguage
	}
	if !r.edition.Experimental {
		w |= inProduction
	}
	if r.Release.Content == "" || r.Release.Content == resource.Complete {
		w |= complete
	}
	if r.Of == nil && !resource.IsReleaseName(r.Release.Name) {
		w |= ownReader
	}
	return w
}

// sameResource puts that of two releases of one version of a FHIR resource first that was
// imported last: an earlier Kodeks called the other otherwise, so that it was not replaced.
func sameResource(a, b *Installed) int {
	if !resource.IsReleaseName(a.Release.Name) || !resource.IsReleaseName(b.Release.Name) {
		return 0
	}
	if a.Of != nil || b.Of != nil || a.Imported.IsZero() || b.Imported.IsZero() { // of a request, or written: they stand in order
		return 0
	}
	return b.Imported.Compare(a.Imported)
}

// namesOf returns the names of the code system of a release, in lower case.
func namesOf(r terminology.Release) []string {
	if r.Kind == terminology.KindConceptMap || r.Kind == terminology.KindResources {
		return nil
	}
	names := codesystem.Names(r)
	if r.Name != "" {
		names = append(names, r.Name)
	}
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.ToLower(name)
	}
	return out
}

// putNames keeps the names of the code system of a release. Of two code systems that claim
// one name, the first by the name of its release has it.
func putNames(to map[string]string, r terminology.Release) {
	for _, name := range namesOf(r) {
		if _, taken := to[name]; !taken {
			to[name] = r.System
		}
	}
}
