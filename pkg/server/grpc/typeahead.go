package grpcserver

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// SearchAsYouType answers kodeks.v1.TerminologyService/SearchAsYouType. One search
// runs at a time, here; another goroutine only receives, so that a newer request can
// end it.
func (s *service) SearchAsYouType(stream grpc.BidiStreamingServer[kodeksv1.SearchRequest, kodeksv1.SearchResponse]) error {
	box := &searchBox{wake: make(chan struct{}, 1)}
	go func() { // ends with the stream, which ends when we return
		for {
			m, err := stream.Recv()
			box.put(m, err)
			if err != nil {
				return
			}
		}
	}()
	for {
		ctx, m, err := box.take(stream.Context())
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		in, cancel := terminology.WithTimeout(ctx, s.limit)
		resp, err := s.Search(in, m)
		late := terminology.TimedOut(in)
		cancel()
		if ctx.Err() != nil {
			continue // a newer request has come, or the client is gone
		}
		if err != nil {
			if !late {
				in = context.WithoutCancel(ctx) // a newer request may come just now
			}
			resp = &kodeksv1.SearchResponse{Status: s.searchStatus(in, err)}
		}
		resp.Sequence = m.Sequence
		if err := stream.Send(resp); err != nil {
			return err
		}
	}
}

// searchStatus is what a request of a stream is told of its error. It is logged as if
// the call had failed.
func (s *service) searchStatus(ctx context.Context, err error) *kodeksv1.SearchStatus {
	if s.failed != nil {
		s.failed(ctx, kodeksv1.TerminologyService_SearchAsYouType_FullMethodName, err)
	}
	st := statusOf(ctx, err)
	return &kodeksv1.SearchStatus{Code: int32(st.Code()), Message: st.Message()}
}

// searchBox holds the newest request that has come: what a person has typed by now.
type searchBox struct {
	wake chan struct{} // has one when there is something to take

	mu   sync.Mutex
	next *kodeksv1.SearchRequest
	end  error              // io.EOF: there will be no other request
	stop context.CancelFunc // of the search under way; nil: none
}

// put lets a request take the place of the one that waits, and ends the search under
// way; or, with an error, says that there will be none.
func (b *searchBox) put(m *kodeksv1.SearchRequest, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.end = err
	} else {
		b.next = m
		if b.stop != nil {
			b.stop()
		}
	}
	b.tell()
}

// tell wakes take, now or when it next looks.
func (b *searchBox) tell() {
	select {
	case b.wake <- struct{}{}:
	default: // it has been told
	}
}

// take waits for a request and returns it with the context of its search, which ends
// when the next one comes. After the last request it returns the error of the end.
func (b *searchBox) take(ctx context.Context) (context.Context, *kodeksv1.SearchRequest, error) {
	for {
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-b.wake:
		}
		b.mu.Lock()
		if b.stop != nil {
			b.stop() // frees what the last context holds
			b.stop = nil
		}
		m, err := b.next, b.end
		b.next = nil
		if m != nil {
			if err != nil {
				b.tell() // to see the end next: nothing else will come
			}
			ctx, b.stop = context.WithCancel(ctx)
			b.mu.Unlock()
			return ctx, m, nil
		}
		b.mu.Unlock()
		if err != nil {
			return nil, nil, err
		}
	}
}
