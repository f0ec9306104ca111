package grpcserver_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// endless answers when the time of the call is over.
type endless struct{ grpcserver.Operations }

func (endless) Lookup(ctx context.Context, _ operation.LookupRequest) (*operation.LookupResponse, error) {
	<-ctx.Done()
	return nil, &terminology.Error{Op: "operation.Lookup", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}

func (endless) EvaluateConstraint(ctx context.Context, _ operation.ConstraintRequest, _ func(*operation.ConstraintPart) error) error {
	<-ctx.Done()
	return &terminology.Error{Op: "operation.EvaluateConstraint", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}

// TestCallsEnd wants a call that takes longer than the server gives it told so, whether it
// has one answer or a stream of them.
func TestCallsEnd(t *testing.T) {
	address, _, _ := start(t, endless{}, grpcserver.Options{Timeout: 20 * time.Millisecond})
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := kodeksv1.NewTerminologyServiceClient(conn)
	_, err = c.Lookup(t.Context(), &kodeksv1.LookupRequest{Coding: &kodeksv1.Coding{System: "http://snomed.info/sct", Code: "22298006"}})
	stream, errStream := c.EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: "*"})
	if errStream == nil {
		_, errStream = stream.Recv()
	}
	for name, err := range map[string]error{"Lookup": err, "EvaluateConstraint": errStream} {
		if s := status.Convert(err); s.Code() != codes.DeadlineExceeded || !strings.Contains(s.Message(), "longer than 20ms") {
			t.Errorf("%s: %v, want DeadlineExceeded after 20ms", name, err)
		}
	}
}
