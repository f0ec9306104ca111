package grpcserver

import (
	"context"
	"time"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Operations is what the server asks: an *operation.Service.
type Operations interface {
	Lookup(context.Context, operation.LookupRequest) (*operation.LookupResponse, error)
	ValidateCode(context.Context, operation.ValidateCodeRequest) (*operation.ValidateCodeResponse, error)
	Subsumes(context.Context, operation.SubsumesRequest) (*operation.SubsumesResponse, error)
	Search(context.Context, operation.SearchRequest) (*operation.SearchResponse, error)
	Translate(context.Context, operation.TranslateRequest) (*operation.TranslateResponse, error)
	Expand(context.Context, operation.ExpandRequest) (*operation.ExpandResponse, error)
	List(context.Context) (*operation.ListResponse, error)
	Browse(context.Context, operation.BrowseRequest) (*operation.BrowseResponse, error)
	MapRows(context.Context, operation.MapRowsRequest) (*operation.MapRowsResponse, error)
	Closure(context.Context, operation.ClosureRequest) (*operation.ClosureResponse, error)

	EvaluateConstraint(context.Context, operation.ConstraintRequest, func(*operation.ConstraintPart) error) error
	CountConstraint(context.Context, operation.ConstraintRequest) (*operation.ConstraintHead, error)
	ValidateConstraint(context.Context, operation.ConstraintRequest) (*operation.ValidateConstraintResponse, error)
	ExplainConstraint(context.Context, operation.ExplainConstraintRequest) (*operation.ExplainConstraintResponse, error)
	ValidateExpression(context.Context, operation.ValidateExpressionRequest) (*operation.ValidateExpressionResponse, error)
}

// Terminology is the service as a program calls it, wherever it runs: in this
// process (Local) or in another (Client). Errors are *terminology.Error.
type Terminology interface {
	Lookup(context.Context, *kodeksv1.LookupRequest) (*kodeksv1.LookupResponse, error)
	ValidateCode(context.Context, *kodeksv1.ValidateCodeRequest) (*kodeksv1.ValidateCodeResponse, error)
	Subsumes(context.Context, *kodeksv1.SubsumesRequest) (*kodeksv1.SubsumesResponse, error)
	Search(context.Context, *kodeksv1.SearchRequest) (*kodeksv1.SearchResponse, error)
	Translate(context.Context, *kodeksv1.TranslateRequest) (*kodeksv1.TranslateResponse, error)
	Expand(context.Context, *kodeksv1.ExpandRequest) (*kodeksv1.ExpandResponse, error)
	ListReleases(context.Context, *kodeksv1.ListReleasesRequest) (*kodeksv1.ListReleasesResponse, error)
	Browse(context.Context, *kodeksv1.BrowseRequest) (*kodeksv1.BrowseResponse, error)
	MapRows(context.Context, *kodeksv1.MapRowsRequest) (*kodeksv1.MapRowsResponse, error)
	Closure(context.Context, *kodeksv1.ClosureRequest) (*kodeksv1.ClosureResponse, error)

	// EvaluateConstraint gives each message of the stream to a function, whose error
	// ends it and is returned as it is.
	EvaluateConstraint(context.Context, *kodeksv1.EvaluateConstraintRequest, func(*kodeksv1.EvaluateConstraintResponse) error) error
	CountConstraint(context.Context, *kodeksv1.CountConstraintRequest) (*kodeksv1.CountConstraintResponse, error)
	ValidateConstraint(context.Context, *kodeksv1.ValidateConstraintRequest) (*kodeksv1.ValidateConstraintResponse, error)
	ExplainConstraint(context.Context, *kodeksv1.ExplainConstraintRequest) (*kodeksv1.ExplainConstraintResponse, error)
	ValidateExpression(context.Context, *kodeksv1.ValidateExpressionRequest) (*kodeksv1.ValidateExpressionResponse, error)
}

// service answers messages by asking operations. Its errors are those of the
// operations; the server's interceptor gives them their status.
type service struct {
	kodeksv1.UnimplementedTerminologyServiceServer
	ops Operations
	// failed logs the error of a request of a stream that goes on; nil: it is not logged.
	failed func(ctx context.Context, method string, err error) error
	limit  time.Duration // of each request of a stream; 0: none
}

// Local returns the service without a network.
func Local(ops Operations) Terminology { return local{&service{ops: ops}} }

// local is a service whose streams go to a function.
type local struct{ *service }

// EvaluateConstraint gives what a constraint selects.
func (l local) EvaluateConstraint(ctx context.Context, m *kodeksv1.EvaluateConstraintRequest, yield func(*kodeksv1.EvaluateConstraintResponse) error) error {
	return evaluateConstraint(ctx, l.ops, m, yield)
}
