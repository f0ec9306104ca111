package resource_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestStored(t *testing.T) {
	var b resource.Builder
	long := `{"resourceType":"ValueSet","url":"http://example.org/long","description":"` + strings.Repeat("å", 400_000) + `"}`
	for _, raw := range []string{long, `{"resourceType":"ValueSet","url":"http://example.org/a","version":"2"}`, string(parsed(t, "CodeSystem-hand.json").Raw)} {
		r, err := resource.Parse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		info := r.Info()
		info.Served = r.Type == resource.TypeCodeSystem
		if err := b.Resource(info, r.Raw); err != nil {
			t.Fatal(err)
		}
		if err := b.Resource(info, r.Raw); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("a resource twice: %v", err)
		}
	}
	tables := store.NewMemory()
	if err := b.Write(tables); err != nil {
		t.Fatal(err)
	}
	r, err := resource.OpenReader(tables)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	for i, info := range r.Resources() {
		raw, err := r.Resource(i)
		if err != nil || len(raw) != info.Bytes || info.URL == "http://example.org/long" && string(raw) != long {
			t.Errorf("%s does not come back: %v", info.URL, err)
		}
	}
	served, err := r.Served()
	if err != nil || len(served) != 1 || served[0].Release().System != "http://example.org/fhir/CodeSystem/hand" {
		t.Errorf("served are %v, %v", served, err)
	}
	empty, err := resource.OpenReader(store.NewMemory())
	if err != nil || len(empty.Resources()) != 0 {
		t.Errorf("a release without resources: %v, %v", empty, err)
	}
}

// TestStoredDamage takes a part of a resource away, and changes one.
func TestStoredDamage(t *testing.T) {
	var b resource.Builder
	raw := []byte(`{"resourceType":"ValueSet","url":"http://example.org/long","description":"` + strings.Repeat("a", 600_000) + `"}`)
	r, err := resource.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Resource(r.Info(), raw); err != nil {
		t.Fatal(err)
	}
	whole := store.NewMemory()
	if err := b.Write(whole); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(n int, value []byte) []byte{
		"the first part is missing": func(n int, v []byte) []byte { return map[bool][]byte{false: v}[n == 1] },
		"the last part is missing":  func(n int, v []byte) []byte { return map[bool][]byte{false: v}[n == 3] },
		"the URL is another": func(_ int, v []byte) []byte {
			return bytes.Replace(v, []byte(`{"resourceType":"ValueSet","url":"http://example.org/long`), []byte(`{"resourceType":"ValueSet","url":"http://example.org/lang`), 1)
		},
		"the list is cut": func(n int, v []byte) []byte { return map[bool][]byte{true: v[:len(v)/2], false: v}[n == 0] },
	} {
		damaged, n := store.NewMemory(), 0
		for kv := range whole.Rows(resource.TableResources, nil) {
			if v := damage(n, bytes.Clone(kv.Value)); v != nil {
				if err := damaged.PutRow(resource.TableResources, kv.Key, v); err != nil {
					t.Fatal(err)
				}
			}
			n++
		}
		r, err := resource.OpenReader(damaged)
		if err == nil {
			err = r.Check()
		}
		if terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%s: %v, want kind Corrupt", name, err)
		}
	}
}
