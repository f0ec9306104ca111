package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"
)

// BenchmarkRelease measures a whole release against its budgets: import, opening,
// memory, every operation in-process, and the doors. It prints one table. A budget
// that is missed is marked and fails nothing; a wrong answer fails.
//
// It takes about six minutes on two cores and is run once:
//
//	go test ./cmd/kodeks -run '^$' -bench '^BenchmarkRelease$' -benchtime 1x -timeout 60m
//
// The environment chooses what is measured:
//
//	BENCH_RELEASE   folders or zips of an RF2 edition and what goes with it, in the
//	                form of a PATH; none: a synthetic edition of full size
//	BENCH_CONCEPTS  active concepts of the synthetic edition; none: 370,000
//	BENCH_DATA      a data folder that is imported already
//	BENCH_ROUND     length of one round of load; none: 2s
//	BENCH_OUT       a file for the table
func BenchmarkRelease(b *testing.B) {
	ctx := b.Context()
	t := &benchTable{show: os.Stderr}
	t.note("Machine: %s", machine())
	data := os.Getenv("BENCH_DATA")
	binary := buildKodeks(b)
	if data == "" {
		data = filepath.Join(b.TempDir(), "data")
		measureImport(b, t, binary, data, releasePaths(b))
	}
	measureDisk(b, t, data)
	measureOpen(b, t, data)

	in, err := openService(ctx, data, "")
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	d := draw(b, in, 2000)
	defer d.close()
	t.note("Release: %s, %s concepts; %s concepts in %s", d.release.Version, count(d.cs.Len()), count(int(d.cs.Descendants(d.large).GetCardinality())), d.largeSet())
	measureServer(b, t, binary, data, d)
	measureOperations(b, t, in, d)
	measureExpansions(b, t, in, d)
	measureConstraints(b, t, d)
	measureSearch(b, t, in, d)
	measureHTTP(b, t, in, d)
	measureGRPC(b, t, in, d)
	t.note("Load average at the end: %s", loadAverage())

	fmt.Printf("\n%s\n", t)
	if out := os.Getenv("BENCH_OUT"); out != "" {
		if err := os.WriteFile(out, []byte(t.String()), 0o644); err != nil {
			b.Fatal(err)
		}
	}
}

// measureOpen opens the data folder five times.
func measureOpen(b *testing.B, t *benchTable, data string) {
	var took []time.Duration
	for range 5 {
		runtime.GC()
		start := time.Now()
		in, err := openService(context.Background(), data, "")
		took = append(took, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		if err := in.Close(); err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(took)
	t.add(benchRow{what: "open, median of 5", figure: short(took[2]), max: short(took[4]), budget: "1 s", missed: took[2] > time.Second})
}

// benchRound is the length of one round of load.
func benchRound(b *testing.B) time.Duration {
	b.Helper()
	text := os.Getenv("BENCH_ROUND")
	if text == "" {
		return 2 * time.Second
	}
	round, err := time.ParseDuration(text)
	if err != nil || round <= 0 {
		b.Fatalf("BENCH_ROUND is %q, want a duration such as 500ms", text)
	}
	return round
}

// benchConcepts is the size of the synthetic edition; 0 is full size.
func benchConcepts(b *testing.B) int {
	b.Helper()
	text := os.Getenv("BENCH_CONCEPTS")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("BENCH_CONCEPTS is %q, want a number of concepts", text)
	}
	return n
}
