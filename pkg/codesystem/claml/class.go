package claml

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// class is one Class of a file, or one that its modifiers make.
type class struct {
	line        int
	code        string
	kind        string // chapter, block, category, or what else the file calls it
	usage       string // dagger, asterisk, optional
	parents     []string
	children    []string // SubClass, which says the same from above
	modifiedBy  []modifiedBy
	notModified []string // ExcludeModifier
	rubrics     []rubric
	metas       []meta
	targets     []string // codes of ICD-10, of ICPC-2e only
}

// rubric is one label of a Rubric.
type rubric struct{ kind, language, text string }

type meta struct{ name, value string }

// classes is what a file holds.
type classes struct {
	s      *Source
	count  int // Class elements
	list   []*class
	byCode map[string]*class
	folded map[string]*class // by the code in lower case
	values map[string][]*value
	usages map[string]string // name to mark
}

func newClasses(s *Source) *classes {
	return &classes{s: s, byCode: map[string]*class{}, folded: map[string]*class{}, values: map[string][]*value{},
		usages: map[string]string{}}
}

// read reads one child of the first element.
func (f *classes) read(e *markup.Element) error {
	switch e.Name {
	case "Class":
		return f.class(e)
	case "ModifierClass":
		return f.value(e)
	case "UsageKinds":
		return e.Each(func(kind *markup.Element) error {
			f.usages[kind.Attr("name")] = kind.Attr("mark")
			return nil
		})
	}
	return nil // titles, authors and the lists of kinds say nothing of codes
}

func (f *classes) class(e *markup.Element) error {
	f.count++
	c := &class{line: e.Line(), code: e.Attr("code"), kind: e.Attr("kind"), usage: usage(e.Attr("usage"))}
	if c.code == "" {
		return e.Bad("code", "is empty")
	}
	err := e.Each(func(part *markup.Element) error {
		code := part.Attr("code")
		switch part.Name {
		case "SuperClass":
			c.parents = append(c.parents, code)
		case "SubClass":
			c.children = append(c.children, code)
		case "ModifiedBy":
			by, err := readModifiedBy(part)
			c.modifiedBy = append(c.modifiedBy, by)
			return err
		case "ExcludeModifier":
			c.notModified = append(c.notModified, code)
		case "Meta":
			c.metas = append(c.metas, meta{part.Attr("name"), part.Attr("value")})
		case "Rubric":
			return f.rubric(part, &c.rubrics)
		default: // History, and what later versions may add
			text, err := part.Text()
			if text != "" {
				c.metas = append(c.metas, meta{strings.ToLower(part.Name), text})
			}
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if other, ok := f.folded[strings.ToLower(c.code)]; ok {
		return e.Bad("code", "class %s is given twice: %s on line %d", c.code, other.code, other.line)
	}
	f.add(c)
	if preferred(c.rubrics) == "" {
		return e.Bad("", "class %s has no preferred rubric", c.code)
	}
	return nil
}

func (f *classes) add(c *class) {
	f.byCode[c.code], f.folded[strings.ToLower(c.code)] = c, c
	f.list = append(f.list, c)
}

// rubric reads a Rubric: a text in each language that it has.
func (f *classes) rubric(e *markup.Element, to *[]rubric) error {
	kind := e.Attr("kind")
	if kind == "" {
		return e.Bad("kind", "is empty")
	}
	return e.Each(func(label *markup.Element) error {
		if label.Name != "Label" {
			return nil
		}
		text, err := f.label(label)
		if err != nil || text == "" {
			return err
		}
		language := label.Lang
		if language == "" {
			language = f.s.language()
		}
		*to = append(*to, rubric{kind, language, text})
		return nil
	})
}

// The rubrics that are more to us than a text: the display, and terms coded here.
const (
	kindPreferred = "preferred"
	kindInclusion = "inclusion"
)

// preferred returns the first preferred text.
func preferred(rubrics []rubric) string {
	for _, r := range rubrics {
		if r.kind == kindPreferred {
			return r.text
		}
	}
	return ""
}

// usage returns the word for a use of a code; the files write aster.
func usage(name string) string {
	if name == "aster" {
		return "asterisk"
	}
	return name
}

func (f *classes) bad(line int, column, format string, args ...any) *terminology.RowError {
	return &terminology.RowError{File: f.s.file.Name, Line: line, Column: column, Err: fmt.Errorf(format, args...)}
}
