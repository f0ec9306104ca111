package nlk

import (
	"context"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// rows are the codes of a file, in its order.
type rows struct {
	list   []row
	byCode map[string]int // index in list
	to     terminology.Sink
	today  terminology.Date

	release terminology.Release
}

// add keeps a row. Of two rows of one code the one that has not ended is kept, when that
// is one of them; the code is else given twice.
func (rs *rows) add(rec *tabular.Record, r row) error {
	i, ok := rs.byCode[r.code]
	if !ok {
		rs.byCode[r.code] = len(rs.list)
		rs.list = append(rs.list, r)
		return nil
	}
	before := rs.list[i]
	if before.ended(rs.today) == r.ended(rs.today) {
		return rec.Bad("", "code %s is given twice, first on line %d", r.code, before.line)
	}
	kept, left := before, r
	if before.ended(rs.today) {
		kept, left = r, before
	}
	rs.list[i] = kept
	rs.to.Repaired(&terminology.RowError{File: rec.File, Line: left.line,
		Err: rec.Bad("", "%q is code %s again, valid until %s: the row of line %d is taken", left.written, r.code, left.to, kept.line).Err})
	return nil
}

// ended reports whether the row is of a code that has an end before today. Without a
// today, an end is one.
func (r row) ended(today terminology.Date) bool { return r.to != 0 && (today == 0 || r.to < today) }

// say says the rows to the sink.
func (rs *rows) say(ctx context.Context, place string) error {
	for _, say := range []func(row) error{rs.concept, rs.texts, rs.properties} {
		for i, r := range rs.list {
			if i&0xff == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "nlk.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
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
			if p.code != crossmap.ReplacedBy {
				continue
			}
			if err := tabular.Kept(rs.to, place, r.line, m.Replace(r.code, p.value, place, r.line)); err != nil {
				return err
			}
		}
	}
	return m.Say(ctx, rs.to)
}

func (rs *rows) concept(r row) error {
	return rs.to.Concept(terminology.Concept{
		Code: r.code, Inactive: r.to != 0 && rs.today != 0 && r.to < rs.today, From: r.from, To: r.to,
	})
}

// texts says the Norwegian name, synonyms, and the definition, which is in English.
func (rs *rows) texts(r row) error {
	err := rs.to.Designation(terminology.Designation{Concept: r.code, Language: "nb", Use: terminology.UseDisplay, Term: r.name, Preferred: true})
	for i := 0; err == nil && i < len(r.synonyms); i++ {
		err = rs.to.Designation(terminology.Designation{Concept: r.code, Language: "nb", Use: terminology.UseSynonym, Term: r.synonyms[i]})
	}
	if words := r.words(); err == nil && words != "" {
		err = rs.to.Designation(terminology.Designation{Concept: r.code, Language: "nb", Use: terminology.UseSearch, Term: words})
	}
	if err == nil && r.definition != "" {
		err = rs.to.Designation(terminology.Designation{Concept: r.code, Language: "en", Use: terminology.UseDefinition, Term: r.definition})
	}
	return err
}

// words are what people type for a test who do not know the short names of its axes:
// of U-Kreatinin "U-Kreatinin, Urin, stoffkonsentrasjon". They are empty when the row has
// no system.
func (r row) words() string {
	axis := func(code string) string {
		for _, p := range r.properties {
			if p.code == code && p.value != "spesifikasjon" {
				return p.value
			}
		}
		return ""
	}
	if axis("system") == "" {
		return ""
	}
	words := r.name
	for _, code := range []string{"component", "component-specification", "system", "system-specification", "kind-of-property"} {
		if text := axis(code); text != "" && !strings.Contains(strings.ToLower(words), strings.ToLower(text)) {
			words += ", " + text
		}
	}
	return words
}

func (rs *rows) properties(r row) error {
	for _, p := range r.properties {
		if p.kind == terminology.ValueCode && p.value == r.code {
			continue // a code that replaces itself says nothing
		}
		if err := rs.to.Property(terminology.Property{Concept: r.code, Code: p.code, Kind: p.kind, Value: p.value}); err != nil {
			return err
		}
	}
	return nil
}
