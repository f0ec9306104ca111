package operation

import (
	"maps"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxCycleShown is how many codes of a cycle a message names.
const maxCycleShown = 8

// cycles finds codes of a map within one code system that are replaced by themselves, by
// way of others or at once. It walks each row once, depth first and without recursion.
func (c *mapCheck) cycles() error {
	const closed = -1
	state := map[string]int{} // 0: not seen; else the place on the way, from 1, or closed
	type step struct {
		code string
		next int // row to go on with
	}
	for _, start := range slices.Sorted(maps.Keys(c.replaced)) {
		if state[start] != 0 {
			continue
		}
		state[start] = 1
		for way := []step{{code: start}}; len(way) > 0; {
			last := &way[len(way)-1]
			rows := c.replaced[last.code]
			if last.next == len(rows) {
				state[last.code] = closed
				way = way[:len(way)-1]
				continue
			}
			m := &rows[last.next]
			last.next++
			switch at := state[m.Target]; {
			case m.Target == "" || at == closed:
			case at == 0:
				way = append(way, step{code: m.Target})
				state[m.Target] = len(way)
			default:
				var codes []string // no more than are shown: a way may be as long as the map
				for _, s := range way[at-1 : min(len(way), at+maxCycleShown)] {
					codes = append(codes, s.code)
				}
				if err := c.cycle(m, codes); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// cycle tells of one, by the row that closes it and its codes, one more than are shown when
// there are more.
func (c *mapCheck) cycle(m *terminology.Mapping, codes []string) error {
	text := strings.Join(codes[:min(len(codes), maxCycleShown)], ", then ")
	if len(codes) > maxCycleShown {
		text += ", …"
	}
	return c.found(Cycle, m, text+", then "+m.Target+" again")
}
