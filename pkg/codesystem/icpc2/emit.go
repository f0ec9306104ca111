package icpc2

import (
	"context"
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// emitter keeps the rows of a file and says one code system of them to a sink.
type emitter struct {
	to      terminology.Sink
	content Content
	paged   bool

	list   []row          // in the order of the file, of both code systems
	byCode map[string]int // index in list; codes of the two systems never look alike

	groups  []row             // chapters and parents that the file has no row for
	grouped map[string]bool   // their codes
	parents map[string]string // code to parent, "" for a root
	said    map[string]bool   // codes that are part of the release
}

func newEmitter(s *Source, to terminology.Sink) *emitter {
	return &emitter{to: to, content: s.content, paged: s.parts[0].layout.paged,
		byCode: map[string]int{}, grouped: map[string]bool{}, parents: map[string]string{}, said: map[string]bool{}}
}

// add keeps a row; a code given twice is a bad row, unless one of the two is active,
// which is then kept.
func (e *emitter) add(rec *tabular.Record, r row) error {
	i, ok := e.byCode[r.code]
	if !ok {
		e.byCode[r.code] = len(e.list)
		e.list = append(e.list, r)
		return nil
	}
	before := e.list[i]
	if before.inactive == r.inactive {
		return rec.Bad("", "code %s is given twice, first on line %d", r.code, before.line)
	}
	kept, left := before, r
	if before.inactive {
		kept, left = r, before
	}
	e.list[i] = kept
	e.to.Repaired(&terminology.RowError{File: left.file, Line: left.line,
		Err: fmt.Errorf("code %s again, inactive: the row of line %d is taken", r.code, kept.line)})
	return nil
}

func (e *emitter) run(ctx context.Context) error {
	for _, r := range e.list {
		if r.content != e.content {
			continue
		}
		if err := e.place(r); err != nil {
			return err
		}
	}
	all := e.groups
	for _, r := range e.list {
		if e.said[r.code] {
			all = append(all, r)
		}
	}
	for _, say := range []func(row) error{e.concept, e.text, e.edge} {
		for i, r := range all {
			if i&0xff == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "icpc2.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			if err := say(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// place makes a row part of the release, and what is above it: the parent that
// the row names, else the one that its code tells.
func (e *emitter) place(r row) error {
	if e.said[r.code] {
		return nil
	}
	e.said[r.code] = true
	parent, text := r.parent, r.parentText
	if parent == r.code {
		parent = ""
	} else if parent == "" {
		parent, text = e.above(r.code)
	} else if _, there := e.byCode[parent]; e.paged && !there {
		parent, text = e.above(r.code)
		e.to.Repaired(&terminology.RowError{File: r.file, Line: r.line, Column: pageLayout.parent,
			Err: fmt.Errorf("the parent %s of %s is not there: it is put below %q", r.parent, r.code, parent)})
	}
	e.parents[r.code] = parent
	if parent == "" || e.said[parent] || e.grouped[parent] {
		return nil
	}
	if i, ok := e.byCode[parent]; ok {
		return e.place(e.list[i])
	}
	if text == "" {
		e.parents[r.code] = ""
		return e.to.Bad(&terminology.RowError{File: r.file, Line: r.line,
			Err: fmt.Errorf("the parent %s of %s is not in the file", parent, r.code)})
	}
	return e.group(parent, text)
}

// group adds a concept that the file names but has no row for, and what is above
// it.
func (e *emitter) group(code, text string) error {
	e.grouped[code] = true
	parent, title := e.above(code)
	e.parents[code] = parent
	if parent != "" && !e.said[parent] && !e.grouped[parent] {
		if i, ok := e.byCode[parent]; ok {
			if err := e.place(e.list[i]); err != nil {
				return err
			}
		} else if err := e.group(parent, title); err != nil {
			return err
		}
	}
	e.groups = append(e.groups, row{code: code, text: text})
	return nil
}

// above returns the parent that the characters of a code tell, and its title if
// that is ours to say: the ICPC-2 code of an ICPC-2B code, else the chapter.
func (e *emitter) above(code string) (parent, title string) {
	if n := len(code) - len(".0000"); n > 0 && code[n] == '.' {
		return code[:n], ""
	}
	switch classOf(code) {
	case chapter:
		return "", ""
	case process:
		parent = processChapter
	default:
		parent = code[:1]
	}
	title, _ = chapterTitle(parent)
	if e.content == English {
		title = englishTitle(parent)
	}
	return parent, title
}

func (e *emitter) concept(r row) error {
	abstract := e.grouped[r.code] || r.content != e.content
	if c := classOf(r.code); c == chapter || c == component {
		abstract = true
	}
	return e.kept(r, e.to.Concept(terminology.Concept{
		Code: r.code, Abstract: abstract, Inactive: r.inactive,
		From: r.validFrom, To: r.validTo,
	}))
}

func (e *emitter) text(r row) error {
	language := "nb"
	if e.content == English {
		language = "en"
	}
	err := e.kept(r, e.to.Designation(terminology.Designation{
		Concept: r.code, Language: language, Use: terminology.UseDisplay, Term: r.text, Preferred: true,
	}))
	if err == nil && r.short != "" {
		err = e.kept(r, e.to.Designation(terminology.Designation{
			Concept: r.code, Language: language, Use: terminology.UseShort, Term: r.short,
		}))
	}
	for i := 0; err == nil && i < len(r.terms); i++ {
		d := r.terms[i]
		d.Concept = r.code
		err = e.kept(r, e.to.Designation(d))
	}
	for i := 0; err == nil && i < len(r.properties); i++ {
		p := r.properties[i]
		err = e.kept(r, e.to.Property(terminology.Property{Concept: r.code, Code: p.code, Kind: p.kind, Value: p.value}))
	}
	if err == nil && r.content == ICPC2B && e.content == ICPC2B {
		err = e.kept(r, e.to.Property(terminology.Property{
			Concept: r.code, Code: "icpc2", Kind: terminology.ValueString, Value: r.code[:len(r.code)-len(".0000")],
		}))
	}
	return err
}

func (e *emitter) edge(r row) error {
	if parent := e.parents[r.code]; parent != "" {
		return e.kept(r, e.to.Parent(r.code, parent))
	}
	return nil
}

func (e *emitter) kept(r row, err error) error { return tabular.Kept(e.to, r.file, r.line, err) }
