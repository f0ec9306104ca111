package main

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// latency is how long calls take and what they allocate.
type latency struct {
	calls         int
	p50, p99, max time.Duration
	allocs, bytes float64 // a call
}

// callsFor is how long one kind of call is measured at most.
const callsFor = 5 * time.Second

// timed calls f up to n times with 0, 1, 2... and times each call. Reading the
// clock, some 50 ns, is in the figures. An error of f ends it.
func timed(n int, f func(i int) error) (latency, error) {
	for i := range min(n, 200) { // pools and caches fill
		if err := f(i); err != nil {
			return latency{}, err
		}
	}
	runtime.GC()
	took := make([]time.Duration, 0, n)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	for i := range n {
		start := time.Now()
		err := f(i)
		end := time.Now()
		if err != nil {
			return latency{}, err
		}
		took = append(took, end.Sub(start))
		if end.Sub(begin) > callsFor {
			break
		}
	}
	runtime.ReadMemStats(&after)
	slices.Sort(took)
	calls := len(took)
	return latency{
		calls: calls, p50: took[calls/2], p99: took[calls*99/100], max: took[calls-1],
		allocs: float64(after.Mallocs-before.Mallocs) / float64(calls),
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(calls),
	}, nil
}

// budget is what a call may cost; what is zero is not limited.
type budget struct {
	p50, p99, max time.Duration
	noAllocs      bool
}

// missed compares. A few allocations of other goroutines do not count.
func (l latency) missed(want budget) bool {
	over := func(have, most time.Duration) bool { return most > 0 && have > most }
	return over(l.p50, want.p50) || over(l.p99, want.p99) || over(l.max, want.max) || want.noAllocs && l.allocs >= 0.01
}

func (want budget) String() string {
	s := ""
	for _, part := range []struct {
		name string
		most time.Duration
	}{{"p50", want.p50}, {"p99", want.p99}, {"max", want.max}} {
		if part.most > 0 {
			s += fmt.Sprintf(", %s %s", part.name, short(part.most))
		}
	}
	if want.noAllocs {
		s += ", 0 allocs"
	}
	if s != "" {
		s = s[len(", "):]
	}
	return s
}

// measure times calls and adds their row. An error is a wrong answer and fails.
func measure(b *testing.B, t *benchTable, what string, n int, want budget, f func(i int) error) {
	b.Helper()
	l, err := timed(n, f)
	if err != nil {
		b.Errorf("%s: %v", what, err)
		return
	}
	addLatency(t, what, l, want)
}

// addLatency adds a row of calls that have been timed.
func addLatency(t *benchTable, what string, l latency, want budget) {
	t.add(benchRow{
		what: what, figure: short(l.p50), p99: short(l.p99), max: short(l.max),
		allocs: fmt.Sprintf("%.4g", roundTo(l.allocs, 0.01)), bytes: count(int(l.bytes)),
		budget: want.String(), missed: l.missed(want),
	})
}

func roundTo(x, unit float64) float64 { return float64(int(x/unit+0.5)) * unit }
