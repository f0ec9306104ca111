package grpcserver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// searchBox finds what is typed, after as long as the text asks for.
type searchBox struct {
	grpcserver.Operations
	entered chan string // gets the text of each search that waits, when not nil
	ended   chan error  // gets what each search that waits ended with
}

func (b searchBox) Search(ctx context.Context, req operation.SearchRequest) (*operation.SearchResponse, error) {
	switch word, _, _ := strings.Cut(req.Text, " "); word {
	case "wait":
		b.entered <- req.Text
		<-ctx.Done()
		b.ended <- ctx.Err()
		return nil, &terminology.Error{Op: "operation.Search", Kind: terminology.Unavailable, Err: ctx.Err()}
	case "slow":
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(len(req.Text)%5) * time.Millisecond):
		}
	case "panic":
		panic("index out of range")
	}
	if req.Constraint == "<<" {
		return nil, &terminology.Error{Op: "ecl.Parse", Kind: terminology.Invalid, Err: errors.New("line 1, column 3: found end of expression, want a concept id")}
	}
	return &operation.SearchResponse{Total: 1, Exact: true, Hits: []operation.SearchHit{{Term: req.Text}}}, nil
}

func typed(sequence int, text string) *kodeksv1.SearchRequest {
	return &kodeksv1.SearchRequest{Text: text, Sequence: proto.Int32(int32(sequence))}
}

func openStream(t *testing.T, ops grpcserver.Operations) (kodeksv1.TerminologyService_SearchAsYouTypeClient, func() string) {
	t.Helper()
	address, logged, _ := start(t, ops, grpcserver.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	stream, err := kodeksv1.NewTerminologyServiceClient(connect(t, address)).SearchAsYouType(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return stream, logged
}

// TestNewerRequestEndsOlder: the search for what was typed before ends, and is not
// answered.
func TestNewerRequestEndsOlder(t *testing.T) {
	ops := searchBox{entered: make(chan string, 1), ended: make(chan error, 1)}
	stream, logged := openStream(t, ops)
	for i := 1; i < 10; i += 2 {
		stream.Send(typed(i, "wait hjerte"))
		<-ops.entered
		stream.Send(typed(i+1, "hjerteinf"))
		if err := <-ops.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the search before ended with %v, want it cancelled", err)
		}
		resp, err := stream.Recv()
		if err != nil || resp.GetSequence() != int32(i+1) || resp.GetHits()[0].GetTerm() != "hjerteinf" || resp.GetStatus() != nil {
			t.Fatalf("answer %v, %v, want that to request %d", resp, err, i+1)
		}
	}
	if logged() != "" {
		t.Errorf("a search that nobody waits for is logged: %s", logged())
	}
}

// TestErrorIsAnAnswer: what is wrong with a request is told to it, and the next is
// answered.
func TestErrorIsAnAnswer(t *testing.T) {
	stream, logged := openStream(t, searchBox{})
	for i, tt := range []struct {
		req  *kodeksv1.SearchRequest
		code codes.Code
		text string
	}{
		{&kodeksv1.SearchRequest{Text: "hjerte", Constraint: "<<"}, codes.InvalidArgument, "line 1, column 3"},
		{&kodeksv1.SearchRequest{Text: "hjerte"}, codes.OK, ""},
		{&kodeksv1.SearchRequest{Text: "hjerte", Language: "bokmål"}, codes.InvalidArgument, "bokmål"},
		{&kodeksv1.SearchRequest{Text: "hjerte", Terms: []string{"nb", "*"}}, codes.InvalidArgument, `terms: "*"`},
		{&kodeksv1.SearchRequest{Text: "hjerte"}, codes.OK, ""},
	} {
		tt.req.Sequence = proto.Int32(int32(i))
		stream.Send(tt.req)
		resp, err := stream.Recv()
		if err != nil || codes.Code(resp.GetStatus().GetCode()) != tt.code || !strings.Contains(resp.GetStatus().GetMessage(), tt.text) || resp.GetSequence() != int32(i) {
			t.Fatalf("request %d: %v, %v, want status %v with %q", i, resp, err, tt.code, tt.text)
		}
	}
	if !strings.Contains(logged(), "SearchAsYouType") {
		t.Errorf("the log does not tell of the errors: %q", logged())
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if resp, err := stream.Recv(); err != io.EOF {
		t.Errorf("after the last request: %v, %v, want the end", resp, err)
	}
}

// TestAnswersInOrder states what holds however fast somebody types: each answer is that
// of its own request, none comes after a newer one, and the last request is answered.
func TestAnswersInOrder(t *testing.T) {
	stream, _ := openStream(t, searchBox{})
	const last = 2000
	text := func(i int) string { return "slow " + strings.Repeat("x", i%7) + fmt.Sprint(i) }
	go func() {
		r := rand.New(rand.NewPCG(1, 2))
		for i := 1; i <= last; i++ {
			stream.Send(typed(i, text(i)))
			if r.IntN(10) == 0 {
				time.Sleep(time.Duration(r.IntN(6)) * time.Millisecond)
			}
		}
		stream.CloseSend()
	}()
	before, answers := 0, 0
	for {
		resp, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		now := int(resp.GetSequence())
		if now <= before || len(resp.GetHits()) != 1 || resp.GetHits()[0].GetTerm() != text(now) {
			t.Fatalf("after the answer to request %d: %v", before, resp)
		}
		before = now
		answers++
	}
	if before != last {
		t.Errorf("the last answer is to request %d, want %d", before, last)
	}
	if answers == last {
		t.Error("no request was overtaken: the test tests nothing")
	}
}

// TestSearchBoxCloses: a client that leaves ends its search, and a panic its stream.
func TestSearchBoxCloses(t *testing.T) {
	ops := searchBox{entered: make(chan string, 1), ended: make(chan error, 1)}
	address, logged, _ := start(t, ops, grpcserver.Options{})
	stub := kodeksv1.NewTerminologyServiceClient(connect(t, address))
	ctx, leave := context.WithCancel(t.Context())
	stream, err := stub.SearchAsYouType(ctx)
	if err != nil {
		t.Fatal(err)
	}
	stream.Send(typed(1, "wait"))
	<-ops.entered
	leave()
	wantEnd(t, ops.ended)

	stream, err = stub.SearchAsYouType(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stream.Send(typed(1, "panic"))
	if _, err := stream.Recv(); status.Code(err) != codes.Internal {
		t.Errorf("after a panic: %v, want Internal", err)
	}
	if !strings.Contains(logged(), "index out of range") {
		t.Error("the log does not tell of the panic")
	}
}

// TestSpansAreCodePoints: marked parts are counted in what all programs can count.
func TestSpansAreCodePoints(t *testing.T) {
	term := "blå\u030A hjerteå"
	at := strings.Index(term, "hjerte")
	m := grpcserver.SearchResponse(&operation.SearchResponse{Hits: []operation.SearchHit{{Term: term, Marked: []terminology.TextSpan{{Start: 0, End: 4}, {Start: at, End: len(term)}}}}})
	points, got := []rune(term), []string(nil)
	for _, s := range m.GetHits()[0].GetMarked() {
		got = append(got, string(points[s.GetStart():s.GetEnd()]))
	}
	if strings.Join(got, "|") != "blå|hjerteå" {
		t.Errorf("marked parts %q of %q", got, term)
	}
}
