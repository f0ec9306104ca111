package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// importDemo imports what make demo imports.
func importDemo(t *testing.T) (data string) {
	t.Helper()
	root := filepath.Join("..", "..")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	sample := regexp.MustCompile(`(?m)^SAMPLE +:= (.*)$`).FindSubmatch(makefile)
	if sample == nil {
		t.Fatal("the Makefile has no SAMPLE")
	}
	data = t.TempDir()
	args := []string{"import", "--data", data, "--release-version", "2026"}
	for _, name := range bytes.Fields(sample[1]) {
		args = append(args, filepath.Join(root, filepath.FromSlash(string(name))))
	}
	if status, _, stderr := kodeks(args...); status != exitAnswered {
		t.Fatalf("import: status %d\n%s", status, stderr)
	}
	return data
}

// TestReadmeUse runs what README shows of the command line, over what make demo imports,
// and wants what it shows; "..." stands for lines that are left out.
func TestReadmeUse(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	data := importDemo(t)
	for section, screens := range map[string]int{"Use it": 7, "Search": 1} {
		_, shown, ok := strings.Cut(string(text), "\n## "+section+"\n")
		if !ok {
			t.Fatalf("README has no section %s", section)
		}
		shown, _, _ = strings.Cut(shown, "\n## ")
		list := strings.Split(shown, "\n    $ kodeks ")[1:]
		if len(list) != screens {
			t.Errorf("section %s shows %d screens, want %d", section, len(list), screens)
		}
		for _, screen := range list {
			line, rest, _ := strings.Cut(screen, "\n")
			var want strings.Builder
			for l := range strings.Lines(rest) {
				if !strings.HasPrefix(l, "    ") && l != "\n" {
					break
				}
				want.WriteString(strings.TrimPrefix(l, "    "))
			}
			status, stdout, stderr := kodeks(append(arguments(line), "--data", data)...)
			left := strings.TrimSpace(stdout)
			begun := true
			for part := range strings.SplitSeq(strings.TrimSpace(want.String()), "\n  ...\n") {
				before, after, found := strings.Cut(left, strings.Trim(part, "\n"))
				if status != exitAnswered || !found || begun && before != "" {
					t.Errorf("kodeks %s: status %d, %s\n%s\nREADME has\n%s", line, status, stderr, stdout, want.String())
					break
				}
				left, begun = after, false
			}
			if !strings.Contains(want.String(), "\n  ...\n") && left != "" {
				t.Errorf("kodeks %s prints more than README has:\n%s", line, left)
			}
		}
	}
}

// curl is a command that README or make demo prints, and its parameters.
var (
	curl      = regexp.MustCompile(`(?m)^ +(curl .*)$`)
	parameter = regexp.MustCompile(`(?:-d|--data-urlencode) (?:"([^"]+)"|(\S+))`)
	asked     = regexp.MustCompile(`http://127\.0\.0\.1:8080[^" ]*`)
)

// TestCurl sends what README and make demo say can be sent, over what make demo imports.
func TestCurl(t *testing.T) {
	address := serveCopy(t, importDemo(t))
	for file, least := range map[string]int{"README.md": 8, "scripts/demo.txt": 9} {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		commands := curl.FindAllStringSubmatch(string(text), -1)
		if len(commands) < least {
			t.Errorf("%s has %d curl commands, want %d or more", file, len(commands), least)
		}
		for _, c := range commands {
			command := strings.NewReplacer("$FHIR", "http://127.0.0.1:8080/fhir", `\$`, "$").Replace(c[1])
			target, query := asked.FindString(command), url.Values{}
			for _, p := range parameter.FindAllStringSubmatch(command, -1) {
				key, value, ok := strings.Cut(p[1]+p[2], "=")
				if !ok {
					t.Errorf("%s: %s: %s has no value", file, c[1], p[0])
				}
				query.Add(key, value)
			}
			if len(query) > 0 {
				target += "?" + query.Encode()
			}
			resp, err := http.Get(strings.Replace(target, "127.0.0.1:8080", address, 1))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK || len(body) < 50 {
				t.Errorf("%s: %s: %d %s, %v", file, c[1], resp.StatusCode, body, err)
			}
			if strings.Contains(target, "filter=") && !bytes.Contains(body, []byte(`"contains"`)) {
				t.Errorf("%s: %s finds nothing: %s", file, c[1], body)
			}
		}
	}
}
