package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// written is output that is read while a command runs.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// TestServe serves a small release on ports of the system's choice, asks both
// doors, and ends it as an interrupt does.
func TestServe(t *testing.T) {
	data := importICD10(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout, stderr written
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"}, &stdout, &stderr)
	}()
	address := regexp.MustCompile(`(?s)FHIR  http://([0-9.:]+)/fhir.*gRPC  ([0-9.:]+) `)
	var found []string
	for deadline := time.Now().Add(10 * time.Second); found == nil; time.Sleep(5 * time.Millisecond) {
		if found = address.FindStringSubmatch(stdout.String()); found == nil && time.Now().After(deadline) {
			t.Fatalf("kodeks serve does not tell where it serves: %q, %q", stdout.String(), stderr.String())
		}
	}
	for _, want := range []string{"\n  icd-10-no 2026, 386 concepts\n", "\nPages http://" + found[1] + "/, for browsers\n"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("kodeks serve does not tell %q:\n%s", want, stdout.String())
		}
	}
	for path, want := range map[string]string{"/healthz": "200 OK", "/readyz": "200 OK", "/fhir/metadata": "CapabilityStatement"} {
		if got := get(t, found[1], path); !strings.Contains(got, want) {
			t.Errorf("GET %s = %q, want %q in it", path, got, want)
		}
	}
	if status, out, errs := kodeks("list", "--server", found[2]); status != exitAnswered || !strings.Contains(out, "icd-10-no") {
		t.Errorf("kodeks list --server: status %d, %q, %q", status, out, errs)
	}
	interrupt()
	select {
	case status := <-ended:
		if status != exitAnswered {
			t.Errorf("kodeks serve ends with status %d, %q", status, stderr.String())
		}
	case <-time.After(10 * time.Second):
		t.Fatal("kodeks serve does not end when interrupted")
	}
}

// TestHolds: the releases that a server announces are told by what they hold.
func TestHolds(t *testing.T) {
	maps := func(n int) *kodeksv1.Release {
		return &kodeksv1.Release{Maps: make([]*kodeksv1.MapInfo, n)}
	}
	for want, r := range map[string]*kodeksv1.InstalledRelease{
		"":                           {Release: maps(0)},
		", 1 map":                    {Release: maps(1)},
		", 1 concept":                {Release: maps(0), Concepts: 1},
		", 510,241 concepts, 9 maps": {Release: maps(9), Concepts: 510_241},
	} {
		if got := holds(r); got != want {
			t.Errorf("a release of %d concepts and %d maps is told as %q, want %q", r.GetConcepts(), len(r.GetRelease().GetMaps()), got, want)
		}
	}
}

// TestReachable: an address that no one can go to is not shown as one.
func TestReachable(t *testing.T) {
	for want, at := range map[string]net.Addr{
		"localhost:8080":       &net.TCPAddr{IP: net.IPv6unspecified, Port: 8080},
		"localhost:8081":       &net.TCPAddr{IP: net.IPv4zero, Port: 8081},
		"localhost:8082":       &net.TCPAddr{Port: 8082},
		"127.0.0.1:8080":       &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080},
		"[2001:db8::1]:8080":   &net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 8080},
		"/run/kodeks/web.sock": &net.UnixAddr{Name: "/run/kodeks/web.sock", Net: "unix"},
	} {
		if got := reachable(at); got != want {
			t.Errorf("reachable(%v) = %s, want %s", at, got, want)
		}
	}
}

