package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ErrReadOnly is the cause of errors of a catalog that nothing can be written to.
var ErrReadOnly = errors.New("this server is read-only: no resource can be written")

// byClients is the collection that what clients wrote is part of.
var byClients = &Installed{Manifest: Manifest{Release: terminology.Release{Kind: terminology.KindResources, Name: "written", Title: "Resources that clients wrote"}}}

// ResourceChange is what a client wants written.
type ResourceChange struct {
	Type, ID, Method string
	Parsed           *resource.Resource // nil: the resource is to be deleted
	Meta             string             // JSON of meta, "" for none
	// Check is asked when nobody else can write any more; what it returns is the answer.
	Check func(Now) error

	answers *Installed
}

// Now is what is stored at the moment of a write.
type Now struct {
	// Version is the newest version of the resource, 0 when there never was one.
	Version uint64
	Deleted bool
	written *written
	snap    *Snapshot
}

// Find returns the resources of a type that fit, of clients and of releases.
func (n Now) Find(typ string, fits func(*Resource) bool) []*Resource {
	var out []*Resource
	for _, r := range n.written.list() {
		if r.Type == typ && fits(r) {
			out = append(out, r)
		}
	}
	for _, r := range n.snap.Resources(typ) {
		if r.Release != nil && fits(r) {
			out = append(out, r)
		}
	}
	return out
}

// written is what clients wrote.
type written struct {
	newest   map[writtenKey]*Resource // also those that are deleted
	sequence uint64
	time     time.Time
	broken   error // why nothing can be written any more
}

type writtenKey struct{ typ, id string }

