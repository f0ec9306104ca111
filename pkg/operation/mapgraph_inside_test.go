package operation

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestPlansAreOfWhatHasMaps translates from and into code systems that requests bring, each
// time others: nothing is kept of those that no map begins or ends in.
func TestPlansAreOfWhatHasMaps(t *testing.T) {
	s, _ := empty(t)
	for i := range 50 {
		system := func(name string) []byte {
			return fmt.Appendf(nil, `{"resourceType":"CodeSystem","url":"http://example.org/%s%d","status":"active","content":"complete","concept":[{"code":"a"}]}`, name, i)
		}
		req := TranslateRequest{With: With{Resources: [][]byte{system("from"), system("to")}},
			Coding: terminology.Coding{System: fmt.Sprintf("http://example.org/from%d", i), Code: "a"}, Target: fmt.Sprintf("http://example.org/to%d", i)}
		if resp, err := s.Translate(t.Context(), req); err != nil || resp.Result || resp.Message == "" {
			t.Fatalf("%+v, %v", resp, err)
		}
	}
	g := s.graph.Load()
	if g == nil {
		t.Fatal("there is no graph")
	}
	if n := len(g.plans.ways); n > 0 {
		t.Errorf("%d plans are kept of code systems that no map leads to", n)
	}
}
