package rest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestSlowBodies sends as many long bodies as are read at once, and does not end them: one
// more is told to come again, short ones and questions are answered meanwhile, and when the
// slow clients are gone there is room again.
func TestSlowBodies(t *testing.T) {
	const most = 2 << 20
	ctx, stop := context.WithCancel(t.Context())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	s := New(nil, Options{MaxBody: most})
	go func() { ended <- s.Serve(ctx, ln) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	var slow []net.Conn
	for range bodiesAtOnce {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /fhir/CodeSystem/$lookup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", most)
		if _, err := c.Write(bytes.Repeat([]byte{' '}, most-1)); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
	}
	post := func(size int) (int, string) {
		resp, err := http.Post("http://"+ln.Addr().String()+"/fhir/CodeSystem/$lookup", "application/json", strings.NewReader(strings.Repeat(" ", size)))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode, resp.Header.Get("Retry-After")
	}
	taken := func(want int64) {
		t.Helper()
		for range 200 {
			if s.bodies.Load() == want {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%d bytes of room are taken, want %d", s.bodies.Load(), want)
	}
	taken(bodiesAtOnce * most)
	if status, again := post(1 << 20); status != http.StatusServiceUnavailable || again == "" {
		t.Errorf("one long body more: %d, Retry-After %q, want 503", status, again)
	}
	if status, _ := post(1000); status != http.StatusBadRequest { // it was read
		t.Errorf("a short body: %d, want 400", status)
	}
	if resp, err := http.Get("http://" + ln.Addr().String() + "/fhir/metadata"); err != nil || resp.StatusCode != 200 {
		t.Errorf("metadata: %v, %v", resp, err)
	} else {
		resp.Body.Close()
	}
	for _, c := range slow {
		c.Close()
	}
	taken(0)
	if status, _ := post(1 << 20); status != http.StatusBadRequest {
		t.Errorf("a long body when there is room again: %d, want 400", status)
	}
}