// TestCannotWrite: a server that has no place for what clients write says how to do without.
func TestCannotWrite(t *testing.T) {
	full := &terminology.Error{Op: "store.OpenResources", Err: &fs.PathError{Op: "open", Path: "data/resources/LOCK", Err: syscall.EROFS}}
	held := &terminology.Error{Op: "store.OpenResources", Kind: terminology.Unavailable, Err: errors.New("another process has the resources")}
	for _, tt := range []struct {
		name string
		serveCmd
		err  error
		want string
	}{
		{name: "a disk that cannot be written", err: full, want: "what clients write cannot be kept in data: open data/resources/LOCK: read-only file system: make it possible, or serve with --read-only"},
		{name: "told as text", err: errors.New("create MANIFEST: no space left on device"), want: "what clients write cannot be kept in data: create MANIFEST: no space left on device: make it possible, or serve with --read-only"},
		{name: "read-only already", serveCmd: serveCmd{ReadOnly: true}, err: full, want: "open data/resources/LOCK: read-only file system"},
		{name: "something else", err: held, want: "another process has the resources"},
	} {
		err := tt.cannotWrite("data", tt.err)
		if got := terminology.Message(err); got != tt.want || terminology.KindOf(err) != terminology.KindOf(tt.err) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestImportWithoutVersion: a release whose files do not tell their version says that it
// has the day of the import in its place.
func TestImportWithoutVersion(t *testing.T) {
	data := t.TempDir()
	status, stdout, stderr := kodeks("import", "../../testdata/icd10/icd10-fat.json", "--data", data)
	if status != exitAnswered || !strings.Contains(stderr, "icd-10-no has the day of the import as its version, 2") || !strings.Contains(stderr, "--release-version") {
		t.Errorf("kodeks import: status %d\n%s%s", status, stdout, stderr)
	}
	if _, _, stderr := kodeks("import", "../../testdata/icd10/icd10-fat.json", "--data", data, "--release-version", "2020"); strings.Contains(stderr, "warning") {
		t.Errorf("an import of a version that is told: %s", stderr)
	}
}

// importICD10 imports a small ICD-10 into a new data folder.
func importICD10(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	status, stdout, stderr := kodeks("import", "../../testdata/icd10/icd10-fat.json", "--release-version", "2026", "--data", data)
	if status != exitAnswered {
		t.Fatalf("kodeks import: status %d, %q, %q", status, stdout, stderr)
	}
	return data
}

// TestDataFolder walks through the life of a release without a server.
func TestDataFolder(t *testing.T) {
	data := importICD10(t)
	for _, step := range []struct {
		args   []string
		status int
		stdout string // is part of it
	}{
		{[]string{"lookup", "i21.9", "--format", "tsv"}, exitAnswered, "\nI21.9\tAkutt hjerteinfarkt"},
		{[]string{"lookup", "I21.X"}, exitAnswered, "no installed code system"},
		{[]string{"lookup", "--version", "2026", "-s", "icd-10", "I21.X"}, exitAnswered, "is not a code"},
		{[]string{"lookup", "22298006"}, exitFailed, ""},
		{[]string{"lookup", "--version", "1999", "I21.9"}, exitFailed, ""},
		{[]string{"lookup", "--version", "2026", "I21.9"}, exitAnswered, "Akutt hjerteinfarkt"},
		{[]string{"search", "hjerteinf", "--format", "tsv", "--limit", "1"}, exitAnswered, "I21\tAkutt hjerteinfarkt"},
		{[]string{"subsumes", "I21", "I21.9"}, exitAnswered, "subsumes"},
		{[]string{"validate-code", "I21.9", "--format", "json"}, exitAnswered, `"result": true`},
		{[]string{"verify", "icd-10-no|2026"}, exitAnswered, "undamaged"},
		{[]string{"verify", "icd-10", "--format", "tsv"}, exitAnswered, "\ttrue\t"},
		{[]string{"verify", "icd-10-no|2025"}, exitFailed, ""},
		{[]string{"remove", "icd-10-no", "--all-but-latest"}, exitAnswered, "Nothing to remove"},
		{[]string{"remove", "icd-10-no", "2026", "--format", "json"}, exitAnswered, `"2026"`},
		{[]string{"lookup", "I21.9"}, exitFailed, ""},
	} {
		status, stdout, stderr := kodeks(append(step.args, "--data", data)...)
		if status != step.status || !strings.Contains(stdout, step.stdout) || status != exitAnswered && stderr == "" {
			t.Errorf("kodeks %q: status %d, want %d, and %q in\n%s%s", step.args, status, step.status, step.stdout, stdout, stderr)
		}
	}
}

// get asks over HTTP/1.0, which needs no library: only the server knows HTTP.
func get(t *testing.T, address, path string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, address)
	answer, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}
