package catalog

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Reads are the questions that were asked of a snapshot and what the answers were made of:
// which releases of a code system there are, which resources have a URL, what a name means.
// That nothing was there is such an answer too. So what was found by them is right in every
// snapshot that Answers them alike, whatever else clients have written since. Reads keep
// nothing open and no text. They are safe for concurrent use.
type Reads struct {
	mu    sync.Mutex
	alike *byte // of the base
	over  *Overlay
	list  []read
	known map[question]bool // in list
	whole bool              // something was asked that all that clients wrote is part of
	base  *byte             // that was asked, or has answered alike since
	view  *byte             // the same
}

// read is a question and its answer.
type read struct {
	question
	// The numbers of what was found, or its names.
	numbers []uint64
	names   []string
}

// question is one question.
type question struct {
	kind readKind
	key  resourceKey // typ is "" unless kind is readNamed
}

type readKind uint8

// The questions.
const (
	readSystem   readKind = iota // the releases of a code system, in order; with that, their days
	readName                     // what a name means
	readNamed                    // the resources of a URL
	readAllCodes                 // the code systems whose value set of all codes has a URL
)

// Reading returns the snapshot as one that notes what it is asked. It is let go of in the
// place of s, and for who finds something that is to be kept: Releases, which no method
// gives, is not noted.
func (s *Snapshot) Reading() (*Snapshot, *Reads) {
	r := &Reads{alike: s.base.alike, over: s.Overlay(), base: s.base.id, view: s.view.id}
	return &Snapshot{Releases: s.Releases, base: s.base, view: s.view, merged: s.merged, over: s.over, below: s, reads: r}, r
}

// Answers reports whether a snapshot answers all that was asked as the one did that was
// asked: then what was found is what would be found in it.
func (s *Snapshot) Answers(r *Reads) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.IsOf(s) || r.over != s.Overlay():
		return false
	case r.base == s.base.id && r.view == s.view.id:
		return true
	case r.whole && r.view != s.view.id:
		return false
	}
	var space [16]uint64
	for i := range r.list {
		q := &r.list[i]
		if numbers, names := s.answer(q.question, space[:0]); !slices.Equal(numbers, q.numbers) || !slices.Equal(names, q.names) {
			return false
		}
	}
	r.base, r.view = s.base.id, s.view.id // so that others in them need not compare
	return true
}

// IsOf reports whether what is installed in a snapshot answers as it did in the one that
// was asked.
func (r *Reads) IsOf(s *Snapshot) bool { return r.alike == s.base.alike }

// answer returns what a question finds now.
func (s *Snapshot) answer(q question, to []uint64) (numbers []uint64, names []string) {
	switch q.kind {
	case readSystem:
		for _, r := range s.releasesOf(q.key.url) {
			to = append(to, r.number.of())
		}
	case readName:
		if uri, ok := s.meaningOf(q.key.url); ok {
			names = []string{uri}
		}
	case readNamed:
		for _, list := range s.resourcesOf(q.key) {
			for _, r := range list {
				to = append(to, r.number.of())
			}
			to = append(to, 0) // where a layer ends
		}
	case readAllCodes:
		names = s.claimsOf(q.key.url)
	}
	return to, names
}

// note notes a question of a kind.
func (s *Snapshot) note(kind readKind, key resourceKey) {
	r := s.reads
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	q := question{kind, key}
	if r.known[q] {
		return
	}
	if r.known == nil {
		r.known = map[question]bool{}
	}
	r.known[q] = true
	numbers, names := s.answer(q, nil)
	r.list = append(r.list, read{q, numbers, names})
}

// noteAll notes a question that all that clients wrote is the answer to.
func (s *Snapshot) noteAll() {
	if r := s.reads; r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.whole = true
	}
}

// numbered is the number of a release or of a version of a resource, which no other has.
type numbered struct{ n atomic.Uint64 }

var lastNumber atomic.Uint64

// of returns the number, which is given when it is first asked for.
func (n *numbered) of() uint64 {
	for {
		if known := n.n.Load(); known != 0 {
			return known
		}
		n.n.CompareAndSwap(0, lastNumber.Add(1))
	}
}

// Number is the number of a version of a resource, which no other has while the server runs.
func (r *Resource) Number() uint64 { return r.number.of() }

// Content is the number of what a release holds: it is another one for every release, but
// the same when one was let go of and is opened again, with the same concepts in the same
// places.
func (r *Installed) Content() uint64 {
	if r.content != 0 {
		return r.content
	}
	return r.number.of()
}

// Overlay is what a request laid over the snapshot, nil when nothing is.
func (s *Snapshot) Overlay() *Overlay {
	if s.over == nil {
		return nil
	}
	return s.over.of
}

// Bytes is how many bytes of JSON the resources of an overlay have, which it keeps.
func (o *Overlay) Bytes() int {
	if o == nil {
		return 0
	}
	return o.bytes
}
