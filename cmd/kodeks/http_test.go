package main

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/internal/httpscript"
)

const scripts = "../../testdata/http"

// scriptSources are what the server of the scripts has: the sample of make demo, two code
// systems of FHIR itself, and a few resources of the scripts.
var scriptSources = []string{
	"../../testdata/snomed", "../../testdata/icd10/icd10-fat.json", "../../testdata/icpc2/icpc2-fat.json", "../../testdata/icpc2/icpc2b-to-icd10.csv",
	"../../testdata/ecosystem/fhir.json", "../../testdata/http/resources.json",
}

// TestHTTP sends the requests of testdata/http to kodeks serve and compares the whole
// answers. With -update it writes the bodies of answers that have none yet, and no others.
func TestHTTP(t *testing.T) {
	data := importScriptSources(t)
	for _, s := range readScripts(t) {
		t.Run(strings.TrimSuffix(filepath.Base(s.Path), ".http"), func(t *testing.T) {
			runScript(t, s, serveCopy(t, data, s.Serve...))
		})
	}
}

func readScripts(t *testing.T) []*httpscript.Script {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(scripts, "*.http"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in %s: %v", scripts, err)
	}
	var out []*httpscript.Script
	for _, path := range paths {
		s, err := httpscript.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// runScript sends the cases of a script, each in turn.
func runScript(t *testing.T, s *httpscript.Script, address string) {
	known, written := httpscript.Known{}, map[int]httpscript.Answer{}
	for i := range s.Cases {
		for _, c := range s.Cases[i].Each() {
			request := known.FillRequest(c.Request)
			got, err := request.Send(http.DefaultClient, address)
			if err != nil {
				t.Fatalf("%s:%d: %s: %v", s.Path, c.Line, c.Name, err)
			}
			if _, ok := written[i]; !ok && c.Unwritten() && golden.Updating() && c.Want.Status == got.Status {
				written[i] = got
				continue
			}
			differences := httpscript.Compare(c.Want, got, known)
			if c.Owed != "" {
				if len(differences) == 0 {
					t.Errorf("%s:%d: %s passes, and is called owed (%s): take that out", s.Path, c.Line, c.Name, c.Owed)
				}
				continue
			}
			if len(differences) > 0 && !(c.Unwritten() && golden.Updating() && c.Want.Status == got.Status) {
				t.Errorf("%s:%d: %s\n%s\n\n%s\n\ngot %d:\n%s", s.Path, c.Line, c.Name, strings.Join(differences, "\n"), request.Curl(), got.Status, httpscript.Layout(got.Body, got.Get("Content-Type")))
			}
		}
	}
	if len(written) > 0 {
		if err := s.Write(written, known); err != nil {
			t.Fatal(err)
		}
	}
}

// importScriptSources imports what the scripts ask for into a new data folder.
func importScriptSources(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	if status, stdout, stderr := kodeks(append([]string{"import", "--release-version", "2026", "--data", data}, scriptSources...)...); status != exitAnswered {
		t.Fatalf("kodeks import: status %d, %q, %q", status, stdout, stderr)
	}
	return data
}

var fhirAt = regexp.MustCompile(`FHIR  http://([0-9.:]+)/fhir`)

// serveCopy serves the releases of a data folder, from a folder of its own so that what
// is written is seen by nobody else, until the test ends.
func serveCopy(t *testing.T, data string, args ...string) (address string) {
	t.Helper()
	own := t.TempDir()
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(data, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(own, rel), 0o755)
		}
		return os.Link(path, filepath.Join(own, rel)) // a release is never written to
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(context.Background())
	var stdout, stderr written
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--data", own, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"}, args...), &stdout, &stderr)
	}()
	t.Cleanup(func() {
		interrupt()
		if status := <-ended; status != exitAnswered || strings.Contains(stderr.String(), "panicked") {
			t.Errorf("kodeks serve ends with status %d: %s", status, stderr.String())
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if found := fhirAt.FindStringSubmatch(stdout.String()); found != nil {
			return found[1]
		}
		if time.Now().After(deadline) {
			t.Fatalf("kodeks serve does not tell where it serves: %q, %q", stdout.String(), stderr.String())
		}
	}
}
