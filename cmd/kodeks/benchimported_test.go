package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// importLarge imports code systems and value sets from a folder, and three more code
// systems each by itself, and asks about them: by the commands, and of a server.
func importLarge(b *testing.B, note func(string, ...any), client *http.Client, binary string, n, concepts int) {
	b.Helper()
	folder, data := b.TempDir(), filepath.Join(b.TempDir(), "data")
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		return path
	}
	for i := range n {
		file(fmt.Sprintf("large%d.json", i), largeSystem(i, concepts))
		file(fmt.Sprintf("all%d.json", i), setOf(i))
		file(fmt.Sprintf("named%d.json", i), setNaming(i, concepts))
	}
	run := func(args ...string) (time.Duration, string) {
		b.Helper()
		cmd := exec.CommandContext(b.Context(), binary, append(args, "--data", data)...)
		start := time.Now()
		out, err := cmd.CombinedOutput()
		took := time.Since(start)
		if err != nil {
			b.Fatalf("kodeks %s: %v\n%s", args[0], err, out)
		}
		usage := cmd.ProcessState
		peak, _ := peakMemory(usage)
		return took, fmt.Sprintf("%v (%v of CPU), peak %s", took.Round(time.Millisecond), (usage.UserTime() + usage.SystemTime()).Round(10*time.Millisecond), size(peak))
	}
	took, figures := run("import", folder)
	note("import of a folder with %d CodeSystems and %d ValueSets: %s; %v a CodeSystem; %s on disk", n, 2*n, figures, (took / time.Duration(n)).Round(time.Millisecond), size(diskUse(b, data)))
	var alone []time.Duration
	for i := n; i < n+3; i++ {
		took, _ := run("import", file(fmt.Sprintf("large%d.json", i), largeSystem(i, concepts)))
		alone = append(alone, took)
	}
	note("import of one alone: %s", spread(alone))

	start := time.Now()
	s := startBench(b, binary, data)
	note("start with them: %v, %s", time.Since(start).Round(time.Millisecond), s.memory(b))
	validateLarge(b, note, client, s.base, n, concepts)
	note("after the questions: %s, %s", s.memory(b), s.peak())
	askLarge(b, note, client, s.base, n)
	s.stop(b)

	for _, args := range [][]string{{"list"}, {"lookup", "--system", largeURL(n / 2), "C000001"}, {"verify"}, {"remove", largeRelease(b, data, n-1), "1"}} {
		_, figures := run(args...)
		note("kodeks %s: %s", args[0], figures)
	}
}

// askLarge looks a code up and expands by words in the first, the middle and the last.
func askLarge(b *testing.B, note func(string, ...any), client *http.Client, base string, n int) {
	b.Helper()
	for _, q := range []struct{ name, path, want string }{
		{"$lookup", "/CodeSystem/$lookup?code=C000777&system=%s", `"Begrep nummer 777 i kodeverk %d"`},
		{"$expand with filter, first", "/ValueSet/$expand?filter=nummer+777&count=20&url=http://example.org/vs/all/%[2]d", `"Begrep nummer 777 i kodeverk %d"`},
		{"$expand with filter, then", "/ValueSet/$expand?filter=nummer+776&count=20&url=http://example.org/vs/all/%[2]d", `"Begrep nummer 776 i kodeverk %d"`},
		{"GET CodeSystem?url", "/CodeSystem?_summary=true&url=%s", `"total":1`},
	} {
		var times []time.Duration
		for _, i := range []int{0, n / 2, n - 1} {
			target := base + strings.ReplaceAll(strings.ReplaceAll(q.path, "%[2]d", fmt.Sprint(i)), "%s", largeURL(i))
			begin := time.Now()
			status, text := ask(client, http.MethodGet, target, "")
			times = append(times, time.Since(begin))
			if want := strings.ReplaceAll(q.want, "%d", fmt.Sprint(i)); status != http.StatusOK || !strings.Contains(text, want) {
				b.Fatalf("%s = %d %.300s, want %s", target, status, text, want)
			}
		}
		note("%s: %s", q.name, spread(times))
	}
}

func largeURL(i int) string { return fmt.Sprintf("http://example.org/large/%d", i) }

// largeRelease returns the name of the release that was made of a code system.
func largeRelease(b *testing.B, data string, i int) string {
	b.Helper()
	found, err := filepath.Glob(filepath.Join(data, "releases", fmt.Sprintf("cs-%d-*", i)))
	if err != nil || len(found) != 1 {
		b.Fatalf("the release of %s is %v, %v", largeURL(i), found, err)
	}
	return filepath.Base(found[0])
}

// diskUse is the size of all files in a folder.
func diskUse(b *testing.B, dir string) (n int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += onDisk(info)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}
