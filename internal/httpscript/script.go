package httpscript

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Script is a file of cases, which are sent in their order.
type Script struct {
	Path  string
	Serve []string // arguments of the server, from a line that begins with "$ kodeks serve"
	Cases []Case
	lines []string
}

// Case is one request and the answer that it must get.
type Case struct {
	Name string
	Line int      // of its name, counted from 1
	Note []string // the comment below its name
	Bad  []string // what is wrong with the request: names of parameters, from a comment "# Bad: a, b"
	Owed string   // why the server does not answer so yet, from a comment "# Owed: why"
	Request
	Want Answer
	end  int // index of the line after the case
}

// Request is a request as a script has it.
type Request struct {
	Method string
	Path   string      // with a query, when it is on the same line
	Query  [][2]string // names and values of the lines below it, not encoded
	Header [][2]string
	Body   string
}

// Answer is what comes back.
type Answer struct {
	Status int
	Header [][2]string
	Body   string // "" for none, or for one that is not written yet
}

// Get returns the value of a header, "" when it is not there.
func (a *Answer) Get(name string) string { return get(a.Header, name) }

// Get returns the value of a header, "" when it is not there.
func (r *Request) Get(name string) string { return get(r.Header, name) }

func get(header [][2]string, name string) string {
	for _, h := range header {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

// Read reads a script. The error names the line.
func Read(path string) (*Script, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	s.Path = path
	return s, nil
}

// Parse reads the text of a script.
func Parse(text string) (*Script, error) {
	s := &Script{lines: strings.Split(text, "\n")}
	p := parser{lines: s.lines}
	for ; p.more() && !p.begins("###"); p.at++ {
		line := strings.TrimSpace(p.line())
		if rest, ok := strings.CutPrefix(line, "$ kodeks serve"); ok {
			s.Serve = strings.Fields(rest)
		} else if line != "" && line[0] != '#' {
			return nil, p.fail("want a comment, or a case that begins with ###, not %q", line)
		}
	}
	names := map[string]bool{}
	for p.more() {
		c, err := p.readCase()
		if err != nil {
			return nil, err
		}
		if names[c.Name] {
			return nil, fmt.Errorf("%d: there are two cases %q", c.Line, c.Name)
		}
		names[c.Name] = true
		s.Cases = append(s.Cases, c)
	}
	return s, nil
}

// parser stands at a line.
type parser struct {
	lines []string
	at    int
}

func (p *parser) more() bool              { return p.at < len(p.lines) }
func (p *parser) line() string            { return p.lines[p.at] }
func (p *parser) begins(with string) bool { return p.more() && strings.HasPrefix(p.line(), with) }
func (p *parser) blank() bool             { return p.more() && strings.TrimSpace(p.line()) == "" }
func (p *parser) fail(f string, a ...any) error {
	return fmt.Errorf("%d: "+f, append([]any{p.at + 1}, a...)...)
}

// readCase reads from ### to the next.
func (p *parser) readCase() (Case, error) {
	c := Case{Name: strings.TrimSpace(strings.TrimPrefix(p.line(), "###")), Line: p.at + 1}
	if c.Name == "" {
		return c, p.fail("the case has no name")
	}
	for p.at++; p.begins("#") && !p.begins("###"); p.at++ {
		note := strings.TrimSpace(strings.TrimLeft(p.line(), "#"))
		if bad, ok := strings.CutPrefix(note, "Bad:"); ok {
			for name := range strings.SplitSeq(bad, ",") {
				c.Bad = append(c.Bad, strings.TrimSpace(name))
			}
			continue
		}
		if why, ok := strings.CutPrefix(note, "Owed:"); ok {
			c.Owed = strings.TrimSpace(why)
			continue
		}
		c.Note = append(c.Note, note)
	}
	if len(c.Note) == 0 {
		return c, p.fail("case %q has no comment: say which rule it shows", c.Name)
	}
	if err := p.readRequest(&c.Request); err != nil {
		return c, err
	}
	if !p.begins("HTTP/1.1 ") {
		return c, p.fail("case %q has no answer: want a line such as HTTP/1.1 200 OK", c.Name)
	}
	if err := p.readAnswer(&c.Want); err != nil {
		return c, err
	}
	c.end = p.at
	return c, nil
}

func (p *parser) readRequest(r *Request) error {
	if !p.more() {
		return p.fail("want a request such as GET /fhir/metadata")
	}
	method, path, _ := strings.Cut(p.line(), " ")
	r.Method, r.Path = method, strings.TrimSpace(path)
	if method == "" || strings.ToUpper(method) != method || !strings.HasPrefix(r.Path, "/") {
		return p.fail("want a request such as GET /fhir/metadata, not %q", p.line())
	}
	for p.at++; p.begins(" "); p.at++ {
		line := strings.TrimSpace(p.line())
		if line == "" || line[0] != '?' && line[0] != '&' {
			break
		}
		name, value, ok := strings.Cut(line[1:], "=")
		if !ok {
			return p.fail("want ?name=value or &name=value, not %q", line)
		}
		r.Query = append(r.Query, [2]string{name, value})
	}
	var err error
	if r.Header, err = p.readHeader(); err != nil {
		return err
	}
	r.Body = p.readBody()
	return nil
}

func (p *parser) readAnswer(a *Answer) error {
	code, _, _ := strings.Cut(strings.TrimPrefix(p.line(), "HTTP/1.1 "), " ")
	var err error
	if a.Status, err = strconv.Atoi(code); err != nil {
		return p.fail("want a status such as HTTP/1.1 200 OK, not %q", p.line())
	}
	p.at++
	if a.Header, err = p.readHeader(); err != nil {
		return err
	}
	a.Body = p.readBody()
	if p.begins("HTTP/1.1 ") {
		return p.fail("the case has two answers")
	}
	return nil
}

// readHeader reads lines until a blank one.
func (p *parser) readHeader() ([][2]string, error) {
	var out [][2]string
	for ; p.more() && !p.blank() && !p.begins("###") && !p.begins("HTTP/1.1 "); p.at++ {
		name, value, ok := strings.Cut(p.line(), ":")
		if !ok || strings.ContainsAny(name, " \t\"") {
			return nil, p.fail("want a header such as Accept: application/fhir+json, not %q", p.line())
		}
		out = append(out, [2]string{name, strings.TrimSpace(value)})
	}
	return out, nil
}

// readBody reads lines until an answer or the next case.
func (p *parser) readBody() string {
	from := p.at
	for p.more() && !p.begins("###") && !p.begins("HTTP/1.1 ") {
		p.at++
	}
	return strings.TrimSpace(strings.Join(p.lines[from:p.at], "\n"))
}
