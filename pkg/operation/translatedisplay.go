package operation

import (
	"cmp"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// withDisplay returns a code of an end of a map as its own code system writes it, when that
// is installed and has the code; else with the display that the map gives. A map to the
// ICD-10 of WHO is looked up in the Norwegian one when that is asked for, and in its own
// when the former has not the code, as a category.
func (t *translation) withDisplay(c terminology.Coding, m usedMap, given string) terminology.Coding {
	ends := [...]string{t.seenAs(c.System), c.System}
	for i, system := range ends {
		if i > 0 && system == ends[0] {
			break
		}
		r := t.endRelease(system, m)
		if r == nil {
			continue
		}
		r = t.snap.supplemented(r)
		rd := t.snap.reader(r)
		if o, ok := r.CodeSystem.Find(c.Code); ok {
			return rd.coding(o)
		}
		if c.Display == "" {
			c.Display = rd.cluster(c.Code)
		}
	}
	c.Display = cmp.Or(c.Display, given)
	return c
}

// seenAs returns the code system in which codes of one are looked up.
func (t *translation) seenAs(system string) string {
	if t.target != "" && sameEnd(system, t.target) {
		return t.target
	}
	return system
}

// endRelease returns the release in which codes of an end of a map are looked up, nil when
// there is none.
func (t *translation) endRelease(system string, m usedMap) *catalog.Installed {
	if m.release.CodeSystem != nil && m.release.Release.System == system {
		return m.release
	}
	if t.source != nil && system == t.resp.Source.System {
		return t.source
	}
	if version := m.TargetVersion; version != "" && system == m.Target {
		if r, err := t.snap.CodeSystem(system, version); err == nil {
			return r
		}
	}
	if version := m.SourceVersion; version != "" && system == m.Source && m.Source != m.Target {
		if r, err := t.snap.CodeSystem(system, version); err == nil {
			return r
		}
	}
	if r, err := t.snap.CodeSystem(system, ""); err == nil {
		return r
	}
	return nil
}

// clusterSigns join the codes of a cluster of ICD-11: a stem and its extensions, and stems.
const clusterSigns = "&/"

// cluster returns the displays of a cluster of codes, joined as the codes are; "" when one
// of them is not known.
func (r reader) cluster(code string) string {
	if !strings.ContainsAny(code, clusterSigns) {
		return ""
	}
	var b strings.Builder
	for rest := code; ; {
		n := strings.IndexAny(rest, clusterSigns)
		one := rest
		if n >= 0 {
			one = rest[:n]
		}
		o, ok := r.cs().Find(strings.TrimSpace(one))
		if !ok {
			return ""
		}
		b.WriteString(r.coding(o).Display)
		if n < 0 {
			return b.String()
		}
		b.WriteString(" " + rest[n:n+1] + " ")
		rest = rest[n+1:]
	}
}
