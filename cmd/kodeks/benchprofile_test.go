package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/server/rest"
)

// The benchmarks below ask what BenchmarkRelease asks, one kind of call each, so
// that a profile is easy:
//
//	go test ./cmd/kodeks -run '^$' -bench Lookup -cpuprofile cpu.out
//
// They import a synthetic edition of 20,000 concepts, or use the data folder that
// BENCH_DATA names.

func BenchmarkProvider(b *testing.B)     { benchCalls(b, "Provider") }
func BenchmarkLookup(b *testing.B)       { benchCalls(b, "Lookup") }
func BenchmarkSubsumes(b *testing.B)     { benchCalls(b, "Subsumes") }
func BenchmarkValidateCode(b *testing.B) { benchCalls(b, "ValidateCode") }
func BenchmarkTranslate(b *testing.B)    { benchCalls(b, "Translate") }
func BenchmarkSearch(b *testing.B)       { benchCalls(b, "Search") }
func BenchmarkExpand(b *testing.B)       { benchCalls(b, "Expand") }

// profiled is the size of the edition of the benchmarks that are for profiles.
const profiled = 20_000

// benchCalls runs the calls whose names begin with prefix.
func benchCalls(b *testing.B, prefix string) {
	in, d := openProfiled(b)
	for _, c := range append(providerCalls(d), operationCalls(b.Context(), in.Service, d)...) {
		if !strings.HasPrefix(c.name, prefix) {
			continue
		}
		name := strings.TrimLeft(strings.TrimPrefix(c.name, prefix), ", :")
		if name == "" {
			name = "all"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := c.call(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHandler asks the HTTP server without a network.
func BenchmarkHandler(b *testing.B) {
	in, d := openProfiled(b)
	h := rest.New(in, rest.Options{}).Handler()
	for _, k := range requestKinds(d) {
		b.Run(k.name, func(b *testing.B) {
			requests := make([]*http.Request, len(k.targets))
			for i, target := range k.targets {
				requests[i] = httptest.NewRequest(http.MethodGet, target, nil)
			}
			w := &unread{header: http.Header{}}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if h.ServeHTTP(w, requests[i%len(requests)]); w.status != http.StatusOK {
					b.Fatalf("%s: status %d", k.targets[i%len(requests)], w.status)
				}
			}
		})
	}
}

// unread is a client that nobody reads.
type unread struct {
	header http.Header
	status int
}

func (w *unread) Header() http.Header            { return w.header }
func (w *unread) WriteHeader(status int)         { w.status = status }
func (w *unread) Write(body []byte) (int, error) { return len(body), nil }

// openProfiled opens the release of the benchmarks that are for profiles.
func openProfiled(b *testing.B) (*installed, *drawn) {
	b.Helper()
	data := os.Getenv("BENCH_DATA")
	if data == "" {
		data = filepath.Join(b.TempDir(), "data")
		args := append([]string{"import", "--data", data}, writeRelease(b, profiled)...)
		if status, _, stderr := kodeks(args...); status != exitAnswered {
			b.Fatalf("kodeks import: status %d, %s", status, stderr)
		}
	}
	in, err := openService(b.Context(), data, "")
	if err != nil {
		b.Fatal(err)
	}
	d := draw(b, in, 2000)
	b.Cleanup(func() {
		d.close()
		if err := in.Close(); err != nil {
			b.Error(err)
		}
	})
	return in, d
}
