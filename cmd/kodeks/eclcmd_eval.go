package main

import (
	"context"
	"errors"
	"math"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// eclEvalCmd is kodeks ecl eval.
type eclEvalCmd struct {
	releaseFlags
	Offset     int      `placeholder:"N" help:"Leave out the first N rows."`
	Expression []string `arg:"" name:"expression" help:"The constraint; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks ecl eval --help.
func (*eclEvalCmd) Help() string {
	return `Lists the concepts that an expression constraint selects (ECL 2.3), in the order of the hierarchy: all of them unless --limit says otherwise. A selection of columns, such as ^ [mapTarget], lists rows of reference sets. Warnings, such as of unknown concepts, go to standard error. --format json prints one object: the head with the total, then the rows, each on a line of its own.

Examples:

    kodeks ecl eval "<< 22298006 |Myocardial infarction|"
    kodeks ecl eval "< 404684003 : 363698007 = << 80891009" --lang nn --limit 20
    kodeks ecl eval "^ [referencedComponentId, mapTarget] 447562003" --format tsv
    kodeks ecl eval - < constraint.ecl`
}

// Run evaluates.
func (c *eclEvalCmd) Run(ctx context.Context, a *app) error {
	if c.Offset < 0 {
		return usage("--offset cannot be negative")
	}
	text, version, err := c.read(c.Expression)
	if err != nil {
		return err
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		rows := &rowWriter{a: a, offset: c.Offset}
		err := s.EvaluateConstraint(ctx, &kodeksv1.EvaluateConstraintRequest{
			Version: version, Expression: text, Offset: int32(min(c.Offset, math.MaxInt32)), Limit: int32(min(a.Limit, math.MaxInt32)), Language: a.Lang,
		}, rows.write)
		if errors.Is(err, errFull) {
			return nil // told when output is flushed
		}
		if err != nil {
			return badConstraint(err, text)
		}
		rows.end()
		return nil
	})
}

// errFull is that nobody takes what is written any more.
var errFull = errors.New("output cannot be written")

// rowWriter writes what a constraint selects while it comes. The columns of a table are
// as wide as those of the first message need.
type rowWriter struct {
	a      *app
	offset int
	head   *kodeksv1.ConstraintHead
	table  table
	lines  bool // lines after the first ones are under way
	shown  []int
	widths []int
	count  int
}

func (r *rowWriter) write(m *kodeksv1.EvaluateConstraintResponse) error {
	if head := m.GetHead(); head != nil {
		if err := r.begin(head); err != nil {
			return err
		}
	}
	if r.a.Format == "table" && r.count > 0 && len(m.GetRows()) > 0 {
		r.beginLines()
	}
	for _, row := range m.GetRows() {
		if err := r.row(row); err != nil {
			return err
		}
	}
	if _, err := r.a.out.Write(nil); err != nil {
		return errFull
	}
	return nil
}

func (r *rowWriter) begin(head *kodeksv1.ConstraintHead) error {
	r.head = head
	r.a.warn(head.GetWarnings())
	for _, name := range head.GetColumns() {
		r.table.columns = append(r.table.columns, column{name: name, flex: true})
	}
	if len(head.GetColumns()) == 0 {
		r.table.columns = []column{{name: "code", style: strong}, {name: "display", flex: true}, {name: "status", show: filled}}
	}
	switch r.a.Format {
	case "tsv":
		r.table.writeTSV(r.a.out)
	case "json":
		text, err := jsonOf(head, "  ")
		r.a.out.WriteString("{\n  \"head\": " + text + ",\n  \"rows\": [")
		return err
	}
	return nil
}

func (r *rowWriter) row(row *kodeksv1.ConstraintRow) error {
	r.count++
	var cells []string
	switch {
	case r.a.Format == "json":
		text, err := jsonLine(row)
		if r.count > 1 {
			r.a.out.WriteByte(',')
		}
		r.a.out.WriteString("\n    " + text)
		return err
	case len(r.head.GetColumns()) == 0:
		status := ""
		if row.GetInactive() {
			status = "inactive"
		}
		cells = []string{row.GetCode(), row.GetDisplay(), status}
	case r.a.Format == "tsv":
		cells = row.GetValues()
	default:
		for i, v := range row.GetValues() {
			if term := row.GetDisplays()[i]; term != "" {
				v += " |" + term + "|"
			}
			cells = append(cells, v)
		}
	}
	for i := range cells {
		cells[i] = clean(cells[i])
	}
	switch {
	case r.a.Format == "tsv":
		r.table.tsvLine(r.a.out, cells)
	case r.lines:
		r.table.line(r.a.out, r.a.screen, "", cells, r.shown, r.widths, false)
	default:
		r.table.rows = append(r.table.rows, cells)
	}
	return nil
}

// longestCode is the most digits of an identifier.
const longestCode = 18

// beginLines writes the rows of the first message; those after it are written as they
// come.
func (r *rowWriter) beginLines() {
	if r.lines {
		return
	}
	r.lines = true
	header := make([]string, len(r.table.columns))
	for i := range r.table.columns {
		r.table.columns[i].show = always
		r.shown = append(r.shown, i)
		header[i] = heading(r.table.columns[i].name)
	}
	r.widths = r.table.widths(r.shown, false)
	if len(r.head.GetColumns()) == 0 {
		r.widths[0] = longestCode
	}
	if r.a.screen.width > 0 {
		r.table.fit(r.widths, r.shown, r.a.screen.width)
	}
	r.table.line(r.a.out, r.a.screen, "", header, r.shown, r.widths, true)
	for _, row := range r.table.rows {
		r.table.line(r.a.out, r.a.screen, "", row, r.shown, r.widths, false)
	}
	r.table.rows = nil
}

// end writes what stands under a table, or closes the object.
func (r *rowWriter) end() {
	switch r.a.Format {
	case "json":
		if r.count > 0 {
			r.a.out.WriteString("\n  ")
		}
		r.a.out.WriteString("]\n}\n")
		return
	case "tsv":
		return
	}
	if !r.lines {
		r.table.write(r.a.out, r.a.screen)
	}
	one, many := "concept", "concepts"
	if len(r.head.GetColumns()) > 0 {
		one, many = "row", "rows"
	}
	total := r.head.GetTotal()
	var note strings.Builder
	switch {
	case total == 0:
		note.WriteString("The constraint selects no " + one + ".")
	case r.count == 0:
		note.WriteString(count(total) + " " + plural(int(total), one, many) + " in all, none in this page")
	default:
		note.WriteString("\n" + some(r.count, total, true) + " " + plural(r.count, one, many) + " of " + systemTitle(r.head.GetRelease().GetSystem()))
		if r.offset > 0 {
			note.WriteString(", from number " + count(r.offset+1))
		}
	}
	r.a.out.WriteString(r.a.screen.set(dim, note.String()) + "\n")
}
