package search

import "slices"

// combos are the different sets of tiers that documents have: few, so that a byte for
// each document tells all its tiers.
type combos struct {
	of    []uint8  // of a document
	tiers []uint64 // of a combo: bits of names
	names map[string]int

	active [256]uint8 // of a combo: 1 when it has activeTier
}

// newCombos returns the combos of documents by their tiers; none when there are more
// than a byte can tell apart.
func newCombos(tiers map[string]docSet, documents int) combos {
	c := combos{names: make(map[string]int, len(tiers))}
	names := make([]string, 0, len(tiers))
	for name := range tiers {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 64 {
		return combos{}
	}
	masks := make([]uint64, documents)
	for bit, name := range names {
		c.names[name] = bit
		tiers[name].each(func(doc uint32) { masks[doc] |= 1 << bit })
	}
	c.of = make([]uint8, documents)
	known := map[uint64]uint8{}
	last, at := uint64(0), uint8(0)
	for doc, mask := range masks {
		if mask != last || len(c.tiers) == 0 {
			number, ok := known[mask]
			if !ok {
				if len(c.tiers) == 256 {
					return combos{}
				}
				number = uint8(len(c.tiers))
				known[mask] = number
				c.tiers = append(c.tiers, mask)
			}
			last, at = mask, number
		}
		c.of[doc] = at
	}
	if bit, ok := c.names[activeTier]; ok {
		for i, mask := range c.tiers {
			c.active[i] = uint8(mask >> bit & 1)
		}
	}
	return c
}

// ranks fills ranks with the place in prefer of the first tier that each combo has,
// len(prefer) for none.
func (c *combos) ranks(prefer []string, ranks *[256]uint8) *[256]uint8 {
	for i := range c.tiers {
		ranks[i] = uint8(len(prefer))
	}
	for place := len(prefer) - 1; place >= 0; place-- {
		bit, ok := c.names[prefer[place]]
		if !ok {
			continue
		}
		for i, tiers := range c.tiers {
			if tiers>>bit&1 != 0 {
				ranks[i] = uint8(place)
			}
		}
	}
	return ranks
}
