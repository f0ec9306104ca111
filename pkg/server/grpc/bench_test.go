package grpcserver_test

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// BenchmarkExpandResponse writes an expansion of a thousand codes.
func BenchmarkExpandResponse(b *testing.B) {
	resp := &operation.ExpandResponse{Total: 1000, Exact: true}
	for i := range 1000 {
		resp.Codes = append(resp.Codes, operation.ExpandedCode{
			Coding: terminology.Coding{System: "http://snomed.info/sct", Code: fmt.Sprint(22298006 + i), Display: "hjerteinfarkt"},
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		grpcserver.ExpandResponse(resp)
	}
}

// BenchmarkLocalLookup is what the messages add to a look-up.
func BenchmarkLocalLookup(b *testing.B) {
	local := grpcserver.Local(oneConcept{})
	req := lookup("22298006", "nb")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := local.Lookup(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
}
