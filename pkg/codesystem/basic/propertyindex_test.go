package basic_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// substances is a code system with properties of every kind, some of them with values that
// differ in case alone, and codes that it has and has not.
func substances(t testing.TB, n int) *basic.Provider {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for i := range n {
		code := fmt.Sprintf("N%02d", i)
		check(b.Concept(terminology.Concept{Code: code, Inactive: i%7 == 3}))
		check(b.Designation(terminology.Designation{Concept: code, Language: "nb", Use: terminology.UseDisplay, Term: "virkestoff " + code, Preferred: true}))
	}
	for i := 1; i < n; i++ {
		check(b.Parent(fmt.Sprintf("N%02d", i), fmt.Sprintf("N%02d", (i-1)/3)))
	}
	for i := range n {
		code := fmt.Sprintf("N%02d", i)
		say := func(property string, kind terminology.ValueKind, value string) {
			check(b.Property(terminology.Property{Concept: code, Code: property, Kind: kind, Value: value}))
		}
		say("unit", terminology.ValueString, []string{"mg", "MG", "ml", "Måltid", "måltid"}[i%5])
		if i%2 == 0 {
			say("unit", terminology.ValueString, "g")
		}
		if i%3 == 0 {
			say("base", terminology.ValueCode, fmt.Sprintf("N%02d", i/3))
			say("base", terminology.ValueCode, "X9")
		}
		if i%4 == 0 {
			say("order", terminology.ValueInteger, fmt.Sprint(i))
			say("kept", terminology.ValueBoolean, []string{"true", "false"}[i/4%2])
		}
	}
	image, err := b.Build(terminology.Release{System: "http://example.org/substances", Version: "1"}, basic.DefaultRules())
	check(err)
	memory := store.NewMemory()
	check(image.Write(memory))
	check(image.WriteRows(memory))
	check(memory.Close())
	p, err := basic.Open(memory, basic.Options{})
	check(err)
	return p
}

// TestPropertyValues holds the index against a walk over all concepts: for every property
// the values and who has them, and for every spelling of a value those alike.
func TestPropertyValues(t *testing.T) {
	p := substances(t, 60)
	for _, code := range []string{"unit", "base", "order", "kept", "none", "parent"} {
		want := map[string][]terminology.Ordinal{}
		var concepts []terminology.Ordinal
		for o := range terminology.Ordinal(p.Len()) {
			for v := range p.Properties(o) {
				if v.Code == code {
					want[v.Value] = append(want[v.Value], o)
					concepts = append(concepts, o)
				}
			}
			if code == "parent" && len(p.Parents(o)) > 0 {
				concepts = append(concepts, o)
			}
		}
		concepts = slices.Compact(concepts)
		if got := p.PropertyConcepts(code).ToArray(); !slices.Equal(got, concepts) {
			t.Errorf("PropertyConcepts(%s) = %v, want %v", code, got, concepts)
		}
		got := map[string][]terminology.Ordinal{}
		for v, list := range p.PropertyValues(code, "") {
			got[v] = append(got[v], list...)
		}
		if len(got) != len(want) {
			t.Errorf("PropertyValues(%s) has %d values, want %d", code, len(got), len(want))
		}
		for v, list := range want {
			if !slices.Equal(got[v], list) {
				t.Errorf("PropertyValues(%s) of %s = %v, want %v", code, v, got[v], list)
			}
			for _, like := range []string{v, strings.ToUpper(v), strings.ToLower(v)} {
				alike := 0
				for w := range want {
					if strings.EqualFold(w, like) {
						alike++
					}
				}
				for w, list := range p.PropertyValues(code, like) {
					if alike--; !strings.EqualFold(w, like) || !slices.Equal(list, want[w]) {
						t.Errorf("PropertyValues(%s, %s) has %s: %v", code, like, w, list)
					}
				}
				if alike != 0 {
					t.Errorf("PropertyValues(%s, %s) lacks %d values", code, like, alike)
				}
			}
		}
		for v := range p.PropertyValues(code, "no such value") {
			t.Errorf("PropertyValues(%s, no such value) has %s", code, v)
		}
	}
}

// BenchmarkPropertyValue asks for the concepts with a value, which must not depend on how
// many concepts there are.
func BenchmarkPropertyValue(b *testing.B) {
	p := substances(b, 20_000)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for _, list := range p.PropertyValues("order", "16000") {
			n += len(list)
		}
	}
	if n == 0 {
		b.Error("nobody has the value")
	}
}
