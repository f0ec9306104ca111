package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestDamagedResource: a stored resource that cannot be read is told by the log, by kodeks
// verify and by a 500 for it alone; the server starts, and serves all others.
func TestDamagedResource(t *testing.T) {
	data := t.TempDir()
	resources, err := wiring.OpenResources(data, false)
	if err != nil {
		t.Fatal(err)
	}
	stored := func(id string, sequence uint64, raw string) terminology.StoredResource {
		return terminology.StoredResource{Type: "ValueSet", ID: id, Version: 1, Sequence: sequence, Method: "PUT", Time: time.Unix(int64(sequence), 0).UTC(), Raw: []byte(raw)}
	}
	err = resources.Commit([]terminology.StoredResource{
		stored("a", 1, `{"resourceType":"ValueSet","id":"a","url":"http://example.org/a","status":"active"}`),
		stored("bad", 2, `{"resourceType":"ValueSet","id":"bad","url":"http://example.org/bad","status":`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := resources.Close(); err != nil {
		t.Fatal(err)
	}
	status, out, errs := kodeks("verify", "--data", data)
	if status != exitFailed || !strings.Contains(out, "DAMAGED") || !strings.Contains(out, "ValueSet/bad version 1") || !strings.Contains(errs, "resources that clients wrote are damaged") {
		t.Errorf("kodeks verify: status %d, %s%s, want what is damaged", status, out, errs)
	}
	s := serve(t, data)
	defer s.kill()
	client := &http.Client{Timeout: 10 * time.Second}
	for _, tt := range []struct {
		target string
		status int
		want   string
	}{
		{"/ValueSet/a", 200, `"url":"http://example.org/a"`},
		{"/ValueSet/bad", 500, "the fault is ours and has been logged"},
		{"/ValueSet", 200, "ValueSet/bad, version 1, is stored here and cannot be read"},
		{"/ValueSet", 200, `"url":"http://example.org/a"`},
		{"/ValueSet/_history", 200, `"url":"http://example.org/a"`},
		{"/ValueSet?url=http://example.org/a", 200, `"total":1`},
	} {
		if status, text := ask(client, http.MethodGet, s.base+tt.target, ""); status != tt.status || !strings.Contains(text, tt.want) {
			t.Errorf("GET %s = %d %s, want %d and %s", tt.target, status, text, tt.status, tt.want)
		}
	}
	if log := s.out.String(); !strings.Contains(log, "resource cannot be read") || !strings.Contains(log, "ValueSet/bad") {
		t.Errorf("the log says %s", log)
	}
	if status, out, errs := kodeks("verify", "--data", data); status != 0 || !strings.Contains(out, "another process has the resources") {
		t.Errorf("kodeks verify beside a server: status %d, %s%s, want that they are not read", status, out, errs)
	}
	if status, text := ask(client, http.MethodPut, s.base+"/ValueSet/bad", valueSet("bad", 2)); status != http.StatusOK && status != http.StatusCreated {
		t.Errorf("written anew: %d %s", status, text)
	}
	if status, text := ask(client, http.MethodGet, s.base+"/ValueSet/bad", ""); status != http.StatusOK || !same(text, "bad", 2) {
		t.Errorf("after it was written anew: %d %.200s", status, text)
	}
}
