package ecl

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Explanation is a part of a plan, and what happened when it was evaluated.
type Explanation struct {
	Operation string        // a word such as "descendantOrSelfOf", "refinement", "attribute"
	Text      string        // the part in canonical form, without terms
	Estimate  int           // concepts that the planner expected
	Size      int           // concepts of the part; -1: its set was not needed
	Tested    int           // concepts that were tested one by one, or were there to be narrowed
	Kept      int           // what was left of those
	Cached    bool          // the set came from the cache
	Elapsed   time.Duration // with its parts
	Parts     []*Explanation
}

// Explain evaluates the expression and tells how.
func (q *Query) Explain(ctx context.Context) (*Explanation, error) {
	ev := q.evaluation(ctx)
	ev.trace = make([]trace, q.parts)
	for i := range ev.trace {
		ev.trace[i].size = -1
	}
	if q.rows != nil && q.rows.mixed != "" {
		n := 0
		start := time.Now()
		q.rows.walk(ev, func([]string) bool { n++; return true })
		ev.note(q.root.info(), start, func(t *trace) { t.size = n })
	} else {
		ev.set(q.root)
	}
	if err := ev.finish("ecl.Explain"); err != nil {
		return nil, err
	}
	return ev.explanation(q.root.info()), nil
}

func (ev *evaluation) explanation(a *about) *Explanation {
	t := ev.trace[a.id]
	x := &Explanation{
		Operation: a.operation, Text: a.text, Estimate: a.size, Size: t.size,
		Tested: t.tested, Kept: t.kept, Cached: t.cached, Elapsed: t.elapsed,
	}
	for _, part := range a.parts {
		x.Parts = append(x.Parts, ev.explanation(part))
	}
	return x
}

// String returns the explanation as lines, parts indented below their whole.
func (x *Explanation) String() string {
	var b strings.Builder
	x.write(&b, 0)
	return b.String()
}

func (x *Explanation) write(b *strings.Builder, depth int) {
	fmt.Fprintf(b, "%s%s  %s  estimated %d", strings.Repeat("  ", depth), x.Operation, x.Text, x.Estimate)
	if x.Size >= 0 {
		fmt.Fprintf(b, ", has %d", x.Size)
	}
	if x.Tested > 0 {
		fmt.Fprintf(b, ", kept %d of %d", x.Kept, x.Tested)
	}
	if x.Cached {
		b.WriteString(", from the cache")
	}
	if x.Elapsed > 0 {
		fmt.Fprintf(b, ", %v", x.Elapsed)
	}
	b.WriteByte('\n')
	for _, part := range x.Parts {
		part.write(b, depth+1)
	}
}
