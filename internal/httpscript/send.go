package httpscript

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Host is the host that requests name, so that addresses in answers are those that a
// person sees who runs kodeks serve.
const Host = "127.0.0.1:8080"

// Versions is the part of an address that stands for two: the case is sent to both, and
// both must give the answer. It is what curl and shells understand as well.
const Versions = "{r4,r5}"

// Each returns the case once for each address that it is to be sent to.
func (c *Case) Each() []Case {
	if !strings.Contains(c.Path, Versions) {
		return []Case{*c}
	}
	out := make([]Case, 0, 2)
	for _, version := range []string{"r4", "r5"} {
		one := *c
		put := func(s string) string { return strings.ReplaceAll(s, Versions, version) }
		one.Name += " (" + version + ")"
		one.Path, one.Body = put(c.Path), put(c.Body)
		one.Request.Header, one.Query = pairs(c.Request.Header, put), pairs(c.Query, put)
		one.Want.Header, one.Want.Body = pairs(c.Want.Header, put), put(c.Want.Body)
		out = append(out, one)
	}
	return out
}

func pairs(list [][2]string, f func(string) string) [][2]string {
	out := make([][2]string, len(list))
	for i, p := range list {
		out[i] = [2]string{f(p[0]), f(p[1])}
	}
	return out
}

var repeated = regexp.MustCompile(`«([0-9]+) × ([^»]*)»`)

// expand writes out what a body says that is to be repeated: «3 × ab» is ababab.
func expand(body string) string {
	return repeated.ReplaceAllStringFunc(body, func(m string) string {
		parts := repeated.FindStringSubmatch(m)
		n, _ := strconv.Atoi(parts[1]) // digits; too many of them are none
		return strings.Repeat(parts[2], min(n, 1<<20))
	})
}

// Target returns the address with its query, encoded.
func (r *Request) Target() string {
	var b strings.Builder
	b.WriteString(r.Path)
	for i, q := range r.Query {
		if i == 0 && !strings.Contains(r.Path, "?") {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(q[0]) + "=" + url.QueryEscape(q[1]))
	}
	return b.String()
}

// Curl returns the request as a command line, for people.
func (r *Request) Curl() string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	var b strings.Builder
	b.WriteString("curl -i -X " + r.Method + " " + quote("http://"+Host+r.Path))
	if len(r.Query) > 0 {
		b.WriteString(" --url-query " + quote(r.Query[0][0]+"="+r.Query[0][1]))
		for _, q := range r.Query[1:] {
			b.WriteString(" --url-query " + quote(q[0]+"="+q[1]))
		}
	}
	for _, h := range r.Header {
		b.WriteString(" -H " + quote(h[0]+": "+h[1]))
	}
	if r.Body != "" {
		b.WriteString(" --data-binary " + quote(r.Body))
	}
	return b.String()
}

// Send sends the request to the server at an address, such as 127.0.0.1:40123.
func (r *Request) Send(client *http.Client, address string) (Answer, error) {
	req, err := http.NewRequest(r.Method, "http://"+address+r.Target(), strings.NewReader(expand(r.Body)))
	if err != nil {
		return Answer{}, err
	}
	req.Host = Host
	for _, h := range r.Header {
		req.Header.Add(h[0], h[1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	out := Answer{Status: resp.StatusCode, Body: string(body)}
	for name, list := range resp.Header {
		out.Header = append(out.Header, [2]string{name, strings.Join(list, ", ")})
	}
	sort.Slice(out.Header, func(i, k int) bool { return out.Header[i][0] < out.Header[k][0] })
	return out, err
}
