package terminology

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// TimeoutError says that a request was ended since it took longer than a server gives one.
type TimeoutError struct{ After time.Duration }

// Error returns the limit.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("the request took longer than %s, which is what this server gives one: ask for less at once, or for something narrower", e.After)
}

// Is reports that it is a context.DeadlineExceeded.
func (e *TimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// WithTimeout returns a context that ends with a TimeoutError as its cause; 0 is no limit.
// Cancel gives back what it takes.
func WithTimeout(ctx context.Context, after time.Duration) (in context.Context, cancel context.CancelFunc) {
	if after <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, after, &TimeoutError{after})
}

// TimedOut reports whether a context was ended by the limit of WithTimeout.
func TimedOut(ctx context.Context) bool {
	var e *TimeoutError
	return ctx.Err() != nil && errors.As(context.Cause(ctx), &e)
}
