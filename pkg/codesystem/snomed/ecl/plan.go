package ecl

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Substrate says what "*" is.
type Substrate uint8

// The meanings of "*".
const (
	AllConcepts    Substrate = iota // every concept of the release, inactive ones too
	HierarchyOnly                   // the root and its descendants
	ActiveConcepts                  // every concept that is active
)

// The limits that a zero Options sets.
const (
	DefaultMaxNodes   = 20_000
	DefaultMaxWork    = 250_000_000
	DefaultCacheBytes = 64 << 20
)

// Options are the limits of an Engine. The zero value has the defaults.
type Options struct {
	// MaxNodes is the most parts that an expression may have; 0 is DefaultMaxNodes.
	MaxNodes int
	// MaxWork is the most steps of one evaluation, each a few nanoseconds; 0 is
	// DefaultMaxWork. A context with a terminology.Budget may have fewer.
	MaxWork int64
	// CacheBytes bounds the results that are kept; 0 is DefaultCacheBytes, below 0
	// nothing is kept.
	CacheBytes int64
	// Substrate says what "*" is.
	Substrate Substrate
}

// Engine plans and evaluates expressions over one release.
type Engine struct {
	p    *basic.Provider
	text terminology.TextIndex // nil: designations are walked
	o    Options
	*shared
	scope *roaring.Bitmap
}

// shared is what engines over one release have in common.
type shared struct {
	cache   *cache
	members *memberCache
	pool    *sync.Pool                 // of *bits
	refsets map[string]*roaring.Bitmap // members by table
	types   map[string][]int           // numbers of the types of attributes by code
	weight  []int                      // postings of each type
	loose   *loose
}

// NewEngine returns an engine over a release and its text index. Without an index
// (nil) term filters look at every description of their concepts.
func NewEngine(p *basic.Provider, text terminology.TextIndex, o Options) *Engine {
	if o.MaxNodes == 0 {
		o.MaxNodes = DefaultMaxNodes
	}
	if o.MaxWork == 0 {
		o.MaxWork = DefaultMaxWork
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = DefaultCacheBytes
	}
	words := (p.Len() + 63) / 64
	e := &Engine{p: p, text: text, o: o, shared: &shared{cache: newCache(o.CacheBytes), members: newMemberCache(p), loose: &loose{p: p}}}
	e.pool = &sync.Pool{New: func() any { b := make(bits, words); return &b }}
	e.refsets = map[string]*roaring.Bitmap{}
	for _, t := range p.Tables() {
		e.refsets[t.Name], _ = p.Members(t.Name)
	}
	e.types, e.weight = map[string][]int{}, make([]int, len(p.AttributeTypes()))
	for i, t := range p.AttributeTypes() {
		e.types[t.Code] = append(e.types[t.Code], i)
		if post := p.Postings(i); len(post.Values) > 0 {
			e.weight[i] = len(post.Values) + int(post.Offsets[len(post.Values)]-post.Offsets[0])
		}
	}
	e.scope = e.scopeOf(o.Substrate)
	return e
}

// With returns an engine that differs in what "*" is and shares everything else,
// cache and limits too.
func (e *Engine) With(w Substrate) *Engine {
	other := *e
	other.o.Substrate = w
	other.scope = e.scopeOf(w)
	return &other
}

func (e *Engine) scopeOf(w Substrate) *roaring.Bitmap {
	root, ok := e.p.Find(rootCode)
	switch {
	case w == AllConcepts:
		all := roaring.New()
		all.AddRange(0, uint64(e.p.Len()))
		return all
	case w == HierarchyOnly && ok:
		all := e.p.Descendants(root).Clone()
		all.Add(root)
		return all
	}
	return e.p.Active()
}

// Query is a planned expression. It is safe for concurrent use.
type Query struct {
	e        *Engine
	text     string
	root     operand
	rows     *memberOf // not nil: a top-level selection of columns
	parts    int
	warnings []Warning
}

