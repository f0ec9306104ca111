package atc

import (
	"context"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// layout is a table: which column is what.
type layout struct {
	code, name string
	asked      bool // other code systems have such columns too
	optional   bool // rows are medicines, some of which have no code
	headless   bool // two columns without a header
}

// layouts are known by their columns, not by the names of files.
var layouts = []layout{
	{code: "atcKode", name: "atcFarmakoTerGrNorsk", optional: true}, // brands of FEST
	{code: "ATC-kode", name: "ATC-navn"},
	{code: "code", name: "text", asked: true},
	{code: "code", name: "display", asked: true},
	{code: "Kode", name: "Tekst_uten_lengdebegrensning", asked: true},
}

// Match reports whether the head of a file is that of a table of ATC codes. With
// asked, the caller has been told that it is, and only the columns must fit.
func Match(h tabular.Head, asked bool) bool {
	_, ok := layoutOf(h, asked)
	return ok
}

func layoutOf(h tabular.Head, asked bool) (layout, bool) {
	for _, l := range layouts {
		if slices.Contains(h.Columns, l.code) && slices.Contains(h.Columns, l.name) {
			return l, asked || !l.asked
		}
	}
	return layout{code: "1", name: "2", headless: true}, isList(h)
}

// isList reports whether a file is a list of codes and names without a header. ATC is
// certain only by the codes of its lower levels: C01 is a code of ICD-10 too.
func isList(h tabular.Head) bool {
	if h.Format.Delimiter == 0 || h.Format.Workbook || len(h.Columns) != 2 || level(h.Columns[0]) == 0 {
		return false
	}
	low := 0
	for _, rec := range h.Sample {
		switch l := level(rec.Cell(h.Columns[0])); {
		case l == 0:
			return false
		case l > 3:
			low++
		}
	}
	return 2*low > len(h.Sample) || len(h.Sample) == 0 && level(h.Columns[0]) > 3
}

// table reads a table.
func (c *codes) table(ctx context.Context, in input) error {
	_, err := tabular.Scan(ctx, in.SourceFile, in.format, c.to, func(rec *tabular.Record) error {
		code := rec.Cell(in.layout.code)
		switch {
		case code == "" && in.layout.optional:
			return nil
		case foreign(code) != "":
			return c.leftOut(rec.Line, code, foreign(code))
		case level(code) == 0:
			return rec.Bad(in.layout.code, "%q is not an ATC code", code)
		}
		if bad := c.add(code, rec.Cell(in.layout.name), rec.Line); bad != nil {
			return bad
		}
		return nil
	})
	return err
}
