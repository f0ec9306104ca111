package grpcserver_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// oneConcept answers from a code system of one concept, and fails in the way that
// a code asks for.
type oneConcept struct {
	grpcserver.Operations
	entered, leave chan struct{} // when not nil: a look-up of "wait" tells and waits
}

func (o oneConcept) Lookup(_ context.Context, req operation.LookupRequest) (*operation.LookupResponse, error) {
	const op = "operation.Lookup"
	for kind := terminology.Invalid; kind <= terminology.Conflict; kind++ {
		if req.Coding.Code == kind.String() {
			return nil, &terminology.Error{Op: op, Kind: kind, Err: errors.New("the cause")}
		}
	}
	switch req.Coding.Code {
	case "failed":
		return nil, errors.New("cannot read /var/lib/kodeks/secret")
	case "panic":
		panic("index out of range")
	case "wait":
		close(o.entered)
		<-o.leave
	}
	c := terminology.Coding{System: req.Coding.System, Code: req.Coding.Code}
	if c.Code != "22298006" {
		return &operation.LookupResponse{Coding: c}, nil
	}
	c.Display = "hjerteinfarkt"
	return &operation.LookupResponse{Found: true, Coding: c, Language: req.Languages.String()}, nil
}

// start serves ops until the test ends, and returns the address and what was
// logged.
func start(t *testing.T, ops grpcserver.Operations, o grpcserver.Options) (address string, logged func() string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log syncBuffer
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- grpcserver.New(ops, o).Serve(ctx, l) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { stop() })
	return l.Addr().String(), log.String, stop
}

type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func dial(t *testing.T, address string) *grpcserver.Client {
	t.Helper()
	client, err := grpcserver.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func lookup(code, lang string) *kodeksv1.LookupRequest {
	return &kodeksv1.LookupRequest{Coding: &kodeksv1.Coding{System: "http://snomed.info/sct", Code: code}, Language: lang}
}

func TestSameAnswerLocallyAndOverTheNetwork(t *testing.T) {
	ops := oneConcept{}
	address, _, _ := start(t, ops, grpcserver.Options{})
	far, near := dial(t, address), grpcserver.Local(ops)
	for _, code := range []string{"22298006", "57054005", "invalid input", "not found", "not supported", "too costly", "unavailable", "corrupt data", "conflict"} {
		there, errThere := far.Lookup(t.Context(), lookup(code, "nn, nb;q=0.5"))
		here, errHere := near.Lookup(t.Context(), lookup(code, "nn, nb;q=0.5"))
		if diff := cmp.Diff(here, there, protocmp.Transform()); diff != "" {
			t.Errorf("Lookup(%s): locally -, over the network +\n%s", code, diff)
		}
		if got, want := terminology.KindOf(errThere), terminology.KindOf(errHere); got != want {
			t.Errorf("Lookup(%s) over the network fails with kind %v, locally %v", code, got, want)
		}
		if errHere != nil && code != "unavailable" && terminology.Message(errThere) != terminology.Message(errHere) {
			t.Errorf("Lookup(%s) over the network says %q, locally %q", code, terminology.Message(errThere), terminology.Message(errHere))
		}
	}
	resp, err := far.Lookup(t.Context(), lookup("22298006", "nn, nb;q=0.5"))
	if err != nil || !resp.GetFound() || resp.GetCoding().GetDisplay() != "hjerteinfarkt" || resp.GetLanguage() != "nn, nb" {
		t.Errorf("Lookup(22298006) = %v, %v, want hjerteinfarkt", resp, err)
	}
}

func TestStatusCodes(t *testing.T) {
	address, logged, _ := start(t, oneConcept{}, grpcserver.Options{})
	stub := kodeksv1.NewTerminologyServiceClient(connect(t, address))
	for code, want := range map[string]codes.Code{
		"invalid input": codes.InvalidArgument,
		"not found":     codes.NotFound,
		"not supported": codes.Unimplemented,
		"too costly":    codes.ResourceExhausted,
		"unavailable":   codes.Unavailable,
		"corrupt data":  codes.DataLoss,
		"conflict":      codes.FailedPrecondition,
		"failed":        codes.Internal,
		"panic":         codes.Internal,
	} {
		_, err := stub.Lookup(t.Context(), lookup(code, ""))
		if got := status.Code(err); got != want {
			t.Errorf("Lookup that fails with %s: status %v, want %v", code, got, want)
		}
		if strings.Contains(err.Error(), "/var/lib") || strings.Contains(err.Error(), "out of range") {
			t.Errorf("Lookup that fails with %s tells the client %q, which is the operator's to know", code, err)
		}
	}
	for _, want := range []string{"/var/lib/kodeks/secret", "index out of range"} {
		if !strings.Contains(logged(), want) {
			t.Errorf("the log does not tell of %q", want)
		}
	}
	if _, err := stub.Lookup(t.Context(), lookup("22298006", "bokmål")); status.Code(err) != codes.InvalidArgument {
		t.Errorf("Lookup in the language bokmål: %v, want InvalidArgument", err)
	}
	count := int32(-1)
	if _, err := stub.Expand(t.Context(), &kodeksv1.ExpandRequest{Count: &count}); status.Code(err) != codes.InvalidArgument {
		t.Errorf("Expand with count -1: %v, want InvalidArgument", err)
	}
}

func TestClientGivesUp(t *testing.T) {
	ops := oneConcept{entered: make(chan struct{}), leave: make(chan struct{})}
	defer close(ops.leave)
	address, _, _ := start(t, ops, grpcserver.Options{Grace: time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := dial(t, address).Lookup(ctx, lookup("wait", "")); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Lookup past its deadline: %v, want kind unavailable", err)
	}
}

func TestNoServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, err = dial(t, address).ListReleases(t.Context(), nil)
	if terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), address) {
		t.Errorf("ListReleases without a server: %v, want unavailable and the address %s", err, address)
	}
}

