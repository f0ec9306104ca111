package rest_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// counted is a catalog over a copy of the sample that counts the releases that are open.
func counted(t *testing.T) (c *catalog.Catalog, resources wiring.Resources, data string, open *atomic.Int64) {
	t.Helper()
	data, open = t.TempDir(), &atomic.Int64{}
	if err := os.CopyFS(filepath.Join(data, catalog.ReleasesDir), os.DirFS(filepath.Join(sampleData, catalog.ReleasesDir))); err != nil {
		t.Fatal(err)
	}
	resources, err := wiring.OpenResources(data, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err = catalog.Open(data, func(dir string, m catalog.Manifest) (*catalog.Opened, error) {
		o, err := wiring.Open(dir, m)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		end := o.Close
		o.Close = func() error {
			if open.Add(-1) < 0 {
				t.Error("a release is closed twice")
			}
			return end()
		}
		return o, nil
	}, catalog.Options{Language: "nb", Stored: resources, OpenResource: wiring.OpenResource})
	if err != nil {
		t.Fatal(err)
	}
	return c, resources, data, open
}

// TestRequestsTogether sends the requests of all scripts, good and bad, while clients
// write, begin and end caches, and releases go and come back: every client reads its own
// resources and what it wrote, and in the end no request holds a release.
func TestRequestsTogether(t *testing.T) {
	c, resources, data, open := counted(t)
	h := rest.New(operation.New(c, operation.Options{Languages: language.Of(language.Bokmal), Closures: resources}),
		rest.Options{Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org", Writable: true, Generation: c.Generation}).Handler()
	var clients, releases sync.WaitGroup
	ended := make(chan struct{})
	releases.Go(func() {
		dir, away := filepath.Join(data, catalog.ReleasesDir), filepath.Join(data, "away")
		for {
			for _, move := range [][2]string{{dir, away}, {away, dir}} {
				if err := os.Rename(move[0], move[1]); err != nil {
					t.Error(err)
					return
				}
				if _, err := c.Refresh(); err != nil && move[0] == away {
					t.Error(err)
				}
			}
			select {
			case <-ended:
				return
			default:
			}
		}
	})
	all := scripts(t)
	for worker := range 4 {
		clients.Go(func() {
			for i := worker; i < len(all); i += 4 {
				if strings.HasSuffix(all[i].target, "$cache-control?mode=end") {
					continue
				}
				r := httptest.NewRequest(all[i].method, all[i].target, strings.NewReader(all[i].body))
				r.Header.Set("Content-Type", "application/fhir+json")
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, r); w.Code == http.StatusInternalServerError {
					t.Errorf("%s %s: %s", all[i].method, all[i].target, w.Body)
				}
			}
		})
		clients.Go(func() { client(t, h, worker) })
	}
	clients.Wait()
	close(ended)
	releases.Wait()
	if open.Load() == 0 {
		t.Error("no release is open: nothing was tried")
	}
	if err := os.RemoveAll(filepath.Join(data, catalog.ReleasesDir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refresh(); err != nil {
		t.Fatal(err)
	}
	if n := open.Load(); n != 0 {
		t.Errorf("%d releases that were removed are still open: a request has not let them go", n)
	}
	if err := errors.Join(c.Close(), resources.Close()); err != nil {
		t.Error(err)
	}
}

var cacheID = regexp.MustCompile(`"cache-id","valueId":"([^"]+)"`)

// client is one of several that use the same URLs for resources of their own, and write
// under URLs of their own.
func client(t *testing.T, h http.Handler, number int) {
	own := func(i int) string {
		return fmt.Sprintf(`{"name":"tx-resource","resource":{"resourceType":"CodeSystem","url":"http://example.org/shared","status":"active","content":"complete","concept":[{"code":"c%d-%d"}]}}`, number, i)
	}
	expect := func(w *httptest.ResponseRecorder, what, want string) {
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("client %d: %s: %d %s, want %s", number, what, w.Code, w.Body, want)
		}
	}
	for i := range 30 {
		want := fmt.Sprintf(`"code":"c%d-%d"`, number, i)
		started := send(h, "POST", "/$cache-control", parameters(`{"name":"mode","valueCode":"start"}`, own(i)))
		id := cacheID.FindStringSubmatch(started.Body.String())
		if id == nil {
			t.Errorf("client %d: %d %s", number, started.Code, started.Body)
			return
		}
		for range 2 {
			expect(send(h, "GET", "/ValueSet/$expand?url=http://example.org/shared?vs", "", "X-Cache-Id: "+id[1]), "by its cache", want)
		}
		expect(send(h, "POST", "/ValueSet/$expand", parameters(uriItem("url", "http://example.org/shared?vs"), own(i))), "by its resources", want)
		expect(send(h, "POST", "/ValueSet/$expand", parameters(uriItem("url", "http://example.org/shared?vs"), own(i), fmt.Sprintf(`{"name":"cache-id","valueString":"n%d-%d"}`, number, i))), "by its named cache", want)
		expect(send(h, "GET", fmt.Sprintf("/ValueSet/$expand?url=http://example.org/shared?vs&cache-id=n%d-%d", number, i), ""), "by its named cache again", want)
		if w := send(h, "POST", "/$cache-control", parameters(`{"name":"mode","valueCode":"end"}`), "X-Cache-Id: "+id[1]); w.Code != http.StatusOK {
			t.Errorf("client %d: %d %s", number, w.Code, w.Body)
		}
		if w := send(h, "GET", "/ValueSet/$expand?url=http://example.org/shared?vs", "", "X-Cache-Id: "+id[1]); w.Code == http.StatusOK {
			t.Errorf("client %d: a cache that has ended answers %s", number, w.Body)
		}
		path := fmt.Sprintf("/CodeSystem/together-%d", number)
		body := fmt.Sprintf(`{"resourceType":"CodeSystem","id":"together-%d","url":"http://example.org/together-%d","version":"1","status":"active","content":"complete","concept":[{"code":"c%d-%d"}]}`, number, number, number, i)
		if w := send(h, "PUT", path, body); w.Code >= 300 {
			t.Errorf("client %d: %d %s", number, w.Code, w.Body)
		}
		expect(send(h, "GET", fmt.Sprintf("/ValueSet/$expand?url=http://example.org/together-%d?vs", number), ""), "what it wrote", want)
	}
}
