package resource_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// nested is a CodeSystem with a text long enough to be saved: groups of ten in groups of a
// hundred under one root, with letters of several bytes, extensions, and members behind
// the concepts.
func nested(n int) []byte {
	var b strings.Builder
	b.WriteString(` {"resourceType":"CodeSystem","id":"n","url":"http://example.org/nested","version":"3","status":"active","language":"nb","content":"complete","property":[{"code":"side","type":"code"}],"concept" : [{"code":"root","concept":[`)
	for i := range n / 10 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"concept":[{"code":"å%d","display":"Brudd på ånd\u00e5 %d","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/itemWeight","valueDecimal":%d.50}],"property":[{"code":"side","valueCode":"root"}]}`, i, i, i)
		for k := range 9 {
			fmt.Fprintf(&b, `,{"code":"K%d.%d","display":"Brudd nummer %d","designation":[{"language":"en","value":"Fracture %d"}]}`, i, k, k, i)
		}
		fmt.Fprintf(&b, `],"code":"G%d","definition":"En gruppe"}`, i)
	}
	b.WriteString(`]}],"title":"Etter begrepene","identifier":[{"value":"urn:oid:1.2.3"}]}`)
	return []byte(b.String())
}

func saved(t testing.TB, p *resource.Provider) []byte {
	var b bytes.Buffer
	if err := p.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSaved compares a code system that was saved with the one that its text makes, and
// the concepts of both with those of the text.
func TestSaved(t *testing.T) {
	r, err := resource.Parse(nested(20_000))
	if err != nil {
		t.Fatal(err)
	}
	made, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !made.Savable() || made.Resource().CodeSystem.Concepts != nil {
		t.Fatal("a long code system keeps what was parsed of it")
	}
	opened, err := resource.OpenSaved(saved(t, made))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(opened.Release(), made.Release()) || !slices.Equal(opened.Columns(), made.Columns()) || opened.Len() != made.Len() {
		t.Errorf("opened is %+v, made %+v", opened.Release(), made.Release())
	}
	a, b := *opened.Resource(), *made.Resource()
	if !bytes.Equal(a.Raw, b.Raw) || a.Title != "Etter begrepene" || !reflect.DeepEqual(a.Info(), b.Info()) || !opened.HasProperty("side") {
		t.Errorf("the head is %+v, want %+v", a.Info(), b.Info())
	}
	r.CodeSystem.Walk(func(want, _ *resource.Concept) bool {
		alone := *want
		alone.Concepts = nil
		for _, p := range []*resource.Provider{made, opened} {
			o, ok := p.Find(want.Code)
			if !ok || !reflect.DeepEqual(*p.Concept(o), alone) || !reflect.DeepEqual(*p.Concept(o), alone) {
				t.Errorf("%s is %+v, want %+v", want.Code, p.Concept(o), alone)
				return false
			}
			if term := p.Display(o); term != want.Display && term != want.Definition || len(p.Children(o)) != len(want.Concepts) {
				t.Errorf("%s has display %q and %d children", want.Code, p.Display(o), len(p.Children(o)))
				return false
			}
		}
		return true
	})
	for _, p := range []*resource.Provider{made, opened} {
		found, err := p.Text().Search(t.Context(), terminology.TextQuery{Text: "nummer 8", Limit: 5}, p)
		if err != nil || found.Total != 2_000 {
			t.Errorf("the text finds %d, %v", found.Total, err)
		}
	}
	if len(opened.Resource().Raw)*4 < opened.Bytes() {
		t.Errorf("a text of %d bytes takes %d", len(opened.Resource().Raw), opened.Bytes())
	}
}

// TestSavedDamaged holds that nothing that is not as it was saved is opened.
func TestSavedDamaged(t *testing.T) {
	good := saved(t, provider(t, nested(10_000)))
	for _, at := range []int{0, 9, 20, 300, len(good) / 3, len(good) / 2, len(good) - 5, len(good) - 1} {
		bad := bytes.Clone(good)
		bad[at] ^= 4
		if _, err := resource.OpenSaved(bad); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("byte %d is another: %v", at, err)
		}
	}
	for _, n := range []int{0, 8, 19, 21, 1000, len(good) - 1} {
		if _, err := resource.OpenSaved(good[:n]); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// BenchmarkSaved is what opening costs of a code system of 100,000 concepts that was saved.
func BenchmarkSaved(b *testing.B) {
	data := saved(b, provider(b, sized(100_000)))
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := resource.OpenSaved(data); err != nil {
			b.Fatal(err)
		}
	}
}
