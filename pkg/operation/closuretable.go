package operation

import (
	"context"
	"fmt"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// closure is one closure table. Who holds mu may use all of it; users and used belong to
// who holds the lock of all tables, and a table without users is as good as locked by them.
type closure struct {
	mu   sync.Mutex
	head terminology.Closure
	gone bool // the table was emptied: another stands in its place
	held bool // concepts are those of head
	// damaged is why the head cannot be read; all that is known of it is the name.
	damaged error

	concepts []terminology.ClosureConcept
	known    map[closureKey]bool // of concepts; nil: not made yet
	systems  []*closureSystem    // of head.Systems, as far as they are resolved

	users int
	used  uint64
}

type closureKey struct {
	system int
	code   string
}

func (t *closure) isEmpty() bool { return t.head.Version == t.head.Began }

// closureSystem is the concepts of one code system of a table as a release has them. All
// places are those in closure.concepts.
type closureSystem struct {
	installed *catalog.Installed
	cs        terminology.CodeSystem
	set       *roaring.Bitmap // the ordinals that a place has
	places    map[terminology.Ordinal][]int32
	order     []simplePlace // by place
	composed  []composedPlace
}

// simplePlace is a place whose code is that of a concept.
type simplePlace struct {
	place int32
	o     terminology.Ordinal
}

// composedPlace is a place whose code is an expression.
type composedPlace struct {
	place int32
	x     terminology.Composed
	// parents are the most special concepts above the expression, above all of them.
	parents []terminology.Ordinal
	above   *roaring.Bitmap
}

// resolve finds what the concepts of a table are in a snapshot. The error tells to
// initialize the table anew when a code system is not what it was.
func (t *closure) resolve(ctx context.Context, snap *snapshot) error {
	for i, want := range t.head.Systems {
		r, err := snap.CodeSystem(want.System, want.Asked)
		if err != nil && terminology.KindOf(err) != terminology.NotFound {
			return err
		}
		if err != nil || r.Release.Version != want.Version {
			return reinitialize(t.head.Name, fmt.Sprintf("its concepts are of version %q of %s, which does not answer any more", want.Version, want.System))
		}
		if i < len(t.systems) && t.systems[i].installed == r {
			continue
		}
		if snap.Print(r) != want.Print {
			return reinitialize(t.head.Name, fmt.Sprintf("version %q of %s has changed", want.Version, want.System))
		}
		sys := newClosureSystem(r)
		for place, c := range t.concepts {
			if place%1024 == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "operation.Closure", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			if c.System != i {
				continue
			}
			if thing, ok, _ := (reader{installed: r}).meaning(c.Code); ok {
				sys.put(int32(place), thing)
			} else {
				return reinitialize(t.head.Name, fmt.Sprintf("version %q of %s does not know %q any more", want.Version, want.System, c.Code))
			}
		}
		t.systems = append(t.systems[:i:i], append([]*closureSystem{sys}, t.systems[min(i+1, len(t.systems)):]...)...)
	}
	return nil
}

func newClosureSystem(r *catalog.Installed) *closureSystem {
	return &closureSystem{installed: r, cs: r.CodeSystem, set: roaring.New(), places: map[terminology.Ordinal][]int32{}}
}

// put takes in what the concept at a place means.
func (s *closureSystem) put(place int32, what thing) {
	if what.composed == nil {
		s.set.Add(what.o)
		s.places[what.o] = append(s.places[what.o], place)
		s.order = append(s.order, simplePlace{place, what.o})
		return
	}
	c := composedPlace{place: place, x: what.composed, parents: what.composed.Parents(), above: roaring.New()}
	for _, p := range c.parents {
		c.above.Add(p)
		c.above.AddMany(s.cs.Ancestors(p))
	}
	s.composed = append(s.composed, c)
}

// incoming is a concept that is about to be added.
type incoming struct {
	key  closureKey
	what thing
}

// check finds the concepts that the table does not have yet, and takes in nothing but
// their code systems. All that is wrong with them is told together.
func (t *closure) check(snap *snapshot, concepts []ClosureCoding) ([]incoming, error) {
	if t.known == nil {
		t.known = make(map[closureKey]bool, len(t.concepts))
		for _, c := range t.concepts {
			t.known[closureKey{c.System, c.Code}] = true
		}
	}
	var out []incoming
	var wrong []Issue
	seen := map[closureKey]bool{}
	for _, c := range concepts {
		i, bad := t.system(snap, c)
		key := closureKey{i, c.Code}
		if bad == nil && (t.known[key] || seen[key]) {
			continue
		}
		in := incoming{key: key}
		if bad == nil {
			in.what, bad = t.systems[i].meaning(c)
		}
		if bad != nil {
			if wrong = append(wrong, *bad); len(wrong) == maxClosureIssues {
				break
			}
			continue
		}
		seen[key] = true
		out = append(out, in)
	}
	if len(wrong) > 0 {
		return nil, &terminology.Error{Op: "operation.Closure", Kind: terminology.Invalid, Err: &IssueError{wrong}}
	}
	return out, nil
}

// meaning is what the code of a concept means; the issue tells why it means nothing.
func (s *closureSystem) meaning(c ClosureCoding) (thing, *Issue) {
	fail := func(typ, code, format string, args ...any) (thing, *Issue) {
		return thing{}, &Issue{Severity: SeverityError, Type: typ, Code: code, Expression: c.Where + ".code", Text: fmt.Sprintf(format, args...)}
	}
	if c.Code == "" {
		return fail("required", "", "the concept has no code")
	}
	if len(c.Code) > maxClosureCode {
		return fail("code-invalid", "invalid-code", "the code has %d bytes, want %d at most", len(c.Code), maxClosureCode)
	}
	what, ok, why := (reader{installed: s.installed}).meaning(c.Code)
	if ok {
		return what, nil
	}
	text := unknownCode(terminology.Coding{System: s.installed.Release.System, Version: s.installed.Release.Version, Code: c.Code})
	if why != "" {
		text += "; " + NotExpression(why)
	}
	return fail("code-invalid", "invalid-code", "%s", text)
}

// add takes in what check found.
func (t *closure) add(list []incoming) error {
	for _, in := range list {
		t.systems[in.key.system].put(int32(len(t.concepts)), in.what)
		t.concepts = append(t.concepts, terminology.ClosureConcept{System: in.key.system, Code: in.key.code})
		t.known[in.key] = true
	}
	for _, sys := range t.systems {
		if len(sys.composed) > maxClosureExpressions {
			return tooMuchClosure("closure %q would have %d expressions, want %d at most", t.head.Name, len(sys.composed), maxClosureExpressions)
		}
	}
	return nil
}

// system returns the place of the code system of a concept, which is taken into the
// table with its first one.
func (t *closure) system(snap *snapshot, c ClosureCoding) (int, *Issue) {
	issue := func(typ, code, element, text string) (int, *Issue) {
		return 0, &Issue{Severity: SeverityError, Type: typ, Code: code, Expression: c.Where + element, Text: text}
	}
	if c.System == "" {
		return issue("required", "", ".system", "the concept has no system")
	}
	uri, err := snap.System(c.System)
	if err != nil {
		i := issueUnknownSystem(c.System)
		return issue(i.Type, i.Code, ".system", i.Text)
	}
	for i := range t.head.Systems {
		have := &t.head.Systems[i]
		if have.System != uri {
			continue
		}
		if c.Version == "" || c.Version == have.Version || c.Version == have.Asked {
			return i, nil
		}
		if r, err := snap.CodeSystem(uri, c.Version); err == nil && r == t.systems[i].installed {
			return i, nil
		}
		return issue("conflict", "version-error", ".version", fmt.Sprintf("closure %q has concepts of version %q of %s: one of version %q needs another table", t.head.Name, have.Version, uri, c.Version))
	}
	r, err := snap.CodeSystem(uri, c.Version)
	if err != nil {
		if c.Version == "" {
			i := issueUnknownSystem(c.System)
			return issue(i.Type, i.Code, ".system", i.Text)
		}
		i := issueUnknownVersion(uri, c.Version, snap.knownVersions(uri))
		return issue(i.Type, i.Code, ".version", i.Text)
	}
	t.head.Systems = append(t.head.Systems, terminology.ClosureSystem{System: uri, Asked: c.Version, Version: r.Release.Version, Print: snap.Print(r)})
	t.systems = append(t.systems, newClosureSystem(r))
	return len(t.head.Systems) - 1, nil
}
