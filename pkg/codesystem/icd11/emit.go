package icd11

import (
	"context"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The codes of the properties of concepts.
const (
	propKind          = "class-kind"
	propType          = "code-type"
	propChapter       = "chapter"
	propResidual      = "residual"
	propPrimary       = "primary-tabulation"
	propGrouping      = "grouping"
	propNote          = "coding-note"
	propFoundation    = "foundation-uri"
	propLinearization = "linearization-uri"
	propBrowser       = "browser-link"
)

// say says all rows to a sink.
func (rs *rows) say(ctx context.Context, to terminology.Sink) error {
	for _, say := range []func(terminology.Sink, *row) error{rs.concept, rs.text, rs.edge} {
		for i := range rs.list {
			if i&0xff == 0 && ctx.Err() != nil {
				return &terminology.Error{Op: "icd11.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
			r := &rs.list[i]
			if err := tabular.Kept(to, rs.Name, r.line, say(to, r)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (rs *rows) concept(to terminology.Sink, r *row) error {
	return to.Concept(terminology.Concept{Code: r.code, Abstract: r.kind != kindCategory})
}

func (rs *rows) text(to terminology.Sink, r *row) error {
	err := to.Designation(display(r.code, rs.language, r.title))
	if err == nil && r.english != "" && rs.language != english {
		err = to.Designation(display(r.code, english, r.english))
	}
	for i := 0; err == nil && i < len(r.properties); i++ {
		p := r.properties[i]
		p.Concept = r.code
		err = to.Property(p)
	}
	for i := 0; err == nil && i < len(r.groupings); i++ {
		if !rs.below(r, r.groupings[i]) { // else the hierarchy says it
			err = to.Property(terminology.Property{Concept: r.code, Code: propGrouping, Kind: terminology.ValueString, Value: r.groupings[i]})
		}
	}
	return err
}

func display(code, language, term string) terminology.Designation {
	return terminology.Designation{Concept: code, Language: language, Use: terminology.UseDisplay, Term: term, Preferred: true}
}

// below reports whether a row is below that of a code.
func (rs *rows) below(r *row, code string) bool {
	for r.parent >= 0 {
		if r = &rs.list[r.parent]; r.code == code {
			return true
		}
	}
	return false
}

func (rs *rows) edge(to terminology.Sink, r *row) error {
	if r.parent < 0 {
		return nil
	}
	return to.Parent(r.code, rs.list[r.parent].code)
}

// translate says the title that a file of another language has for a row.
func (rs *rows) translate(rec *tabular.Record, language string, to terminology.Sink) error {
	var c cells
	for name, cell := range rec.Cells() {
		role := roleOf(name)
		c.names[role], c.values[role] = name, strings.TrimSpace(cell)
	}
	uri := c.values[linearizationURI]
	e, _, _, ok := parseURI(uri)
	i, known := rs.byURI[e]
	if !ok || !known {
		return rec.Bad(c.names[linearizationURI], "%q is in no row of %s, which is of the same release", uri, rs.Name)
	}
	term, _ := undash(c.values[title])
	if term == "" {
		return rec.Bad(c.names[title], "%s has no title", rs.list[i].code)
	}
	return tabular.Kept(to, rec.File, rec.Line, to.Designation(display(rs.list[i].code, language, term)))
}
