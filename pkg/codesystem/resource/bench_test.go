package resource_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

// sized is a CodeSystem with n concepts in groups of ten, each with two languages, a
// definition and a property.
func sized(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"resourceType":"CodeSystem","url":"http://example.org/sized","version":"1","language":"en","content":"complete","caseSensitive":true,"concept":[`)
	for i := range n {
		if i%10 == 0 {
			if i > 0 {
				b.WriteString("]},")
			}
			fmt.Fprintf(&b, `{"code":"c%d","display":"Group %d","concept":[`, i, i)
			continue
		}
		if i%10 > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"code":"c%d","display":"Display of code %d","definition":"What code %d means","designation":[{"language":"nb","value":"Norsk tekst %d"}],"property":[{"code":"prop","valueString":"value %d"}]}`, i, i, i, i, i%7)
	}
	b.WriteString("]}]}")
	return []byte(b.String())
}

func provider(t testing.TB, data []byte) *resource.Provider {
	r, err := resource.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// BenchmarkProvider is what a request pays for a code system that it brings.
func BenchmarkProvider(b *testing.B) {
	for _, n := range []int{100, 1_000, 100_000} {
		data := sized(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				provider(b, data)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	data := sized(1_000)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := resource.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestProviderIsQuick holds a code system of 100 concepts to a millisecond, the best of
// several tries since the machine does other things too.
func TestProviderIsQuick(t *testing.T) {
	data, best := sized(100), time.Hour
	for range 50 {
		start := time.Now()
		provider(t, data)
		best = min(best, time.Since(start))
	}
	if limit := time.Millisecond; best > limit && !raceEnabled {
		t.Errorf("100 concepts take %v, want %v", best, limit)
	}
}
