package table

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// emitter says rows to a sink.
type emitter struct {
	*rows
	to     terminology.Sink
	file   string
	today  terminology.Date
	layout *layout
	keep   bool // a parent that is not in the file becomes a property

	release terminology.Release

	groups  map[string]*group // codes above others that the file lacks
	added   []row             // those of them that are said
	parents map[string]string // code to parent, "" for a root
}

// group is a code that the file lacks, with the first and last code below it.
type group struct {
	first, last string
	said        bool
}

func (e *emitter) run(ctx context.Context) error {
	e.parents, e.groups = make(map[string]string, len(e.list)), map[string]*group{}
	if e.layout.rules.Above != nil {
		e.findGroups()
	}
	for i := range e.list {
		if err := e.place(&e.list[i]); err != nil {
			return err
		}
	}
	for _, say := range []func(*row) error{e.concept, e.text, e.edge} {
		n := 0
		for _, list := range [][]row{e.added, e.list} {
			for i := range list {
				if n++; n&0xff == 0 && ctx.Err() != nil {
					return &terminology.Error{Op: "table.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
				}
				if err := say(&list[i]); err != nil {
					return err
				}
			}
		}
	}
	return e.replacements(ctx)
}

// replacements says which codes take the place of others, as a map. What a file writes
// about several codes in words is a property only.
func (e *emitter) replacements(ctx context.Context) error {
	m := crossmap.Replacements(e.release)
	for i := range e.list {
		r := &e.list[i]
		for _, p := range r.properties {
			if p.code != crossmap.ReplacedBy || p.kind != terminology.ValueCode {
				continue
			}
			target := p.value
			if at, ok := e.folded[strings.ToLower(target)]; ok {
				target = e.list[at].code
			}
			if !e.has(target) && !e.layout.isCode(target) {
				continue
			}
			if err := e.kept(r, m.Replace(r.code, target, e.file, r.line)); err != nil {
				return err
			}
		}
	}
	return m.Say(ctx, e.to)
}

// isCode reports whether a text could be a code of the system.
func (l *layout) isCode(text string) bool {
	if l.rules.Code == nil {
		return !strings.ContainsAny(text, " ,;")
	}
	code, err := l.rules.Code(text)
	return err == nil && code == text
}

// findGroups adds the codes above others that the file lacks and the rules have a
// term for.
func (e *emitter) findGroups() {
	for _, r := range e.list {
		for above := range e.chain(r.code) {
			if e.has(above) {
				continue
			}
			g := e.groups[above]
			if g == nil {
				e.groups[above] = &group{first: r.code, last: r.code}
				continue
			}
			g.first, g.last = min(g.first, r.code), max(g.last, r.code)
		}
	}
	if e.layout.rules.Group == nil {
		return
	}
	codes := make([]string, 0, len(e.groups))
	for code := range e.groups {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		g := e.groups[code]
		if text := e.layout.rules.Group(code, g.first, g.last); text != "" {
			g.said = true
			e.added = append(e.added, row{code: code, display: text, abstract: true, properties: []property{{"derived", "true", terminology.ValueBoolean}}})
		}
	}
	for _, r := range e.added {
		e.parents[r.code] = e.above(r.code)
	}
}

// maxDepth is how many codes can stand above one by its form.
const maxDepth = 32

// chain walks the codes above a code by their form, nearest first.
func (e *emitter) chain(code string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for range maxDepth {
			above := e.layout.rules.Above(code)
			if above == "" || !yield(above) {
				return
			}
			code = above
		}
	}
}

// above returns the nearest code above by form that there is.
func (e *emitter) above(code string) string {
	if e.layout.rules.Above == nil {
		return ""
	}
	for above := range e.chain(code) {
		if g := e.groups[above]; e.has(above) || g != nil && g.said {
			return above
		}
	}
	return ""
}

// place finds the parent of a row: the one that it names, else the one that its code
// tells.
func (e *emitter) place(r *row) error {
	parent, name, ok := e.named(r)
	switch {
	case name == "":
		parent = e.above(r.code)
	case !ok && e.keep:
		r.add("missing-parent", name, terminology.ValueString)
		parent = e.above(r.code)
	case !ok:
		return e.to.Bad(&terminology.RowError{File: e.file, Line: r.line, Err: fmt.Errorf("the parent %s of %s is not in the file", name, r.code)})
	}
	if parent == r.code { // a root that is its own parent
		parent = ""
	}
	e.parents[r.code] = parent
	return nil
}

// named returns the parent that a row names, what the row calls it, and whether the
// file has it.
func (e *emitter) named(r *row) (parent, name string, ok bool) {
	switch {
	case r.parentRow != "":
		parent, ok = e.byID[r.parentRow]
		return parent, "row " + r.parentRow, ok
	case r.parent == "" || e.has(r.parent):
		return r.parent, r.parent, true
	}
	if i, found := e.folded[strings.ToLower(r.parent)]; found {
		return e.list[i].code, r.parent, true
	}
	return "", r.parent, false
}

func (e *emitter) concept(r *row) error {
	return e.kept(r, e.to.Concept(terminology.Concept{
		Code: r.code, Abstract: r.abstract, Inactive: r.inactive || r.to != 0 && r.to < e.today, From: r.from, To: r.to,
	}))
}

func (e *emitter) text(r *row) error {
	first := e.layout.language
	err := e.kept(r, e.to.Designation(terminology.Designation{Concept: r.code, Language: first, Use: terminology.UseDisplay, Term: r.display, Preferred: true}))
	preferred := []string{first}
	for i := 0; err == nil && i < len(r.terms); i++ {
		t := r.terms[i]
		d := terminology.Designation{Concept: r.code, Language: t.language, Use: t.use, Term: t.text}
		switch {
		case t.use == useEarlier:
			d.Language, d.Use, d.Inactive = first, terminology.UseSynonym, true
		case t.language == first && t.text == r.display && t.use != terminology.UseDefinition && t.use != terminology.UseShort:
			continue // said already
		case t.use == terminology.UseDisplay && !slices.Contains(preferred, t.language):
			preferred, d.Preferred = append(preferred, t.language), true
		case t.use == terminology.UseDisplay:
			d.Use = terminology.UseSynonym
		}
		err = e.kept(r, e.to.Designation(d))
	}
	for i := 0; err == nil && i < len(r.properties); i++ {
		p := r.properties[i]
		err = e.kept(r, e.to.Property(terminology.Property{Concept: r.code, Code: p.code, Kind: p.kind, Value: p.value}))
	}
	return err
}

func (e *emitter) edge(r *row) error {
	if parent := e.parents[r.code]; parent != "" {
		return e.kept(r, e.to.Parent(r.code, parent))
	}
	return nil
}

func (e *emitter) kept(r *row, err error) error { return tabular.Kept(e.to, e.file, r.line, err) }
