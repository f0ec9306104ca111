package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serving is kodeks serve as a process of its own.
type serving struct {
	cmd  *exec.Cmd
	base string // of FHIR
	out  *written
	once sync.Once
}

// serve starts kodeks serve and waits until it tells where it serves.
func serve(t *testing.T, data string, args ...string) *serving {
	t.Helper()
	s := &serving{out: &written{}, cmd: command(t, append([]string{"serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"}, args...)...)}
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`FHIR  (http://[0-9.:]+/fhir) `)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if found := address.FindStringSubmatch(s.out.String()); found != nil {
			s.base = found[1]
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("kodeks serve does not begin: %s", s.out)
		}
	}
}

// kill ends the process without warning, and returns when it has ended.
func (s *serving) kill() {
	s.once.Do(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	})
}

// valueSet is the text of version n of a value set; each version has its own length. Some
// are kept in parts, which are written before the version is.
func valueSet(id string, n int) string {
	length := 10 + n*37%4000
	switch {
	case n%13 == 5:
		length += 1_300_000
	case n%7 == 3:
		length += 300_000
	}
	return fmt.Sprintf(`{"resourceType":"ValueSet","id":"%s","url":"http://example.org/%s","version":"%d","status":"active","description":"%s"}`, id, id, n, strings.Repeat(string(rune('a'+n%26)), length))
}

// ask sends a request and returns status and body; 0 when the server went away.
func ask(client *http.Client, method, url, body string) (int, string) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	req.Header.Set("Content-Type", "application/fhir+json")
	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(text)
}

// attempt is a write of version n of a resource; n is even for a deletion.
type attempt struct {
	n     int
	acked bool
}

// TestKillWrites kills a server without warning in the middle of a thousand writes by
// several clients at once, again and again: after each restart every acknowledged write
// is there, whole, and besides them at most the one of each client that was under way.
// Short texts, long ones and deletions are mixed.
func TestKillWrites(t *testing.T) {
	const clients = 4
	writes, kills := 1000, 6
	if testing.Short() {
		writes, kills = 200, 2
	}
	data := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	d := rand.New(rand.NewPCG(seed, 0))
	var last [clients]attempt // what is known to be stored, and what may be
	next := [clients]int{}
	total := 0
	for round := 0; total < writes || round < kills; round++ {
		if round > 40 {
			t.Fatalf("only %d writes in %d rounds", total, round)
		}
		s := serve(t, data)
		client := &http.Client{Timeout: 10 * time.Second}
		for c := range clients { // what is there
			check(t, client, s.base, c, last[c], seed)
			if n := stored(t, client, s.base, c); n > next[c] {
				next[c] = n // the write under way was kept
			}
			last[c] = attempt{next[c], true}
		}
		var done atomic.Int64
		var writers sync.WaitGroup
		stop := int64(writes/kills + d.IntN(40))
		go func() {
			for done.Load() < stop {
				time.Sleep(100 * time.Microsecond)
			}
			s.kill()
		}()
		for c := range clients {
			writers.Go(func() {
				for {
					n := next[c] + 1
					last[c] = attempt{n, false}
					method, body := http.MethodPut, valueSet(fmt.Sprintf("v%d", c), n)
					if n%10 == 0 {
						method, body = http.MethodDelete, ""
					}
					status, text := ask(client, method, fmt.Sprintf("%s/ValueSet/v%d", s.base, c), body)
					if status == 0 {
						return // killed
					}
					if status >= 300 {
						t.Errorf("write %d of client %d: %d %s", n, c, status, text)
						return
					}
					next[c], last[c] = n, attempt{n, true}
					done.Add(1)
				}
			})
		}
		writers.Wait()
		s.kill()
		for c := range clients {
			if !last[c].acked {
				last[c] = attempt{next[c], false}
			}
		}
		total += int(done.Load())
		client.CloseIdleConnections()
	}
	s := serve(t, data)
	defer s.kill()
	client := &http.Client{Timeout: 10 * time.Second}
	for c := range clients {
		check(t, client, s.base, c, last[c], seed)
		history(t, client, s.base, c)
	}
	t.Logf("%d acknowledged writes", total)
	s.kill()
	if status, out, errs := kodeks("verify", "--data", data); status != 0 || !strings.Contains(out, "undamaged") {
		t.Errorf("kodeks verify: status %d, %s%s", status, out, errs)
	}
}

