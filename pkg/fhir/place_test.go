package fhir_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestPlace tells which parameter of a request has what is wrong.
func TestPlace(t *testing.T) {
	var p fhir.Parameters
	p.Reset(fhir.Expand)
	if err := p.ReadBody([]byte(`{"resourceType":"Parameters","parameter":[{"name":"count","valueInteger":1},{"name":"tx-resource","resource":{"resourceType":"CodeSystem"}},{"name":"tx-resource","resource":{"resourceType":"CodeSystem"}}]}`)); err != nil {
		t.Fatal(err)
	}
	second := p.All()[2].Raw
	row := func(column string) error {
		return &terminology.RowError{File: "resource", Line: 7, Column: column, Err: errors.New("wrong")}
	}
	tests := []struct {
		name string
		raw  []byte
		err  error
		want string // expressions
	}{
		{name: "an element", raw: second, err: row("CodeSystem.concept[0].code"), want: `"expression":["Parameters.parameter[2].resource.concept[0].code"]`},
		{name: "the resource", raw: second, err: row("CodeSystem"), want: `"expression":["Parameters.parameter[2].resource"]`},
		{name: "an element without its resource", raw: second, err: row("resourceType"), want: `"expression":["Parameters.parameter[2].resource.resourceType"]`},
		{name: "two elements", raw: p.All()[1].Raw, err: errors.Join(row("CodeSystem.url"), row("CodeSystem.name")), want: `"expression":["Parameters.parameter[1].resource.name"]`},
		{name: "no element", raw: second, err: errors.New("wrong"), want: `"expression":["Parameters.parameter[2].resource"]`},
		{name: "a resource of another request", raw: []byte(`{"resourceType":"CodeSystem"}`), err: row("CodeSystem.url"), want: `"expression":["CodeSystem.url"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := p.Place(&terminology.Error{Kind: terminology.Invalid, Err: &operation.BroughtError{Raw: tt.raw, Err: tt.err}})
			got := string(fhir.AppendOutcome(nil, err))
			if !strings.Contains(got, tt.want) || !strings.Contains(got, "wrong") || terminology.KindOf(err) != terminology.Invalid {
				t.Errorf("Place(%v) = %s, want %s", tt.err, got, tt.want)
			}
		})
	}
	if err := p.Place(errors.ErrUnsupported); err != errors.ErrUnsupported {
		t.Errorf("Place of another error = %v, want it as it is", err)
	}
}
