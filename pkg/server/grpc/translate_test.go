package grpcserver_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapsOfAge translates a code to itself and the age of the patient.
type mapsOfAge struct{ grpcserver.Operations }

func (mapsOfAge) Translate(_ context.Context, req operation.TranslateRequest) (*operation.TranslateResponse, error) {
	switch req.Coding.Code {
	case "":
		return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.Invalid, Err: errors.New("a code is needed")}
	case "panic":
		panic("index out of range")
	}
	return &operation.TranslateResponse{Result: true, Matches: []operation.Match{{Coding: terminology.Coding{Code: req.Coding.Code}, Reason: req.Patient.Age}}}, nil
}

// TestTranslateStream wants every request answered once and in order, what is wrong with
// one told in its answer, and the stream to end when the client has sent its last.
func TestTranslateStream(t *testing.T) {
	address, logged, _ := start(t, mapsOfAge{}, grpcserver.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stream, err := kodeksv1.NewTerminologyServiceClient(connect(t, address)).TranslateStream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const total = 2000
	sent := make(chan error, 1)
	go func() {
		for i := range total {
			m := &kodeksv1.TranslateRequest{Sequence: proto.Int32(int32(i)), Coding: &kodeksv1.Coding{Code: "T90"}, Patient: &kodeksv1.Patient{Age: "63y"}}
			if i%10 == 3 {
				m.Coding = nil
			}
			if err := stream.Send(m); err != nil {
				sent <- err
				return
			}
		}
		sent <- stream.CloseSend()
	}()
	for i := range total {
		m, err := stream.Recv()
		if err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
		bad := i%10 == 3
		if m.GetSequence() != int32(i) || bad != (m.GetStatus() != nil) || !bad && m.GetMatches()[0].GetReason() != "63y" || bad && (codes.Code(m.GetStatus().GetCode()) != codes.InvalidArgument || !strings.Contains(m.GetStatus().GetMessage(), "a code is needed")) {
			t.Fatalf("answer %d is %v", i, m)
		}
	}
	if _, err := stream.Recv(); err != io.EOF {
		t.Errorf("after the last answer: %v, want the end", err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
	if n := strings.Count(logged(), "a code is needed"); n == 0 {
		t.Error("no error of a request was logged")
	}
}
