package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkResources measures large resources: so many CodeSystems, each with so many
// concepts and with a value set of all of them and one that names each, are written over
// HTTP and asked about, before and after a restart; then as many are imported from a
// folder and asked about. 200 of 100,000 concepts take 12 GiB on disk while it runs.
//
//	go test ./cmd/kodeks -run '^$' -bench '^BenchmarkResources$' -benchtime 1x -timeout 90m -v
//
// The environment chooses what is measured:
//
//	BENCH_RESOURCES  how many CodeSystems (200)
//	BENCH_CONCEPTS   of each (100000)
//	BENCH_IMPORTED   how many are imported (as many)
//	BENCH_WAYS       put, import, or both (put,import)
//	BENCH_DATA       data folder with SNOMED CT that they are put into, to be a copy:
//	                 value sets of SNOMED CT are asked about meanwhile
func BenchmarkResources(b *testing.B) {
	n, concepts := benchNumber(b, "BENCH_RESOURCES", 200), benchNumber(b, "BENCH_CONCEPTS", 100_000)
	imported := benchNumber(b, "BENCH_IMPORTED", n)
	ways := cmp.Or(os.Getenv("BENCH_WAYS"), "put,import")
	note := func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	note("Machine: %s", machine())
	note("%d CodeSystems of %d concepts, each with two ValueSets", n, concepts)
	binary := buildKodeks(b)
	client := &http.Client{Timeout: time.Minute}
	if strings.Contains(ways, "put") {
		putLarge(b, note, client, binary, n, concepts)
	}
	if strings.Contains(ways, "import") {
		importLarge(b, note, client, binary, imported, concepts)
	}
	for b.Loop() { // measured above
	}
}

// putLarge writes code systems and value sets over HTTP, and asks about them.
func putLarge(b *testing.B, note func(string, ...any), client *http.Client, binary string, n, concepts int) {
	b.Helper()
	snomed := os.Getenv("BENCH_DATA") != ""
	data := cmp.Or(os.Getenv("BENCH_DATA"), filepath.Join(b.TempDir(), "data"))
	s := startBench(b, binary, data)
	var puts []time.Duration
	start := time.Now()
	for i := range n {
		for _, body := range []string{largeSystem(i, concepts), setOf(i), setNaming(i, concepts)} {
			typ, id := "ValueSet", largeID(body)
			if strings.HasPrefix(body, `{"resourceType":"CodeSystem"`) {
				typ = "CodeSystem"
			}
			begin := time.Now()
			if status, text := ask(client, http.MethodPut, s.base+"/"+typ+"/"+id, body); status != http.StatusCreated {
				b.Fatalf("PUT %s/%s = %d %.300s", typ, id, status, text)
			}
			if typ == "CodeSystem" {
				puts = append(puts, time.Since(begin))
			}
		}
	}
	note("PUT of all: %v; of a CodeSystem: %s, of the last tenth %s", time.Since(start).Round(time.Millisecond), spread(puts), spread(puts[len(puts)-max(1, n/10):]))
	note("after the writes: %s", s.memory(b))
	validateLarge(b, note, client, s.base, n, concepts)
	note("after the questions: %s, %s", s.memory(b), s.peak())
	time.Sleep(3 * time.Second)
	note("3 s later: %s", s.memory(b))
	s.stop(b)

	start = time.Now()
	s = startBench(b, binary, data)
	note("start after a restart: %v, %s", time.Since(start).Round(time.Millisecond), s.memory(b))
	validateLarge(b, note, client, s.base, n, concepts)
	inTurn(b, note, client, s, n, concepts)
	if snomed {
		whileWriting(b, note, client, s)
	}
	for _, query := range []string{"/CodeSystem?_summary=true&_count=50", "/CodeSystem?code=C000001&_summary=count", "/ValueSet?_count=20", "/CodeSystem/_history?_count=20"} {
		begin := time.Now()
		status, text := ask(client, http.MethodGet, s.base+query, "")
		note("GET %s: %d, %s in %v", query, status, size(int64(len(text))), time.Since(begin).Round(time.Millisecond))
	}
	note("after the questions: %s, %s", s.memory(b), s.peak())
	s.stop(b)
}

