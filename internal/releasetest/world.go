package releasetest

import (
	"slices"
	"strconv"
	"strings"
)

// spec says what a concept means: its coordinates on the axes of its kind (a list
// index plus one, or a concept's index; 0 is none) and its modifiers (list index
// plus one). A concept is a subtype of those that say less of the same.
type spec struct {
	axes [3]int32
	mods [4]uint8
}

// concept is a concept of the release, known by its index in world.concepts.
type concept struct {
	id      uint64
	spec    spec
	parents int32 // where its parents begin in world.parents
	kind    uint8
	depth   uint8
	flags   flags
}

type flags uint8

const (
	inactive  flags = 1 << iota
	norwayOwn       // a concept of the Norwegian module
	leaf            // no subtypes, and nothing refers to it
)

// knownConcept is a row of knownTable.
type knownConcept struct {
	tag, term string
}

// world is a release before it is written: concepts and hierarchy. Parents stand
// before their children.
type world struct {
	random
	concepts []concept
	parents  []int32
	known    []knownConcept
	byID     map[uint64]int32 // of known concepts
	words    [][3][]word      // of each kind: the lists of its axes
	mods     [][4][]word
	ranges   [][2]int32 // of each kind: its concepts
	children []int32    // children by parent, grouped
	childAt  []int32    // where those of a concept begin
	names    []string
	active   int // concepts that are active come first
	painAt   int // how many heads of findings name disorders

	stamp []uint32 // scratch of isAncestor
	turn  uint32
}

// newWorld grows a world of o.Concepts active concepts and its inactive ones.
func newWorld(o Options) *world {
	w := &world{random: random(mix(o.Seed + 1)), byID: map[uint64]int32{}}
	n := o.Concepts + 256 + o.inactive()
	w.concepts = make([]concept, 0, n)
	w.parents = make([]int32, 0, 2*n)
	w.stamp = make([]uint32, n)
	w.addKnown()
	lists := parseWords()
	w.painAt = slices.IndexFunc(lists["morph"], func(m word) bool { return m.text[us] == painWord })
	left, shares := o.Concepts, 0
	for _, k := range kindTable {
		shares += k.share
	}
	for i, k := range kindTable {
		w.addLists(k, lists)
		count := left * k.share / shares
		left, shares = left-count, shares-k.share
		lo := int32(len(w.concepts))
		if k.form == namedForm {
			w.growNames(i, count)
		} else {
			w.growLattice(i, count)
		}
		w.ranges = append(w.ranges, [2]int32{lo, int32(len(w.concepts))})
		w.groupChildren()
	}
	w.active = len(w.concepts)
	w.markLeaves()
	w.addInactive(o.inactive())
	w.assignIDs()
	return w
}

func (w *world) addLists(k kind, lists map[string][]word) {
	var axes [3][]word
	var mods [4][]word
	for i, a := range k.axes {
		axes[i] = lists[a.list]
	}
	for i, m := range k.mods {
		mods[i] = lists[m]
	}
	w.words, w.mods = append(w.words, axes), append(w.mods, mods)
}

func (w *world) addKnown() {
	for line := range strings.Lines(strings.TrimSpace(knownTable)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		id, _ := strconv.ParseUint(f[0], 10, 64)
		parent, _ := strconv.ParseUint(f[1], 10, 64)
		tag := f[2]
		if long, ok := knownTag[tag]; ok {
			tag = long
		}
		w.byID[id] = int32(len(w.concepts))
		w.known = append(w.known, knownConcept{tag: tag, term: "Known " + tag + " " + f[0]})
		c := concept{id: id, kind: knownKind}
		if parent == 0 {
			w.add(c, nil)
		} else {
			w.add(c, []int32{w.byID[parent]})
		}
	}
}

// add appends c under its parents.
func (w *world) add(c concept, parents []int32) {
	c.parents = int32(len(w.parents))
	for _, p := range parents {
		c.depth = max(c.depth, w.concepts[p].depth+1)
	}
	w.parents = append(w.parents, parents...)
	w.concepts = append(w.concepts, c)
}

// parentsOf returns the parents of concept i.
func (w *world) parentsOf(i int32) []int32 {
	end := int32(len(w.parents))
	if int(i)+1 < len(w.concepts) {
		end = w.concepts[i+1].parents
	}
	return w.parents[w.concepts[i].parents:end]
}

// isAncestor reports whether a is above i.
func (w *world) isAncestor(a, i int32) bool {
	w.turn++
	return w.reaches(a, i)
}

func (w *world) reaches(a, i int32) bool {
	for _, p := range w.parentsOf(i) {
		if p == a {
			return true
		}
		if p > a && w.stamp[p] != w.turn {
			w.stamp[p] = w.turn
			if w.reaches(a, p) {
				return true
			}
		}
	}
	return false
}

// groupChildren makes children and childAt of the concepts that there are.
func (w *world) groupChildren() {
	w.childAt = slices.Grow(w.childAt[:0], len(w.concepts)+1)[:len(w.concepts)+1]
	clear(w.childAt)
	for _, p := range w.parents {
		w.childAt[p+1]++
	}
	for i := range w.concepts {
		w.childAt[i+1] += w.childAt[i]
	}
	w.children = slices.Grow(w.children[:0], len(w.parents))[:len(w.parents)]
	next := slices.Clone(w.childAt)
	for i := range w.concepts {
		for _, p := range w.parentsOf(int32(i)) {
			w.children[next[p]] = int32(i)
			next[p]++
		}
	}
}

func (w *world) childrenOf(i int32) []int32 { return w.children[w.childAt[i]:w.childAt[i+1]] }
