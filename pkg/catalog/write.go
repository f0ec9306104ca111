package catalog

import (
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ResourceChange is what a client wants written.
type ResourceChange struct {
	Type, ID, Method string
	Parsed           *resource.Resource // nil: the resource is to be deleted
	Meta             string             // JSON of meta, "" for none
	// Check is asked when nobody else can write any more; what it returns is the answer.
	Check func(Now) error

	head  *head
	bytes []byte // of head
	index []byte
}

// Now is what is stored at the moment of a write.
type Now struct {
	snap   *Snapshot
	view   *view
	newest shared[writtenKey, *Resource]
}

// Version returns the newest version of a resource, 0 when there never was one.
func (n Now) Version(typ, id string) (version uint64, deleted bool) {
	if r, ok := n.newest.get(writtenKey{typ, id}); ok {
		return r.Stored.Version, r.Stored.Deleted
	}
	return 0, false
}

// Snapshot returns what is installed and written at this moment, for as long as Check
// takes. It is not to be let go.
func (n Now) Snapshot() *Snapshot {
	if n.view == n.snap.view {
		return n.snap
	}
	return n.snap.after(n.view, touched(n.snap.view, n.view))
}

// queue is what waits to be written. Who waits while others are being written is written
// together with all who wait then, in one commit.
type queue struct {
	mu      sync.Mutex
	waiting []*waiting
	working bool
}

type waiting struct {
	change ResourceChange
	stored terminology.StoredResource
	err    error
	done   chan struct{}
}

// size is how much of a group a change is.
func (w *waiting) size() int {
	n := len(w.change.Meta) + len(w.change.bytes)
	if w.change.Parsed != nil {
		n += len(w.change.Parsed.Raw)
	}
	return n
}

// How much is written together.
const (
	maxTogether      = 256
	maxTogetherBytes = 4 << 20
)

// Write writes a resource, or deletes one, as the next of its versions, which it returns.
// When it returns, the version outlasts a power cut, and answers. Deleting what is not
// there returns version 0 and writes nothing. The error is of Check; Invalid for a
// resource that cannot answer; TooCostly for one that is too large to be kept; Unavailable when the disk has no room; Conflict for
// one that would stand in the place of what is installed, or that another has the URL and
// version of; NotSupported when the catalog is read-only.
func (c *Catalog) Write(ch ResourceChange) (terminology.StoredResource, error) {
	const op = "catalog.Write"
	if !c.Writable() {
		return terminology.StoredResource{}, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: ErrReadOnly}
	}
	if ch.Parsed != nil {
		if err := notListed(ch.Parsed); err != nil { // before the work of opening it
			return terminology.StoredResource{}, err
		}
		if err := ch.prepare(c); err != nil {
			return terminology.StoredResource{}, err
		}
	}
	w := &waiting{change: ch, done: make(chan struct{})}
	c.queue.mu.Lock()
	c.queue.waiting = append(c.queue.waiting, w)
	if !c.queue.working {
		c.queue.working = true
		go c.writeAll()
	}
	c.queue.mu.Unlock()
	<-w.done
	if w.err != nil && ch.head != nil && ch.head.Saved != "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.unsave(ch.head.Saved)
	}
	return w.stored, w.err
}

// prepare opens what answers for a resource once, so that what is wrong with it is told,
// and keeps what lists and searches tell of it.
func (ch *ResourceChange) prepare(c *Catalog) error {
	answers, err := c.answersNow(ch.Parsed, time.Now().UTC())
	if err != nil {
		return err
	}
	ch.head, ch.index = headOf(ch.Parsed, answers)
	if answers != nil {
		ch.head.Saved = c.saveNew(ch.Parsed, &answers.Opened)
	}
	if ch.bytes, err = ch.head.encode(); err != nil {
		return &terminology.Error{Op: "catalog.Write", Err: err}
	}
	return nil
}

// writeAll writes what waits until nothing does.
func (c *Catalog) writeAll() {
	for {
		c.queue.mu.Lock()
		n, bytes := 0, 0
		for n < len(c.queue.waiting) && n < maxTogether && (n == 0 || bytes < maxTogetherBytes) {
			bytes += c.queue.waiting[n].size()
			n++
		}
		batch := slices.Clone(c.queue.waiting[:n])
		c.queue.waiting = slices.Delete(c.queue.waiting, 0, n)
		c.queue.working = n > 0
		c.queue.mu.Unlock()
		if n == 0 {
			return
		}
		c.writeBatch(batch)
		for _, w := range batch {
			close(w.done)
		}
	}
}

// writeBatch writes changes together; when one of them is more than the store takes, each
// by itself, so that only that one is refused.
func (c *Catalog) writeBatch(batch []*waiting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.commit(batch)
	if err == nil || len(batch) == 1 {
		return
	}
	for i := range batch {
		_ = c.commit(batch[i : i+1])
	}
}