// stored returns the number of the newest version of the resource of a client.
func stored(t *testing.T, client *http.Client, base string, c int) int {
	t.Helper()
	status, text := ask(client, http.MethodGet, fmt.Sprintf("%s/ValueSet/v%d/_history?_count=1", base, c), "")
	var h struct{ Total int }
	if status == http.StatusNotFound {
		return 0
	}
	if err := json.Unmarshal([]byte(text), &h); err != nil || status != http.StatusOK {
		t.Fatalf("history of v%d: %d %s", c, status, text)
	}
	return h.Total
}

// check wants the last acknowledged version, or when one was under way that one.
func check(t *testing.T, client *http.Client, base string, c int, last attempt, seed uint64) {
	t.Helper()
	have := stored(t, client, base, c)
	if have != last.n && (last.acked || have != last.n+1) {
		t.Fatalf("v%d has %d versions, want %d (acknowledged: %v), seed %d", c, have, last.n, last.acked, seed)
	}
	status, text := ask(client, http.MethodGet, fmt.Sprintf("%s/ValueSet/v%d", base, c), "")
	switch {
	case have == 0 && status == http.StatusNotFound, have > 0 && have%10 == 0 && status == http.StatusGone:
	case status == http.StatusOK && same(text, fmt.Sprintf("v%d", c), have):
	default:
		t.Fatalf("v%d after %d writes: %d %.200s, seed %d", c, have, status, text, seed)
	}
}

// same reports whether text is version n of a value set, with its meta.
func same(text, id string, n int) bool {
	return strings.Contains(text, fmt.Sprintf(`"versionId":"%d"`, n)) && strings.HasSuffix(text, strings.TrimPrefix(valueSet(id, n), fmt.Sprintf(`{"resourceType":"ValueSet","id":"%s"`, id)))
}

// history wants every version of a resource, whole.
func history(t *testing.T, client *http.Client, base string, c int) {
	t.Helper()
	id := fmt.Sprintf("v%d", c)
	for n := 1; n <= stored(t, client, base, c); n++ {
		status, text := ask(client, http.MethodGet, fmt.Sprintf("%s/ValueSet/%s/_history/%d", base, id, n), "")
		if deleted := n%10 == 0; deleted != (status == http.StatusGone) || !deleted && !same(text, id, n) {
			t.Errorf("version %d of %s: %d %.200s", n, id, status, text)
		}
	}
}

// TestSecondServer: resources are one server's at a time, and a read-only server refuses
// to write.
func TestSecondServer(t *testing.T) {
	data := t.TempDir()
	first := serve(t, data)
	client := &http.Client{Timeout: 10 * time.Second}
	if status, text := ask(client, http.MethodPut, first.base+"/ValueSet/a", valueSet("a", 1)); status != http.StatusCreated {
		t.Fatalf("PUT = %d %s", status, text)
	}
	for _, flag := range []string{"--read-only", "--http=127.0.0.1:0"} {
		if status, _, stderr := kodeks("serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", flag); status != exitFailed || !strings.Contains(stderr, "another process has the resources") {
			t.Errorf("a second server with %s: status %d, %q, want why not", flag, status, stderr)
		}
	}
	first.kill()
	second := serve(t, data, "--read-only")
	defer second.kill()
	if status, text := ask(client, http.MethodGet, second.base+"/ValueSet/a", ""); status != http.StatusOK || !same(text, "a", 1) {
		t.Errorf("GET = %d %s", status, text)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		if status, text := ask(client, method, second.base+"/ValueSet/a", valueSet("a", 2)); status != http.StatusMethodNotAllowed || !strings.Contains(text, "read-only") {
			t.Errorf("%s to a read-only server = %d %s", method, status, text)
		}
	}
	// Nor does a folder come of it where there were no resources.
	third := serve(t, t.TempDir(), "--read-only")
	defer third.kill()
	if status, text := ask(client, http.MethodPost, third.base+"/ValueSet", valueSet("a", 2)); status != http.StatusMethodNotAllowed {
		t.Errorf("POST to a read-only server = %d %s", status, text)
	}
}
