package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/server/rest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// serveCmd is kodeks serve.
type serveCmd struct {
	HTTP string `name:"http" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to serve FHIR over HTTP (default ${default})."`
	GRPC string `name:"grpc" default:"127.0.0.1:9090" placeholder:"HOST:PORT" help:"Where to serve gRPC (default ${default})."`

	ReadOnly bool  `name:"read-only" help:"Refuse to create, update and delete resources. What clients wrote before is served."`
	MaxBody  int64 `name:"max-body" default:"16777216" placeholder:"BYTES" help:"The largest body that a request may have (default ${default})."`

	RequestTimeout time.Duration `name:"request-timeout" default:"60s" placeholder:"DURATION" help:"The longest that a request may take before it is refused, such as 30s; 0 is no limit (default ${default})."`

	Host []string `name:"host" placeholder:"NAME" help:"Names, beside localhost, by which clients of a server that only this machine reaches write resources, such as that of a proxy before it; may be repeated."`

	CORSOrigin []string `name:"cors-origin" placeholder:"ORIGIN" help:"Sites whose pages may read answers in a browser, such as https://journal.example.org; may be repeated. * is all of them, none is none (default *)."`
}

// Help is the end of kodeks serve --help.
func (*serveCmd) Help() string {
	return `Serves until it is interrupted, then lets requests under way finish; a second interrupt ends it at once. Releases that are imported or removed meanwhile are seen without a restart. Clients may create, update and delete CodeSystems, ValueSets, ConceptMaps and NamingSystems, which are kept in the folder resources of the data folder by one server at a time; --read-only refuses it. Neither port is encrypted or asks who calls: beyond this machine, put a proxy before them.

Examples:

    kodeks serve
    kodeks serve --data /srv/kodeks --http :8080 --grpc :9090
    kodeks serve --read-only
    kodeks serve --cors-origin https://journal.example.org --cors-origin http://localhost:3000
    kodeks serve --default-edition http://snomed.info/sct/51000202101/version/20250915`
}

// door is one way into the server. Serve answers until ctx ends and closes the
// listener.
type door interface {
	Serve(ctx context.Context, l net.Listener) error
}

// Run serves.
func (c *serveCmd) Run(ctx context.Context, a *app) (err error) {
	if err := a.local("serve"); err != nil {
		return err
	}
	if err := checkOrigins(c.CORSOrigin); err != nil {
		return err
	}
	web, err := listen(ctx, "--http", c.HTTP)
	if err != nil {
		return err
	}
	defer web.Close() // again, when the door has closed it: harmless
	rpc, err := listen(ctx, "--grpc", c.GRPC)
	if err != nil {
		return err
	}
	defer rpc.Close()

	// A server may be started before the first import: it is not ready until then.
	if err := os.MkdirAll(filepath.Join(a.Data, catalog.ReleasesDir), 0o755); err != nil {
		return err
	}
	if c.RequestTimeout < 0 {
		return usage("--request-timeout is %s, want 0 or more", c.RequestTimeout)
	}
	if c.MaxBody <= 0 {
		return usage("--max-body is %d, want 1 or more", c.MaxBody)
	}
	resources, err := wiring.OpenResources(a.Data, c.ReadOnly)
	if err != nil {
		return c.cannotWrite(a.Data, err)
	}
	if resources != nil {
		defer func() { err = errors.Join(err, resources.Close()) }()
	}
	in, err := openServer(ctx, a.Data, a.DefaultEdition, resources, c.ReadOnly)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	list, err := grpcserver.Local(in).ListReleases(ctx, &kodeksv1.ListReleasesRequest{})
	if err != nil {
		return err
	}
	version, revision := built()
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	if err := in.checkDefault(); err != nil {
		log.Warn("the default edition is not installed", "err", terminology.Message(err))
	}
	a.announce(web.Addr(), rpc.Addr(), list)
	if err := a.out.Flush(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { in.watch(ctx, log) })
	defer watching.Wait() // before the releases are closed
	defer stop()
	return serveAll(ctx,
		opened{rest.New(in, rest.Options{Log: log, Version: version, Released: released, Revision: revision, Ready: in.ready,
			Generation: in.catalog.Generation, Fingerprint: in.fingerprint, Origins: c.CORSOrigin, Hosts: c.hosts(web.Addr()), Writable: !c.ReadOnly, MaxBody: c.MaxBody, Timeout: c.RequestTimeout}), web},
		opened{grpcserver.New(in, grpcserver.Options{Log: log, Timeout: c.RequestTimeout, Ready: func() bool { return in.ready() == nil }}), rpc})
}