// Result is the concepts that satisfy an expression. Set is shared with the cache and
// must not be changed; Clone it to do so.
type Result struct {
	Set      *roaring.Bitmap
	Warnings []Warning
}

// Compile parses and plans an expression.
func (e *Engine) Compile(text string) (*Query, error) {
	x, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return e.Plan(x)
}

// Plan plans a parsed expression. The error is Invalid when a part cannot be asked of
// this release (a member filter on a column that the reference set does not have),
// and TooCostly when there are more than Options.MaxNodes parts.
func (e *Engine) Plan(x *Expression) (*Query, error) {
	const op = "ecl.Plan"
	if n := count(x, e.o.MaxNodes); n > e.o.MaxNodes {
		return nil, &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: fmt.Errorf("the expression has more than %d parts", e.o.MaxNodes)}
	}
	pl := &planner{e: e, p: e.p, byText: map[string]operand{}}
	root := pl.constraint(x.Constraint)
	for _, m := range pl.mixed {
		if operand(m) != root && pl.err == nil { // whatever the data: it would be asked for a set
			pl.err = invalidf("%s", m.mixed)
		}
	}
	if pl.err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: pl.err}
	}
	q := &Query{e: e, text: Format(x, FormatOptions{DropTerms: true}), root: root, parts: pl.parts, warnings: pl.warnings}
	if m, ok := root.(*memberOf); ok && m.selects() {
		q.rows = m
	}
	return q, nil
}

func count(n Node, most int) int {
	total := 0
	Walk(n, func(Node) bool {
		total++
		return total <= most
	})
	return total
}

// String returns the expression in its canonical form, without terms.
func (q *Query) String() string { return q.text }

// Warnings returns what is to be said of the expression in this release.
func (q *Query) Warnings() []Warning { return q.warnings }

// Select returns the concepts that satisfy the expression, all of them or an error.
// The error is TooCostly when that takes more than Options.MaxWork, Unavailable when
// ctx ends, and Invalid when the expression selects columns that are no concepts.
func (q *Query) Select(ctx context.Context) (*Result, error) {
	ev := q.evaluation(ctx)
	set := ev.set(q.root)
	if err := ev.finish("ecl.Select"); err != nil {
		return nil, err
	}
	return &Result{Set: set, Warnings: q.warnings}, nil
}

// Contains reports whether a concept satisfies the expression. It looks at that
// concept and makes sets only where a part cannot be answered without.
func (q *Query) Contains(ctx context.Context, o terminology.Ordinal) (bool, error) {
	ev := q.evaluation(ctx)
	yes := o < terminology.Ordinal(q.e.p.Len()) && ev.has(q.root, o)
	if err := ev.finish("ecl.Contains"); err != nil {
		return false, err
	}
	return yes, nil
}

// Count returns the number of concepts that satisfy the expression.
func (q *Query) Count(ctx context.Context) (int, error) {
	ev := q.evaluation(ctx)
	n := 0
	if h, ok := q.root.(*hierarchyOf); ok && h.counts() {
		n = h.size
	} else {
		n = int(ev.set(q.root).GetCardinality())
	}
	if err := ev.finish("ecl.Count"); err != nil {
		return 0, err
	}
	return n, nil
}

// Fields returns the columns that the expression selects, such as mapTarget of
// "^ [mapTarget] 447562003"; nil when it selects concepts.
func (q *Query) Fields() []string {
	if q.rows == nil {
		return nil
	}
	return q.rows.columns()
}

// Rows walks the rows that an expression with Fields selects: their values in the order
// of Fields. The slice is valid until the next step. An error ends the walk.
func (q *Query) Rows(ctx context.Context) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		const op = "ecl.Rows"
		if q.rows == nil {
			yield(nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("the expression selects no columns, such as ^ [mapTarget] 447562003")})
			return
		}
		ev := q.evaluation(ctx)
		if q.rows.walk(ev, func(values []string) bool { return yield(values, nil) }) {
			if err := ev.finish(op); err != nil {
				yield(nil, err)
			}
			return
		}
		ev.release()
	}
}