// commit judges writes one after the other, commits those that are good together, and
// makes them answer. The error is that of a store which refused them and wrote nothing.
func (c *Catalog) commit(batch []*waiting) error {
	cur, before := c.current.Load(), c.written
	v := cur.view
	var versions []terminology.StoredResource
	var good []*waiting
	var gone []string
	var left []*Installed
	for _, w := range batch {
		if w.err = c.written.broken; w.err != nil {
			continue
		}
		if w.err = c.judge(Now{cur, v, c.written.newest}, &w.change); w.err != nil {
			continue
		}
		if w.stored = c.next(&w.change); w.stored.Version == 0 {
			continue
		}
		key := writtenKey{w.stored.Type, w.stored.ID}
		old, _ := c.written.newest.get(key)
		next := c.resource(w.stored, w.change.head)
		if old != nil {
			gone = append(gone, old.saved)
			if old.answers != nil {
				left = append(left, old.answers)
			}
		}
		c.written.newest = c.written.newest.with(key, next)
		v = v.with(old, next)
		versions, good = append(versions, w.stored), append(good, w)
	}
	if len(versions) == 0 {
		return nil
	}
	err := c.options.Stored.Commit(versions)
	switch terminology.KindOf(err) {
	case terminology.Invalid, terminology.TooCostly, terminology.Unavailable: // nothing was written
		c.written.newest, c.written.sequence, c.written.time = before.newest, before.sequence, before.time
		for _, w := range good {
			w.stored, w.err = terminology.StoredResource{}, err
		}
		return err
	}
	if err != nil {
		c.written.newest = before.newest
		// What is on disk is not known now: a write that was refused must not come back
		// under one that is acknowledged later.
		c.written.broken = &terminology.Error{Op: "catalog.Write", Kind: terminology.Unavailable, Err: fmt.Errorf("resources cannot be written until the server is started again: %w", err)}
		for _, w := range good {
			w.stored, w.err = terminology.StoredResource{}, c.written.broken
		}
		return nil
	}
	for _, w := range good {
		delete(c.written.bad, writtenKey{w.stored.Type, w.stored.ID}) // it has another version now
		w.stored.Head, w.stored.Index = nil, nil
		if w.change.head != nil {
			c.written.keep(w.change.head.Saved)
		}
	}
	for _, name := range gone {
		c.letGo(name)
	}
	c.show(cur.after(v, touched(cur.view, v)))
	if len(left) > 0 {
		c.leave(left...)
	}
	return nil
}

// touched returns the systems of which two views may have different releases.
func touched(old, next *view) []string {
	systems := map[string]bool{}
	i, j := 0, 0
	for i < len(old.answers) || j < len(next.answers) { // both are in order
		order := 0
		switch {
		case i == len(old.answers):
			order = 1
		case j == len(next.answers):
			order = -1
		case old.answers[i] == next.answers[j]: // nearly all
			i, j = i+1, j+1
			continue
		default:
			order = byKey(old.answers[i], next.answers[j])
		}
		if order <= 0 {
			systems[old.answers[i].answers.Release.System] = true
			i++
		}
		if order >= 0 {
			systems[next.answers[j].answers.Release.System] = true
			j++
		}
	}
	out := make([]string, 0, len(systems))
	for system := range systems {
		out = append(out, system)
	}
	return out
}

// judge reports whether a change may be made now. A fault of a check is the error of that
// change, and ends no other.
func (c *Catalog) judge(now Now, ch *ResourceChange) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &terminology.Error{Op: "catalog.Write", Err: fmt.Errorf("panic: %v\n%s", v, debug.Stack())}
		}
	}()
	if ch.Check != nil {
		if err := ch.Check(now); err != nil {
			return err
		}
	}
	if ch.Parsed == nil {
		return nil
	}
	return now.conflict(ch)
}

// next numbers the version that a change makes; version 0 when it makes none.
func (c *Catalog) next(ch *ResourceChange) terminology.StoredResource {
	v := terminology.StoredResource{Type: ch.Type, ID: ch.ID, Method: ch.Method, Meta: ch.Meta, Deleted: ch.Parsed == nil, Head: ch.bytes, Index: ch.index}
	old, _ := c.written.newest.get(writtenKey{ch.Type, ch.ID})
	if v.Deleted && (old == nil || old.Stored.Deleted) {
		return terminology.StoredResource{}
	}
	v.Version = 1
	if old != nil {
		v.Version = old.Stored.Version + 1
	}
	if ch.Parsed != nil {
		v.Raw = ch.Parsed.Raw
	}
	c.written.sequence++
	c.written.time = latest(c.written.time, time.Now().UTC().Truncate(time.Millisecond))
	v.Sequence, v.Time = c.written.sequence, c.written.time
	return v
}

// Stored returns what keeps the resources that clients write, nil when nothing does.
func (c *Catalog) Stored() terminology.ResourceStore { return c.options.Stored }

// Writable reports whether clients can write resources.
func (c *Catalog) Writable() bool { return c.options.Stored != nil && !c.options.ReadOnly }
