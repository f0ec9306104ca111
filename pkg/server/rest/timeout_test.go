package rest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// waiting answers when its client has left or the time of the request is over.
type waiting struct{ rest.Operations }

func (waiting) Lookup(ctx context.Context, _ operation.LookupRequest) (*operation.LookupResponse, error) {
	<-ctx.Done()
	return nil, &terminology.Error{Op: "operation.Lookup", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}

func (waiting) Search(ctx context.Context, _ operation.SearchRequest) (*operation.SearchResponse, error) {
	<-ctx.Done()
	return nil, &terminology.Error{Op: "operation.Search", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}

// TestRequestsEnd wants a request that takes longer than the server gives it told so, and
// nothing told to a client that has left.
func TestRequestsEnd(t *testing.T) {
	h := rest.New(waiting{}, rest.Options{Timeout: 20 * time.Millisecond}).Handler()
	const text = "the request took longer than 20ms"
	for _, path := range []string{"/fhir/r4/CodeSystem/$lookup?system=http://snomed.info/sct&code=22298006", "/search?q=hjerte"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		if body := rec.Body.String(); rec.Code != http.StatusServiceUnavailable || !strings.Contains(body, text) || !strings.Contains(body, `"timeout"`) {
			t.Errorf("GET %s: %d %s, want 503, timeout and %q", path, rec.Code, body, text)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		rec = httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequestWithContext(ctx, "GET", path, nil))
		if rec.Body.Len() > 0 {
			t.Errorf("GET %s by a client that has left: %s", path, rec.Body)
		}
	}
	rec := post(h, t.Context(), "/fhir/r4", lookUps("1", "2"))
	if body := rec.Body.String(); rec.Code != http.StatusServiceUnavailable || !strings.Contains(body, text) {
		t.Errorf("a batch: %d %s, want 503", rec.Code, body)
	}
}
