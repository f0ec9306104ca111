package operation

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// closures are the closure tables of a service: the heads of all, and the concepts of
// those that were used last.
type closures struct {
	mu     sync.Mutex
	store  terminology.ClosureStore // nil until the heads are read
	tables map[string]*closure
	last   uint64 // number of the newest change of any table
	broken error  // why nothing can be kept any more
	clock  uint64 // counts uses
}

// maxClosuresHeld is how many concepts of tables are held in memory, beside those of
// tables that are being used.
const maxClosuresHeld = 500_000

// load reads the heads, once.
func (a *closures) load(store terminology.ClosureStore) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.store != nil {
		return nil
	}
	tables, last := map[string]*closure{}, uint64(0)
	for head, err := range store.Closures() {
		if err != nil && head.Name == "" {
			return err
		}
		tables[head.Name] = &closure{head: head, damaged: err}
		last = max(last, head.Began, head.Version)
	}
	a.store, a.tables, a.last = store, tables, last
	return nil
}

// begin makes a table, or empties it. When there are as many as may be, the one that has
// been empty for longest makes room.
func (a *closures) begin(name string, most int) (terminology.Closure, error) {
	old := a.use(name) // whoever adds to it does so before it is emptied
	if old != nil {
		defer a.giveBack(old)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		return terminology.Closure{}, a.broken
	}
	if a.tables[name] != old { // another request made it at this moment, and it is empty
		return a.tables[name].head, nil
	}
	var gone []terminology.Closure
	if old != nil && old.damaged == nil { // the rows of one that is damaged go at the next start
		gone = append(gone, old.head)
	} else if old == nil && len(a.tables) >= most {
		empty := a.longestEmpty()
		if empty == nil {
			return terminology.Closure{}, tooMuchClosure("there are %d closure tables, want %d at most: initialize one that is of no use any more with its name alone, and its place is free", len(a.tables), most)
		}
		gone = append(gone, empty.head)
	}
	a.last++
	head := terminology.Closure{Name: name, Began: a.last, Version: a.last, Changed: now()}
	if err := a.store.PutClosure(head, nil, gone...); err != nil {
		return terminology.Closure{}, a.fail(err)
	}
	if old != nil {
		old.gone = true
	} else if len(gone) > 0 {
		delete(a.tables, gone[0].Name)
	}
	a.tables[name] = &closure{head: head, held: true}
	return head, nil
}

// longestEmpty returns the table without concepts that nothing was done to for longest,
// nil when all have some. The caller holds mu.
func (a *closures) longestEmpty() *closure {
	var empty *closure
	for _, t := range a.tables {
		if t.users == 0 && t.damaged == nil && t.isEmpty() && (empty == nil || t.head.Began < empty.head.Began) {
			empty = t
		}
	}
	return empty
}

// now is the time of a change, as exactly as a client is told it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// use returns a table for its user alone until it is given back, nil when there is none.
func (a *closures) use(name string) *closure {
	for {
		a.mu.Lock()
		t := a.tables[name]
		if t == nil {
			a.mu.Unlock()
			return nil
		}
		a.clock++
		t.users, t.used = t.users+1, a.clock
		a.mu.Unlock()
		t.mu.Lock()
		if !t.gone {
			return t
		}
		a.giveBack(t) // it was emptied meanwhile
	}
}

// take is use with the concepts of the table.
func (a *closures) take(name string) (*closure, error) {
	t := a.use(name)
	if t == nil {
		return nil, noClosure(name)
	}
	if err := t.read(a.store); err != nil {
		a.giveBack(t)
		return nil, err
	}
	return t, nil
}

// giveBack ends the use of a table, and lets go of the concepts of others when too many
// are held.
func (a *closures) giveBack(t *closure) {
	t.mu.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	t.users--
	for {
		held := 0
		var oldest *closure
		for _, other := range a.tables {
			if other.users > 0 || !other.held { // those in use may not be looked into
				continue
			}
			held += len(other.concepts)
			if len(other.concepts) > 0 && (oldest == nil || other.used < oldest.used) {
				oldest = other
			}
		}
		if held <= maxClosuresHeld {
			return
		}
		oldest.forget(oldest.head)
	}
}

// keep makes what was added to a table outlast the process, as its next version.
func (a *closures) keep(t *closure, added []terminology.ClosureConcept) error {
	a.mu.Lock()
	if err := a.broken; err != nil {
		a.mu.Unlock()
		return err
	}
	a.last++
	head := t.head
	head.Version, head.Changed, head.Concepts = a.last, now(), len(t.concepts)
	a.mu.Unlock()
	for i := range added {
		added[i].Version = head.Version
	}
	if err := a.store.PutClosure(head, added); err != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.fail(err)
	}
	t.head = head
	return nil
}

// fail notes that a change failed. What is on disk is not known then: unless the store
// refused the change as such, nothing is changed any more, since what was refused must
// not come back under what is acknowledged later.
func (a *closures) fail(err error) error {
	if terminology.KindOf(err) == terminology.TooCostly {
		return err
	}
	a.broken = &terminology.Error{Op: "operation.Closure", Kind: terminology.Unavailable, Err: fmt.Errorf("closure tables cannot be changed until the server is started again: %w", err)}
	return a.broken
}

// read reads the concepts of a table, unless it has them.
func (t *closure) read(store terminology.ClosureStore) error {
	if t.damaged != nil {
		return corruptClosure(t.head.Name, t.damaged)
	}
	if t.held {
		return nil
	}
	var list []terminology.ClosureConcept
	for c, err := range store.ClosureConcepts(t.head) {
		if terminology.KindOf(err) == terminology.Corrupt {
			return corruptClosure(t.head.Name, err)
		}
		if err != nil {
			return err
		}
		if c.System >= len(t.head.Systems) {
			return corruptClosure(t.head.Name, errors.New("a concept is of no code system"))
		}
		list = append(list, c)
	}
	if len(list) != t.head.Concepts {
		return corruptClosure(t.head.Name, fmt.Errorf("it has %d concepts, want %d", len(list), t.head.Concepts))
	}
	t.concepts, t.held, t.known = list, true, nil
	return nil
}

// corruptClosure is the error that a table cannot be read. The client is told which, and
// what to do; why is for the log.
func corruptClosure(name string, why error) error {
	told := &IssueError{[]Issue{{Severity: SeverityError, Type: "exception",
		Text: fmt.Sprintf("closure %q is damaged on the disk of the server and cannot be read: initialize it anew, with its name alone, and add its concepts again", name)}}}
	return &terminology.Error{Op: "operation.Closure", Kind: terminology.Corrupt, Err: fmt.Errorf("%w: %w", told, why)}
}

// forget lets go of all but the head, which is put back.
func (t *closure) forget(head terminology.Closure) {
	t.head, t.held, t.concepts, t.known, t.systems = head, false, nil, nil, nil
}
