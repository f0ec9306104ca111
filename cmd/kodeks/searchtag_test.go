package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kodeks/kodeks/pkg/server/rest"
)

// TestSearchTag: what a pick-list has kept is right until other releases answer, also
// over a restart of the server.
func TestSearchTag(t *testing.T) {
	const icd10 = "../../testdata/icd10/icd10-fat.json"
	data := importICD10(t)
	open := func() (*installed, http.Handler) {
		in, err := openService(t.Context(), data, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { in.Close() })
		return in, rest.New(in, rest.Options{Version: "1", Released: "2026-11-22", Generation: in.catalog.Generation, Fingerprint: in.fingerprint}).Handler()
	}
	ask := func(h http.Handler, has string) (status int, tag, body string) {
		r := httptest.NewRequest("GET", "/search?q=hjerteinf", nil)
		r.Header.Set("If-None-Match", has)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code, rec.Header().Get("ETag"), rec.Body.String()
	}
	in, h := open()
	_, tag, body := ask(h, "")
	if status, again, _ := ask(h, tag); status != http.StatusNotModified || again != tag || tag == "" {
		t.Fatalf("revalidated: %d with tag %s, want 304 with %s", status, again, tag)
	}
	refresh := func(what string, same bool, args ...string) {
		t.Helper()
		if status, stdout, stderr := kodeks(append(args, "--data", data)...); status != exitAnswered {
			t.Fatalf("kodeks %q: %s%s", args, stdout, stderr)
		}
		changes, err := in.catalog.Refresh()
		if err != nil || len(changes) == 0 {
			t.Fatalf("%s: %v, %v", what, changes, err)
		}
		status, now, text := ask(h, tag)
		if (status == http.StatusNotModified) != same || (now == tag) != same || !same && text == "" {
			t.Errorf("%s: %d with tag %s after %s", what, status, now, tag)
		}
	}
	refresh("another code system", false, "import", "../../testdata/icpc2/icpc2-fat.json", "--release-version", "2026")
	refresh("without it again", false, "remove", "icpc-2", "2026")
	refresh("without its enriched codes", true, "remove", "icpc-2b", "2026")
	refresh("a newer version", false, "import", icd10, "--release-version", "2026-02")
	refresh("the newer version is gone", true, "remove", "icd-10-no", "2026-02")
	_, other := open()
	if status, again, text := ask(other, tag); status != http.StatusNotModified {
		t.Errorf("after a restart: %d with tag %s, want 304; it answers %s, before it was %s", status, again, text, body)
	}
	refresh("imported anew", false, "import", icd10, "--release-version", "2026", "--replace")
}
