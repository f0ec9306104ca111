package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The budgets of all code systems together, and what is asked of each.
const (
	openBudget     = 500 * time.Millisecond
	systemRounds   = 5    // of which the median counts
	systemRequests = 1000 // of each code system: $lookup, $validate-code and searches in turn
)

// BenchmarkSystems measures many code systems that are loaded together: of each what it
// takes on disk and to open, the time and memory of a command that asks it alone, and what
// it adds to a server that is asked about it; of all, opening and a server's start. Where
// it imports, it also measures that. The figures are medians of 5.
//
//	go test ./cmd/kodeks -run '^$' -bench '^BenchmarkSystems$' -benchtime 1x -timeout 60m
//
// The environment chooses what is measured:
//
//	BENCH_DATA     a data folder that is imported already
//	BENCH_SYSTEMS  files or folders to import, each by itself, in the form of a PATH;
//	               none: the samples of the project
//	BENCH_OUT      a file for the tables
func BenchmarkSystems(b *testing.B) {
	var out strings.Builder
	note := func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
		fmt.Fprintf(&out, format+"  \n", args...)
	}
	table := func(lines [][]string) {
		out.WriteByte('\n')
		writeMarkdown(&out, lines)
		out.WriteByte('\n')
	}
	note("Machine: %s", machine())
	binary, data := buildKodeks(b), os.Getenv("BENCH_DATA")
	if data == "" {
		data = filepath.Join(b.TempDir(), "data")
		table(importSystems(b, binary, data))
	}
	in, err := openService(b.Context(), data, "")
	if err != nil {
		b.Fatal(err)
	}
	all := drawSystems(in)
	if err := in.Close(); err != nil {
		b.Fatal(err)
	}

	together := [][]string{{"All together", "Median", "Max", "Budget"}}
	add := func(what string, budget string, took []time.Duration) {
		together = append(together, []string{what, short(took[len(took)/2]), short(took[len(took)-1]), budget})
	}
	add("open", short(openBudget), fiveTimes(b, func() (func() error, error) {
		in, err := openService(b.Context(), data, "")
		if err != nil {
			return nil, err
		}
		return in.Close, nil
	}))
	add("open, as a command that asks little", "", fiveTimes(b, func() (func() error, error) {
		in, err := openLater(b.Context(), data, "")
		if err != nil {
			return nil, err
		}
		return in.Close, nil
	}))
	add("kodeks list, all of the process", "", fiveTimes(b, func() (func() error, error) {
		return nil, exec.CommandContext(b.Context(), binary, "list", "--data", data).Run()
	}))
	rows := make([][]string, len(all))
	for i := range all {
		rows[i] = all[i].measure(b, binary, data)
	}
	var started []time.Duration
	for range systemRounds {
		server := startServer(b, binary, data)
		started = append(started, server.took)
		server.stop(b)
	}
	slices.Sort(started)
	add("kodeks serve, from start until it is ready", "", started)
	table(together)

	lines := [][]string{{"Release", "Concepts", "Terms", "On disk", "Open", "First search", "kodeks lookup", "its memory", "Server grows by"}}
	server := startServer(b, binary, data)
	atStart := resident(b, server)
	for i := range all {
		before := resident(b, server)
		all[i].load(b, server)
		lines = append(lines, append(rows[i], size(max(0, resident(b, server)-before))))
	}
	table(lines)
	note("Server: resident %s when ready, %s after %d requests to each of %d releases, %s a few seconds later.", size(atStart), size(resident(b, server)), systemRequests, len(all), later5(b, server))
	server.stop(b)
	note("Load average at the end: %s", loadAverage())
	fmt.Printf("\n%s\n", out.String())
	if file := os.Getenv("BENCH_OUT"); file != "" {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			b.Fatal(err)
		}
	}
}

// fiveTimes returns how long f takes, in order, without what it leaves to be done after.
func fiveTimes(b *testing.B, f func() (after func() error, err error)) []time.Duration {
	b.Helper()
	took := make([]time.Duration, systemRounds)
	for i := range took {
		shrink()
		start := time.Now()
		after, err := f()
		took[i] = time.Since(start)
		if err == nil && after != nil {
			err = after()
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(took)
	return took
}

// shrink gives memory back and makes Linux forget how much it was: a process that we start
// is said to have had at its peak no less than we have had.
func shrink() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200)
}

// importSystems imports each path in a process of its own.
func importSystems(b *testing.B, binary, data string) [][]string {
	b.Helper()
	paths := filepath.SplitList(os.Getenv("BENCH_SYSTEMS"))
	if len(paths) == 0 {
		root := filepath.Join("..", "..", "testdata")
		paths = []string{filepath.Join(root, "snomed"), filepath.Join(root, "icd10", "icd10-fat.json"), filepath.Join(root, "icpc2", "icpc2-fat.json")}
	}
	lines := [][]string{{"Import", "Time", "CPU", "Peak memory"}}
	for _, path := range paths {
		start := time.Now()
		ended := child(b, ".", binary, "import", "--data", data, "--release-version", "2026", path)
		row := []string{filepath.Base(path), short(time.Since(start)), short(ended.UserTime() + ended.SystemTime()), ""}
		if peak, ok := peakMemory(ended); ok {
			row[3] = size(peak)
		}
		lines = append(lines, row)
	}
	return lines
}

