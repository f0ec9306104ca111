package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// measureGRPC asks for concepts over gRPC with as many calls in flight as there are
// connections over HTTP. The client costs about as much as the server.
func measureGRPC(b *testing.B, t *benchTable, in *installed, d *drawn) {
	ctx, stop := context.WithCancel(b.Context())
	l, ended := listenLocal(b), make(chan error, 1)
	go func() { ended <- grpcserver.New(in, grpcserver.Options{}).Serve(ctx, l) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			b.Errorf("Serve: %v", err)
		}
	}()
	c, err := grpcserver.Dial(l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var rates []float64
	for range rounds {
		rate, err := loadGRPC(ctx, c, d, benchRound(b))
		if err != nil {
			b.Errorf("gRPC Lookup: %v", err)
			return
		}
		rates = append(rates, rate)
	}
	slices.Sort(rates)
	t.add(benchRow{what: "gRPC Lookup", figure: count(int(rates[rounds/2])) + " req/s"})
}

// loadGRPC looks codes up for a while and returns the answers per second.
func loadGRPC(ctx context.Context, c *grpcserver.Client, d *drawn, round time.Duration) (float64, error) {
	var stop atomic.Bool
	var answers atomic.Int64
	var wg sync.WaitGroup
	failed := make(chan error, connections)
	start := time.Now()
	time.AfterFunc(round, func() { stop.Store(true) })
	for n := range connections {
		wg.Go(func() {
			for i := n * len(d.codes) / connections; !stop.Load(); i++ {
				code := d.codes[i%len(d.codes)]
				resp, err := c.Lookup(ctx, &kodeksv1.LookupRequest{Coding: &kodeksv1.Coding{System: d.release.System, Code: code}})
				if err == nil && !resp.GetFound() {
					err = fmt.Errorf("%s is not found", code)
				}
				if err != nil {
					failed <- err
					return
				}
				answers.Add(1)
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	close(failed)
	return float64(answers.Load()) / took.Seconds(), <-failed
}
