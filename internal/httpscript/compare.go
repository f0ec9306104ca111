package httpscript

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sort"
	"strings"
)

// told are the headers that an answer has just when the script has them.
var told = []string{"Content-Type", "Etag", "Last-Modified", "Location"}

// plainType is the Content-Type of an answer of which a script does not say it.
const plainType = "application/fhir+json; charset=utf-8"

// Compare returns how an answer differs from the expected one, nothing when it does not.
func Compare(want, got Answer, known Known) []string {
	var out []string
	if want.Status != got.Status {
		out = append(out, fmt.Sprintf("status: got %d %s, want %d", got.Status, http.StatusText(got.Status), want.Status))
	}
	for _, name := range told {
		w, g := want.Get(name), got.Get(name)
		if name == "Content-Type" && w == "" && want.Body != "" {
			w = plainType
		}
		if !known.fits(w, g) {
			out = append(out, fmt.Sprintf("%s: got %q, want %q", name, g, w))
		}
	}
	for _, h := range want.Header {
		if g := got.Get(h[0]); !slices.ContainsFunc(told, func(n string) bool { return strings.EqualFold(n, h[0]) }) && !known.fits(h[1], g) {
			out = append(out, fmt.Sprintf("%s: got %q, want %q", h[0], g, h[1]))
		}
	}
	return append(out, compareBodies(want.Body, got.Body, got.Get("Content-Type"), known)...)
}

func compareBodies(want, got, contentType string, known Known) []string {
	c := comparison{known: known}
	switch {
	case want == "" || got == "":
		if want != got {
			return []string{fmt.Sprintf("body: got %d bytes, want %d", len(got), len(want))}
		}
	case strings.Contains(contentType, "json"):
		w, err := decode(want)
		if err != nil {
			return []string{"the expected body is no JSON: " + err.Error()}
		}
		g, err := decode(got)
		if err != nil {
			return []string{"the body is no JSON: " + err.Error()}
		}
		c.values("", w, g)
	case strings.Contains(contentType, "xml"):
		w, err := readNode(want)
		if err != nil {
			return []string{"the expected body is no XML: " + err.Error()}
		}
		g, err := readNode(got)
		if err != nil {
			return []string{"the body is no XML: " + err.Error()}
		}
		c.values("", w.value(), g.value())
	default:
		c.texts("body", strings.Join(strings.Fields(want), " "), strings.Join(strings.Fields(got), " "))
	}
	return c.differences
}

func decode(text string) (any, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more text after the JSON")
	}
	return v, nil
}

// comparison gathers differences.
type comparison struct {
	known       Known
	differences []string
}

func (c *comparison) differ(path, format string, args ...any) {
	c.differences = append(c.differences, strings.TrimPrefix(path, ".")+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) values(path string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		for _, key := range sortedKeys(w, g) {
			wv, inWant := w[key]
			gv, inGot := g[key]
			switch {
			case !inGot:
				c.differ(path+"."+key, "missing, want %s", short(wv))
			case !inWant:
				c.differ(path+"."+key, "not wanted: %s", short(gv))
			default:
				c.values(path+"."+key, wv, gv)
			}
		}
		return
	case []any:
		g, ok := got.([]any)
		if !ok {
			break
		}
		for i := range max(len(w), len(g)) {
			at := fmt.Sprintf("%s[%d]", path, i)
			switch {
			case i >= len(g):
				c.differ(at, "missing, want %s", short(w[i]))
			case i >= len(w):
				c.differ(at, "not wanted: %s", short(g[i]))
			default:
				c.values(at, w[i], g[i])
			}
		}
		return
	case string:
		if g, ok := got.(string); ok {
			c.texts(path, w, g)
			return
		}
	default:
		if want == got {
			return
		}
	}
	c.differ(path, "got %s, want %s", short(got), short(want))
}

func (c *comparison) texts(path, want, got string) {
	if !c.known.fits(want, got) {
		c.differ(path, "got %q, want %q", got, want)
	}
}

func sortedKeys(maps ...map[string]any) []string {
	var out []string
	for _, m := range maps {
		for key := range m {
			if !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	sort.Strings(out)
	return out
}

// short is a value for a message.
func short(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(b) > 300 {
		return string(b[:300]) + "..."
	}
	return string(b)
}
