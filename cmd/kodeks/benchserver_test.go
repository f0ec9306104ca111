package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"testing"
	"time"
)

// measureServer starts kodeks serve and looks at its memory, at rest and after
// every kind of request. Only Linux tells.
func measureServer(b *testing.B, t *benchTable, binary, data string, d *drawn) {
	if runtime.GOOS != "linux" {
		t.note("Resident memory is measured on Linux only.")
		return
	}
	cmd := exec.CommandContext(b.Context(), binary, "serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			b.Errorf("kodeks serve ends with %v", err)
		}
	}()
	address, err := servedAt(stdout)
	if err != nil {
		b.Error(err)
		return
	}
	t.add(memoryRow(b, "serve, resident after start", cmd.Process.Pid))
	for _, k := range requestKinds(d) {
		if err := settle(address, k.targets); err != nil {
			b.Errorf("%s: %v", k.name, err)
			return
		}
		if _, err := load(address, k.targets, connections, benchRound(b)); err != nil {
			b.Errorf("%s: %v", k.name, err)
			return
		}
	}
	t.add(memoryRow(b, "serve, resident after load", cmd.Process.Pid))
	time.Sleep(2 * time.Second)
	t.add(memoryRow(b, "serve, resident 2 s later", cmd.Process.Pid))
}

var servedLine = regexp.MustCompile(`^FHIR +http://([0-9.:]+)/fhir`)

// servedAt waits for the server to tell its address.
func servedAt(r io.Reader) (string, error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if found := servedLine.FindStringSubmatch(lines.Text()); found != nil {
			go io.Copy(io.Discard, r)
			return found[1], nil
		}
	}
	return "", errors.New("kodeks serve does not tell where it serves")
}

// memoryRow is the resident memory of a process, and how much of it is its own and
// not files that are mapped, which the system can drop.
func memoryRow(b *testing.B, what string, pid int) benchRow {
	b.Helper()
	status := fmt.Sprintf("/proc/%d/status", pid)
	all, ok := procField(status, "VmRSS")
	own, okOwn := procField(status, "RssAnon")
	if !ok || !okOwn {
		b.Fatalf("%s does not tell the resident memory", status)
	}
	return benchRow{what: what, figure: fmt.Sprintf("%s (own %s)", size(all<<10), size(own<<10)), budget: "1.5 GiB", missed: all<<10 > serveMemory}
}
