package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// faulty is operations of which some panic, or end the request.
type faulty struct {
	rest.Operations
	cancel context.CancelFunc // called by a look-up; nil: it answers nothing
	asked  int
}

func (f *faulty) Lookup(_ context.Context, req operation.LookupRequest) (*operation.LookupResponse, error) {
	f.asked++
	if f.cancel != nil {
		f.cancel()
	}
	if req.Coding.Code == "bang" {
		panic("bang")
	}
	return &operation.LookupResponse{Found: true, Coding: req.Coding, Name: strings.Repeat("n", 8<<20)}, nil
}

func (f *faulty) Batch() *operation.Batch { return new(operation.Batch) } // of nothing

// lookUps is a batch of look-ups of codes.
func lookUps(codes ...string) string {
	var entries []string
	for _, c := range codes {
		entries = append(entries, `{"request":{"method":"GET","url":"CodeSystem/$lookup?system=http://snomed.info/sct&code=`+c+`"}}`)
	}
	return `{"resourceType":"Bundle","type":"batch","entry":[` + strings.Join(entries, ",") + `]}`
}

func post(h http.Handler, ctx context.Context, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, "POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/fhir+json")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// statuses returns the status of each entry of the answer to a batch.
func statuses(t *testing.T, body []byte) []string {
	t.Helper()
	var answer struct {
		Entry []struct{ Response struct{ Status string } }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v\n%.500s", err, body)
	}
	var out []string
	for _, e := range answer.Entry {
		out = append(out, e.Response.Status)
	}
	return out
}

// TestBatchPanic wants one answer of a fault of ours among the others, and it in the log.
func TestBatchPanic(t *testing.T) {
	var log bytes.Buffer
	h := rest.New(&faulty{}, rest.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}).Handler()
	rec := post(h, t.Context(), "/fhir", lookUps("22298006", "bang", "22298006"))
	got := statuses(t, rec.Body.Bytes())
	if want := []string{"200 OK", "500 Internal Server Error", "200 OK"}; rec.Code != 200 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("status %d, entries %q, want 200 and %q", rec.Code, got, want)
	}
	if !strings.Contains(log.String(), "bang") || !strings.Contains(log.String(), "goroutine") || strings.Contains(rec.Body.String(), "panic") {
		t.Errorf("log %q, want the fault, with where, and the answer not", &log)
	}
}

// TestBatchIsBounded sends a batch whose answers are too much for one: what comes after is
// refused, and told so.
func TestBatchIsBounded(t *testing.T) {
	f := &faulty{}
	h := rest.New(f, rest.Options{}).Handler()
	codes := make([]string, 30)
	for i := range codes {
		codes[i] = "22298006"
	}
	rec := post(h, t.Context(), "/fhir/r5", lookUps(codes...))
	got := statuses(t, rec.Body.Bytes())
	if got[0] != "200 OK" || got[29] != "422 Unprocessable Entity" || f.asked > 10 || rec.Body.Len() > 100<<20 {
		t.Errorf("%d look-ups, %d bytes, entries %q", f.asked, rec.Body.Len(), got)
	}
	rec = post(h, t.Context(), "/fhir/r5", lookUps(make([]string, 1001)...))
	if rec.Code != 422 || !strings.Contains(rec.Body.String(), "1001 entries, want 1000 at most") {
		t.Errorf("a batch of 1001: %d %.300s", rec.Code, rec.Body)
	}
}

// TestBatchEnds wants the entries left alone that nobody waits for.
func TestBatchEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &faulty{cancel: cancel}
	post(rest.New(f, rest.Options{}).Handler(), ctx, "/fhir", lookUps("1", "2", "3"))
	if f.asked != 1 {
		t.Errorf("%d look-ups after the client went with the first, want 1", f.asked)
	}
}

// validations is a $batch-validate-code of codes of the hand.
func validations(shared string, codes ...string) string {
	var list []string
	for _, c := range codes {
		list = append(list, `{"name":"validation","resource":{"resourceType":"Parameters","parameter":[{"name":"system","valueUri":"http://example.org/hand"},{"name":"code","valueCode":"`+c+`"}]}}`)
	}
	if shared != "" {
		list = append(list, `{"name":"tx-resource","resource":`+shared+`}`)
	}
	return `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://example.org/vs/hand"},{"name":"tx-resource","resource":` + handSet + `},` + strings.Join(list, ",") + `]}`
}

