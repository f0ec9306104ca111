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

// late answers a look-up of now, and others when the time of the request is over.
type late struct{ waiting }

func (l late) Lookup(ctx context.Context, req operation.LookupRequest) (*operation.LookupResponse, error) {
	if req.Coding.Code == "now" {
		return &operation.LookupResponse{Found: true, Coding: req.Coding}, nil
	}
	return l.waiting.Lookup(ctx, req)
}

// TestBatchTellsWhatItHasDone wants the answers to the entries of a batch that were answered
// before its time was over, which may have written, and of the others that they were not.
func TestBatchTellsWhatItHasDone(t *testing.T) {
	h := rest.New(late{}, rest.Options{Timeout: 20 * time.Millisecond}).Handler()
	rec := post(h, t.Context(), "/fhir/r4", lookUps("now", "later", "now"))
	const over = "503 Service Unavailable"
	if got := strings.Join(statuses(t, rec.Body.Bytes()), ", "); rec.Code != http.StatusOK || got != "200 OK, "+over+", "+over {
		t.Errorf("a batch: %d, %s; want the first answered, and the others ended", rec.Code, got)
	}
}

// costly is translations that take a tenth of the budget of a request.
type costly struct{ rest.Operations }

func (costly) Translate(ctx context.Context, req operation.TranslateRequest) (*operation.TranslateResponse, error) {
	return &operation.TranslateResponse{Source: req.Coding}, terminology.Spend(ctx, "operation.Translate", 100)
}

// TestConceptHasOneBudget translates concepts of ten codings and of more.
func TestConceptHasOneBudget(t *testing.T) {
	h := rest.New(costly{}, rest.Options{MaxWork: 1000}).Handler()
	for n, want := range map[int]int{10: http.StatusOK, 11: http.StatusUnprocessableEntity} {
		coding := strings.TrimSuffix(strings.Repeat(`{"system":"urn:a","code":"b"},`, n), ",")
		rec := post(h, t.Context(), "/fhir/r5/ConceptMap/$translate", `{"resourceType":"Parameters","parameter":[{"name":"sourceCodeableConcept","valueCodeableConcept":{"coding":[`+coding+`]}}]}`)
		if body := rec.Body.String(); rec.Code != want || (want != http.StatusOK) != strings.Contains(body, "coding[10]") {
			t.Errorf("%d codings: %d %s, want %d", n, rec.Code, body, want)
		}
	}
}