// list returns the resources that are not deleted, by type and id.
func (w *written) list() []*Resource {
	var out []*Resource
	for _, r := range w.newest {
		if !r.Stored.Deleted {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *Resource) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	return out
}

// loadWritten reads what clients wrote before. A code system is opened when it is first asked.
func (c *Catalog) loadWritten() error {
	c.written.newest = map[writtenKey]*Resource{}
	if c.options.Stored == nil {
		return nil
	}
	for v, err := range c.options.Stored.Current() {
		if err != nil {
			return err
		}
		c.written.sequence, c.written.time = max(c.written.sequence, v.Sequence), latest(c.written.time, v.Time)
		var parsed *resource.Resource
		var answers *Installed
		if !v.Deleted {
			if parsed, err = resource.ParseStored(v.Raw); err == nil && parsed.AnswersItself() {
				answers, err = c.answersLater(parsed, v)
			}
			if err != nil {
				return &terminology.Error{Op: "catalog.Open", Kind: terminology.Corrupt, Err: fmt.Errorf("%s/%s, which a client wrote: %w", v.Type, v.ID, err)}
			}
		}
		c.written.newest[writtenKey{v.Type, v.ID}] = c.resource(v, parsed, answers)
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// answersLater returns what answers for a resource. Maps are opened at once, since their
// release lists them.
func (c *Catalog) answersLater(parsed *resource.Resource, v terminology.StoredResource) (*Installed, error) {
	release := parsed.Release()
	if parsed.Type == resource.TypeConceptMap {
		return c.answersNow(parsed, v.Time)
	}
	store := c.options.Stored
	in := &Installed{Manifest: Manifest{Release: release, Imported: v.Time}, Of: byClients}
	in.later = &later{open: func() (*Opened, error) {
		again, err := store.Version(v.Type, v.ID, v.Version)
		if err != nil {
			return nil, err
		}
		parsed, err := resource.Parse(again.Raw)
		if err != nil {
			return nil, err
		}
		return c.options.OpenResource(parsed)
	}}
	return in, nil
}

// answersNow opens what answers for a resource; nil when nothing does.
func (c *Catalog) answersNow(parsed *resource.Resource, at time.Time) (*Installed, error) {
	opened, err := c.options.OpenResource(parsed)
	if opened == nil || err != nil {
		return nil, err
	}
	in := &Installed{Manifest: Manifest{Release: parsed.Release(), Imported: at}, Opened: *opened, Of: byClients}
	if cs := opened.CodeSystem; cs != nil {
		in.Manifest.Release, in.Concepts, in.Columns = cs.Release(), cs.Len(), cs.Columns()
	}
	if opened.Maps != nil {
		in.Manifest.Release.Maps = opened.Maps.Maps()
	}
	return in, nil
}

// resource is one that a client wrote. Its text is read from the store.
func (c *Catalog) resource(v terminology.StoredResource, parsed *resource.Resource, answers *Installed) *Resource {
	r := &Resource{Stored: v, store: c.options.Stored, answers: answers}
	r.Stored.Raw = nil
	if parsed != nil {
		r.ResourceInfo = parsed.Info()
		if n := parsed.NamingSystem; n != nil && n.Kind == "codesystem" {
			r.alias.System, r.alias.Aliases = n.Identity()
		}
		if parsed.Type == resource.TypeConceptMap || parsed.Type == resource.TypeCodeSystem || parsed.Type == resource.TypeValueSet {
			r.Served = answers != nil
		}
	}
	r.Type, r.ID = v.Type, v.ID
	return r
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

// How much is written together.
const (
	maxTogether      = 256
	maxTogetherBytes = 4 << 20
)

// Write writes a resource, or deletes one, as the next of its versions, which it returns.
// When it returns, the version outlasts a power cut, and answers. Deleting what is not
// there returns version 0 and writes nothing. The error is of Check; Invalid for a
// resource that cannot answer; Conflict for one that another has the URL and version of;
// NotSupported when the catalog is read-only.
func (c *Catalog) Write(ch ResourceChange) (terminology.StoredResource, error) {
	const op = "catalog.Write"
	if !c.Writable() {
		return terminology.StoredResource{}, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: ErrReadOnly}
	}
	if ch.Parsed != nil {
		if system := ch.Parsed.URL; ch.Parsed.AnswersItself() && ch.Type == resource.TypeCodeSystem {
			if known, ok := codesystem.Resolve(system); ok {
				return terminology.StoredResource{}, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s is a code system whose releases are imported: a resource does not stand in for %s", system, known)}
			}
		}
		answers, err := c.answersNow(ch.Parsed, time.Now().UTC())
		if err != nil {
			return terminology.StoredResource{}, err
		}
		ch.answers = answers
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
	return w.stored, w.err
}

// writeAll writes what waits until nothing does.
func (c *Catalog) writeAll() {
	for {
		c.queue.mu.Lock()
		n, bytes := 0, 0
		for n < len(c.queue.waiting) && n < maxTogether && (n == 0 || bytes < maxTogetherBytes) {
			if p := c.queue.waiting[n].change.Parsed; p != nil {
				bytes += len(p.Raw)
			}
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

// writeBatch judges writes one after the other, commits those that are good together, and
// makes them answer.
func (c *Catalog) writeBatch(batch []*waiting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := maps.Clone(c.written.newest)
	var versions []terminology.StoredResource
	var good []*waiting
	for _, w := range batch {
		if w.err = c.written.broken; w.err != nil {
			continue
		}
		if w.err = c.judge(&w.change); w.err != nil {
			continue
		}
		if w.stored = c.next(&w.change); w.stored.Version == 0 {
			continue
		}
		c.written.newest[writtenKey{w.stored.Type, w.stored.ID}] = c.resource(w.stored, w.change.Parsed, w.change.answers)
		versions, good = append(versions, w.stored), append(good, w)
	}
	if len(versions) == 0 {
		return
	}
	if err := c.options.Stored.Commit(versions); err != nil {
		c.written.newest = before
		// What is on disk is not known now: a write that was refused must not come back
		// under one that is acknowledged later.
		c.written.broken = &terminology.Error{Op: "catalog.Write", Kind: terminology.Unavailable, Err: fmt.Errorf("resources cannot be written until the server is started again: %w", err)}
		for _, w := range good {
			w.stored, w.err = terminology.StoredResource{}, c.written.broken
		}
		return
	}
	var releases []*Installed
	for _, r := range c.current.Load().Releases {
		if r.Of == nil {
			releases = append(releases, r)
		}
	}
	c.swap(releases)
}

// judge reports whether a change may be made now.
func (c *Catalog) judge(ch *ResourceChange) error {
	now := Now{written: &c.written, snap: c.current.Load()}
	if old := c.written.newest[writtenKey{ch.Type, ch.ID}]; old != nil {
		now.Version, now.Deleted = old.Stored.Version, old.Stored.Deleted
	}
	if ch.Check != nil {
		if err := ch.Check(now); err != nil {
			return err
		}
	}
	if ch.Parsed == nil || ch.Parsed.URL == "" {
		return nil
	}
	conflict := func(format string, args ...any) error {
		return &terminology.Error{Op: "catalog.Write", Kind: terminology.Conflict, Err: fmt.Errorf(format, args...)}
	}
	for _, r := range c.written.newest {
		if r.Type == ch.Type && r.ID != ch.ID && !r.Stored.Deleted && r.URL == ch.Parsed.URL && r.Version == ch.Parsed.Version {
			return conflict("%s/%s has the URL and version %s already", r.Type, r.ID, canonical(r.URL, r.Version))
		}
	}
	if ch.answers == nil || ch.answers.CodeSystem == nil {
		return nil
	}
	for _, r := range now.snap.bySystem[ch.Parsed.URL] {
		if r.Of != byClients && r.HasCodeSystem() && r.Release.Version == ch.Parsed.Version {
			return conflict("code system %s is installed as %s %s", canonical(ch.Parsed.URL, ch.Parsed.Version), r.Release.Name, r.Release.Date)
		}
	}
	return nil
}

// next numbers the version that a change makes; version 0 when it makes none.
func (c *Catalog) next(ch *ResourceChange) terminology.StoredResource {
	v := terminology.StoredResource{Type: ch.Type, ID: ch.ID, Method: ch.Method, Meta: ch.Meta, Deleted: ch.Parsed == nil}
	old := c.written.newest[writtenKey{ch.Type, ch.ID}]
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
