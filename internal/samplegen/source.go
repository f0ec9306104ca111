package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// concept is one stanza of a concept table. The table's README in
// testdata/source says what each key means.
type concept struct {
	id, fsn           string
	parents           []string
	defined, inactive bool
	norwegian         bool   // belongs to the Norwegian package
	module, since     string // module identifier and effective time
	ungrouped         []attribute
	groups            [][]attribute
	keys              map[string][]string // every other key, one string a line
	where             string
}

// attribute is a type and a value; a value such as #500 is a number.
type attribute struct{ typeID, value string }

// terms returns the terms of a key, which are separated by semicolons.
func (c *concept) terms(key string) []string {
	var out []string
	for _, line := range c.keys[key] {
		for t := range strings.SplitSeq(line, ";") {
			if t = strings.TrimSpace(t); t != "" {
				out = append(out, t)
			}
		}
	}
	return out
}

// list is one section of a reference set table.
type list struct {
	kind, refset string // kind is simple, simplemap or annotation
	norwegian    bool
	rows         [][]string
}

// tables is all that the SNOMED CT sample is made from.
type tables struct {
	concepts []*concept
	lists    []list
}

// marks of a stanza's first line; two are those of compositional grammar.
const (
	primitiveMark = "<<<"
	definedMark   = "==="
	inactiveMark  = "XXX"
)

// readTables reads the files of dir in the order of their names.
func readTables(dir string) (tables, error) {
	var t tables
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return t, err
	}
	for _, name := range names {
		if err := t.read(name); err != nil {
			return t, err
		}
	}
	if len(t.concepts) == 0 {
		return t, fmt.Errorf("%s: no concepts", dir)
	}
	return t, nil
}

func (t *tables) read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r := reader{tables: t, base: filepath.Base(name)}
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		r.line++
		if err := r.read(strings.TrimSpace(scan.Text())); err != nil {
			return fmt.Errorf("%s:%d: %w", r.base, r.line, err)
		}
	}
	return scan.Err()
}

// reader is the state of reading one table.
type reader struct {
	*tables
	base          string
	line          int
	norwegian     bool
	module, since string
	current       *concept
	section       *list
}

func (r *reader) read(line string) error {
	switch {
	case line == "", line[0] == '#':
		return nil
	case line[0] == '@':
		return r.directive(line)
	case line[0] == '[':
		f := strings.Fields(strings.Trim(line, "[]"))
		if len(f) != 3 {
			return fmt.Errorf("want [kind package refset]")
		}
		r.lists = append(r.lists, list{kind: f[0], norwegian: f[1] == "NO", refset: f[2]})
		r.section = &r.lists[len(r.lists)-1]
		return nil
	case r.section != nil:
		r.section.rows = append(r.section.rows, strings.Split(line, "|"))
		return nil
	case strings.HasPrefix(line, primitiveMark), strings.HasPrefix(line, definedMark), strings.HasPrefix(line, inactiveMark):
		return r.stanza(line)
	}
	key, value, ok := strings.Cut(line, ":")
	if !ok || r.current == nil {
		return fmt.Errorf("want key: value inside a stanza")
	}
	return r.current.set(key, strings.TrimSpace(value))
}

func (r *reader) directive(line string) error {
	name, value, _ := strings.Cut(line, " ")
	switch name {
	case "@package":
		r.norwegian = value == "NO"
	case "@module":
		r.module = value
	case "@since":
		r.since = value
	default:
		return fmt.Errorf("unknown directive %s", name)
	}
	return nil
}

func (r *reader) stanza(line string) error {
	parts := strings.SplitN(line[3:], "|", 3)
	if len(parts) != 3 {
		return fmt.Errorf("want mark id | fully specified name | parents")
	}
	r.current = &concept{
		id: strings.TrimSpace(parts[0]), fsn: strings.TrimSpace(parts[1]),
		parents: strings.Fields(parts[2]),
		defined: strings.HasPrefix(line, definedMark), inactive: strings.HasPrefix(line, inactiveMark),
		norwegian: r.norwegian, module: r.module, since: r.since,
		keys: map[string][]string{}, where: fmt.Sprintf("%s:%d", r.base, r.line),
	}
	if !validSCTID(r.current.id) {
		return fmt.Errorf("%q: wrong check digit", r.current.id)
	}
	r.concepts = append(r.concepts, r.current)
	return nil
}

// conceptKeys are the keys that set keeps for edition.go to interpret.
var conceptKeys = map[string]bool{
	"us": true, "gb": true, "us-syn": true, "gb-syn": true, "en": true, "def": true, "retired-en": true,
	"nb": true, "nn": true, "nb-gp": true, "nn-gp": true, "retired-nb": true,
	"was": true, "retired-isa": true, "inactive": true, "replaced-by": true, "same-as": true, "possibly": true,
	"icd10": true, "icd10-no": true, "icpc2": true,
}

func (c *concept) set(key, value string) error {
	switch key {
	case "since":
		c.since = value
	case "attr", "role":
		attributes, err := parseAttributes(value)
		if err != nil {
			return err
		}
		if key == "attr" {
			c.ungrouped = append(c.ungrouped, attributes...)
		} else {
			c.groups = append(c.groups, attributes)
		}
	default:
		if !conceptKeys[key] {
			return fmt.Errorf("unknown key %q", key)
		}
		c.keys[key] = append(c.keys[key], value)
	}
	return nil
}

func parseAttributes(s string) ([]attribute, error) {
	var out []attribute
	for pair := range strings.FieldsSeq(s) {
		typeID, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("want type=value, found %q", pair)
		}
		out = append(out, attribute{typeID, value})
	}
	return out, nil
}
