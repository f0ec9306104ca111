package icd10who

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of WHO's ICD-10.
const System = "http://hl7.org/fhir/sid/icd-10"

// rootPrefix begins the name of the first element; the year of the edition follows.
const rootPrefix = "icd_10_v"

// Match reports whether the first element of a file is that of WHO's ICD-10.
func Match(root markup.Root) bool {
	_, ok := edition(root.Name)
	return ok
}

// edition returns the year in the name of the first element.
func edition(name string) (string, bool) {
	year, ok := strings.CutPrefix(name, rootPrefix)
	return year, ok && len(year) == 4 && isDigits(year)
}

// Source reads WHO's ICD-10 from one file.
type Source struct {
	file    terminology.SourceFile
	edition string
}

// NewSource returns the source of a file. The error is Invalid when its first element
// is not that of WHO's ICD-10.
func NewSource(file terminology.SourceFile, _ terminology.SourceOptions) (*Source, error) {
	root, err := markup.SniffFile(file)
	if err != nil {
		return nil, err
	}
	year, ok := edition(root.Name)
	if !ok {
		return nil, &terminology.Error{Op: "icd10who.NewSource", Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: not WHO's ICD-10: its first element is <%s>, want one such as <%s2019>", file.Name, root.Name, rootPrefix)}
	}
	return &Source{file: file, edition: year}, nil
}

// Release returns the identity of the release; its version is the year of the edition.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "icd-10", System: System, Version: s.edition, Date: s.edition,
		Title: "ICD-10 (WHO)", Language: "en",
	}
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink, item by item.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	r := &reader{file: s.file.Name, to: to, lines: map[string]int{}}
	err := markup.Scan(ctx, s.file, to, func(root *markup.Element) error { return r.items(root, item{}) })
	if err != nil {
		return s.Release(), err
	}
	to.Count(s.file.Name, r.count)
	if r.count == 0 {
		err = to.Bad(&terminology.RowError{File: s.file.Name, Err: errors.New("the file holds no items")})
	}
	return s.Release(), err
}

// reader is one reading.
type reader struct {
	file  string
	to    terminology.Sink
	count int
	lines map[string]int // of the codes that have been said
}

// item is an item that is open.
type item struct {
	line              int
	kind, code, title string
	parent            string
}

// items reads the items inside of another.
func (r *reader) items(e *markup.Element, parent item) error {
	return e.Each(func(child *markup.Element) error {
		if child.Name != "item" {
			return r.to.Bad(child.Bad("", "want <item>"))
		}
		return r.item(child, parent.code)
	})
}

// item reads one item. It is said before the items inside it, which come last.
func (r *reader) item(e *markup.Element, parent string) error {
	r.count++
	it := item{line: e.Line(), kind: e.Attr("type"), parent: parent}
	said := false
	say := func() error {
		if said {
			return nil
		}
		said = true
		bad := r.check(e, &it)
		if bad != nil {
			it.code = parent // what is inside is still read
			return r.to.Bad(bad)
		}
		return r.say(it)
	}
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "name":
			it.code, err = part.Text()
		case "description":
			it.title, err = part.Text()
		case "item":
			if err = say(); err == nil {
				err = r.item(part, it.code)
			}
		default:
			err = r.to.Bad(part.Bad("", "want <name>, <description> or <item>"))
		}
		return err
	})
	if err != nil {
		return err
	}
	return say()
}

// check returns what is wrong with an item.
func (r *reader) check(e *markup.Element, it *item) *terminology.RowError {
	switch line, twice := r.lines[it.code]; {
	case !isCode(it.kind, it.code):
		return e.Bad("name", "%q is not the code of a %s of ICD-10", it.code, it.kind)
	case twice:
		return e.Bad("name", "%s is given twice: also on line %d", it.code, line)
	case it.title == "":
		return e.Bad("description", "%s has no title", it.code)
	case it.kind == subcategory && isCategory(it.parent) && !strings.HasPrefix(it.code, it.parent):
		return e.Bad("name", "%s is inside %s", it.code, it.parent)
	}
	r.lines[it.code] = it.line
	return nil
}

func (r *reader) say(it item) error {
	abstract := it.kind == chapter || it.kind == block
	err := r.to.Concept(terminology.Concept{Code: it.code, Abstract: abstract})
	if err == nil {
		err = r.to.Designation(terminology.Designation{Concept: it.code, Language: "en", Use: terminology.UseDisplay, Term: it.title, Preferred: true})
	}
	if err == nil {
		err = r.to.Property(terminology.Property{Concept: it.code, Code: "kind", Kind: terminology.ValueString, Value: it.kind})
	}
	if err == nil && it.parent != "" {
		err = r.to.Parent(it.code, it.parent)
	}
	return tabular.Kept(r.to, r.file, it.line, err)
}
