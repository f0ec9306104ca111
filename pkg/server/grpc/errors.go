package grpcserver

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// kindCodes is the one table from the kind of an error to its status code; Client
// reads it backwards.
var kindCodes = [...]codes.Code{
	terminology.Other:        codes.Internal,
	terminology.Invalid:      codes.InvalidArgument,
	terminology.NotFound:     codes.NotFound,
	terminology.NotSupported: codes.Unimplemented,
	terminology.TooCostly:    codes.ResourceExhausted,
	terminology.Unavailable:  codes.Unavailable,
	terminology.Corrupt:      codes.DataLoss,
	terminology.Conflict:     codes.FailedPrecondition,
}

// statusOf gives an error its status. A call that its client gave up is told so
// whatever the operation made of it, and what an error of no kind says stays in
// the log: it may tell of the machine.
func statusOf(ctx context.Context, err error) *status.Status {
	switch cause := ctx.Err(); {
	case terminology.TimedOut(ctx):
		return status.New(codes.DeadlineExceeded, context.Cause(ctx).Error())
	case errors.Is(cause, context.DeadlineExceeded):
		return status.New(codes.DeadlineExceeded, "the time that the client gave has passed")
	case cause != nil:
		return status.New(codes.Canceled, "the client gave up the call")
	}
	kind := terminology.KindOf(err)
	if int(kind) >= len(kindCodes) || kind == terminology.Other {
		return status.New(codes.Internal, "the server failed; its log tells why")
	}
	return status.New(kindCodes[kind], terminology.Message(err))
}

// errorOf makes a status an error of its kind again.
func errorOf(op string, err error) error {
	if err == nil {
		return nil
	}
	s := status.Convert(err)
	kind := terminology.Other
	switch s.Code() {
	case codes.Canceled, codes.DeadlineExceeded:
		kind = terminology.Unavailable
	default:
		for k, code := range kindCodes {
			if code == s.Code() {
				kind = terminology.Kind(k)
			}
		}
	}
	return &terminology.Error{Op: op, Kind: kind, Err: errors.New(s.Message())}
}

// invalid is the error of a request that cannot be read.
func invalid(format string, args ...any) error {
	return &terminology.Error{Op: "grpcserver", Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}
