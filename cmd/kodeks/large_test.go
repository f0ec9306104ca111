package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// enoughForLarge is how many concepts make a code system one that a server opens when it is
// asked.
const enoughForLarge = 30_000

// TestLargeBothWays asks two servers the same, one of which had a large code system
// imported, and the other one written by a client: they answer alike, before and after a
// restart.
func TestLargeBothWays(t *testing.T) {
	body := largeSystem(1, enoughForLarge)
	file := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	imported, written := t.TempDir(), t.TempDir()
	runs(t, "import", "--data", imported, file)
	runs(t, "verify", "--data", imported)
	client := &http.Client{Timeout: 20 * time.Second}
	s := serve(t, written)
	defer s.kill()
	if status, text := ask(client, http.MethodPut, s.base+"/CodeSystem/large1", body); status != http.StatusCreated {
		t.Fatalf("PUT = %d %.300s", status, text)
	}
	const set = `{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"active","compose":{"include":[{"system":"http://example.org/large/1"}]}}},{"name":"filter","valueString":"nummer 29777"},{"name":"count","valueInteger":20}]}`
	questions := []struct{ method, path, body, want string }{
		{"GET", "/CodeSystem/$validate-code?url=http://example.org/large/1&code=C029999", "", `"valueBoolean":true`},
		{"GET", "/CodeSystem/$validate-code?url=http://example.org/large/1&code=C030000", "", `"valueBoolean":false`},
		{"GET", "/CodeSystem/$validate-code?url=http://example.org/large/1&code=C000001&display=wrong", "", `"valueBoolean":false`},
		{"GET", "/CodeSystem/$lookup?system=http://example.org/large/1&code=C000777", "", `"Begrep nummer 777 i kodeverk 1"`},
		{"POST", "/ValueSet/$expand", set, `"total":1,"offset":0`},
		{"POST", "/ValueSet/$expand", set, `"code":"C029777"`},
		{"GET", "/CodeSystem?url=http://example.org/large/1&_summary=count", "", `"total":1`},
		{"GET", "/CodeSystem?url=http://example.org/large/1&_elements=url,version", "", `"url":"http://example.org/large/1"`},
		{"GET", "/CodeSystem?code=C000001&_summary=count", "", `"total":1`},
	}
	for round := range 2 {
		r := serve(t, imported)
		for _, q := range questions {
			var answers [2]string
			for i, base := range []string{s.base, r.base} {
				status, text := ask(client, q.method, base+q.path, q.body)
				if status != http.StatusOK || !strings.Contains(text, q.want) {
					t.Errorf("round %d, server %d: %s %s = %d %.400s, want %s", round, i, q.method, q.path, status, text, q.want)
				}
				answers[i] = inContent(strings.ReplaceAll(text, base, ""))
			}
			if answers[0] != answers[1] && !strings.Contains(q.path, "$lookup") { // the uses of designations are those of the standard, or ours
				t.Errorf("round %d: %s %s differs: written\n%.800s\nimported\n%.800s", round, q.method, q.path, answers[0], answers[1])
			}
		}
		r.kill()
		s.kill()
		if s = serve(t, written); round == 1 {
			s.kill()
		}
	}
}

// volatile is what two servers say differently of the same: when, and in what version.
var volatile = regexp.MustCompile(`"(identifier|timestamp|lastUpdated|versionId|id|fullUrl)":"[^"]*",?`)

func inContent(text string) string { return volatile.ReplaceAllString(text, "") }

// TestLargeDamaged damages a large imported code system in a way that its manifest does not
// tell: the server starts, tells it though nobody asks, and serves the others; it serves it
// again when it is imported anew.
func TestLargeDamaged(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	for i := range 2 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("large%d.json", i)), []byte(largeSystem(i, enoughForLarge)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runs(t, "import", "--data", data, folder)
	tables, err := filepath.Glob(filepath.Join(data, "releases", "cs-1-*", "*", "kv", "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, name := range tables {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, make([]byte, info.Size()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, data)
	defer s.kill()
	client := &http.Client{Timeout: 20 * time.Second}
	within := func(what string, is func() bool) {
		t.Helper()
		for begin := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
			if time.Since(begin) > 20*time.Second {
				t.Fatalf("%s: not within 20 s; the log says %s", what, s.out)
			}
		}
	}
	within("the damage is told", func() bool {
		log := s.out.String()
		return strings.Contains(log, "release cannot be opened") && strings.Contains(log, "cs-1-")
	})
	valid := func(i int) (int, string) {
		return ask(client, http.MethodGet, s.base+fmt.Sprintf("/CodeSystem/$validate-code?url=http://example.org/large/%d&code=C000001", i), "")
	}
	if status, text := valid(0); status != http.StatusOK || !strings.Contains(text, `"valueBoolean":true`) {
		t.Errorf("the one that is whole: %d %.300s", status, text)
	}
	if status, text := valid(1); strings.Contains(text, `"valueBoolean":true`) {
		t.Errorf("the damaged one: %d %.300s", status, text)
	}
	if status, out, _ := kodeks("verify", "--data", data); status != exitFailed || !strings.Contains(out, "DAMAGED") {
		t.Errorf("kodeks verify: status %d, %s", status, out)
	}
	runs(t, "import", "--data", data, filepath.Join(folder, "large1.json"), "--replace")
	within("it answers again", func() bool {
		_, text := valid(1)
		return strings.Contains(text, `"valueBoolean":true`)
	})
}
