package operation_test

import (
	"context"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestLocation asks for an issue whose element is told as location too, and for one whose
// element is not.
func TestLocation(t *testing.T) {
	for _, tt := range []struct {
		name   string
		coding terminology.Coding
		id     string
		want   string
	}{
		{"another case", coding("http://hl7.org/fhir/sid/icd-10-no", "i21.9"), "CODE_CASE_DIFFERENCE", "Coding.code"},
		{"an unknown code", coding("http://hl7.org/fhir/sid/icd-10-no", "X99.9"), "Unknown_Code_in_Version", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := service.Validate(context.Background(), operation.ValidateRequest{Form: operation.FormCoding, Codings: []terminology.Coding{tt.coding}})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range resp.Issues {
				if i.ID != tt.id {
					continue
				}
				if got := i.Location(); got != tt.want || i.Expression != "Coding.code" {
					t.Errorf("location %q, expression %q, want %q and Coding.code", got, i.Expression, tt.want)
				}
				return
			}
			t.Errorf("no issue %s in %+v", tt.id, resp.Issues)
		})
	}
}
