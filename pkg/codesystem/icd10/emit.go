package icd10

import (
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// rows are the codes of the files, in their order.
type rows struct {
	to     terminology.Sink
	list   []row
	byCode map[string]int // index in list
	folded map[string]int // the same, by the code in lower case
}

func newRows(to terminology.Sink) *rows {
	return &rows{to: to, byCode: map[string]int{}, folded: map[string]int{}}
}

// add keeps a row. A code given twice is a bad row, and so is one that differs
// from another by case only, since look-up does not tell them apart. Of two rows of one
// code of which one is active, that one is kept.
func (rs *rows) add(rec *tabular.Record, r row) error {
	fold := strings.ToLower(r.code)
	i, ok := rs.folded[fold]
	if !ok {
		rs.byCode[r.code], rs.folded[fold] = len(rs.list), len(rs.list)
		rs.list = append(rs.list, r)
		return nil
	}
	before := rs.list[i]
	if before.code != r.code || before.inactive == r.inactive {
		return rec.Bad("", "code %s is given twice: %s on line %d", r.code, before.code, before.line)
	}
	kept, left := before, r
	if before.inactive {
		kept, left = r, before
	}
	rs.list[i] = kept
	rs.to.Repaired(&terminology.RowError{File: left.file, Line: left.line,
		Err: fmt.Errorf("code %s again, inactive: the row of line %d is taken", r.code, kept.line)})
	return nil
}

func (rs *rows) has(code string) bool {
	_, ok := rs.byCode[code]
	return ok
}

// emitter says rows to a sink.
type emitter struct {
	*rows
	to     terminology.Sink
	fat    bool
	paged  bool
	titles map[string]string // of chapters and blocks

	groups  []row             // chapters, blocks and categories that the file lacks
	grouped map[string]bool   // their codes
	parents map[string]string // code to parent, "" for a root
}

func (e *emitter) run(ctx context.Context) error {
	e.grouped, e.parents = map[string]bool{}, make(map[string]string, len(e.list))
	for _, r := range e.list {
		if err := e.place(r); err != nil {
			return err
		}
	}
	all := append(e.groups, e.list...)
	for _, say := range []func(row) error{e.concept, e.text, e.edge} {
		for i, r := range all {
			if i&0xff == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "icd10.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			if err := say(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// place finds the parent of a row: the one that it names, else the one that its
// code tells. A block or chapter that has a text here and no row of its own is
// added; a category that has none is a fault of the file.
func (e *emitter) place(r row) error {
	switch {
	case r.parent == r.code: // the root of some deliveries is its own parent
		e.parents[r.code] = ""
	case e.fat && r.parent == "" && isGroup(r.code) && !isBlock(r.code):
		e.parents[r.code] = ""
	case r.parent == "":
		e.parents[r.code] = e.above(r.code)
	case e.paged && !e.has(r.parent):
		e.parents[r.code] = e.above(r.code)
		e.to.Repaired(&terminology.RowError{File: r.file, Line: r.line, Column: "parentCode",
			Err: fmt.Errorf("the parent %s of %s is not there: it is put below %s", r.parent, r.code, e.parents[r.code])})
	case !e.has(r.parent) && (r.parentText == "" || !isGroup(r.parent)):
		return e.to.Bad(&terminology.RowError{File: r.file, Line: r.line, Column: colParent,
			Err: fmt.Errorf("the parent %s of %s is not in the file", r.parent, r.code)})
	default:
		e.parents[r.code] = r.parent
		e.group(r.parent, r.parentText)
	}
	return nil
}

// group adds a concept that the file names but has no row for, and what is above
// it.
func (e *emitter) group(code, text string) {
	if code == "" || e.has(code) || e.grouped[code] {
		return
	}
	e.grouped[code] = true
	e.parents[code] = e.above(code)
	if title, ok := e.titles[code]; ok {
		text = title
	}
	e.groups = append(e.groups, row{code: code, text: text})
}

// above returns the parent that a code's own characters tell: the longest code
// of the file that begins it, else its block, else its chapter, else none. The
// block or chapter is added when the file lacks it.
func (e *emitter) above(code string) string {
	if !isGroup(code) {
		for n := len(code) - 1; n >= 3; n-- {
			if prefix := strings.TrimSuffix(code[:n], "."); e.has(prefix) || e.grouped[prefix] {
				return prefix
			}
		}
	}
	parent, title := enclosing(code)
	e.group(parent, title)
	return parent
}

func (e *emitter) concept(r row) error {
	return e.kept(r, e.to.Concept(terminology.Concept{
		Code:     r.code,
		Abstract: isGroup(r.code) || e.grouped[r.code],
		Inactive: r.inactive,
		From:     r.validFrom,
		To:       r.validTo,
	}))
}

func (e *emitter) text(r row) error {
	err := e.kept(r, e.to.Designation(terminology.Designation{
		Concept: r.code, Language: "nb", Use: terminology.UseDisplay, Term: r.text, Preferred: true,
	}))
	if err == nil && r.short != "" {
		err = e.kept(r, e.to.Designation(terminology.Designation{
			Concept: r.code, Language: "nb", Use: terminology.UseShort, Term: r.short,
		}))
	}
	if err == nil && r.english != "" {
		err = e.kept(r, e.to.Designation(terminology.Designation{
			Concept: r.code, Language: "en", Use: terminology.UseDisplay, Term: r.english, Preferred: true,
		}))
	}
	for i := 0; err == nil && i < len(r.properties); i++ {
		p := r.properties[i]
		err = e.kept(r, e.to.Property(terminology.Property{Concept: r.code, Code: p.code, Kind: p.kind, Value: p.value}))
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
