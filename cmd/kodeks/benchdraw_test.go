package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// manyCodes is how many descendants a concept has whose value set counts as large.
const manyCodes = 1000

// drawn is what to ask of a release of SNOMED CT: drawn over all of it, the same
// for the same release.
type drawn struct {
	snap    *catalog.Snapshot
	release terminology.Release
	cs      terminology.CodeSystem
	maps    terminology.MapReader

	ordinals []terminology.Ordinal
	codes    []string
	pairs    [][2]string // every other with an ancestor first
	hubs     []terminology.Ordinal
	large    terminology.Ordinal // the top level with the most concepts
	terms    []string            // of concepts below large
	mapped   []string            // codes with rows to ICD-10
}

// draw draws n of everything.
func draw(tb testing.TB, in *installed, n int) *drawn {
	tb.Helper()
	snap := in.catalog.Acquire()
	found, err := snap.CodeSystem(codesystem.SNOMED, "")
	if err != nil {
		snap.LetGo()
		tb.Fatal(err)
	}
	d := &drawn{snap: snap, release: found.Release, cs: found.CodeSystem, maps: found.Maps}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		o := r.Uint32N(uint32(d.cs.Len()))
		d.ordinals = append(d.ordinals, o)
		d.codes = append(d.codes, d.cs.Code(o))
	}
	for i, o := range d.ordinals {
		a := d.codes[r.IntN(n)]
		if up := d.cs.Ancestors(o); i%2 == 0 && len(up) > 0 {
			a = d.cs.Code(up[r.IntN(len(up))])
		}
		d.pairs = append(d.pairs, [2]string{a, d.codes[i]})
	}
	d.drawHubs(tb)
	d.drawTerms(r, n)
	d.drawMapped(tb, r, n)
	if len(d.terms) == 0 {
		tb.Fatalf("%s has no terms below %s", d.release.Version, d.cs.Code(d.large))
	}
	return d
}

func (d *drawn) close() { d.snap.LetGo() }

// isA is the value set of a concept and its descendants.
func (d *drawn) isA(o terminology.Ordinal) string {
	return d.release.System + "?fhir_vs=isa/" + d.cs.Code(o)
}

func (d *drawn) largeSet() string { return d.isA(d.large) }

// drawHubs walks down from the root as far as concepts have many descendants.
func (d *drawn) drawHubs(tb testing.TB) {
	root, ok := d.cs.Find("138875005")
	if !ok {
		tb.Fatalf("%s has no root", d.release.Version)
	}
	size := func(o terminology.Ordinal) uint64 { return d.cs.Descendants(o).GetCardinality() }
	d.hubs, d.large = []terminology.Ordinal{root}, root
	for i := 0; i < len(d.hubs) && len(d.hubs) < 200; i++ {
		for _, child := range d.cs.Children(d.hubs[i]) {
			if size(child) >= manyCodes && !slices.Contains(d.hubs, child) {
				d.hubs = append(d.hubs, child)
			}
			if i == 0 && (d.large == root || size(child) > size(d.large)) {
				d.large = child
			}
		}
	}
}

// drawTerms takes bokmål terms where the release has them, else those of its first
// column.
func (d *drawn) drawTerms(r *rand.Rand, n int) {
	column := max(0, slices.IndexFunc(d.cs.Columns(), func(c terminology.DisplayColumn) bool { return c.Language == string(serverLanguage) }))
	below := d.cs.Descendants(d.large).ToArray()
	active := d.cs.Active()
	for tries := 0; len(d.terms) < n && tries < 500*n && len(below) > 0; tries++ {
		o := below[r.IntN(len(below))]
		if term, ok := d.cs.Preferred(o, column); ok && active.Contains(o) && len(words(term)) > 0 {
			d.terms = append(d.terms, term)
		}
	}
}

func (d *drawn) drawMapped(tb testing.TB, r *rand.Rand, n int) {
	tb.Helper()
	for _, m := range d.maps.Maps() {
		if m.Target != codesystem.ICD10NO {
			continue
		}
		for tries := 0; len(d.mapped) < n && tries < 100*n; tries++ {
			code := d.cs.Code(r.Uint32N(uint32(d.cs.Len())))
			rows, err := d.maps.Forward(m.ID, code)
			if err != nil {
				tb.Fatal(err)
			}
			if slices.ContainsFunc(rows, func(row terminology.Mapping) bool { return row.Target != "" }) {
				d.mapped = append(d.mapped, code)
			}
		}
		return
	}
}

// typed is the beginning of a term as a user types it: so many words, the last one
// cut to three letters.
func (d *drawn) typed(n, i int) string {
	for {
		w := words(d.terms[i%len(d.terms)])
		if i++; len(w) < n && i < len(d.terms)*2 {
			continue
		}
		w = w[:min(n, len(w))]
		w[len(w)-1] = letters(w[len(w)-1], 3)
		return strings.Join(w, " ")
	}
}

// begun is the first letters of a term.
func (d *drawn) begun(n, i int) string {
	return letters(strings.Join(words(d.terms[i%len(d.terms)]), " "), n)
}

// words are the words of a term in small letters.
func words(term string) []string {
	return strings.FieldsFunc(strings.ToLower(term), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// letters returns the first n letters of s.
func letters(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}
