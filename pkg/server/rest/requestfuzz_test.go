package rest_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// scripted is one request of the scripts of testdata/http.
type scripted struct{ method, target, headers, body string }

// scripts reads the requests of testdata/http, each address as it stands for R4 and R5.
func scripts(t testing.TB) (out []scripted) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "http", "*.http"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range strings.Split(string(text), "\n### ")[1:] {
			request, _, _ := strings.Cut(one, "\nHTTP/1.1 ")
			head, body, _ := strings.Cut(request, "\n\n")
			var s scripted
			for _, line := range strings.Split(head, "\n")[1:] {
				switch line = strings.TrimSpace(line); {
				case strings.HasPrefix(line, "#") || line == "":
				case s.method == "":
					s.method, s.target, _ = strings.Cut(line, " ")
				case strings.HasPrefix(line, "?") || strings.HasPrefix(line, "&"):
					s.target += line
				default:
					s.headers += line + "\n"
				}
			}
			s.body = strings.TrimSpace(body)
			for _, v := range []string{"r4", "r5"} {
				s := s
				s.target = strings.NewReplacer("{r4,r5}", v, "{,r4,r5}", v, "{r5}", v, "{r4}", v, " ", "%20").Replace(s.target)
				out = append(out, s)
			}
		}
	}
	return out
}

// stocked is a server over the sample, to which the resources of the scripts were written.
func stocked(t testing.TB, log *slog.Logger) http.Handler {
	t.Helper()
	resources, err := wiring.OpenResources(t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(sampleData, wiring.Open, catalog.Options{Language: "nb", Stored: resources, OpenResource: wiring.OpenResource})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), resources.Close()); err != nil {
			t.Error(err)
		}
	})
	h := rest.New(operation.New(c, operation.Options{Languages: language.Of(language.Bokmal), Closures: resources}),
		rest.Options{Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org", Writable: true, Generation: c.Generation, Log: log}).Handler()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "http", "resources.json"))
	if err != nil {
		t.Fatal(err)
	}
	var bundle struct {
		Entry []struct{ Resource json.RawMessage }
	}
	if err := json.Unmarshal(text, &bundle); err != nil {
		t.Fatal(err)
	}
	for i, e := range bundle.Entry {
		var head struct{ ResourceType, ID string }
		if err := json.Unmarshal(e.Resource, &head); err != nil {
			t.Fatal(err)
		}
		if head.ID == "" {
			head.ID = fmt.Sprint("r", i)
		}
		if w := send(h, "PUT", "/"+head.ResourceType+"/"+head.ID, string(e.Resource)); w.Code >= 300 {
			t.Fatalf("PUT %s/%s: %d %s", head.ResourceType, head.ID, w.Code, w.Body)
		}
	}
	return h
}

// FuzzRequests sends requests to a whole server, beginning with those of the scripts. No
// request is answered with a fault of ours, or by a body that is not of the type that it is said to be,
// and none takes the server long.
func FuzzRequests(f *testing.F) {
	methods := []string{"GET", "POST", "PUT", "DELETE", "HEAD"}
	for _, s := range scripts(f) {
		f.Add(uint8(max(slices.Index(methods, s.method), 0)), s.target, s.headers, s.body)
	}
	var log bytes.Buffer
	h := stocked(f, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError})))
	f.Fuzz(func(t *testing.T, chosen uint8, target, headers, body string) {
		method := methods[int(chosen)%len(methods)]
		if u, err := url.ParseRequestURI(target); err != nil || !strings.HasPrefix(target, "/") || u.Host != "" || strings.ContainsAny(target, " \x00\r\n\t") {
			t.Skip()
		}
		r, err := http.NewRequest(method, "http://example.org"+target, strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/fhir+json")
		}
		for _, line := range strings.Split(headers, "\n") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				r.Header.Set(name, value)
			}
		}
		log.Reset()
		w, start := httptest.NewRecorder(), time.Now()
		h.ServeHTTP(w, r)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s %s takes %v", method, target, took)
		}
		if w.Code == http.StatusInternalServerError {
			t.Fatalf("%s %s: %s\n%s", method, target, w.Body, &log)
		}
		switch kind, text := w.Header().Get("Content-Type"), w.Body.Bytes(); {
		case len(text) == 0:
		case strings.Contains(kind, "json"):
			if !json.Valid(text) {
				t.Fatalf("%s %s: no JSON: %s", method, target, text)
			}
		case strings.Contains(kind, "xml"):
			for d := xml.NewDecoder(bytes.NewReader(text)); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s %s: no XML: %v: %s", method, target, err, text)
				}
			}
		}
	})
}
