package resource_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

func longSet(head, concept string, n int) []byte {
	return []byte(fmt.Sprintf(`{"resourceType":"ValueSet","url":"http://example.org/vs","version":"2","status":"draft","compose":{"include":[{"system":"http://example.org/s","version":"1","concept":[%s{"code":"last"}]%s}]}}`,
		strings.Repeat(concept+",", n), head))
}

// TestBrief leaves long lists out, and nothing else.
func TestBrief(t *testing.T) {
	for _, tt := range []struct {
		name string
		text []byte
		want int // codes that are left out; 0: it is no such value set
	}{
		{"many codes", longSet("", `{"code":"a"}`, 20), 21},
		{"few codes", longSet("", `{"code":"a"}`, 5), 0},
		{"many with displays", longSet("", `{"code":"a","display":"A"}`, 20), 0},
		{"with an import", longSet(`,"valueSet":["http://example.org/other"]`, `{"code":"a"}`, 20), 21},
		{"with one of its own", longSet(`,"valueSet":["#inner"]`, `{"code":"a"}`, 20), 0},
		{"with filters, which is wrong", longSet(`,"filter":[{"property":"concept","op":"is-a","value":"a"}]`, `{"code":"a"}`, 20), 0},
		{"a code system", []byte(`{"resourceType":"CodeSystem","url":"u","content":"complete"}`), 0},
	} {
		r, err := resource.Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		b := r.Brief(10)
		if got := b != nil; got != (tt.want > 0) {
			t.Errorf("%s: is brief: %v, want %d codes left out", tt.name, got, tt.want)
		}
		if b == nil {
			continue
		}
		set := b.ValueSet.Include[0]
		if b.Include[0] != tt.want || len(set.Concepts) != 0 || set.System != "http://example.org/s" || set.Version != "1" || b.URL != r.URL || b.Version != "2" || b.Status != "draft" || len(set.ValueSets) != len(r.ValueSet.Include[0].ValueSets) {
			t.Errorf("%s: %+v", tt.name, b)
		}
		if len(r.ValueSet.Include[0].Concepts) != tt.want {
			t.Errorf("%s: the resource itself was changed", tt.name)
		}
	}
}

// TestBriefKeepsNoText lets go of the resource that a brief was made of.
func TestBriefKeepsNoText(t *testing.T) {
	b, text := func() (*resource.Brief, weak.Pointer[byte]) {
		r, err := resource.Parse(longSet("", `{"code":"a"}`, 2000))
		if err != nil {
			t.Fatal(err)
		}
		return r.Brief(10), weak.Make(&r.Raw[0])
	}()
	for range 10 {
		runtime.GC()
	}
	if text.Value() != nil {
		t.Error("the text is kept")
	}
	runtime.KeepAlive(b)
}
