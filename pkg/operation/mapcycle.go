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
	const (
		open   = 1 // on the way
		closed = 2
	)
	state := map[string]uint8{}
	type step struct {
		code string
		next int // row to go on with
	}
	for _, start := range slices.Sorted(maps.Keys(c.replaced)) {
		if state[start] != 0 {
			continue
		}
		state[start] = open
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
			switch state[m.Target] {
			case 0:
				if m.Target != "" {
					state[m.Target] = open
					way = append(way, step{code: m.Target})
				}
			case open:
				at := slices.IndexFunc(way, func(s step) bool { return s.code == m.Target })
				codes := []string{}
				for _, s := range way[at:] {
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

// cycle tells of one, by the row that closes it.
func (c *mapCheck) cycle(m *terminology.Mapping, codes []string) error {
	text := strings.Join(codes[:min(len(codes), maxCycleShown)], ", then ")
	if len(codes) > maxCycleShown {
		text += ", …"
	}
	return c.found(Cycle, m, text+", then "+m.Target+" again")
}
