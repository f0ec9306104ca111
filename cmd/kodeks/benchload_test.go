package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// connections is how many clients ask at the same time.
const connections = 16

// client asks over one connection. It is as cheap as a client can be, as it shares
// the machine with the server that it measures.
type client struct {
	conn net.Conn
	buf  []byte
}

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	return &client{conn, make([]byte, 64<<10)}, err
}

// rawRequest is a target as it is sent.
func rawRequest(address, target string) []byte {
	return []byte("GET " + target + " HTTP/1.1\r\nHost: " + address + "\r\nAccept: application/fhir+json\r\n\r\n")
}

var (
	ok200         = []byte("HTTP/1.1 200 ")
	endOfHeader   = []byte("\r\n\r\n")
	contentLength = []byte("\r\nContent-Length: ")
	errSilent     = errors.New("the server sent no answer with a length")
)

// ask sends a request and reads its answer to the end. It returns the length of
// the body; body, when it is not nil, gets it.
func (c *client) ask(request []byte, body *bytes.Buffer) (int, error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	have, head := 0, -1
	for head < 0 {
		n, err := c.conn.Read(c.buf[have:])
		if err != nil {
			return 0, err
		}
		from := max(have-len(endOfHeader), 0)
		have += n
		if head = bytes.Index(c.buf[from:have], endOfHeader); head >= 0 {
			head += from
		} else if have == len(c.buf) {
			return 0, errSilent
		}
	}
	length, err := lengthIn(c.buf[:head+2])
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(c.buf, ok200) {
		return 0, fmt.Errorf("answer %q", c.buf[:have])
	}
	head += len(endOfHeader)
	if body != nil {
		body.Reset()
		body.Write(c.buf[head:have])
		_, err := io.CopyN(body, c.conn, int64(length-(have-head)))
		return length, err
	}
	for left := length - (have - head); left > 0; {
		n, err := c.conn.Read(c.buf)
		if err != nil {
			return 0, err
		}
		left -= n
	}
	return length, nil
}

// lengthIn reads Content-Length from a header.
func lengthIn(header []byte) (int, error) {
	at := bytes.Index(header, contentLength)
	if at < 0 {
		return 0, errSilent
	}
	value := header[at+len(contentLength):]
	return strconv.Atoi(string(value[:bytes.IndexByte(value, '\r')]))
}

// load asks for the targets, over so many connections, for a while. It returns the
// answers per second.
func load(address string, targets []string, connections int, round time.Duration) (float64, error) {
	requests := make([][]byte, len(targets))
	for i, t := range targets {
		requests[i] = rawRequest(address, t)
	}
	var stop atomic.Bool
	var answers atomic.Int64
	var wg sync.WaitGroup
	failed := make(chan error, connections)
	clients := make([]*client, connections)
	for n := range clients {
		c, err := dial(address)
		if err != nil {
			return 0, err
		}
		defer c.conn.Close()
		clients[n] = c
	}
	start := time.Now()
	time.AfterFunc(round, func() { stop.Store(true) })
	for n, c := range clients {
		wg.Go(func() {
			mine := 0
			for i := n * len(requests) / connections; !stop.Load(); i++ {
				if _, err := c.ask(requests[i%len(requests)], nil); err != nil {
					failed <- err
					return
				}
				mine++
			}
			answers.Add(int64(mine))
		})
	}
	wg.Wait()
	took := time.Since(start)
	close(failed)
	return float64(answers.Load()) / took.Seconds(), <-failed
}

// settle asks for every target once, so that what is kept from the first answer on
// is there.
func settle(address string, targets []string) error {
	_, err := answersOf(address, targets)
	return err
}

// answersOf asks for every target once and returns the bodies by target.
func answersOf(address string, targets []string) (map[string][]byte, error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	answers := make(map[string][]byte, len(targets))
	var body bytes.Buffer
	for _, t := range targets {
		if _, err := c.ask(rawRequest(address, t), &body); err != nil {
			return nil, fmt.Errorf("%s: %w", t, err)
		}
		answers[t] = bytes.Clone(body.Bytes())
	}
	return answers, nil
}
