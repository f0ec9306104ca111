package terminology

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// DefaultWork is the budget of a request that is given no other: some seconds of one
// processor.
const DefaultWork = 5_000_000_000

// Budget is the work that one request may take, in steps of about a nanosecond, from which
// all that answers the request draws. Steps are counted and not measured, so that a
// request that is too costly is so on any machine, whatever it does else; what is kept of
// requests before costs nothing again. A context carries it. It is safe for concurrent use.
type Budget struct {
	most int64
	used atomic.Int64
}

// NewBudget returns a budget of a number of steps; 0 is DefaultWork.
func NewBudget(most int64) *Budget {
	if most == 0 {
		most = DefaultWork
	}
	return &Budget{most: most}
}

type budgetKey struct{}

// Context returns ctx with the budget, or ctx itself where it has one already: a part of a
// request draws from what the whole has.
func (b *Budget) Context(ctx context.Context) context.Context {
	if BudgetOf(ctx) != nil {
		return ctx
	}
	return context.WithValue(ctx, budgetKey{}, b)
}

// WithBudget is Context for a budget of its own.
func WithBudget(ctx context.Context, most int64) context.Context {
	if BudgetOf(ctx) != nil {
		return ctx
	}
	b := &budgeted{Context: ctx}
	b.most = NewBudget(most).most
	return b
}

// budgeted is a context with a budget of its own.
type budgeted struct {
	context.Context
	Budget
}

// Value returns the budget, or what the context has below.
func (b *budgeted) Value(key any) any {
	if key == (budgetKey{}) {
		return &b.Budget
	}
	return b.Context.Value(key)
}

// BudgetOf returns the budget that a context carries; nil for none, which never ends.
func BudgetOf(ctx context.Context) *Budget {
	b, _ := ctx.Value(budgetKey{}).(*Budget)
	return b
}

// Used returns the steps that were drawn.
func (b *Budget) Used() int64 { return b.used.Load() }

// Spend draws steps. The error is TooCostly, and a BudgetError, once more were drawn than
// there are; it has no Op.
func (b *Budget) Spend(steps int64) error {
	if b == nil || b.used.Add(steps) <= b.most {
		return nil
	}
	return &Error{Kind: TooCostly, Err: &BudgetError{Most: b.most}}
}

// Spend draws steps from the budget of a context. The error is that of Budget.Spend, or
// Unavailable once the context is done.
func Spend(ctx context.Context, op string, steps int64) error {
	if ctx.Err() != nil {
		return &Error{Op: op, Kind: Unavailable, Err: context.Cause(ctx)}
	}
	if err := BudgetOf(ctx).Spend(steps); err != nil {
		return &Error{Op: op, Kind: TooCostly, Err: err.(*Error).Err}
	}
	return nil
}

// BudgetError says that a request takes more work than its budget has, and in what it was
// when that was found.
type BudgetError struct {
	Most  int64
	Where string // such as include[3].filter[0]; "" when it is not known
	whole bool
}

// Error returns the limit and the place.
func (e *BudgetError) Error() string {
	text := fmt.Sprintf("the request takes more than %d steps of work", e.Most)
	if e.Where != "" {
		text += ", the last of them in " + e.Where
	}
	return text + ": ask for less at once, or for something narrower"
}

// PlaceBudget says in what part of a request its budget ended, where err is a BudgetError:
// parts are said from the innermost on, as they are left, until the whole one is.
func PlaceBudget(err error, part string, whole bool) {
	var e *BudgetError
	if !errors.As(err, &e) || e.whole {
		return
	}
	if e.whole = whole; e.Where != "" {
		part += "." + e.Where
	}
	e.Where = part
}
