package claml

import (
	"context"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The uses of designations that ClaML knows beside those of terminology.
const (
	UseLong      = "long"      // preferredLong: the preferred term with all that it inherits
	UseInclusion = "inclusion" // a term that is coded here
)

// uses are the rubrics that are terms of a code. All others are properties under
// their own names.
var uses = map[string]string{
	kindPreferred:   terminology.UseDisplay,
	"preferredLong": UseLong,
	"shortTitle":    terminology.UseShort,
	kindInclusion:   UseInclusion,
	"definition":    terminology.UseDefinition,
}

// emitter says the classes of a file to a sink.
type emitter struct {
	*classes
	to   terminology.Sink
	ctx  context.Context
	made int // codes that modifiers made
	size int // bytes of their rubrics
}

func (e *emitter) run() error {
	for _, check := range []func() error{e.above, e.modify} {
		if err := check(); err != nil {
			return err
		}
	}
	e.targets()
	for _, say := range []func(*class) error{e.concept, e.text, e.edges} {
		for i, c := range e.list {
			if i&0xff == 0 && e.ctx.Err() != nil {
				return &terminology.Error{Op: "claml.Read", Kind: terminology.Unavailable, Err: context.Cause(e.ctx)}
			}
			if err := say(c); err != nil {
				return err
			}
		}
	}
	return e.mapping()
}

// above makes every class know its parents, whichever of the two says it, and
// reports classes that are named and not there. The components of ICPC-2 (A.1) are
// named only, in some editions.
func (e *emitter) above() error {
	for _, c := range slices.Clone(e.list) {
		for _, code := range c.children {
			child, ok := e.byCode[code]
			if !ok {
				if err := e.to.Bad(e.bad(c.line, "SubClass", "class %s names %s below it, which is not in the file", c.code, code)); err != nil {
					return err
				}
			} else if !slices.Contains(child.parents, c.code) {
				child.parents = append(child.parents, c.code)
			}
		}
		parents := c.parents[:0:0]
		for _, code := range c.parents {
			if err := e.parent(c, code); err != nil {
				return err
			}
			if _, ok := e.byCode[code]; ok {
				parents = append(parents, code)
			}
		}
		c.parents = parents
	}
	return nil
}

// parent makes or reports a class that is named above another and is not there.
func (e *emitter) parent(c *class, code string) error {
	if _, ok := e.byCode[code]; ok {
		return nil
	}
	chapter, component, ok := strings.Cut(code, ".")
	if ok && e.s.is.system == ICPC2 && len(component) == 1 && e.byCode[chapter] != nil {
		e.add(&class{line: c.line, code: code, kind: "component", parents: []string{chapter},
			rubrics: []rubric{{kindPreferred, e.s.language(), code}}})
		return nil
	}
	return e.to.Bad(e.bad(c.line, "SuperClass", "class %s names %s above it, which is not in the file", c.code, code))
}

// category reports whether a class is a code to record.
func (e *emitter) category(c *class) bool {
	return c.kind != "chapter" && c.kind != "block" && c.kind != "component"
}

func (e *emitter) concept(c *class) error {
	return e.kept(c, e.to.Concept(terminology.Concept{Code: c.code, Abstract: !e.category(c)}))
}

// text says the rubrics of a class. The first preferred text in a language is the
// display in it.
func (e *emitter) text(c *class) error {
	if err := e.property(c, "kind", c.kind); err != nil {
		return err
	}
	if err := e.property(c, "usage", c.usage); err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, r := range c.rubrics {
		texts := []string{r.text}
		if e.s.is.system == ICPC2 && r.kind == kindInclusion { // several, with semicolons between
			texts = strings.Split(r.text, ";")
		}
		use, term := uses[r.kind]
		for _, text := range texts {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if !term {
				if err := e.property(c, r.kind, text); err != nil {
					return err
				}
				continue
			}
			d := terminology.Designation{Concept: c.code, Language: r.language, Use: use, Term: text}
			if use == terminology.UseDisplay {
				if d.Preferred = !shown[r.language]; !d.Preferred {
					d.Use = terminology.UseSynonym
				}
				shown[r.language] = true
			}
			if err := e.kept(c, e.to.Designation(d)); err != nil {
				return err
			}
		}
	}
	for _, m := range c.metas {
		if err := e.property(c, m.name, m.value); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) property(c *class, code, value string) error {
	if code == "" || value == "" {
		return nil
	}
	return e.kept(c, e.to.Property(terminology.Property{Concept: c.code, Code: code, Kind: terminology.ValueString, Value: value}))
}

func (e *emitter) edges(c *class) error {
	for _, parent := range c.parents {
		if err := e.kept(c, e.to.Parent(c.code, parent)); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) kept(c *class, err error) error {
	return tabular.Kept(e.to, e.s.file.Name, c.line, err)
}
