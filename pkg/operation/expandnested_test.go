package operation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
)

// TestNestingBelowWhatIsLeftOut nests codes below ancestors between which others are left
// out: by the nearest that is there, at once also where many have a long way to it.
func TestNestingBelowWhatIsLeftOut(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	const long, many = 1500, 1500
	concepts := []string{`{"code":"top"}`}
	for i := range long {
		parent := "top"
		if i > 0 {
			parent = fmt.Sprint("way", i-1)
		}
		concepts = append(concepts, fmt.Sprintf(`{"code":"way%d","property":[{"code":"inactive","valueBoolean":true},{"code":"parent","valueCode":"%s"}]}`, i, parent))
	}
	for i := range many {
		concepts = append(concepts, fmt.Sprintf(`{"code":"leaf%d","property":[{"code":"parent","valueCode":"way%d"}]}`, i, long-1))
	}
	system := `{"resourceType":"CodeSystem","url":"http://example.org/long","status":"active","content":"complete","property":[{"code":"parent","uri":"http://hl7.org/fhir/concept-properties#parent","type":"code"},{"code":"inactive","uri":"http://hl7.org/fhir/concept-properties#inactive","type":"boolean"}],"concept":[` + strings.Join(concepts, ",") + `]}`
	req := operation.ExpandRequest{With: operation.With{Resources: [][]byte{[]byte(system)}}, URL: "http://example.org/long?vs", Count: -1, ActiveOnly: true}
	if _, err := s.Expand(t.Context(), req); err != nil { // reads the code system
		t.Fatal(err)
	}
	req.Nested = true
	start := time.Now()
	resp, err := s.Expand(t.Context(), req)
	if err != nil || len(resp.Codes) != 1 || resp.Codes[0].Coding.Code != "top" || len(resp.Codes[0].Contains) != many {
		t.Errorf("%+v, %v, want top with %d codes below it", resp, err, many)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("nesting takes %v", took)
	}
}
