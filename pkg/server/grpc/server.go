package grpcserver

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
)

// The limits of a server unless Options say otherwise. An expansion of a whole
// SNOMED CT edition with its displays is about 50 MiB.
const (
	DefaultMaxRequest  = 4 << 20
	DefaultMaxResponse = 128 << 20
	DefaultGrace       = 10 * time.Second
	DefaultHello       = 10 * time.Second
)

// Options are the settings of a server. The zero Options are good ones.
type Options struct {
	Log         *slog.Logger  // of failed calls; nil: none
	Ready       func() bool   // whether to tell health checks that we serve, asked every second; nil: always
	MaxRequest  int           // bytes of a request; 0: DefaultMaxRequest
	MaxResponse int           // bytes of a response; 0: DefaultMaxResponse
	Grace       time.Duration // for calls under way when the server stops; 0: DefaultGrace
	Timeout     time.Duration // the longest that a call may take; 0: no limit. Of a stream each request, or each part of the answer, has it
	Hello       time.Duration // for a client to begin to speak once it has connected; 0: DefaultHello
}

// Server is a gRPC server of kodeks.v1.TerminologyService.
type Server struct {
	grpc   *grpc.Server
	health *health.Server
	log    *slog.Logger
	ready  func() bool
	grace  time.Duration
	limit  time.Duration // of a call; 0: none
}

// New returns a server that asks ops. Give it a listener with Serve.
func New(ops Operations, o Options) *Server {
	s := &Server{health: health.NewServer(), log: o.Log, ready: o.Ready, grace: or(o.Grace, DefaultGrace), limit: o.Timeout}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.grpc = grpc.NewServer(
		grpc.ChainUnaryInterceptor(s.answer),
		grpc.ChainStreamInterceptor(s.stream),
		grpc.MaxRecvMsgSize(or(o.MaxRequest, DefaultMaxRequest)),
		grpc.MaxSendMsgSize(or(o.MaxResponse, DefaultMaxResponse)),
		grpc.MaxConcurrentStreams(1000),
		grpc.ConnectionTimeout(or(o.Hello, DefaultHello)),
		grpc.NumStreamWorkers(uint32(2*runtime.GOMAXPROCS(0))),
		// Clients sit behind hospital firewalls that forget silent connections: both
		// sides may ask whether the other is there, but not more often than every
		// half minute.
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 2 * time.Minute, Timeout: 20 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 30 * time.Second, PermitWithoutStream: true}),
	)
	kodeksv1.RegisterTerminologyServiceServer(s.grpc, &service{ops: ops, failed: s.failed, limit: s.limit})
	healthpb.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
	s.setHealth(false)
	return s
}

// Serve answers calls on l until ctx ends. It then tells health checks that it no
// longer serves, takes no new calls, gives those under way their grace, and
// returns nil. It closes l. A Server serves once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	failed := make(chan error, 1)
	s.setHealth(s.ready == nil || s.ready())
	go func() { failed <- s.grpc.Serve(l) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-failed:
			return err
		case <-tick.C:
			s.setHealth(s.ready == nil || s.ready())
		case <-ctx.Done():
			s.stop()
			if err := <-failed; !errors.Is(err, grpc.ErrServerStopped) {
				return err
			}
			return nil // stopped before it had begun
		}
	}
}

// stop lets calls under way finish within the grace, then cuts them off.
func (s *Server) stop() {
	s.health.Shutdown()
	cut := time.AfterFunc(s.grace, s.grpc.Stop)
	defer cut.Stop()
	s.grpc.GracefulStop()
}

// setHealth tells whether we serve, for the server as a whole and for the service
// by name.
func (s *Server) setHealth(ready bool) {
	status := healthpb.HealthCheckResponse_NOT_SERVING
	if ready {
		status = healthpb.HealthCheckResponse_SERVING
	}
	s.health.SetServingStatus("", status)
	s.health.SetServingStatus(kodeksv1.TerminologyService_ServiceDesc.ServiceName, status)
}

// or returns v, or d when v is zero.
func or[T comparable](v, d T) T {
	if v == *new(T) {
		return d
	}
	return v
}
