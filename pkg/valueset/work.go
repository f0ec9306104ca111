package valueset

import (
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// What the parts of an evaluation take of the budget of their request, in its steps of
// about a nanosecond.
const (
	workSet     = 1_000 // an include or exclude, or an import, to be found
	workHolds   = 200   // the same, asked of one code
	workFilter  = 500   // a filter, but for what it reads
	workFind    = 150   // a code to be found in a code system
	workValue   = 50    // a value to be looked at
	workCompose = 500   // a byte of an expression to be read
	workPattern = 1_000 // a byte of a regular expression to be read
)

// workOf is what one operation on sets of a code system takes.
func workOf(cs terminology.CodeSystem) int64 { return 64 + int64(cs.Len())/16 }

// spend draws from the budget of the request, which says when the client is gone as well.
func spend(ctx context.Context, op string, steps int64) error {
	return terminology.Spend(ctx, op, steps)
}

// spend draws for a filter before it is evaluated, for what it reads of itself.
func (f Filter) spend(ctx context.Context, cs terminology.CodeSystem) error {
	steps := int64(workFilter)
	switch {
	case f.Op == opRegex:
		steps += int64(len(f.Value)) * workPattern
	case f.Op == opIn, f.Op == opNotIn:
		steps += int64(strings.Count(f.Value, ",")+1) * workFind
	case f.onConstraint(cs):
		steps += int64(len(f.Value)) * workFind
	}
	return spend(ctx, "valueset.Evaluate", steps)
}

// composing is what it takes to read a text as an expression.
func composing(text string) int64 { return 2*workSet + int64(len(text))*workCompose }

// Placed returns err, and says in it which include or exclude (what) of the definition was
// evaluated, where it is that the budget of the request has ended.
func (c *Compose) Placed(err error, what string, i int) error {
	if err != nil {
		terminology.PlaceBudget(err, fmt.Sprintf("value set %s, %s[%d]", c.canonical(), what, i), true)
	}
	return err
}
