package search

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// unreadable is the error for a panic below us. Bleve's reader trusts the bytes of a segment:
// of some that are not those that were written it makes panics. They must end no more than
// what is asked of this index.
func unreadable(p any) error {
	return fmt.Errorf("the text index cannot be read (%v in %s): kodeks verify tells whether it is damaged, kodeks reindex builds it anew", p, panicked())
}

// panicked returns the function and line in which the panic arose that is being recovered.
func panicked() string {
	var calls [64]uintptr
	frames := runtime.CallersFrames(calls[:runtime.Callers(1, calls[:])])
	for below := false; ; {
		f, more := frames.Next()
		inside := strings.HasPrefix(f.Function, "runtime.")
		if below && !inside || !more {
			return fmt.Sprintf("%s, line %d", f.Function, f.Line)
		}
		below = below || f.Function == "runtime.gopanic"
	}
}

// errUnread is the error of what was begun to be read and is not whole: a panic ended it.
var errUnread error = &terminology.Error{Op: "search.Index.Search", Kind: terminology.Corrupt, Err: errors.New("the words of the text index cannot be read: kodeks verify tells whether it is damaged, kodeks reindex builds it anew")}