// systemDrawn is a release and what to ask of it.
type systemDrawn struct {
	manifest catalog.Manifest
	dir      string
	system   string // to ask by: the name of the release where another has its system and version
	codes    []string
	words    []string
}

// drawSystems draws codes and words over every code system, the same for the same
// releases.
func drawSystems(in *installed) []systemDrawn {
	snap := in.catalog.Acquire()
	defer snap.LetGo()
	var all []systemDrawn
	for _, r := range snap.Releases {
		if r.CodeSystem == nil || r.Of != nil {
			continue
		}
		random := rand.New(rand.NewPCG(1, 2))
		d := systemDrawn{manifest: r.Manifest, dir: r.Dir, system: r.Release.System}
		if answers, err := snap.CodeSystem(d.system, r.Release.Version); err != nil || answers != r {
			d.system = r.Release.Name
		}
		for range systemRequests {
			o := random.Uint32N(uint32(r.CodeSystem.Len()))
			d.codes = append(d.codes, r.CodeSystem.Code(o))
			word := []rune(strings.TrimFunc(firstOf(strings.Fields(r.CodeSystem.Display(o))), func(c rune) bool { return strings.ContainsRune(`.,;:()[]"'`, c) }))
			d.words = append(d.words, string(word[:min(len(word), 3+random.IntN(4))]))
		}
		all = append(all, d)
	}
	return all
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return "a"
	}
	return words[0]
}

// measure opens one release, searches it the first time, and asks it by the command.
func (d *systemDrawn) measure(b *testing.B, binary, data string) []string {
	b.Helper()
	var searched []time.Duration
	open := fiveTimes(b, func() (func() error, error) {
		o, err := wiring.Open(d.dir, d.manifest)
		if err != nil {
			return nil, err
		}
		return func() error {
			start := time.Now()
			_, err := o.Text.Search(b.Context(), terminology.TextQuery{Text: d.words[0], Limit: 10}, o.CodeSystem)
			searched = append(searched, time.Since(start))
			return errors.Join(err, o.Close())
		}, nil
	})
	slices.Sort(searched)
	memory := ""
	r := d.manifest.Release
	looked := fiveTimes(b, func() (func() error, error) {
		cmd := exec.CommandContext(b.Context(), binary, "lookup", "--data", data, "--system", d.system, "--version", r.Version, "--", d.codes[0])
		text, err := cmd.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", cmd, err, text)
		}
		if peak, ok := peakMemory(cmd.ProcessState); ok {
			memory = size(peak)
		}
		return nil, nil
	})
	total := int64(0)
	err := filepath.WalkDir(d.dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += onDisk(info)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	name := r.Name + " " + r.Date
	row := []string{name, count(d.manifest.Concepts), count(d.manifest.Terms), size(total), short(open[len(open)/2]), short(searched[len(searched)/2]), short(looked[len(looked)/2]), memory}
	fmt.Fprintln(os.Stderr, strings.Join(row, " | "))
	return row
}

// benchServer is a kodeks serve that is measured.
type benchServer struct {
	cmd     *exec.Cmd
	address string
	took    time.Duration // until it was ready
}

func startServer(b *testing.B, binary, data string) *benchServer {
	b.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), binary, "serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	address, err := servedAt(stdout)
	if err != nil {
		b.Fatal(errors.Join(err, cmd.Process.Kill(), cmd.Wait()))
	}
	return &benchServer{cmd, address, time.Since(start)}
}

func (s *benchServer) stop(b *testing.B) {
	b.Helper()
	if err := errors.Join(s.cmd.Process.Signal(os.Interrupt), s.cmd.Wait()); err != nil {
		b.Errorf("kodeks serve ends with %v", err)
	}
}

// resident returns the resident memory of a server in bytes; 0 where nothing tells.
func resident(b *testing.B, s *benchServer) int64 {
	b.Helper()
	kib, _ := procField(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid), "VmRSS")
	return kib << 10
}

// later5 waits until a server has given back what it can, and returns its memory.
func later5(b *testing.B, s *benchServer) string {
	b.Helper()
	time.Sleep(5 * time.Second)
	return size(resident(b, s))
}

// load asks a server about a release.
func (d *systemDrawn) load(b *testing.B, s *benchServer) {
	b.Helper()
	c, err := dial(s.address)
	if err != nil {
		b.Fatal(err)
	}
	defer c.conn.Close()
	r := d.manifest.Release
	for i := range systemRequests {
		q := url.Values{"system": {d.system}}
		path := "/search?"
		switch i % 3 {
		case 0:
			q.Set("code", d.codes[i])
			q.Set("version", r.Version)
			path = "/fhir/CodeSystem/$lookup?"
		case 1:
			q = url.Values{"url": {d.system}, "code": {d.codes[i]}, "version": {r.Version}}
			path = "/fhir/CodeSystem/$validate-code?"
		default:
			q.Set("q", d.words[i])
		}
		if _, err := c.ask(rawRequest(s.address, path+q.Encode()), nil); err != nil {
			b.Fatalf("%s%s: %v", path, q.Encode(), err)
		}
	}
}
