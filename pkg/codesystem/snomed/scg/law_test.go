package scg_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// tree is a description unfolded until only primitive concepts are left. It is what
// the laws are checked against: nothing is reduced, nothing is remembered.
type tree struct {
	primitives map[int]bool // with all that is above them
	groups     [][]role     // an ungrouped attribute is a group of its own
}

type role struct {
	typ   int
	value *tree
}

// subsumes is structural subsumption by its definition.
func (w *world) subsumes(a, b *tree) bool {
	for p := range a.primitives {
		if !b.primitives[p] {
			return false
		}
	}
	return !slices.ContainsFunc(a.groups, func(g []role) bool {
		return !slices.ContainsFunc(b.groups, func(h []role) bool {
			return !slices.ContainsFunc(g, func(r role) bool {
				return !slices.ContainsFunc(h, func(s role) bool {
					return w.trees[r.typ].primitives[r.typ] && w.trees[s.typ].primitives[r.typ] && w.subsumes(r.value, s.value)
				})
			})
		})
	})
}

func join(all ...*tree) *tree {
	out := &tree{primitives: map[int]bool{}}
	for _, t := range all {
		maps.Copy(out.primitives, t.primitives)
		out.groups = append(out.groups, t.groups...)
	}
	return out
}

// world is a random release that is classified: concepts 0 to 4 are types of
// attributes, then come three floors of concepts, each with values from those below.
type world struct {
	*rand.Rand
	trees   []*tree
	written []*scg.SubExpression // stated definitions
	defined []bool
	floors  [][]int
}

func conceptID(i int) string { return fmt.Sprint(10_000_000 + i) }

func ref(i int) *scg.ConceptReference {
	return &scg.ConceptReference{ID: snomed.ID(10_000_000 + i)}
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 3)), floors: [][]int{nil}}
	for i := range 5 {
		t := &tree{primitives: map[int]bool{i: true}}
		if i > 2 {
			t.primitives[i-3] = true // types 3 and 4 are below 0 and 1
		}
		w.trees, w.written, w.defined = append(w.trees, t), append(w.written, &scg.SubExpression{}), append(w.defined, false)
	}
	for floor, size := range []int{6, 8, 20} {
		w.floors = append(w.floors, nil)
		for range size {
			w.add(floor + 1)
		}
	}
	return w
}

// add makes one concept of a floor.
func (w *world) add(floor int) {
	i := len(w.trees)
	s := &scg.SubExpression{}
	if peers := w.floors[floor]; len(peers) > 0 {
		for range 1 + w.IntN(2) {
			s.Focus = append(s.Focus, ref(peers[w.IntN(len(peers))]))
		}
	}
	if floor > 1 {
		w.refine(s, floor, 0)
	}
	t := w.unfold(s)
	defined := len(s.Focus) > 0 && len(t.groups) > 0 && w.IntN(3) > 0
	for _, other := range w.trees {
		if w.subsumes(t, other) && w.subsumes(other, t) {
			defined = false // equal to another, were it defined
		}
	}
	if !defined {
		t.primitives[i] = true
	}
	w.trees, w.written, w.defined = append(w.trees, t), append(w.written, s), append(w.defined, defined)
	w.floors[floor] = append(w.floors[floor], i)
}

// refine adds random attributes with values from the floors below.
func (w *world) refine(s *scg.SubExpression, floor, depth int) {
	attribute := func() *scg.Attribute {
		from := w.floors[1+w.IntN(floor-1)]
		a := &scg.Attribute{Name: ref(w.IntN(5)), Value: ref(from[w.IntN(len(from))])}
		if floor == 4 && depth < 2 && w.IntN(3) == 0 {
			v := &scg.SubExpression{Focus: []*scg.ConceptReference{ref(w.floors[2][w.IntN(len(w.floors[2]))])}}
			w.refine(v, floor, depth+1)
			if len(v.Attributes)+len(v.Groups) > 0 {
				a.Value = v
			}
		}
		return a
	}
	for range w.IntN(2) {
		s.Attributes = append(s.Attributes, attribute())
	}
	for range w.IntN(3) {
		g := scg.AttributeGroup{attribute()}
		for range w.IntN(2) {
			g = append(g, attribute())
		}
		s.Groups = append(s.Groups, g)
	}
}

// expression returns a random expression on the top floor.
func (w *world) expression() *scg.Expression {
	e := &scg.Expression{}
	for range 1 + w.IntN(2) {
		e.Focus = append(e.Focus, ref(w.floors[3][w.IntN(len(w.floors[3]))]))
	}
	if w.IntN(5) > 0 {
		w.refine(&e.SubExpression, 4, 0)
	}
	return e
}

func (w *world) unfold(s *scg.SubExpression) *tree {
	t := join()
	for _, c := range s.Focus {
		t = join(t, w.trees[c.ID-10_000_000])
	}
	group := func(all ...*scg.Attribute) {
		var g []role
		for _, a := range all {
			r := role{typ: int(a.Name.ID - 10_000_000)}
			switch v := a.Value.(type) {
			case *scg.ConceptReference:
				r.value = w.trees[v.ID-10_000_000]
			case *scg.SubExpression:
				r.value = w.unfold(v)
			}
			g = append(g, r)
		}
		t.groups = append(t.groups, g)
	}
	for _, a := range s.Attributes {
		group(a)
	}
	for _, g := range s.Groups {
		group(g...)
	}
	return t
}