func benchNumber(b *testing.B, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s=%s, want a number from 1", name, text)
	}
	return n
}

// largeSystem, setOf and setNaming are resources of number i.
func largeSystem(i, concepts int) string {
	var out strings.Builder
	fmt.Fprintf(&out, `{"resourceType":"CodeSystem","id":"large%d","url":"http://example.org/large/%d","version":"1","status":"active","content":"complete","caseSensitive":true,"concept":[`, i, i)
	for k := range concepts {
		if k > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"code":"C%06d","display":"Begrep nummer %d i kodeverk %d"}`, k, k, i)
	}
	return out.String() + "]}"
}

func setOf(i int) string {
	return fmt.Sprintf(`{"resourceType":"ValueSet","id":"all%d","url":"http://example.org/vs/all/%d","status":"active","compose":{"include":[{"system":"http://example.org/large/%d"}]}}`, i, i, i)
}

func setNaming(i, concepts int) string {
	var out strings.Builder
	fmt.Fprintf(&out, `{"resourceType":"ValueSet","id":"named%d","url":"http://example.org/vs/named/%d","status":"active","compose":{"include":[{"system":"http://example.org/large/%d","concept":[`, i, i, i)
	for k := range concepts {
		if k > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"code":"C%06d"}`, k)
	}
	return out.String() + "]}]}}"
}

func largeID(body string) string {
	_, rest, _ := strings.Cut(body, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// validateLarge asks about a code of each code system and value set, twice each, so that
// the second finds it open, and about one that there is not.
func validateLarge(b *testing.B, note func(string, ...any), client *http.Client, base string, n, concepts int) {
	b.Helper()
	for _, kind := range []string{"CodeSystem", "ValueSet all", "ValueSet named"} {
		var first, second []time.Duration
		for i := range n {
			system, code := fmt.Sprintf("http://example.org/large/%d", i), fmt.Sprintf("C%06d", i*7919%concepts)
			typ, url := "CodeSystem", system
			if of, set, ok := strings.Cut(kind, " "); ok {
				typ, url = of, fmt.Sprintf("http://example.org/vs/%s/%d", set, i)
			}
			for round := range 3 {
				asked := code
				if round == 2 {
					asked = "none"
				}
				target := base + "/" + typ + "/$validate-code?" + validateQuery(typ, url, system, asked)
				begin := time.Now()
				status, text := ask(client, http.MethodGet, target, "")
				took := time.Since(begin)
				if status != http.StatusOK || strings.Contains(text, `"valueBoolean":true`) != (round < 2) {
					b.Fatalf("%s = %d %.300s", target, status, text)
				}
				if round == 0 {
					first = append(first, took)
				} else {
					second = append(second, took)
				}
			}
		}
		note("$validate-code, %s: first %s, then %s", kind, spread(first), spread(second))
	}
}

func validateQuery(typ, of, system, code string) string {
	v := url.Values{"url": {of}, "code": {code}}
	if typ == "ValueSet" {
		v.Set("system", system)
	}
	return v.Encode()
}

// spread is the median and the largest of some times.
func spread(times []time.Duration) string {
	sorted := slices.Sorted(slices.Values(times))
	return fmt.Sprintf("%v (max %v)", sorted[len(sorted)/2].Round(10*time.Microsecond), sorted[len(sorted)-1].Round(10*time.Microsecond))
}

// benchServing is a server that is measured.
type benchServing struct {
	cmd  *exec.Cmd
	base string
}

func startBench(b *testing.B, binary, data string) *benchServing {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), binary, "serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	address, err := servedAt(stdout)
	if err != nil {
		b.Fatal(err)
	}
	return &benchServing{cmd, "http://" + address + "/fhir"}
}

func (s *benchServing) memory(b *testing.B) string {
	return "resident " + memoryRow(b, "", s.cmd.Process.Pid).figure
}

func (s *benchServing) peak() string {
	peak, ok := procField(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid), "VmHWM")
	if !ok {
		return "peak unknown"
	}
	return "peak " + size(peak<<10)
}

func (s *benchServing) stop(b *testing.B) {
	_ = s.cmd.Process.Signal(os.Interrupt)
	if err := s.cmd.Wait(); err != nil {
		b.Errorf("kodeks serve ends with %v", err)
	}
}