// results returns what each validation of a batch says: true, false or that it failed.
func results(t *testing.T, body []byte) []string {
	t.Helper()
	var answer struct {
		Parameter []struct {
			Resource struct {
				ResourceType string
				Parameter    []struct {
					Name         string
					ValueBoolean *bool
				}
			}
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v\n%.500s", err, body)
	}
	var out []string
	for _, v := range answer.Parameter {
		result := v.Resource.ResourceType
		for _, p := range v.Resource.Parameter {
			if p.Name == "result" {
				result = fmt.Sprint(*p.ValueBoolean)
			}
		}
		out = append(out, result)
	}
	return out
}

const batchValidate = "/fhir/r4/ValueSet/$batch-validate-code"

// TestBatchValidate sends many validations with resources that all of them need: they are
// read once, or the request would take minutes.
func TestBatchValidate(t *testing.T) {
	h := writable(t)
	var concepts []string
	for i := range 20_000 {
		concepts = append(concepts, fmt.Sprintf(`{"code":"C%d","display":"Finger %d"}`, i, i))
	}
	large := `{"resourceType":"CodeSystem","url":"http://example.org/hand","version":"1","status":"active","content":"complete","concept":[` + strings.Join(concepts, ",") + `]}`
	codes := make([]string, 3000)
	for i := range codes {
		codes[i] = fmt.Sprint("C", i)
	}
	codes[1] = "none"
	rec := post(h, t.Context(), batchValidate, validations(large, codes...))
	got := results(t, rec.Body.Bytes())
	if len(got) != len(codes) || got[0] != "true" || got[1] != "false" || got[2999] != "true" {
		t.Errorf("status %d, %d results, the first %q", rec.Code, len(got), got[:min(3, len(got))])
	}
}

func TestBatchValidateIsBounded(t *testing.T) {
	h := writable(t)
	rec := post(h, t.Context(), batchValidate, validations(handSystem, make([]string, 10_001)...))
	if rec.Code != 422 || !strings.Contains(rec.Body.String(), "10001 validations, want 10000 at most") {
		t.Errorf("10,001 validations: %d %.300s", rec.Code, rec.Body)
	}
	// Resources of their own, each with a megabyte beside it that all share.
	shared := strings.Replace(handSystem, `"title":"Hånd"`, `"description":"`+strings.Repeat("x", 1<<20)+`"`, 1)
	var list []string
	for i := range 200 {
		own := strings.Replace(handSet, "vs/hand", fmt.Sprint("vs/hand-", i), 1)
		list = append(list, `{"name":"validation","resource":{"resourceType":"Parameters","parameter":[{"name":"tx-resource","resource":`+own+`},{"name":"url","valueUri":"http://example.org/vs/hand-`+fmt.Sprint(i)+`"},{"name":"system","valueUri":"http://example.org/hand"},{"name":"code","valueCode":"H1"}]}}`)
	}
	rec = post(h, t.Context(), batchValidate, `{"resourceType":"Parameters","parameter":[{"name":"tx-resource","resource":`+shared+`},`+strings.Join(list, ",")+`]}`)
	got := results(t, rec.Body.Bytes())
	if len(got) != 200 || got[0] != "true" || got[199] != "OperationOutcome" || !strings.Contains(rec.Body.String(), "too-costly") {
		t.Errorf("status %d, %d results, the first %q, the last %q", rec.Code, len(got), got[0], got[len(got)-1])
	}
}

// TestBatchValidatePanic wants one answer of a fault of ours for each validation that has
// one, and the others answered.
func TestBatchValidatePanic(t *testing.T) {
	var log bytes.Buffer
	h := rest.New(&faulty{}, rest.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}).Handler()
	rec := post(h, t.Context(), batchValidate, validations(handSystem, "H", "H1"))
	got := results(t, rec.Body.Bytes())
	if rec.Code != 200 || fmt.Sprint(got) != "[OperationOutcome OperationOutcome]" || strings.Count(log.String(), "request panicked") != 2 {
		t.Errorf("status %d, %q, log %q", rec.Code, got, &log)
	}
}
