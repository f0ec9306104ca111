package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The budgets of translations.
var (
	translateBudget = budget{p50: 20 * time.Microsecond}
	chainBudget     = budget{p50: 100 * time.Microsecond}
)

// BenchmarkMaps translates by every map of a data folder, and over two maps that are joined
// where none leads from a code system to another. BENCH_DATA names the folder.
func BenchmarkMaps(b *testing.B) {
	data := os.Getenv("BENCH_DATA")
	if data == "" {
		b.Skip("BENCH_DATA names no data folder with maps")
	}
	in, err := openService(b.Context(), data, "")
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	snap := in.catalog.Acquire()
	defer snap.LetGo()
	t := &benchTable{show: os.Stderr}
	t.note("Machine: %s", machine())
	joined := map[[2]string]bool{}
	sources := map[string][]string{} // mapped codes, by code system
	for _, r := range snap.Releases {
		for _, m := range r.Release.Maps {
			codes := mappedCodes(snap, r, m)
			if len(codes) == 0 {
				continue
			}
			joined[[2]string{m.Source, m.Target}], joined[[2]string{m.Target, m.Source}] = true, true
			sources[m.Source] = codes
			measure(b, t, fmt.Sprintf("%s: %s rows", m.Title, count(m.Rows)), 10_000, translateBudget, func(i int) error {
				code := codes[i%len(codes)]
				resp, err := in.Translate(b.Context(), operation.TranslateRequest{URL: m.URL, Coding: terminology.Coding{System: m.Source, Code: code}})
				return must(err, err == nil && len(resp.Matches) > 0, code)
			})
		}
	}
	measureChains(b, t, in, sources, joined)
	t.note("Load average at the end: %s", loadAverage())
	fmt.Printf("\n%s\n", t)
}

// measureChains asks for pairs of code systems that no map joins, and of codes for which two
// maps do.
func measureChains(b *testing.B, t *benchTable, in *installed, sources map[string][]string, joined map[[2]string]bool) {
	for from, codes := range sources {
		for to := range sources {
			if from == to || joined[[2]string{from, to}] {
				continue
			}
			request := func(code string) operation.TranslateRequest {
				return operation.TranslateRequest{Coding: terminology.Coding{System: from, Code: code}, Target: to}
			}
			var reached []string
			matches := 0
			for _, code := range codes {
				resp, err := in.Translate(b.Context(), request(code))
				if err == nil && len(resp.Matches) > 0 && len(resp.Matches[0].Path) == 2 {
					reached, matches = append(reached, code), matches+len(resp.Matches)
				}
			}
			if len(reached) == 0 {
				continue
			}
			what := fmt.Sprintf("chain of two: %s to %s, %.1f codes", from, to, float64(matches)/float64(len(reached)))
			measure(b, t, what, 2_000, chainBudget, func(i int) error {
				code := reached[i%len(reached)]
				resp, err := in.Translate(b.Context(), request(code))
				return must(err, err == nil && len(resp.Matches) > 0, code)
			})
		}
	}
}

// mappedCodes draws up to 500 codes for which a map has rows, the same for the same data.
func mappedCodes(snap *catalog.Snapshot, r *catalog.Installed, m terminology.MapInfo) []string {
	from, err := snap.CodeSystem(m.Source, "")
	if err != nil || r.Ready() != nil || from.CodeSystem.Len() == 0 {
		return nil
	}
	random := rand.New(rand.NewPCG(1, 2))
	var codes []string
	for range 20_000 {
		code := from.CodeSystem.Code(terminology.Ordinal(random.IntN(from.CodeSystem.Len())))
		if rows, err := r.Maps.Forward(m.ID, code); err == nil && len(rows) > 0 {
			if codes = append(codes, code); len(codes) == 500 {
				break
			}
		}
	}
	return codes
}
