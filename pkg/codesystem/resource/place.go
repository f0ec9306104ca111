package resource

import (
	"sync"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// smallText is how long the text of a CodeSystem may be whose concepts are kept as they
// were parsed: parsed, they take four times as much.
const smallText = 256 << 10

// places are where the concepts of a long CodeSystem begin in its text, by ordinal. A
// concept is read there when it is asked for.
type places struct {
	text string
	at   []uint32
	long sync.Map // *Concept by ordinal: of those with much below them
}

// longConcept is how many bytes of text a concept may have that is read anew each time it
// is asked for. Of longer ones there are few: those that have many others in them.
const longConcept = 4 << 10

// places returns where the concepts of the provider stand in a resource that was parsed.
func (p *Provider) placesIn(r *Resource) []uint32 {
	at := make([]uint32, p.Len())
	r.CodeSystem.Walk(func(c, _ *Concept) bool {
		if o, ok := p.Find(c.Code); ok {
			at[o] = uint32(c.at)
		}
		return true
	})
	return at
}

// concept reads a concept, without those below it.
func (l *places) concept(o terminology.Ordinal) *Concept {
	if c, ok := l.long.Load(o); ok {
		return c.(*Concept)
	}
	s := &scanner{text: l.text, at: int(l.at[o]), alone: true}
	c := readConcept(s)
	if s.err != nil { // it was read before
		return nil
	}
	if s.at-c.at > longConcept {
		l.long.Store(o, &c)
	}
	return &c
}
