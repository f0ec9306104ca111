package grpcserver

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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
	if !info.IsClientStream {
		ctx, cancel := terminology.WithTimeout(stream.Context(), s.limit)
		defer cancel()
		stream = limited{stream, ctx}
	}
	if err = call(srv, stream); err == nil {
		return nil
	}
	return s.failed(stream.Context(), info.FullMethod, err)
}

// limited is a stream of answers to a call that has a limit of time.
type limited struct {
	grpc.ServerStream
	ctx context.Context
}

// Context returns the context with the limit.
func (l limited) Context() context.Context { return l.ctx }

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
