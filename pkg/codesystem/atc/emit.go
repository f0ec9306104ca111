package atc

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxNames is the most names that one code may have.
const maxNames = 50

// codes are what the files hold.
type codes struct {
	to     terminology.Sink
	file   string
	count  int // codes of the file, as often as they come
	byCode map[string]*code
	told   map[string]bool // codes that were left out
}

// code is one of them, with its first place.
type code struct {
	file  string
	line  int
	code  string
	names []string
	added bool // no file names it
}

// add keeps a code and its name. A name that it has already, but for case, says
// nothing new.
func (c *codes) add(s, name string, line int) *terminology.RowError {
	c.count++
	name = strings.Join(strings.Fields(name), " ")
	known, ok := c.byCode[s]
	if !ok {
		known = &code{file: c.file, line: line, code: strings.Clone(s)}
		c.byCode[known.code] = known
	}
	if name == "" || slices.ContainsFunc(known.names, func(n string) bool { return strings.EqualFold(n, name) }) {
		return nil
	}
	if len(known.names) == maxNames {
		return c.row(line, "%s has more than %d names", s, maxNames)
	}
	known.names = append(known.names, strings.Clone(name))
	return nil
}

func (c *codes) row(line int, format string, args ...any) *terminology.RowError {
	return &terminology.RowError{File: c.file, Line: line, Err: fmt.Errorf(format, args...)}
}

// sorted returns the codes in their order, with the levels above that no file has.
func (c *codes) sorted() []*code {
	list := make([]*code, 0, len(c.byCode))
	for _, one := range c.byCode {
		list = append(list, one)
	}
	byCode := func(x, y *code) int { return cmp.Compare(x.code, y.code) }
	slices.SortFunc(list, byCode)
	for i := 0; i < len(list); i++ {
		if up := above(list[i].code); up != "" && c.byCode[up] == nil {
			c.byCode[up] = &code{file: list[i].file, line: list[i].line, code: up, added: true}
			list = append(list, c.byCode[up])
		}
	}
	slices.SortFunc(list, byCode)
	return list
}

// say says the codes to the sink. In their order a code comes after those above it.
func (c *codes) say(ctx context.Context) error {
	for i, one := range c.sorted() {
		if i&0xff == 0 && ctx.Err() != nil {
			return &terminology.Error{Op: "atc.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err := tabular.Kept(c.to, one.file, one.line, c.code(one)); err != nil {
			return err
		}
	}
	return nil
}

func (c *codes) code(one *code) error {
	if err := c.to.Concept(terminology.Concept{Code: one.code, Abstract: one.added}); err != nil {
		return err
	}
	names := one.names
	if len(names) == 0 {
		names = []string{cmp.Or(groups[one.code], one.code)}
	}
	for i, name := range names {
		d := terminology.Designation{Concept: one.code, Language: "nb", Use: terminology.UseDisplay, Term: name, Preferred: true}
		if i > 0 {
			d.Use, d.Preferred = terminology.UseSynonym, false
		}
		if err := c.to.Designation(d); err != nil {
			return err
		}
	}
	if up := above(one.code); up != "" {
		if err := c.to.Parent(one.code, up); err != nil {
			return err
		}
	}
	return c.to.Property(terminology.Property{Concept: one.code, Code: "level", Kind: terminology.ValueInteger, Value: string(rune('0' + level(one.code)))})
}
