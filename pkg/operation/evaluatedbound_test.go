package operation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestEvaluatedIsBounded keeps many more bytes of sets than there may be, and asks for one
// all the while: that one stays, the sum is bounded, one that is too large is not kept,
// and nothing outlasts its installation.
func TestEvaluatedIsBounded(t *testing.T) {
	var e evaluated
	snap, other := emptyCatalog(t).Acquire(), emptyCatalog(t).Acquire()
	const size = maxEvaluatedBytes / 100
	some := func() *evaluatedSet {
		_, reads := snap.Reading()
		return &evaluatedSet{reads: reads}
	}
	wanted := some()
	e.put(evaluatedKey{url: "wanted"}, keptSet{set: wanted, bytes: size})
	for i := range 1000 {
		e.put(evaluatedKey{url: fmt.Sprint(i)}, keptSet{set: some(), bytes: size})
		if e.get(snap, evaluatedKey{url: "wanted"}) != wanted {
			t.Fatalf("what is asked for again and again is gone after %d others", i)
		}
		sum := 0
		for _, half := range []map[evaluatedKey]keptSet{e.young, e.old} {
			for _, k := range half {
				sum += k.bytes
			}
		}
		if sum > 2*maxEvaluatedBytes {
			t.Fatalf("%d bytes are kept, want at most %d", sum, 2*maxEvaluatedBytes)
		}
	}
	if e.get(snap, evaluatedKey{url: "0"}) != nil {
		t.Error("what was never asked for again is still there")
	}
	e.put(evaluatedKey{url: "large"}, keptSet{set: some(), bytes: maxEvaluatedBytes + 1})
	if e.get(snap, evaluatedKey{url: "large"}) != nil {
		t.Error("a set larger than all that is kept was kept")
	}
	if e.get(other, evaluatedKey{url: "wanted"}) != nil {
		t.Error("sets of another installation are given")
	}
	if e.letGo(other); len(e.young)+len(e.old) > 0 || e.bytes != 0 {
		t.Errorf("%d sets with %d bytes of another installation are kept", len(e.young)+len(e.old), e.bytes)
	}
}

// TestKeptResourcesAreBounded evaluates value sets over the resources of caches that end,
// and reads value sets that come with requests: what is kept of them keeps no more
// resources than it counts.
func TestKeptResourcesAreBounded(t *testing.T) {
	s, _ := empty(t)
	codes := func(i int) (list []string) {
		for k := range minOrdered {
			list = append(list, fmt.Sprintf(`{"code":"c%d-%d"}`, i, k))
		}
		return list
	}
	const size = 6 << 20
	for i := range 40 {
		list := strings.Join(codes(i), ",")
		system := fmt.Sprintf(`{"resourceType":"CodeSystem","url":"http://example.org/s","status":"active","content":"complete","description":"%s","concept":[%s]}`, strings.Repeat("x", size), list)
		set := fmt.Sprintf(`{"resourceType":"ValueSet","url":"http://example.org/vs","status":"active","description":"%s","compose":{"include":[{"system":"http://example.org/s","concept":[%s]}]}}`, strings.Repeat("y", size), list)
		with := With{Cache: start(t, s, CacheRequest{Resources: [][]byte{[]byte(system)}})}
		if _, err := s.Expand(t.Context(), ExpandRequest{With: with, Definition: []byte(set), Count: -1}); err != nil {
			t.Fatal(err)
		}
		resp, err := s.Validate(t.Context(), ValidateRequest{With: with, Definition: []byte(set), Codings: []terminology.Coding{{System: "http://example.org/s", Code: fmt.Sprintf("c%d-0", i)}}})
		if err != nil || !resp.Result {
			t.Fatalf("%+v, %v", resp, err)
		}
		if _, err := s.CacheControl(t.Context(), CacheRequest{Mode: EndCache, ID: with.Cache}); err != nil {
			t.Fatal(err)
		}
	}
	overlays := map[*catalog.Overlay]bool{}
	for _, half := range []map[evaluatedKey]keptSet{s.evaluated.young, s.evaluated.old} {
		for key := range half {
			overlays[key.laid] = true
		}
	}
	if n := len(overlays); n == 0 || n*size > 2*maxEvaluatedBytes {
		t.Errorf("evaluated sets keep %d overlays with %d bytes each, want some, and %d bytes at most", n, size, 2*maxEvaluatedBytes)
	}
	if n := len(s.definitions.young) + len(s.definitions.old); n == 0 || n*size > 2*maxDefinedBytes {
		t.Errorf("%d definitions are kept of %d bytes each, want some, and %d bytes at most", n, size, 2*maxDefinedBytes)
	}
	if n := len(s.listed.sets); n == 0 || n*size > maxListedBytes+2*size {
		t.Errorf("%d lists are kept with %d bytes of resources each, want some, and about %d bytes at most", n, size, maxListedBytes)
	}
}

// TestKeysTellListsApart wants two requests that bring other rules never to have one key,
// whatever their texts.
func TestKeysTellListsApart(t *testing.T) {
	seen := map[string]With{}
	for _, w := range []With{
		{Supplements: []string{"a", "b"}}, {Supplements: []string{"a\x00b"}}, {Supplements: []string{"a b"}}, {Supplements: []string{`a" "b`}}, {Supplements: []string{"a"}, Versions: VersionRules{Default: []string{"b"}}},
		{Supplements: []string{"a\x01b"}}, {Versions: VersionRules{Default: []string{"a", "b"}}}, {Versions: VersionRules{Check: []string{"a", "b"}}}, {Versions: VersionRules{Default: []string{"a\x00b"}}}, {Supplements: []string{"a", ""}}, {Supplements: []string{"a"}}, {Supplements: []string{""}},
	} {
		key, _ := keyOf(&snapshot{Snapshot: &catalog.Snapshot{}, with: w}, &asked{})
		if other, ok := seen[key.shape]; ok {
			t.Errorf("%+v and %+v have one key %q", w, other, key.shape)
		}
		seen[key.shape] = w
	}
}

// TestKeptSetsAreNotChanged supplements a release after a set came from what is kept: the
// next who takes it sees nothing of that, nor is it written while others read it.
func TestKeptSetsAreNotChanged(t *testing.T) {
	s, _ := empty(t)
	resources := append(codes("a", "x"), codes("b", "y")...)
	resources = append(resources, []byte(`{"resourceType":"CodeSystem","url":"http://example.org/more","status":"active","content":"supplement","supplements":"http://example.org/a","concept":[{"code":"x"}]}`))
	with := With{Resources: resources, Supplements: []string{"http://example.org/more"}}
	for round := range 3 {
		snap, err := s.snapshotOf(language.Preference{}, 0, with)
		if err != nil {
			t.Fatal(err)
		}
		defer snap.LetGo()
		set, err := s.members(t.Context(), snap, asked{url: "http://example.org/a/vs"})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(set.changed); n != 1 {
			t.Fatalf("round %d: the set knows %d releases, want the one of its code system", round, n)
		}
		if _, err := snap.chosen("http://example.org/b", ""); err != nil || len(snap.changed) != 2 {
			t.Fatalf("%d releases, %v, want two", len(snap.changed), err)
		}
	}
}
