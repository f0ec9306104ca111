package terminology_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleWithBudget() {
	ctx := terminology.WithBudget(context.Background(), 100)
	part := terminology.WithBudget(ctx, 1_000_000) // of the same request: no more for that
	fmt.Println(terminology.Spend(part, "valueset.Evaluate", 100))
	err := terminology.Spend(ctx, "valueset.Evaluate", 1)
	terminology.PlaceBudget(err, "filter[0]", false)
	terminology.PlaceBudget(err, "include[3]", true)
	terminology.PlaceBudget(err, "include[9]", true) // which imports it
	fmt.Println(err)
	// Output:
	// <nil>
	// valueset.Evaluate: too costly: the request takes more than 100 steps of work, the last of them in include[3].filter[0]: ask for less at once, or for something narrower
}

// TestBudget spends from several goroutines, of a context with a budget, with one that has
// ended, and with none.
func TestBudget(t *testing.T) {
	ctx := terminology.WithBudget(t.Context(), 1000)
	var refused sync.Map
	var spending sync.WaitGroup
	for i := range 10 {
		spending.Go(func() {
			for k := range 101 {
				if err := terminology.Spend(ctx, "test", 1); err != nil {
					refused.Store([2]int{i, k}, terminology.KindOf(err))
				}
			}
		})
	}
	spending.Wait()
	n := 0
	refused.Range(func(_, kind any) bool { n++; return kind == terminology.TooCostly })
	if n != 10 || terminology.BudgetOf(ctx).Used() != 1010 {
		t.Errorf("%d of 1010 steps of 1000 were refused, and %d used; want 10", n, terminology.BudgetOf(ctx).Used())
	}
	for range 3 {
		if err := terminology.Spend(t.Context(), "test", 1<<40); err != nil {
			t.Errorf("Spend without a budget: %v", err)
		}
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if err := terminology.Spend(canceled, "test", 1); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Spend when nobody waits: %v, want Unavailable", err)
	}
}

// TestTimeout wants a context that a limit has ended told apart from one that others ended.
func TestTimeout(t *testing.T) {
	ctx, cancel := terminology.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	err := terminology.Spend(ctx, "test", 1)
	if !terminology.TimedOut(ctx) || !errors.Is(err, context.DeadlineExceeded) || terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("after the limit: %v, %v", terminology.TimedOut(ctx), err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	ctx, cancel = terminology.WithTimeout(left, time.Hour)
	defer cancel()
	if err := terminology.Spend(ctx, "test", 1); terminology.TimedOut(ctx) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("when the client has left: %v, %v", terminology.TimedOut(ctx), err)
	}
	if ctx, cancel := terminology.WithTimeout(t.Context(), 0); ctx.Err() != nil || ctx.Done() != t.Context().Done() {
		t.Errorf("without a limit: %v", ctx)
	} else {
		cancel()
	}
}
