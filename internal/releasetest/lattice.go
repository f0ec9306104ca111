package releasetest

import "slices"

// lattice is the state of one kind while it grows.
type lattice struct {
	*world
	kind  int
	top   int32
	index map[spec]int32
	found []int32
	child map[int32]int32 // some child of a concept of this kind
}

// growLattice grows concepts that combine axes and modifiers: each new one says one
// thing more than one that there is, and gets as parents all that say a little less.
func (w *world) growLattice(k, count int) {
	lo := int32(len(w.concepts))
	l := &lattice{world: w, kind: k, top: w.byID[kindTable[k].top], index: make(map[spec]int32, count), child: make(map[int32]int32, count/2)}
	seeds := max(1, min(count/4, len(w.words[k][0])))
	for i := range seeds {
		s := spec{axes: [3]int32{int32(i) + 1}}
		if len(w.words[k][0]) == 0 {
			s.axes[0] = w.pickConcept(kindTable[k].axes[0].kinds)
		}
		l.put(s)
	}
	for tries := 0; len(l.index) < count && tries < 400*count; tries++ {
		n := len(w.concepts) - int(lo)
		from := lo + int32(w.below(n))
		if w.chance(continuing) {
			from = lo + int32(n) - 1
		}
		next := l.specialize
		if w.chance(joining) {
			next = l.join
		}
		if s, ok := next(from); ok {
			l.put(s)
		}
	}
}

// continuing is how often, in thousandths, growth goes on from the newest concept,
// which makes chains; joining is how often a new concept is what two children of one
// parent have in common; thinning is how often one parent of several is left out.
// With these the means of parents and ancestors come to those of the real edition.
const (
	continuing = 500
	joining    = 780
	thinning   = 50
)

// put adds the concept of s unless it is there.
func (l *lattice) put(s spec) {
	if _, ok := l.index[s]; ok || l.wordy(s) {
		return
	}
	l.generalize(s)
	for _, p := range l.found {
		if l.concepts[p].depth >= maxDepth {
			return
		}
	}
	l.index[s] = int32(len(l.concepts))
	if len(l.found) == 0 {
		l.found = append(l.found, l.topOf(s))
	}
	for _, p := range l.found {
		if _, ok := l.child[p]; (!ok || l.chance(300)) && int(p) >= len(l.known) {
			l.child[p] = int32(len(l.concepts))
		}
	}
	l.add(concept{kind: uint8(l.kind), spec: s}, l.found)
}

// maxWords is how many modifiers a concept has at most; due to what counts for two.
const maxWords = 2

// wordy reports whether s says so much that its terms would be longer than real ones.
func (l *lattice) wordy(s spec) bool {
	n := 0
	for _, m := range s.mods {
		if m != 0 {
			n++
		}
	}
	if s.axes[2] != 0 {
		n += 2
	}
	if site := s.axes[1]; site != 0 && len(kindTable[l.kind].axes[1].kinds) > 0 && l.concepts[site].spec.mods != [4]uint8{} {
		n++
	}
	return n > maxWords
}

// broaderWord returns the head that head v is a kind of, 0 if none. The words of a
// list stand in a tree of their places in it; that it means nothing is no matter.
func (l *lattice) broaderWord(v int32) int32 {
	first := int32(1)
	if l.kind == findingKind && int(v) > l.painAt {
		first = int32(l.painAt) + 1
	}
	if v == first {
		return 0
	}
	return first + (v-first-1)/fanout
}

const fanout = 3

// topOf returns what a concept without other parents stands under.
func (l *lattice) topOf(s spec) int32 {
	if l.kind == findingKind && l.isDisorder(s) {
		return l.byID[disorderTop]
	}
	return l.top
}

// isDisorder reports whether a finding's head names a disorder.
func (w *world) isDisorder(s spec) bool { return int(s.axes[0]) <= w.painAt }

