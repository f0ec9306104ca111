package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// served serves a data folder in a process of its own until the test ends, and
// returns its doors.
func served(t *testing.T, data string) (web, rpc string) {
	t.Helper()
	cmd := command(t, "serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0")
	var stdout, stderr written
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The context of the test has killed it by now, unless it ended before.
		if err := cmd.Wait(); err != nil && t.Failed() {
			t.Logf("kodeks serve: %v\n%s", err, stderr.String())
		}
	})
	addresses := regexp.MustCompile(`(?s)FHIR  http://([0-9.:]+)/fhir.*gRPC  ([0-9.:]+) `)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if found := addresses.FindStringSubmatch(stdout.String()); found != nil {
			return found[1], found[2]
		}
		if time.Now().After(deadline) {
			t.Fatalf("kodeks serve does not tell where it serves: %q, %q", stdout.String(), stderr.String())
		}
	}
}

// fetch asks over HTTP and returns the status and the body.
func fetch(url string) (int, string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// TestReload imports, replaces and removes releases under a server that is asked all
// the while at both doors: no request fails, and what is new answers soon.
func TestReload(t *testing.T) {
	const (
		icd10   = "../../testdata/icd10/icd10-fat.json"
		inICD10 = "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-no&code=I21.9"
		inSCT   = "/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code=22298006"
		soon    = 5 * time.Second
	)
	data := t.TempDir()
	runs(t, "import", "--data", data, icd10, "--release-version", "2026")
	web, rpc := served(t, data)
	client, err := grpcserver.Dial(rpc)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var asking sync.WaitGroup
	var asked, failed atomic.Int64
	fail := func(format string, args ...any) {
		if failed.Add(1) < 5 {
			t.Errorf(format, args...)
		}
	}
	for range 3 {
		asking.Go(func() {
			for n := 0; ctx.Err() == nil && n < 20_000; n++ {
				asked.Add(1)
				if status, body, err := fetch("http://" + web + inICD10); err != nil || status != http.StatusOK || !strings.Contains(body, "Akutt hjerteinfarkt") {
					fail("HTTP request %d fails while releases change: %d, %v, %.200s", n, status, err, body)
				}
				time.Sleep(time.Millisecond)
			}
		})
		asking.Go(func() {
			for n := 0; ctx.Err() == nil && n < 20_000; n++ {
				asked.Add(1)
				found, err := client.Search(context.Background(), &kodeksv1.SearchRequest{Text: "hjerteinf", Systems: []string{"icd-10"}})
				if err != nil || len(found.GetHits()) == 0 {
					fail("gRPC request %d fails while releases change: %v, %d hits", n, err, len(found.GetHits()))
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	answers := func(path, want string, status int) {
		t.Helper()
		for deadline := time.Now().Add(soon); ; time.Sleep(20 * time.Millisecond) {
			got, body, err := fetch("http://" + web + path)
			if err == nil && got == status && strings.Contains(body, want) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("GET %s after %v: %d, %v, %.300s, want %d and %q", path, soon, got, err, body, status, want)
			}
		}
	}

	runs(t, "import", "--data", data, "../../testdata/snomed")
	answers(inSCT, "hjerteinfarkt", http.StatusOK)
	rounds := 3
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		runs(t, "import", "--data", data, icd10, "--release-version", "2026", "--replace")
	}
	runs(t, "import", "--data", data, icd10, "--release-version", "2026-02")
	answers(inICD10, `"2026-02"`, http.StatusOK)
	runs(t, "remove", "--data", data, "icd-10-no", "2026")
	answers(inICD10+"&version=2026", "not-found", http.StatusNotFound)
	runs(t, "remove", "--data", data, "snomed-51000202101", "20250915")
	answers(inSCT, "not-found", http.StatusNotFound)
	stop()
	asking.Wait()
	if failed.Load() > 0 || asked.Load() < 100 {
		t.Errorf("%d of %d requests failed", failed.Load(), asked.Load())
	}
	t.Logf("%d requests", asked.Load())
}

// TestServeDamaged: a release that is damaged is told on standard error, and the
// others answer.
func TestServeDamaged(t *testing.T) {
	data := t.TempDir()
	runs(t, "import", "--data", data, "../../testdata/icd10/icd10-fat.json", "../../testdata/icpc2/icpc2-fat.json", "--release-version", "2026")
	if err := os.Truncate(data+"/releases/icd-10-no/2026/kv/000001.sst", 1000); err != nil {
		t.Fatal(err)
	}
	web, _ := served(t, data)
	if status, body, err := fetch("http://" + web + "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icpc-2&code=K75"); status != http.StatusOK {
		t.Errorf("the undamaged release: %d, %v, %s", status, err, body)
	}
	if status, body, err := fetch("http://" + web + "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-no&code=I21.9"); status != http.StatusNotFound {
		t.Errorf("the damaged release: %d, %v, %s", status, err, body)
	}
	if status, stdout, _ := kodeks("verify", "--data", data); status != exitFailed || !strings.Contains(stdout, "DAMAGED") {
		t.Errorf("kodeks verify: status %d, %s", status, stdout)
	}
	runs(t, "import", "--data", data, "../../testdata/icd10/icd10-fat.json", "--release-version", "2026", "--replace")
	runs(t, "verify", "--data", data)
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		status, body, err := fetch("http://" + web + "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-no&code=I21.9")
		if status == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the mended release: %d, %v, %s", status, err, body)
		}
	}
}
