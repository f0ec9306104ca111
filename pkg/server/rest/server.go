package rest

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Operations is what the server asks; *operation.Service is one.
type Operations interface {
	Lookup(context.Context, operation.LookupRequest) (*operation.LookupResponse, error)
	Validate(context.Context, operation.ValidateRequest) (*operation.ValidateResponse, error)
	Batch() *operation.Batch
	Subsumes(context.Context, operation.SubsumesRequest) (*operation.SubsumesResponse, error)
	Translate(context.Context, operation.TranslateRequest) (*operation.TranslateResponse, error)
	Expand(context.Context, operation.ExpandRequest) (*operation.ExpandResponse, error)
	Search(context.Context, operation.SearchRequest) (*operation.SearchResponse, error)
	Browse(context.Context, operation.BrowseRequest) (*operation.BrowseResponse, error)
	MapRows(context.Context, operation.MapRowsRequest) (*operation.MapRowsResponse, error)
	Closure(context.Context, operation.ClosureRequest) (*operation.ClosureResponse, error)
	CacheControl(context.Context, operation.CacheRequest) (*operation.CacheResponse, error)
	List(context.Context) (*operation.ListResponse, error)
	ReadResource(ctx context.Context, typ, id string) (operation.Resource, error)
	ReadResourceVersion(ctx context.Context, typ, id string, version uint64) (operation.Resource, error)
	ResourceHistory(context.Context, operation.HistoryRequest) (*operation.HistoryResponse, error)
	SearchResources(context.Context, operation.ResourceSearchRequest) (*operation.ResourceSearchResponse, error)
	WriteResource(context.Context, operation.WriteRequest) (*operation.WriteResponse, error)
}

// Options are the settings of a server; the zero Options are usable.
type Options struct {
	Log      *slog.Logger // nil: nothing is logged
	Ready    func() error // why the server cannot answer yet, nil when it can; nil: always ready
	Software string       // name of the software; "": Kodeks
	Version  string       // of the software; "": dev
	Released string       // date of that version, yyyy-mm-dd; "": the day the server was made
	Revision string       // of the source that it was built from: two builds of one version may answer otherwise
	MaxBody  int64        // most bytes of a request body; 0: 16 MiB
	// Generation counts the changes of what is installed; with it, answers to
	// expansions and searches are kept until it changes. nil: each request is asked anew.
	Generation func() uint64
	// Fingerprint names what is installed and how it answers, in any process that
	// answers alike; with it, answers to searches have an ETag. nil: they have none.
	Fingerprint func() string
	// Origins are the sites whose pages may read answers in a browser, such as
	// https://journal.example.org; none, or *: all of them. The word none: no site.
	Origins []string
	// Hosts are the names by which this server may be written to, beside localhost and the
	// addresses of this machine's own, when only this machine reaches it. none: any name.
	Hosts []string
	// Writable tells clients that resources can be written.
	Writable bool
	Timeout  time.Duration // the longest that a request may take; 0: no limit
	MaxWork  int64         // as in operation.Options, for requests that come together, in a Bundle or as codings of one concept
	BaseURL  string        // scheme and host that clients use, such as https://example.org; "": as the request says
}

// How long a client may take, and how long requests under way may at shutdown.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = time.Minute
	writeTimeout    = 2 * time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 15 * time.Second
)

// Server answers FHIR requests, and searches for pick-lists, over HTTP.
type Server struct {
	writers *http.CrossOriginProtection
	ops     Operations
	opts    Options
	log     *slog.Logger
	echo    *echo.Echo

	cache  *cache       // nil: none
	bodies atomic.Int64 // bytes of room that bodies have taken
}

// New returns a server for the given operations.
func New(ops Operations, o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Ready == nil {
		o.Ready = func() error { return nil }
	}
	if o.Software == "" {
		o.Software = "Kodeks"
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Released == "" {
		o.Released = time.Now().UTC().Format(time.DateOnly)
	}
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	s := &Server{ops: ops, opts: o, log: o.Log, echo: echo.New(), writers: writersOf(o.Origins)}
	if o.Generation != nil {
		s.cache = &cache{}
	}
	s.echo.HTTPErrorHandler = s.routeError
	s.addPlain()
	s.addSearch()
	for _, e := range []*endpoint{
		{path: "/fhir", version: fhir.R4, routes: s.routesOf(fhir.R4)},
		{path: "/fhir/r4", version: fhir.R4, routes: s.routesOf(fhir.R4)},
		{path: "/fhir/r5", version: fhir.R5, routes: s.routesOf(fhir.R5)},
	} {
		s.addEndpoint(e)
	}
	return s
}

// Handler returns the server as a handler, for tests and for use behind another
// server.
func (s *Server) Handler() http.Handler { return addressed(http.HandlerFunc(s.serveHTTP)) }

// serveHTTP does what must come before the router: CORS, and addresses that write
// $ as %24.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	setSecurity(w.Header())
	if s.crossOrigin(w, r) {
		return
	}
	if s.opts.Timeout > 0 {
		ctx, cancel := terminology.WithTimeout(r.Context(), s.opts.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
	}
	if !strings.Contains(strings.ToUpper(r.URL.RawPath), "%2F") { // which is no slash: who guards addresses before us reads it so
		r.URL.RawPath = "" // every address of ours is plain once it is decoded
	}
	s.echo.ServeHTTP(w, r)
}

// Serve answers on ln until ctx ends, then finishes the requests under way and
// returns nil. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      max(writeTimeout, s.opts.Timeout+writeTimeout/2),
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := srv.Shutdown(stop)
	if err != nil {
		srv.Close()
	}
	if e := <-done; !errors.Is(e, http.ErrServerClosed) {
		return e
	}
	return err
}
