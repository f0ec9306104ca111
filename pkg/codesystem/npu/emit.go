package npu

import (
	"cmp"
	"context"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// rows are the codes of a file, in its order.
type rows struct {
	list  []row
	lines map[string]int // line of each code
	to    terminology.Sink
	today terminology.Date
	read  int // rows of the file, bad ones too

	release terminology.Release
}

// add keeps a row.
func (rs *rows) add(r row) error {
	if r.code == "" {
		return r.bad("", "the row has no code")
	}
	if r.short == "" && r.full == "" {
		return r.bad("", "code %s has no definition", r.code)
	}
	if line, ok := rs.lines[r.code]; ok {
		return r.bad("", "code %s is given twice, first on line %d", r.code, line)
	}
	if r.written != r.code {
		rs.to.Repaired(r.bad("", "the code %q is taken as %q", r.written, r.code))
	}
	rs.lines[r.code] = r.line
	rs.list = append(rs.list, r)
	return nil
}

// say says the rows to the sink.
func (rs *rows) say(ctx context.Context, place string) error {
	for _, say := range []func(row) error{rs.concept, rs.texts, rs.properties} {
		for i, r := range rs.list {
			if i&0xff == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "npu.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			if err := tabular.Kept(rs.to, place, r.line, say(r)); err != nil {
				return err
			}
		}
	}
	return rs.replacements(ctx, place)
}

// replacements says which codes take the place of others, as a map.
func (rs *rows) replacements(ctx context.Context, place string) error {
	m := crossmap.Replacements(rs.release)
	for _, r := range rs.list {
		for _, p := range r.properties {
			from, into := r.code, p.value
			switch p.code {
			case crossmap.ReplacedBy:
			case replaces:
				from, into = into, from
			default:
				continue
			}
			if err := tabular.Kept(rs.to, place, r.line, m.Replace(from, into, place, r.line)); err != nil {
				return err
			}
		}
	}
	return m.Say(ctx, rs.to)
}

func (rs *rows) concept(r row) error {
	return rs.to.Concept(terminology.Concept{
		Code: r.code, Inactive: r.withdrawn || r.to != 0 && r.to < rs.today, From: r.from, To: r.to,
	})
}

// texts says the short definition as the name of a code, as laboratories do, and the
// full one as what defines it.
func (rs *rows) texts(r row) error {
	err := rs.to.Designation(terminology.Designation{Concept: r.code, Language: "en", Use: terminology.UseDisplay, Term: cmp.Or(r.short, r.full), Preferred: true})
	if err == nil && r.short != "" && r.full != "" && r.full != r.short {
		err = rs.to.Designation(terminology.Designation{Concept: r.code, Language: "en", Use: terminology.UseDefinition, Term: r.full})
	}
	return err
}

func (rs *rows) properties(r row) error {
	for _, p := range r.properties {
		if p.kind == terminology.ValueCode && p.value == r.code {
			continue
		}
		if err := rs.to.Property(terminology.Property{Concept: r.code, Code: p.code, Kind: p.kind, Value: p.value}); err != nil {
			return err
		}
	}
	return nil
}
