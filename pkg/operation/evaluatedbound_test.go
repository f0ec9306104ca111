package operation

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
)

// TestEvaluatedIsBounded keeps many more bytes of sets than there may be, and asks for one
// all the while: that one stays, the sum is bounded, one that is too large is not kept,
// and nothing outlasts its snapshot.
func TestEvaluatedIsBounded(t *testing.T) {
	var e evaluated
	snap := &catalog.Snapshot{}
	const size = maxEvaluatedBytes / 100
	wanted := &evaluatedSet{}
	e.put(snap, evaluatedKey{url: "wanted"}, wanted, size)
	for i := range 1000 {
		e.put(snap, evaluatedKey{url: fmt.Sprint(i)}, &evaluatedSet{}, size)
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
	e.put(snap, evaluatedKey{url: "large"}, &evaluatedSet{}, maxEvaluatedBytes+1)
	if e.get(snap, evaluatedKey{url: "large"}) != nil {
		t.Error("a set larger than all that is kept was kept")
	}
	if other := (&catalog.Snapshot{}); e.get(other, evaluatedKey{url: "wanted"}) != nil || e.young != nil || e.old != nil {
		t.Error("sets of another snapshot are kept")
	}
}
