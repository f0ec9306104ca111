package grpcserver_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// manyConcepts selects a number of concepts, batch after batch out of the same memory.
type manyConcepts struct {
	grpcserver.Operations
	total int
	ended chan error // what the last evaluation ended with
}

func (m manyConcepts) EvaluateConstraint(_ context.Context, req operation.ConstraintRequest, yield func(*operation.ConstraintPart) error) (err error) {
	if m.ended != nil {
		defer func() { m.ended <- err }()
	}
	if req.Expression == "<<" {
		return &terminology.Error{Op: "ecl.Parse", Kind: terminology.Invalid, Err: errors.New("line 1, column 3: found end of expression, want a concept id")}
	}
	if err := yield(&operation.ConstraintPart{Head: &operation.ConstraintHead{Total: m.total, Columns: []string{"mapTarget"}}}); err != nil {
		return err
	}
	rows, cells := make([]operation.ConstraintRow, 1000), make([]string, 2000)
	for i := 0; i < m.total; i += len(rows) {
		if req.Expression == "panic" {
			panic("index out of range")
		}
		for k := range rows {
			cells[2*k], cells[2*k+1] = fmt.Sprint("value ", i+k), fmt.Sprint("display ", i+k)
			rows[k] = operation.ConstraintRow{Code: fmt.Sprint(i + k), Values: cells[2*k : 2*k+1], Displays: cells[2*k+1 : 2*k+2]}
		}
		if err := yield(&operation.ConstraintPart{Rows: rows}); err != nil {
			return err
		}
	}
	return nil
}

// TestStreamOfManyRows wants every row once and in order, locally and over the network,
// though all batches come out of the same memory.
func TestStreamOfManyRows(t *testing.T) {
	const total = 50_000
	ops := manyConcepts{total: total}
	address, _, _ := start(t, ops, grpcserver.Options{})
	for name, door := range map[string]grpcserver.Terminology{"locally": grpcserver.Local(ops), "over the network": dial(t, address)} {
		var kept []*kodeksv1.EvaluateConstraintResponse
		err := door.EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: "*"}, func(m *kodeksv1.EvaluateConstraintResponse) error {
			kept = append(kept, m)
			return nil
		})
		if err != nil || len(kept) != 1+total/1000 || kept[0].GetHead().GetTotal() != total {
			t.Fatalf("%s: %d messages, %v, want a head and %d batches", name, len(kept), err, total/1000)
		}
		next := 0
		for _, m := range kept[1:] {
			for _, row := range m.GetRows() {
				if row.GetCode() != fmt.Sprint(next) || row.GetValues()[0] != fmt.Sprint("value ", next) || row.GetDisplays()[0] != fmt.Sprint("display ", next) {
					t.Fatalf("%s: row %d is %v", name, next, row)
				}
				next++
			}
		}
		if next != total {
			t.Errorf("%s: %d rows, want %d", name, next, total)
		}
	}
}

// TestStreamEnds wants a stream to end when its receiver is done with it, or is gone.
func TestStreamEnds(t *testing.T) {
	ops := manyConcepts{total: 1_000_000_000, ended: make(chan error, 1)}
	address, _, _ := start(t, ops, grpcserver.Options{})
	client := dial(t, address)
	enough := errors.New("enough")
	for name, door := range map[string]grpcserver.Terminology{"locally": grpcserver.Local(ops), "over the network": client} {
		n := 0
		err := door.EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: "*"}, func(*kodeksv1.EvaluateConstraintResponse) error {
			if n++; n == 3 {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) {
			t.Errorf("%s: %v, want the error of the receiver", name, err)
		}
		wantEnd(t, ops.ended)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := client.EvaluateConstraint(ctx, &kodeksv1.EvaluateConstraintRequest{Expression: "*"}, func(*kodeksv1.EvaluateConstraintResponse) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	})
	if terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("a call that is cancelled: %v, want unavailable", err)
	}
	wantEnd(t, ops.ended)
}

func wantEnd(t *testing.T, ended <-chan error) {
	t.Helper()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the evaluation went on to its end")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the evaluation goes on without its receiver")
	}
}

func TestStreamStatus(t *testing.T) {
	address, logged, _ := start(t, manyConcepts{total: 10}, grpcserver.Options{})
	stub := kodeksv1.NewTerminologyServiceClient(connect(t, address))
	for expression, want := range map[string]codes.Code{"<<": codes.InvalidArgument, "panic": codes.Internal} {
		stream, err := stub.EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: expression})
		for err == nil {
			_, err = stream.Recv()
		}
		if status.Code(err) != want {
			t.Errorf("EvaluateConstraint(%s): %v, want %v", expression, err, want)
		}
	}
	if logged() == "" {
		t.Error("the log tells of no failure")
	}
	stream, err := stub.EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: "*", Language: "bokmål"})
	if err == nil {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("EvaluateConstraint in the language bokmål: %v, want InvalidArgument", err)
	}
	client := dial(t, address)
	err = client.EvaluateConstraint(t.Context(), &kodeksv1.EvaluateConstraintRequest{Expression: "<<"}, func(*kodeksv1.EvaluateConstraintResponse) error { return nil })
	if terminology.KindOf(err) != terminology.Invalid || terminology.Message(err) != "line 1, column 3: found end of expression, want a concept id" {
		t.Errorf("EvaluateConstraint(<<) by the client: %v, want invalid input and the place", err)
	}
}