// open makes the release: the hierarchy is what the definitions say, and each concept
// has its own attributes and all those of its stated ancestors.
func (w *world) open(t testing.TB) *basic.Provider {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for i := range w.trees {
		check(b.Concept(terminology.Concept{Code: conceptID(i), Defined: w.defined[i]}))
	}
	below := func(a, b int) bool { return a != b && w.subsumes(w.trees[a], w.trees[b]) }
	for child := range w.trees {
		for parent := range w.trees {
			if below(parent, child) && !slices.ContainsFunc(w.everything(), func(i int) bool { return below(parent, i) && below(i, child) }) {
				check(b.Parent(conceptID(child), conceptID(parent)))
			}
		}
		w.say(child, child, new(int), func(group int, a *scg.Attribute) {
			check(b.Property(terminology.Property{Concept: conceptID(child), Code: a.Name.ID.String(), Group: uint16(group), Value: a.Value.(*scg.ConceptReference).ID.String()}))
		})
	}
	return openBuilder(t, b)
}

func (w *world) everything() []int {
	all := make([]int, len(w.trees))
	for i := range all {
		all[i] = i
	}
	return all
}

func (w *world) say(concept, from int, groups *int, property func(int, *scg.Attribute)) {
	s := w.written[from]
	for _, a := range s.Attributes {
		property(0, a)
	}
	for _, g := range s.Groups {
		*groups++
		for _, a := range g {
			property(*groups, a)
		}
	}
	for _, c := range s.Focus {
		w.say(concept, int(c.ID-10_000_000), groups, property)
	}
}

// TestLaws compares subsumption with its definition on random releases.
func TestLaws(t *testing.T) {
	met := 0
	for seed := range uint64(25) {
		w := newWorld(seed)
		p := w.open(t)
		for a := range w.trees {
			for b := range w.trees {
				want := w.subsumes(w.trees[a], w.trees[b])
				x, y := must(t, p, conceptID(a)), must(t, p, conceptID(b))
				if got := scg.Subsumes(p, scg.ConceptForm(p, x), scg.ConceptForm(p, y)); got != want || p.Subsumes(x, y) != want {
					t.Fatalf("seed %d: Subsumes(%d, %d) = %v, the hierarchy says %v, want %v", seed, a, b, got, p.Subsumes(x, y), want)
				}
			}
		}
		var forms []*scg.NormalForm
		var all []*scg.Expression
		var trees []*tree
		for range 30 {
			e := w.expression()
			f, problems, err := scg.Normalize(p, e)
			if err != nil || problems != nil {
				t.Fatalf("seed %d: Normalize(%s): %v, %v", seed, e, problems, err)
			}
			forms, all, trees = append(forms, f), append(all, e), append(trees, w.unfold(&e.SubExpression))
		}
		for i, a := range forms {
			for j, b := range forms {
				want := w.subsumes(trees[i], trees[j])
				if got := scg.Subsumes(p, a, b); got != want {
					t.Fatalf("seed %d: Subsumes(%s, %s) = %v, want %v", seed, all[i], all[j], got, want)
				}
				if want && i != j {
					met++
				}
			}
			w.aboutOne(t, p, all[i], a, trees[i])
		}
	}
	if met < 100 {
		t.Errorf("only %d pairs of expressions subsume: the test looks at too little", met)
	}
}

// aboutOne checks the laws of one expression.
func (w *world) aboutOne(t *testing.T, p *basic.Provider, e *scg.Expression, f *scg.NormalForm, of *tree) {
	t.Helper()
	printed := f.Expression(p)
	again, _, err := scg.Normalize(p, printed)
	if err != nil || !scg.Equivalent(p, f, again) || again.Expression(p).String() != printed.String() {
		t.Fatalf("the normal form of %s is %s, and of that %v, %v", e, printed, again.Expression(p), err)
	}
	canonical, _, err := scg.Normalize(p, scg.Canonical(e))
	if err != nil || !scg.Equivalent(p, f, canonical) {
		t.Fatalf("%s and its canonical form %s mean other things, %v", e, scg.Canonical(e), err)
	}
	above := scg.Supertypes(p, f)
	for i := range w.trees {
		o := must(t, p, conceptID(i))
		want := w.subsumes(w.trees[i], of)
		if scg.ConceptSubsumes(p, o, f) != want || above.Contains(o) != want {
			t.Fatalf("ConceptSubsumes(%d, %s) = %v, in Supertypes %v, want %v", i, e, scg.ConceptSubsumes(p, o, f), above.Contains(o), want)
		}
		if got, want := scg.SubsumesConcept(p, f, o), w.subsumes(of, w.trees[i]); got != want {
			t.Fatalf("SubsumesConcept(%s, %d) = %v, want %v", e, i, got, want)
		}
	}
	narrower := &scg.Expression{SubExpression: e.SubExpression}
	narrower.Groups = slices.Clone(e.Groups)
	w.refine(&narrower.SubExpression, 4, 0)
	n, _, err := scg.Normalize(p, narrower)
	if err != nil || !scg.Subsumes(p, f, n) {
		t.Fatalf("%s does not subsume %s, %v", e, narrower, err)
	}
}
