package operation_test

import (
	"context"
	"fmt"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ExampleService_Lookup asks for a concept, for a code that is none, and in a code
// system that is not installed.
func ExampleService_Lookup() {
	ctx := context.Background()
	resp, err := service.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "icd-10", Code: "i210a"}})
	fmt.Println(resp.Found, resp.Coding.Code, resp.Coding.Display, err)

	resp, err = service.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "icd-10", Code: "I21.X"}})
	fmt.Println(resp.Found, err)

	_, err = service.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "loinc", Code: "718-7"}})
	fmt.Println(terminology.KindOf(err))
	// Output:
	// true I21.0a Akutt hjerteinfarkt gjennom hele veggen, foran, type 4a <nil>
	// false <nil>
	// not found
}