func TestStopWaitsForCallsUnderWay(t *testing.T) {
	ops := oneConcept{entered: make(chan struct{}), leave: make(chan struct{})}
	address, _, stop := start(t, ops, grpcserver.Options{})
	answered := make(chan error, 1)
	go func() {
		_, err := dial(t, address).Lookup(context.Background(), lookup("wait", ""))
		answered <- err
	}()
	<-ops.entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	select {
	case err := <-stopped:
		t.Fatalf("Serve returned %v while a call was under way", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(ops.leave)
	if err := <-answered; err != nil {
		t.Errorf("the call under way failed: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Serve returned %v, want nil", err)
	}
}

func TestHealthAndReflection(t *testing.T) {
	ready := make(chan bool, 1)
	ready <- false
	isReady := func() bool { r := <-ready; ready <- r; return r }
	address, _, _ := start(t, oneConcept{}, grpcserver.Options{Ready: isReady})
	conn := connect(t, address)
	checker := healthpb.NewHealthClient(conn)
	for _, service := range []string{"", "kodeks.v1.TerminologyService"} {
		resp, err := checker.Check(t.Context(), &healthpb.HealthCheckRequest{Service: service})
		if err != nil || resp.GetStatus() != healthpb.HealthCheckResponse_NOT_SERVING {
			t.Errorf("health of %q before it is ready: %v, %v", service, resp.GetStatus(), err)
		}
	}
	<-ready
	ready <- true
	watch, err := checker.Watch(t.Context(), &healthpb.HealthCheckRequest{Service: "kodeks.v1.TerminologyService"})
	if err != nil {
		t.Fatal(err)
	}
	for {
		resp, err := watch.Recv()
		if err != nil {
			t.Fatalf("health never became SERVING: %v", err)
		}
		if resp.GetStatus() == healthpb.HealthCheckResponse_SERVING {
			break
		}
	}

	info, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	info.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}})
	resp, err := info.Recv()
	if err != nil || !strings.Contains(resp.String(), "kodeks.v1.TerminologyService") {
		t.Errorf("reflection lists %v, %v, want kodeks.v1.TerminologyService", resp, err)
	}
}

func connect(t *testing.T, address string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestSilentConnections: who connects and says nothing is let go, and keeps nobody out.
func TestSilentConnections(t *testing.T) {
	address, _, _ := start(t, oneConcept{}, grpcserver.Options{Hello: 200 * time.Millisecond})
	var silent []net.Conn
	for range 50 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		silent = append(silent, c)
	}
	if resp, err := dial(t, address).Lookup(t.Context(), lookup("22298006", "nb")); err != nil || !resp.Found {
		t.Errorf("a look-up beside them: %v, %v", resp, err)
	}
	for _, c := range silent {
		c.SetReadDeadline(time.Now().Add(20 * time.Second))
		for buffer := make([]byte, 1<<10); ; {
			_, err := c.Read(buffer) // the server says hello first
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Fatal("a connection that says nothing is kept")
			}
			if err != nil {
				break
			}
		}
	}
}
