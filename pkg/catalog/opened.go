package catalog

import (
	"sync"
)

// maxOpened is Options.MaxOpened where that says nothing.
const maxOpened = 256 << 20

// openedWritten are the code systems and maps of resources that clients wrote and that are
// open, so that of many large ones those are in memory that are used.
type openedWritten struct {
	mu      sync.Mutex
	list    []openWritten // the one that was opened first, or spared last, at the end
	bytes   int
	most    int // of bytes
	letting bool
}

type openWritten struct {
	key   writtenKey
	in    *Installed
	bytes int
}

// add notes what was opened. When it is too much, what was not used for longest is let go
// of soon: whoever uses it now may go on.
func (o *openedWritten) add(c *Catalog, key writtenKey, in *Installed, bytes int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(o.list, openWritten{key, in, bytes})
	o.bytes += bytes
	if o.bytes > o.most && !o.letting {
		o.letting = true
		go c.letOpened() // who opens may hold what it needs
	}
}

// victims takes those from the list that are to be let go of: those that were not used
// since they were spared last, in turn. The one that was opened last is none.
func (o *openedWritten) victims() []openWritten {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []openWritten
	for spared := 0; o.bytes > o.most && len(o.list) > 1; {
		first := o.list[0]
		o.list = o.list[1:]
		if first.in.later.used.Swap(false) && spared < len(o.list) {
			o.list = append(o.list, first)
			spared++
			continue
		}
		o.bytes -= first.bytes
		out = append(out, first)
	}
	o.letting = false
	return out
}

// letOpened puts resources that are not open in the place of those that were open for
// longest without being used. Nothing answers otherwise for that: it is no change of the
// catalog.
func (c *Catalog) letOpened() {
	c.mu.Lock()
	defer c.mu.Unlock()
	victims := c.opened.victims()
	var gone []*Installed
	cur := c.current.Load()
	v := cur.view
	for _, victim := range victims {
		old, _ := c.written.newest.get(victim.key)
		if old == nil || old.answers != victim.in { // another version is written
			continue
		}
		next := &Resource{ResourceInfo: old.ResourceInfo, Stored: old.Stored, Bad: old.Bad, FoldedName: old.FoldedName, FoldedTitle: old.FoldedTitle,
			store: old.store, alias: old.alias, kept: old.kept, facts: old.facts, saved: old.saved, light: old.light}
		next.number.n.Store(old.number.of())
		next.answers = c.answersLater(victim.in.Release, old.Stored, old.saved)
		c.written.newest = c.written.newest.with(victim.key, next)
		next.answers.content = victim.in.Content()
		v = v.replaced(old, next)
		gone = append(gone, victim.in)
	}
	if v != cur.view {
		c.replace(cur.after(v, touched(cur.view, v)))
		c.leave(gone...)
	}
}
