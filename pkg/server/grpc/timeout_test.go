package grpcserver_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
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

func (endless) Search(ctx context.Context, _ operation.SearchRequest) (*operation.SearchResponse, error) {
	<-ctx.Done()
	return nil, &terminology.Error{Op: "operation.Search", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}

func (endless) Translate(ctx context.Context, _ operation.TranslateRequest) (*operation.TranslateResponse, error) {
	<-ctx.Done()
	return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
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

// TestRequestsOfStreamsEnd wants each request of a stream that takes longer than the server
// gives it told so, and the stream to go on.
func TestRequestsOfStreamsEnd(t *testing.T) {
	address, _, _ := start(t, endless{}, grpcserver.Options{Timeout: 20 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c := kodeksv1.NewTerminologyServiceClient(connect(t, address))
	searches, err := c.SearchAsYouType(ctx)
	if err != nil {
		t.Fatal(err)
	}
	translations, err := c.TranslateStream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	type told interface {
		GetCode() int32
		GetMessage() string
	}
	for i := range 2 {
		searches.Send(typed(i, "hjerte"))
		translations.Send(&kodeksv1.TranslateRequest{})
		search, errSearch := searches.Recv()
		translation, errTranslation := translations.Recv()
		for name, got := range map[string]told{"SearchAsYouType": search.GetStatus(), "TranslateStream": translation.GetStatus()} {
			if codes.Code(got.GetCode()) != codes.DeadlineExceeded || !strings.Contains(got.GetMessage(), "longer than 20ms") {
				t.Errorf("%s, request %d: %v, %v, %v, want DeadlineExceeded after 20ms", name, i, got, errSearch, errTranslation)
			}
		}
	}
}

// TestWatchersOfHealthStay wants who watches the health of the server to do so for longer than
// a call may take.
func TestWatchersOfHealthStay(t *testing.T) {
	address, _, _ := start(t, endless{}, grpcserver.Options{Timeout: 20 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	watch, err := healthpb.NewHealthClient(connect(t, address)).Watch(ctx, &healthpb.HealthCheckRequest{})
	for err == nil {
		_, err = watch.Recv()
	}
	if ctx.Err() == nil {
		t.Errorf("the watch ended with %v", err)
	}
}

// rows is an answer of many parts.
type rows struct{ grpcserver.Operations }

func (rows) EvaluateConstraint(ctx context.Context, _ operation.ConstraintRequest, yield func(*operation.ConstraintPart) error) error {
	for range 100 {
		if ctx.Err() != nil {
			return &terminology.Error{Op: "operation.EvaluateConstraint", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err := yield(&operation.ConstraintPart{Rows: []operation.ConstraintRow{{Display: strings.Repeat("x", 100_000)}}}); err != nil {
			return err
		}
	}
	return nil
}

// TestSlowReaders wants a client that reads a long answer slower than a call may take to get
// all of it.
func TestSlowReaders(t *testing.T) {
	address, _, _ := start(t, rows{}, grpcserver.Options{Timeout: 50 * time.Millisecond})
	stream, err := kodeksv1.NewTerminologyServiceClient(connect(t, address)).EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: "*"})
	if err != nil {
		t.Fatal(err)
	}
	parts := 0
	for {
		if parts == 1 {
			time.Sleep(200 * time.Millisecond)
		}
		if _, err = stream.Recv(); err != nil {
			break
		}
		parts++
	}
	if parts != 100 || err != io.EOF {
		t.Errorf("%d parts and %v, want 100 and the end", parts, err)
	}
}
