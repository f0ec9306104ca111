package orpha

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// reader collects what the files say.
type reader struct {
	to    terminology.Sink
	file  string
	count int // disorders or places of them in the file

	disorders []*disorder
	byCode    map[string]*disorder
	edges     []edge
	hasEdge   map[[2]string]bool
	release   terminology.Release
}

func newReader(to terminology.Sink) *reader {
	return &reader{to: to, byCode: map[string]*disorder{}, hasEdge: map[[2]string]bool{}}
}

// disorder is one entry, in all languages that were given.
type disorder struct {
	file       string
	line       int
	code       string
	inactive   bool
	terms      []term
	languages  []string // of its names, one list of disorders each
	properties []property
	references []reference
}

type term struct{ language, use, text string }

type property struct {
	code, value string
	kind        terminology.ValueKind
}

// edge is a place in a classification.
type edge struct {
	file          string
	line          int
	child, parent string
}

// list passes the entries of a list to read, each a record of its own, and holds the
// list to its count.
func (r *reader) list(e *markup.Element, name string, read func(*markup.Element) error) error {
	n := 0
	err := e.Records(func(child *markup.Element) error {
		if child.Name != name {
			return child.Bad("", "want <%s>", name)
		}
		n++
		return read(child)
	})
	if err != nil {
		return err
	}
	return r.whole(e, n)
}

// whole tells the sink when a list has not as many entries as it says.
func (r *reader) whole(e *markup.Element, n int) error {
	if err := e.Count(n); err != nil {
		return r.to.Bad(e.Bad("count", "says %q and holds %d: the file is not whole", e.Attr("count"), n))
	}
	return nil
}

// entries is list for the parts of a record: an error is one of the record.
func entries(e *markup.Element, read func(*markup.Element) error) error {
	n := 0
	if err := e.Each(func(child *markup.Element) error { n++; return read(child) }); err != nil {
		return err
	}
	return e.Count(n)
}

// disorder reads a Disorder of product 1.
func (r *reader) disorder(e *markup.Element) error {
	r.count++
	d := &disorder{file: r.file, line: e.Line()}
	name := term{use: terminology.UseDisplay}
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "OrphaCode", "OrphaNumber": // the name until 2020
			d.code, err = part.Text()
		case "Name":
			name.language = language(part)
			name.text, err = part.Text()
		case "SynonymList":
			return entries(part, func(s *markup.Element) error {
				text, err := s.Text()
				if text != "" {
					d.terms = append(d.terms, term{language(s), terminology.UseSynonym, text})
				}
				return err
			})
		case "ExpertLink":
			return d.add(part, "expert-link")
		case "DisorderType":
			return d.named(part, "type")
		case "DisorderGroup":
			return d.named(part, "group")
		case "DisorderFlagList":
			return entries(part, d.flag)
		case "ExternalReferenceList":
			return entries(part, d.reference)
		case "DisorderDisorderAssociationList":
			return entries(part, d.association)
		case "SummaryInformationList", "TextualInformationList":
			return d.definition(part)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !isCode(d.code) {
		return e.Bad("OrphaCode", "%q, want a number", d.code)
	}
	if name.text == "" {
		return e.Bad("Name", "disorder %s has no name", d.code)
	}
	d.terms = append([]term{name}, d.terms...)
	d.inactive = d.inactive || strings.HasPrefix(name.text, "OBSOLETE")
	return r.keep(e, d, name.language)
}

// keep adds a disorder, or the terms of another language to one that is there.
func (r *reader) keep(e *markup.Element, d *disorder, language string) error {
	before, ok := r.byCode[d.code]
	if !ok {
		d.languages = []string{language}
		r.byCode[d.code] = d
		r.disorders = append(r.disorders, d)
		return nil
	}
	for _, l := range before.languages {
		if l == language {
			return e.Bad("OrphaCode", "disorder %s is given twice in %q: also in %s:%d", d.code, l, before.file, before.line)
		}
	}
	before.languages = append(before.languages, language)
	before.terms = append(before.terms, d.terms...)
	return nil
}

// language is that of a text; the files say it in an attribute of their own.
func language(e *markup.Element) string {
	if l := e.Attr("lang"); l != "" {
		return l
	}
	if e.Lang != "" {
		return e.Lang
	}
	return "en"
}

func (d *disorder) say(code, value string, kind terminology.ValueKind) {
	if value != "" {
		d.properties = append(d.properties, property{code, value, kind})
	}
}

// add keeps the text of an element as a property.
func (d *disorder) add(e *markup.Element, code string) error {
	text, err := e.Text()
	d.say(code, text, terminology.ValueString)
	return err
}

// named keeps the name inside of an element as a property.
func (d *disorder) named(e *markup.Element, code string) error {
	text, err := nameOf(e)
	d.say(code, text, terminology.ValueString)
	return err
}

// nameOf returns the text of the Name inside of an element.
func nameOf(e *markup.Element) (name string, err error) {
	err = e.Each(func(part *markup.Element) (err error) {
		if part.Name == "Name" && name == "" {
			name, err = part.Text()
		}
		return err
	})
	return name, err
}

// flag reads a DisorderFlag. 1 is said of nearly all: the entry is published.
func (d *disorder) flag(e *markup.Element) error {
	value, label := "", ""
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "Value":
			value, err = part.Text()
		case "Label":
			label, err = part.Text()
		}
		return err
	})
	lower := strings.ToLower(label)
	d.inactive = d.inactive || strings.Contains(lower, "obsolete") || strings.Contains(lower, "deprecated")
	if value != "1" {
		if label == "" {
			label = value
		}
		d.say("flag", label, terminology.ValueString)
	}
	return err
}

// The types of associations between disorders that mean a replacement.
const (
	movedTo   = "21471"
	movedName = "Moved to"
)

// association reads what an entry says of another one: the one that it moved to. The
// same said from the other side is passed over, since there the target is the entry.
func (d *disorder) association(e *markup.Element) error {
	target, kind, name := "", "", ""
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "TargetDisorder":
			err = part.Each(func(p *markup.Element) (err error) {
				if p.Name == "OrphaCode" || p.Name == "OrphaNumber" {
					target, err = p.Text()
				}
				return err
			})
		case "DisorderDisorderAssociationType":
			kind = part.Attr("id")
			name, err = nameOf(part)
		}
		return err
	})
	if err != nil || target == "" || target == d.code {
		return err
	}
	code := slug(name)
	if kind == movedTo || name == movedName {
		code = crossmap.ReplacedBy
	} else if code == "" {
		code = "related-to"
	}
	d.say(code, target, terminology.ValueCode)
	return nil
}

// slug writes a name as a property code: "Referred to" is referred-to.
func slug(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(name)), "-")
}

// definition keeps the text sections of an entry that define it.
func (d *disorder) definition(e *markup.Element) error {
	if e.Name != "TextSection" {
		return e.Each(d.definition)
	}
	kind, text := "", ""
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "TextSectionType":
			kind, err = nameOf(part)
		case "Contents":
			text, err = part.Text()
		}
		return err
	})
	if text != "" && (kind == "" || kind == "Definition") {
		d.terms = append(d.terms, term{language(e), terminology.UseDefinition, text})
	} else {
		d.say(slug(kind), text, terminology.ValueString)
	}
	return err
}
