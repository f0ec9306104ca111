package grpcserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Client asks a server in another process. Its errors are those that the server's
// operations had, of the same kinds; Unavailable also means that no server
// answers at the address.
type Client struct {
	conn    *grpc.ClientConn
	stub    kodeksv1.TerminologyServiceClient
	address string
}

// Dial returns a client of the server at host:port, without encryption. It does
// not wait for the server: whether it is there is told by the first call. Close
// the client when done.
func Dial(address string) (*Client, error) {
	const op = "grpcserver.Dial"
	conn, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(DefaultMaxResponse)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: time.Minute, Timeout: 20 * time.Second}),
	)
	if err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%q is not an address, want host:port: %w", address, err)}
	}
	return &Client{conn: conn, stub: kodeksv1.NewTerminologyServiceClient(conn), address: address}, nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.conn.Close() }

// call asks the server by one method of the stub.
func call[Q, R any](ctx context.Context, c *Client, op string, method func(context.Context, Q, ...grpc.CallOption) (R, error), req Q) (R, error) {
	resp, err := method(ctx, req)
	if err == nil {
		return resp, nil
	}
	var none R
	return none, c.failed(ctx, op, err)
}

// failed makes the status of a call an error of ours.
func (c *Client) failed(ctx context.Context, op string, err error) error {
	if status.Code(err) == codes.Unavailable && ctx.Err() == nil {
		return &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: fmt.Errorf("no answer from a Kodeks server at %s: %w", c.address, errors.New(status.Convert(err).Message()))}
	}
	return errorOf(op, err)
}

// Lookup asks what a release says of a concept.
func (c *Client) Lookup(ctx context.Context, m *kodeksv1.LookupRequest) (*kodeksv1.LookupResponse, error) {
	return call(ctx, c, "grpcserver.Lookup", c.stub.Lookup, m)
}

// ValidateCode asks whether a code is valid.
func (c *Client) ValidateCode(ctx context.Context, m *kodeksv1.ValidateCodeRequest) (*kodeksv1.ValidateCodeResponse, error) {
	return call(ctx, c, "grpcserver.ValidateCode", c.stub.ValidateCode, m)
}

// Subsumes asks how two codes relate.
func (c *Client) Subsumes(ctx context.Context, m *kodeksv1.SubsumesRequest) (*kodeksv1.SubsumesResponse, error) {
	return call(ctx, c, "grpcserver.Subsumes", c.stub.Subsumes, m)
}

// Search asks for concepts by words.
func (c *Client) Search(ctx context.Context, m *kodeksv1.SearchRequest) (*kodeksv1.SearchResponse, error) {
	return call(ctx, c, "grpcserver.Search", c.stub.Search, m)
}

// Translate asks for the codes that a map gives.
func (c *Client) Translate(ctx context.Context, m *kodeksv1.TranslateRequest) (*kodeksv1.TranslateResponse, error) {
	return call(ctx, c, "grpcserver.Translate", c.stub.Translate, m)
}

// Expand asks for the members of a value set.
func (c *Client) Expand(ctx context.Context, m *kodeksv1.ExpandRequest) (*kodeksv1.ExpandResponse, error) {
	return call(ctx, c, "grpcserver.Expand", c.stub.Expand, m)
}

// ListReleases asks what is installed.
func (c *Client) ListReleases(ctx context.Context, m *kodeksv1.ListReleasesRequest) (*kodeksv1.ListReleasesResponse, error) {
	return call(ctx, c, "grpcserver.ListReleases", c.stub.ListReleases, m)
}

// Browse asks for a page of a hierarchy.
func (c *Client) Browse(ctx context.Context, m *kodeksv1.BrowseRequest) (*kodeksv1.BrowseResponse, error) {
	return call(ctx, c, "grpcserver.Browse", c.stub.Browse, m)
}

// MapRows asks for the first rows of a map.
func (c *Client) MapRows(ctx context.Context, m *kodeksv1.MapRowsRequest) (*kodeksv1.MapRowsResponse, error) {
	return call(ctx, c, "grpcserver.MapRows", c.stub.MapRows, m)
}

// Closure makes, fills or reads a closure table.
func (c *Client) Closure(ctx context.Context, m *kodeksv1.ClosureRequest) (*kodeksv1.ClosureResponse, error) {
	return call(ctx, c, "grpcserver.Closure", c.stub.Closure, m)
}

// EvaluateConstraint asks what an expression constraint selects.
func (c *Client) EvaluateConstraint(ctx context.Context, m *kodeksv1.EvaluateConstraintRequest, yield func(*kodeksv1.EvaluateConstraintResponse) error) error {
	const op = "grpcserver.EvaluateConstraint"
	streaming, stop := context.WithCancel(ctx)
	defer stop() // the server ends when we do
	stream, err := c.stub.EvaluateConstraint(streaming, m)
	if err != nil {
		return c.failed(ctx, op, err)
	}
	for {
		part, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return c.failed(ctx, op, err)
		}
		if err := yield(part); err != nil {
			return err
		}
	}
}

// CountConstraint asks how much an expression constraint selects.
func (c *Client) CountConstraint(ctx context.Context, m *kodeksv1.CountConstraintRequest) (*kodeksv1.CountConstraintResponse, error) {
	return call(ctx, c, "grpcserver.CountConstraint", c.stub.CountConstraint, m)
}

// ValidateConstraint asks whether a text is an expression constraint.
func (c *Client) ValidateConstraint(ctx context.Context, m *kodeksv1.ValidateConstraintRequest) (*kodeksv1.ValidateConstraintResponse, error) {
	return call(ctx, c, "grpcserver.ValidateConstraint", c.stub.ValidateConstraint, m)
}

// ExplainConstraint asks how an expression constraint is evaluated, or why it selects a
// code or does not.
func (c *Client) ExplainConstraint(ctx context.Context, m *kodeksv1.ExplainConstraintRequest) (*kodeksv1.ExplainConstraintResponse, error) {
	return call(ctx, c, "grpcserver.ExplainConstraint", c.stub.ExplainConstraint, m)
}

// ValidateExpression asks what a release makes of a postcoordinated expression.
func (c *Client) ValidateExpression(ctx context.Context, m *kodeksv1.ValidateExpressionRequest) (*kodeksv1.ValidateExpressionResponse, error) {
	return call(ctx, c, "grpcserver.ValidateExpression", c.stub.ValidateExpression, m)
}