// hosts returns the names by which a server may be written to; nil: all, since more than
// this machine reaches it, and names it as the network does.
func (c *serveCmd) hosts(at net.Addr) []string {
	if tcp, ok := at.(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil
	}
	host, _, _ := net.SplitHostPort(c.HTTP) // it was listened on
	return append([]string{host}, c.Host...)
}

// checkOrigins refuses origins that no browser would send (RFC 6454, 6.2): a page that
// is refused for a slash too many is hard to explain.
func checkOrigins(origins []string) error {
	for _, o := range origins {
		switch u, err := url.Parse(o); {
		case o == rest.AnyOrigin, o == rest.NoOrigin:
			if len(origins) > 1 {
				return usage("--cors-origin %s stands alone, without other origins", o)
			}
		case err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != o || strings.ToLower(o) != o:
			return usage("--cors-origin %s is not an origin, want SCHEME://HOST or SCHEME://HOST:PORT in lower case, such as https://journal.example.org, or *, or none", o)
		}
	}
	return nil
}

// announce prints what is served, and where to try it.
func (a *app) announce(web, rpc net.Addr, list *kodeksv1.ListReleasesResponse) {
	n := len(list.GetReleases())
	if n == 0 {
		fmt.Fprintf(a.out, "Kodeks has no release in %s yet: it is ready when \"kodeks import PATH --data %s\" has installed one\n", a.Data, a.Data)
	}
	fmt.Fprintf(a.out, "Kodeks serves %d %s of %s\n", n, plural(n, "release", "releases"), a.Data)
	for _, r := range list.GetReleases() {
		fmt.Fprintf(a.out, "  %s %s%s\n", r.GetRelease().GetName(), r.GetRelease().GetDate(), holds(r))
	}
	fhir := reachable(web)
	fmt.Fprintf(a.out, "FHIR  http://%s/fhir (R4), /fhir/r4, /fhir/r5; health at /healthz, readiness at /readyz\n", fhir)
	fmt.Fprintf(a.out, "JSON  http://%s/search?q=hjerteinf, for pick-lists\n", fhir)
	fmt.Fprintf(a.out, "Pages http://%s/, for browsers\n", fhir)
	fmt.Fprintf(a.out, "gRPC  %s (kodeks.v1.TerminologyService); from here: kodeks list --server %s\n", rpc, reachable(rpc))
}

// reachable is an address as this machine reaches it: an address of all of its networks is
// none to go to.
func reachable(at net.Addr) string {
	if tcp, ok := at.(*net.TCPAddr); ok && (len(tcp.IP) == 0 || tcp.IP.IsUnspecified()) {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return at.String()
}

// cannotWrite adds to why the resources cannot be opened how to serve without a place to
// write, where that is what is missing.
func (c *serveCmd) cannotWrite(data string, err error) error {
	if c.ReadOnly || !slices.ContainsFunc([]error{syscall.ENOSPC, syscall.EROFS, syscall.EACCES}, func(no error) bool {
		return errors.Is(err, no) || strings.Contains(err.Error(), no.Error()) // Badger tells some as text alone
	}) {
		return err
	}
	return &terminology.Error{Op: "kodeks serve", Kind: terminology.KindOf(err), Err: fmt.Errorf("what clients write cannot be kept in %s: %s: make it possible, or serve with --read-only", data, terminology.Message(err))}
}

// holds tells how much of what a release holds; "" of one that is FHIR resources.
func holds(r *kodeksv1.InstalledRelease) string {
	told := ""
	if n := r.GetConcepts(); n > 0 {
		told += fmt.Sprintf(", %s %s", count(n), plural(int(n), "concept", "concepts"))
	}
	if n := len(r.GetRelease().GetMaps()); n > 0 {
		told += fmt.Sprintf(", %s %s", count(n), plural(n, "map", "maps"))
	}
	return told
}

// opened is a door and where it stands open.
type opened struct {
	door door
	l    net.Listener
}

// serveAll opens the doors until ctx ends or one of them fails, and returns when
// all have closed.
func serveAll(ctx context.Context, doors ...opened) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	closed := make(chan error, len(doors))
	for _, d := range doors {
		go func() {
			err := d.door.Serve(ctx, d.l)
			stop()
			closed <- err
		}()
	}
	var all []error
	for range doors {
		all = append(all, <-closed)
	}
	return errors.Join(all...)
}

// listen opens an address; the error names the flag that says another.
func listen(ctx context.Context, flag, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s %s is in use, perhaps by another \"kodeks serve\": choose another address with %s HOST:PORT", flag, address, flag)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s %s is not ours to open: ports below 1024 need rights that kodeks should not have", flag, address)
	case err != nil:
		return nil, usage("%s %s is not an address to listen on, want HOST:PORT: %v", flag, address, err)
	}
	return l, nil
}
