package releasetest

// maxDepth keeps the hierarchy about as deep as the real one.
const maxDepth = 19

// growNames grows a tree of made-up names in which a few nodes are hubs, with a
// second parent now and then.
func (w *world) growNames(k, count int) {
	lo := int32(len(w.concepts))
	top := w.byID[kindTable[k].top]
	taken := make(map[string]bool, count)
	var buf []byte
	for n := int32(0); n < int32(count); n++ {
		var name string
		for name == "" || taken[name] {
			buf = appendName(buf[:0], &w.random, 2+w.below(2), kindTable[k].names)
			if k == organismKind && w.chance(850) {
				buf = append(buf, ' ')
				buf = appendName(buf, &w.random, 1+w.below(2), speciesEndings[:])
			}
			name = string(buf)
		}
		taken[name] = true
		w.names = append(w.names, name)
		c := concept{kind: uint8(k), spec: spec{axes: [3]int32{int32(len(w.names))}}}
		if n < 12 {
			w.add(c, []int32{top})
			continue
		}
		parents := [2]int32{w.namedParent(lo, n), w.namedParent(lo, n)}
		p, q := parents[0], parents[1]
		if w.chance(750) && p != q && !w.isAncestor(p, q) && !w.isAncestor(q, p) {
			w.add(c, parents[:])
		} else {
			w.add(c, parents[:1])
		}
	}
}

// namedParent picks one of the n first concepts from lo: a hub, an early one, or any.
func (w *world) namedParent(lo, n int32) int32 {
	for {
		p := lo + int32(w.below(int(n)))
		switch x := w.below(100); {
		case x < 8:
			p = lo + int32(w.below(3))
		case x < 40:
			p = lo + int32(w.skewed(int(n)))
		}
		if w.concepts[p].depth < 12 {
			return p
		}
	}
}

// markLeaves finds the leaves that nothing refers to and gives one in forty of them
// to the Norwegian module.
func (w *world) markLeaves() {
	used := make([]bool, w.active)
	for i := range w.concepts {
		c := &w.concepts[i]
		for _, p := range w.parentsOf(int32(i)) {
			used[p] = true
		}
		if c.kind == knownKind {
			continue
		}
		for a, x := range kindTable[c.kind].axes {
			if len(x.kinds) > 0 {
				used[c.spec.axes[a]] = true
			}
		}
	}
	for i := range w.concepts {
		if c := &w.concepts[i]; c.kind != knownKind && !used[i] {
			c.flags |= leaf
			if w.chance(25) {
				c.flags |= norwayOwn
			}
		}
	}
}

// addInactive adds concepts that were retired; the parent of each is what replaced it.
func (w *world) addInactive(count int) {
	known := len(w.known)
	for range count {
		by := int32(known + w.below(w.active-known))
		c := w.concepts[by]
		c.flags &= norwayOwn
		c.flags |= inactive
		w.add(c, []int32{by})
	}
}

// assignIDs gives the concepts that grew identifiers in an order that has nothing to
// do with the hierarchy.
func (w *world) assignIDs() {
	bits := 1
	for 1<<bits < len(w.concepts) {
		bits++
	}
	for i := len(w.known); i < len(w.concepts); i++ {
		c := &w.concepts[i]
		item := uint64(i) * 0x9e3779b1 & (1<<bits - 1)
		item ^= item >> (bits/2 + 1)
		if c.flags&norwayOwn != 0 {
			c.id = sctid(100_000+item, conceptPartition, true)
		} else {
			c.id = sctid(20_000_000+item*7+uint64(i%7), conceptPartition, false)
		}
	}
}
