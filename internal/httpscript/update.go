package httpscript

import (
	"os"
	"regexp"
	"strings"
)

var (
	stamp      = regexp.MustCompile(`("timestamp": |<timestamp value=)"[^"]*"`)
	instant    = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z`) // of the server
	identifier = regexp.MustCompile(`("identifier": )"urn:uuid:[^"]*"`)
)

// Unwritten reports whether the case says what status comes, but not yet what body.
func (c *Case) Unwritten() bool {
	return c.Want.Body == "" && c.Want.Status != 204 && c.Want.Status != 304 && c.Want.Get("Content-Length") != "0"
}

// Write writes the script again with bodies for the cases, by their index, that have
// none: what is written already is left, so that an answer that changes is seen. What is
// known by a name is written as that name.
func (s *Script) Write(bodies map[int]Answer, known Known) error {
	var b strings.Builder
	at := 0
	for i := range s.Cases {
		c := &s.Cases[i]
		got, ok := bodies[i]
		if !ok || !c.Unwritten() {
			continue
		}
		end := c.end
		for end > 0 && strings.TrimSpace(s.lines[end-1]) == "" {
			end--
		}
		b.WriteString(strings.Join(s.lines[at:end], "\n") + "\n")
		kind := got.Get("Content-Type")
		if c.Want.Get("Content-Type") == "" && kind != plainType {
			b.WriteString("Content-Type: " + kind + "\n")
		}
		body := Layout(got.Body, kind)
		for name, value := range known {
			body = strings.ReplaceAll(body, value, name)
		}
		body = instant.ReplaceAllString(stamp.ReplaceAllString(body, `$1"{time}"`), "{time}")
		body = identifier.ReplaceAllString(body, `$1"urn:uuid:{uuid}"`)
		if strings.Contains(c.Path, Versions) {
			body = strings.ReplaceAll(body, "/fhir/r4", "/fhir/"+Versions)
		}
		b.WriteString("\n" + body + "\n\n")
		at = c.end
	}
	b.WriteString(strings.Join(s.lines[at:], "\n"))
	return os.WriteFile(s.Path, []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o644)
}