// join returns what says all that concept x and another child of its parent say.
func (l *lattice) join(x int32) (spec, bool) {
	s := l.concepts[x].spec
	up := l.parentsOf(x)
	p := up[l.below(len(up))]
	y, ok := l.child[p]
	if !ok || y == x {
		return s, false
	}
	base, other := l.concepts[p].spec, l.concepts[y].spec
	for i := range s.axes {
		switch {
		case s.axes[i] == base.axes[i]:
			s.axes[i] = other.axes[i]
		case other.axes[i] != base.axes[i] && other.axes[i] != s.axes[i]:
			return s, false
		}
	}
	for i := range s.mods {
		switch {
		case s.mods[i] == base.mods[i]:
			s.mods[i] = other.mods[i]
		case other.mods[i] != base.mods[i] && other.mods[i] != s.mods[i]:
			return s, false
		}
	}
	return s, true
}

// specialize returns what says one thing more than concept x.
func (l *lattice) specialize(x int32) (spec, bool) {
	s := l.concepts[x].spec
	i := l.below(8)
	if i == 7 {
		i = 1
	}
	if i >= 3 {
		list := l.world.mods[l.kind][i-3]
		if len(list) == 0 || s.mods[i-3] != 0 {
			return s, false
		}
		s.mods[i-3] = uint8(l.skewed(len(list)) + 1)
		return s, true
	}
	switch a := kindTable[l.kind].axes[i]; {
	case a.list != "" && i == 0:
		v := s.axes[0]*fanout - int32(l.below(fanout)) + 1
		if int(v) > len(l.words[l.kind][0]) || l.broaderWord(v) != s.axes[0] {
			return s, false
		}
		s.axes[0] = v
	case a.list != "" && s.axes[i] == 0:
		s.axes[i] = int32(l.skewed(len(l.words[l.kind][i])) + 1)
	case len(a.kinds) == 0:
		return s, false
	case i == 0 || s.axes[i] == 0:
		s.axes[i] = l.pickConcept(a.kinds)
	default:
		below := l.childrenOf(s.axes[i])
		if len(below) == 0 {
			return s, false
		}
		s.axes[i] = below[l.below(len(below))]
	}
	return s, true
}

// pickConcept returns a concept of one of the kinds, early ones more often.
func (w *world) pickConcept(kinds []int) int32 {
	k := kinds[w.below(len(kinds))]
	r := w.ranges[k]
	if n := int(r[1] - r[0]); n > 0 {
		return r[0] + int32(w.skewed(n))
	}
	return w.byID[kindTable[k].top]
}

// generalize sets found to the parents of s: the nearest concepts above it on each
// axis, without those that are above another one.
func (l *lattice) generalize(s spec) {
	l.found = l.found[:0]
	for i := range s.mods {
		if g := s; s.mods[i] != 0 {
			g.mods[i] = 0
			l.take(g)
		}
	}
	for i, v := range s.axes {
		switch a := kindTable[l.kind].axes[i]; {
		case v == 0:
		case len(a.kinds) > 0:
			l.climb(s, i, v, 6)
		case i > 0:
			g := s
			g.axes[i] = 0
			l.take(g)
		default:
			g := s
			for v > 0 {
				if v = l.broaderWord(v); v > 0 {
					if g.axes[0] = v; l.take(g) {
						break
					}
				}
			}
		}
	}
	for i := 0; i < len(l.found); i++ {
		for j := 0; j < len(l.found) && i < len(l.found); j++ {
			if i != j && l.isAncestor(l.found[i], l.found[j]) {
				l.found = slices.Delete(l.found, i, i+1)
				j = -1
			}
		}
	}
	for len(l.found) > 1 && l.chance(thinning) {
		l.found = slices.Delete(l.found, 1, 2)
	}
}

func (l *lattice) take(s spec) bool {
	p, ok := l.index[s]
	if ok && !slices.Contains(l.found, p) {
		l.found = append(l.found, p)
	}
	return ok
}

// climb takes the nearest concepts whose axis i is above v.
func (l *lattice) climb(s spec, i int, v int32, steps int) {
	for _, p := range l.parentsOf(v) {
		s.axes[i] = p
		if int(p) < len(l.known) {
			s.axes[i] = 0
		}
		if !l.take(s) && s.axes[i] != 0 && steps > 0 {
			l.climb(s, i, p, steps-1)
		}
	}
}
