package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// eclCountCmd is kodeks ecl count.
type eclCountCmd struct {
	releaseFlags
	Expression []string `arg:"" name:"expression" help:"The constraint; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks ecl count --help.
func (*eclCountCmd) Help() string {
	return `Prints how many concepts an expression constraint selects, or with a selection of columns how many rows.

Examples:

    kodeks ecl count "< 404684003 |Clinical finding|"
    kodeks ecl count "* {{ C active = 0 }}"
    kodeks ecl count --edition 51000202101 "^ 447562003"`
}

// Run counts.
func (c *eclCountCmd) Run(ctx context.Context, a *app) error {
	text, version, err := c.read(c.Expression)
	if err != nil {
		return err
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.CountConstraint(ctx, &kodeksv1.CountConstraintRequest{Version: version, Expression: text})
		if err != nil {
			return badConstraint(err, text)
		}
		a.warn(resp.GetHead().GetWarnings())
		total := strconv.Itoa(int(resp.GetHead().GetTotal()))
		ans := &answer{messages: []proto.Message{resp}, table: table{columns: []column{{name: "total"}, {name: "canonical"}, {name: "version"}}}}
		ans.table.add(total, resp.GetHead().GetCanonical(), resp.GetHead().GetRelease().GetVersion())
		ans.page = func(w *bufio.Writer, _ screen) { w.WriteString(total + "\n") } // for $(...)
		return a.show(ans)
	})
}

// eclValidateCmd is kodeks ecl validate.
type eclValidateCmd struct {
	releaseFlags
	Expression []string `arg:"" name:"expression" help:"The constraint; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks ecl validate --help.
func (*eclValidateCmd) Help() string {
	return `Tells whether a text is an expression constraint, and prints it in canonical form. What means less in the release than it seems to, such as an unknown or inactive concept, is a warning on standard error. The exit status is 0 for a constraint, with warnings or without, and 2 for what is none.

Examples:

    kodeks ecl validate "<< 73211009 |Diabetes mellitus|"
    kodeks ecl validate "< 404684003 AND < 64572001 OR < 71388002"
    kodeks ecl validate - < constraint.ecl`
}

// Run validates.
func (c *eclValidateCmd) Run(ctx context.Context, a *app) error {
	text, version, err := c.read(c.Expression)
	if err != nil {
		return err
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.ValidateConstraint(ctx, &kodeksv1.ValidateConstraintRequest{Version: version, Expression: text})
		if err != nil {
			return badInput(err)
		}
		a.warn(resp.GetWarnings())
		if fault := resp.GetFault(); !resp.GetValid() && a.Format == "table" {
			return faultOf(fault, text)
		}
		ans := &answer{messages: []proto.Message{resp}, table: table{columns: []column{{name: "valid"}, {name: "canonical"}, {name: "line"}, {name: "column"}, {name: "text"}, {name: "version"}}}}
		ans.table.add(strconv.FormatBool(resp.GetValid()), resp.GetCanonical(), place(resp.GetFault().GetLine()), place(resp.GetFault().GetColumn()),
			resp.GetFault().GetText(), resp.GetRelease().GetVersion())
		ans.page = func(w *bufio.Writer, s screen) {
			w.WriteString(s.set(good, "valid") + "  " + clean(resp.GetCanonical()) + "\n")
		}
		if err := a.show(ans); err != nil || resp.GetValid() {
			return err
		}
		return faultOf(resp.GetFault(), text) // also of tsv and json: the exit status tells
	})
}

// place writes a line or column, nothing when there is none.
func place(n int32) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

// releaseFlags say which release of SNOMED CT is asked.
type releaseFlags struct {
	Version string `placeholder:"VERSION" help:"Version of SNOMED CT: its URI or date (default: the latest that is installed)."`
	Edition string `placeholder:"MODULE" help:"Edition of SNOMED CT: the id of its module, such as 51000202101, or its URI."`
}

// release returns the version to ask for.
func (f *releaseFlags) release() (string, error) {
	if f.Edition == "" {
		return f.Version, nil
	}
	uri, err := editionURI(f.Edition)
	if err != nil {
		return "", usage("--edition %s is no edition of SNOMED CT, want the id of a module such as %s, or %s/MODULE", f.Edition, snomed.NorwegianModule, snomed.System)
	}
	switch {
	case f.Version == "":
		return uri, nil
	case !strings.Contains(f.Version, ":") && !strings.Contains(uri, "/version/"):
		return uri + "/version/" + f.Version, nil
	}
	return "", usage("--version %s is more than a date: leave --edition out", f.Version)
}

// read returns the text that arguments mean, and the version to ask for.
func (f *releaseFlags) read(args []string) (text, version string, err error) {
	if version, err = f.release(); err == nil {
		text, err = textOf(args)
	}
	return text, version, err
}

// textOf returns the constraint or expression that arguments mean.
func textOf(args []string) (string, error) {
	text := strings.Join(args, " ")
	if text != "-" {
		return text, nil
	}
	input, err := io.ReadAll(io.LimitReader(os.Stdin, maxInput))
	return strings.TrimRight(string(input), "\r\n"), err
}

// warn tells of what means less in the release than it seems to.
func (a *app) warn(list []*kodeksv1.ConstraintWarning) {
	for _, w := range list {
		at := ""
		if w.GetLine() > 0 {
			at = fmt.Sprintf("line %d, column %d: ", w.GetLine(), w.GetColumn())
		}
		fmt.Fprintln(a.stderr, "kodeks: warning:", at+clean(w.GetText()))
	}
}

// faultOf makes a fault wrong use, with the place shown.
func faultOf(f *kodeksv1.SyntaxFault, text string) error {
	return &usageError{text: f.GetText() + pointAt(text, int(f.GetLine()), int(f.GetColumn()))}
}

// badConstraint is badInput with the place shown in the text of the constraint.
func badConstraint(err error, text string) error {
	if terminology.KindOf(err) != terminology.Invalid {
		return err
	}
	message := terminology.Message(err)
	var line, column int
	if n, _ := fmt.Sscanf(message, "line %d, column %d:", &line, &column); n == 2 {
		message += pointAt(text, line, column)
	}
	return &usageError{text: message}
}

// pointAt returns a line of a text with a caret under a column, both counted from 1,
// each on a line of its own; "" when the text has no such place.
func pointAt(text string, line, column int) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if line < 1 || line > len(lines) || column < 1 {
		return ""
	}
	runes := []rune(clean(lines[line-1]))
	column = min(column, len(runes)+1)
	before, after := string(runes[:column-1]), string(runes[column-1:])
	const room = 60 // of a long line only what is around the place
	if n := utf8.RuneCountInString(before); n > room {
		before = "…" + string(runes[column-room:column-1])
	}
	if n := utf8.RuneCountInString(after); n > room {
		after = string([]rune(after)[:room-1]) + "…"
	}
	return "\n  " + before + after + "\n  " + strings.Repeat(" ", width(before)) + "^"
}
