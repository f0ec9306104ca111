package grpcserver

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// answer answers one call. A panic ends its call, not the server.
func (s *Server) answer(ctx context.Context, req any, info *grpc.UnaryServerInfo, call grpc.UnaryHandler) (resp any, err error) {
	defer func() {
		if p := recover(); p != nil {
			resp, err = nil, s.panicked(ctx, info.FullMethod, p)
		}
	}()
	ctx, cancel := terminology.WithTimeout(ctx, s.limit)
	defer cancel()
	resp, err = call(ctx, req)
	if err == nil {
		return resp, nil
	}
	return nil, s.failed(ctx, info.FullMethod, err)
}

// failed is the only place that turns the error of a call into its status, and the only
// place that logs one.
func (s *Server) failed(ctx context.Context, method string, err error) error {
	if _, ok := status.FromError(err); ok { // of gRPC's own services, or of a stream that ended
		return err
	}
	st := statusOf(ctx, err)
	s.log.Log(ctx, levelOf(st.Code()), "operation failed", "method", method, "code", st.Code().String(), "err", err)
	return st.Err()
}

// stream is answer for the calls that stream.
func (s *Server) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, call grpc.StreamHandler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = s.panicked(stream.Context(), info.FullMethod, p)
		}
	}()
	if s.limit > 0 && !info.IsClientStream && ours(info.FullMethod) {
		ctx, end := context.WithCancelCause(stream.Context())
		defer end(nil)
		timer := time.AfterFunc(s.limit, func() { end(&terminology.TimeoutError{After: s.limit}) })
		defer timer.Stop()
		stream = &limited{stream, ctx, timer, s.limit}
	}
	if err = call(srv, stream); err == nil {
		return nil
	}
	return s.failed(stream.Context(), info.FullMethod, err)
}

// ours reports whether a method is of our service: who watches our health does so for as long
// as it is connected.
func ours(method string) bool {
	return strings.HasPrefix(method, "/"+kodeksv1.TerminologyService_ServiceDesc.ServiceName+"/")
}

// limited is a stream of answers to a call, each of which has a limit of time. How long the
// client takes to read them does not count: a person may be at its other end.
type limited struct {
	grpc.ServerStream
	ctx   context.Context
	timer *time.Timer // ends ctx
	limit time.Duration
}

// Context returns the context with the limit.
func (l *limited) Context() context.Context { return l.ctx }

// SendMsg sends an answer, and begins the time of the next.
func (l *limited) SendMsg(m any) error {
	l.timer.Stop()
	defer l.timer.Reset(l.limit)
	return l.ServerStream.SendMsg(m)
}

func (s *Server) panicked(ctx context.Context, method string, p any) error {
	s.log.ErrorContext(ctx, "panic", "method", method, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return statusOf(context.WithoutCancel(ctx), &terminology.Error{Op: "grpcserver"}).Err()
}

// levelOf tells the faults that an operator must see from those of a client.
func levelOf(code codes.Code) slog.Level {
	switch code {
	case codes.Internal, codes.DataLoss:
		return slog.LevelError
	case codes.Unavailable, codes.ResourceExhausted:
		return slog.LevelWarn
	}
	return slog.LevelDebug
}
