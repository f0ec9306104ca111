package main

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// expressionCmd is kodeks expression.
type expressionCmd struct {
	Check     expressionCheckCmd     `cmd:"" help:"Show what a release makes of an expression, and what is wrong with it."`
	Format    expressionFormatCmd    `cmd:"" help:"Print an expression anew: with terms in a language, or in its canonical form."`
	Normalize expressionNormalizeCmd `cmd:"" help:"Print the necessary normal form of an expression."`
	Compare   expressionCompareCmd   `cmd:"" help:"Tell how two expressions, or codes, relate."`
	Test      expressionTestCmd      `cmd:"" help:"Tell whether an expression satisfies an expression constraint."`
}

// expressionCheckCmd is kodeks expression check.
type expressionCheckCmd struct {
	releaseFlags
	Expression []string `arg:"" name:"expression" help:"The expression; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks expression check --help.
func (*expressionCheckCmd) Help() string {
	return `Reads an expression in SNOMED CT's Compositional Grammar and shows it with terms, its canonical and normal form, its attributes and parents, and what is wrong with it: unknown and inactive concepts, and where it breaks the concept model (MRCM), with the rule. The exit status is 2 when it is no expression.

Examples:

    kodeks expression check "22298006 : { 263502005 = 424124008 }"
    kodeks expression check --lang nn "404684003 : 363698007 = 74281007, 116676008 = 55641003"
    kodeks expression check --format json - < expression.txt`
}

// Run checks.
func (c *expressionCheckCmd) Run(ctx context.Context, a *app) error {
	return c.checked(ctx, a, c.Expression, func(r *kodeksv1.ValidateExpressionResponse) error {
		ans := &answer{messages: []proto.Message{r}, table: table{columns: []column{
			{name: "code"}, {name: "display"}, {name: "valid"}, {name: "severity"}, {name: "kind"}, {name: "line"}, {name: "column"}, {name: "text"}, {name: "rule"}, {name: "version"},
		}}}
		problems := r.GetProblems()
		if len(problems) == 0 {
			problems = []*kodeksv1.ExpressionProblem{{}}
		}
		for _, p := range problems {
			ans.table.add(r.GetCanonical(), r.GetDisplay(), strconv.FormatBool(r.GetValid()), p.GetSeverity(), p.GetKind(),
				place(p.GetLine()), place(p.GetColumn()), p.GetText(), p.GetRule(), r.GetRelease().GetVersion())
		}
		ans.page = func(w *bufio.Writer, s screen) { writeExpression(w, s, r) }
		return a.show(ans)
	})
}

// checked asks what an expression is. A text that is none is wrong use.
func (f *releaseFlags) checked(ctx context.Context, a *app, args []string, show func(*kodeksv1.ValidateExpressionResponse) error) error {
	text, version, err := f.read(args)
	if err != nil {
		return err
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		r, err := s.ValidateExpression(ctx, &kodeksv1.ValidateExpressionRequest{Version: version, Expression: text, Language: a.Lang})
		if err != nil {
			return badInput(err)
		}
		if r.GetFault() != nil {
			return faultOf(r.GetFault(), text)
		}
		return show(r)
	})
}

// writeExpression writes what a release makes of an expression.
func writeExpression(w *bufio.Writer, s screen, r *kodeksv1.ValidateExpressionResponse) {
	w.WriteString(s.set(bold, clean(r.GetDisplay())) + "\n")
	c := card{w, s, cardLimit}
	c.field("status", expressionStatus(r))
	c.field("canonical", r.GetCanonical())
	c.field("normal form", r.GetNormalFormDisplay())
	if m := r.GetConcept(); m.GetCode() != "" {
		c.field("equals", m.GetCode()+" |"+m.GetDisplay()+"|")
	}
	c.field("release", r.GetRelease().GetTitle())
	c.field("version", r.GetRelease().GetVersion())
	c.problems(r.GetProblems())
	c.properties(r.GetAttributes())
	c.codings("parents", r.GetParents(), len(r.GetParents()))
}

func expressionStatus(r *kodeksv1.ValidateExpressionResponse) string {
	var errors, warnings int
	for _, p := range r.GetProblems() {
		if p.GetSeverity() == "error" {
			errors++
		} else {
			warnings++
		}
	}
	status := "valid"
	if !r.GetValid() {
		status = "not valid: " + count(errors) + " " + plural(errors, "error", "errors")
	}
	if warnings > 0 {
		status += ", " + count(warnings) + " " + plural(warnings, "warning", "warnings")
	}
	if r.GetValid() && !r.GetModelChecked() {
		status += ", not checked against the concept model, which this release does not have"
	}
	return status
}

func (c card) problems(list []*kodeksv1.ExpressionProblem) {
	if len(list) == 0 {
		return
	}
	c.section("problems", len(list), len(list))
	for _, p := range list {
		st := bad
		if p.GetSeverity() != "error" {
			st = plain
		}
		lead := "    " + p.GetSeverity()
		lead += strings.Repeat(" ", len("    warning  ")-len(lead))
		text := p.GetText()
		if p.GetLine() > 0 {
			text = fmt.Sprintf("line %d, column %d: %s", p.GetLine(), p.GetColumn(), text)
		}
		for i, line := range wrap(clean(text), c.s.width-len(lead)) {
			if i == 0 {
				c.w.WriteString(c.s.set(st, lead))
			} else {
				writeSpaces(c.w, len(lead))
			}
			c.w.WriteString(line + "\n")
		}
		if p.GetRule() != "" {
			writeSpaces(c.w, len(lead))
			c.w.WriteString(c.s.set(dim, "rule "+clean(p.GetRule())+"  ("+clean(coded(p.GetRefset()))+")") + "\n")
		}
	}
}

// coded writes a coding as SNOMED CT's languages do.
func coded(c *kodeksv1.Coding) string {
	if c.GetDisplay() == "" {
		return c.GetCode()
	}
	return c.GetCode() + " |" + c.GetDisplay() + "|"
}

// expressionFormatCmd is kodeks expression format.
type expressionFormatCmd struct {
	releaseFlags
	Terms      bool     `xor:"form" help:"With the term of each concept, in the language of --lang."`
	Canonical  bool     `xor:"form" help:"In canonical form: sorted, without terms. Expressions that differ in spelling only have the same."`
	Expression []string `arg:"" name:"expression" help:"The expression; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks expression format --help.
func (*expressionFormatCmd) Help() string {
	return `Prints an expression with the terms that it was written with, without needless blanks. Only --terms and --format json ask a release. The exit status is 2 when it is no expression.

Examples:

    kodeks expression format --canonical "22298006 |Myocardial infarction| : { 263502005 |Clinical course| = 424124008 }"
    kodeks expression format --terms --lang nn "22298006:{263502005=424124008}"`
}

// Run prints the expression.
func (c *expressionFormatCmd) Run(ctx context.Context, a *app) error {
	if c.Terms || a.Format == "json" {
		return c.checked(ctx, a, c.Expression, func(r *kodeksv1.ValidateExpressionResponse) error {
			return a.show(textAnswer(r, r.GetCanonical(), r.GetDisplay(), r.GetDisplay()))
		})
	}
	text, err := textOf(c.Expression)
	if err != nil {
		return err
	}
	tree, err := scg.Parse(text)
	if err != nil {
		return badConstraint(err, text)
	}
	form := scg.Format(tree, scg.FormatOptions{})
	canonical := scg.Format(scg.Canonical(tree), scg.FormatOptions{DropTerms: true})
	if c.Canonical {
		form = canonical
	}
	return a.show(textAnswer(nil, canonical, form, form))
}

// textAnswer shows one text for people, and an expression with its display in tsv.
func textAnswer(m proto.Message, code, display, text string) *answer {
	ans := &answer{messages: []proto.Message{m}, table: table{columns: []column{{name: "code"}, {name: "display"}}}}
	ans.table.add(code, display)
	ans.page = func(w *bufio.Writer, _ screen) { w.WriteString(clean(text) + "\n") }
	return ans
}

// expressionNormalizeCmd is kodeks expression normalize.
type expressionNormalizeCmd struct {
	releaseFlags
	Terms      bool     `help:"With the term of each concept, in the language of --lang."`
	Expression []string `arg:"" name:"expression" help:"The expression, or a concept; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks expression normalize --help.
func (*expressionNormalizeCmd) Help() string {
	return `Prints all that is true of an expression, said once, with primitive concepts: expressions of one meaning have the same. The exit status is 2 when it is no expression, or has concepts that the release does not have.

Examples:

    kodeks expression normalize 22298006
    kodeks expression normalize --terms "22298006 : { 263502005 = 424124008 }"`
}

// Run prints the normal form.
func (c *expressionNormalizeCmd) Run(ctx context.Context, a *app) error {
	return c.checked(ctx, a, c.Expression, func(r *kodeksv1.ValidateExpressionResponse) error {
		if r.GetNormalForm() == "" {
			var unknown []string
			for _, p := range r.GetProblems() {
				unknown = append(unknown, fmt.Sprintf("line %d, column %d: %s", p.GetLine(), p.GetColumn(), p.GetText()))
			}
			return usage("%s", strings.Join(unknown, "\n"))
		}
		text := r.GetNormalForm()
		if c.Terms {
			text = r.GetNormalFormDisplay()
		}
		return a.show(textAnswer(r, r.GetNormalForm(), r.GetNormalFormDisplay(), text))
	})
}

// expressionCompareCmd is kodeks expression compare.
type expressionCompareCmd struct {
	releaseFlags
	A string `arg:"" help:"One expression or code."`
	B string `arg:"" help:"The other."`
}

// Help is the end of kodeks expression compare --help.
func (*expressionCompareCmd) Help() string {
	return `Tells whether A is the same as B (equivalent), broader (subsumes), narrower (subsumed-by) or neither (not-subsumed), by what both say in normal form.

Examples:

    kodeks expression compare 22298006 "22298006 : { 263502005 = 424124008 }"
    kodeks expression compare "80146002 + 6025007" 6025007`
}

// Run compares.
func (c *expressionCompareCmd) Run(ctx context.Context, a *app) error {
	version, err := c.release()
	if err != nil {
		return err
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		return relate(ctx, a, s, codesystem.SNOMED, version, c.A, c.B)
	})
}

// expressionTestCmd is kodeks expression test.
type expressionTestCmd struct {
	releaseFlags
	Expression string `arg:"" help:"The expression or code."`
	Constraint string `arg:"" help:"The expression constraint (ECL)."`
}

// Help is the end of kodeks expression test --help.
func (*expressionTestCmd) Help() string {
	return `Tells whether an expression, as one more concept of the release, is selected by an expression constraint; of a code also why. Filters and a few other constructs cannot be asked of an expression, and are refused by name.

Examples:

    kodeks expression test "22298006 : { 263502005 = 424124008 }" "<< 22298006"
    kodeks expression test "22298006 : { 263502005 = 424124008 }" "< 404684003 : 263502005 = *"`
}

// Run tests.
func (c *expressionTestCmd) Run(ctx context.Context, a *app) error {
	version, err := c.release()
	if err != nil {
		return err
	}
	if strings.TrimSpace(c.Expression) == "" {
		return usage("an expression or a code is needed")
	}
	return a.ask(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.ExplainConstraint(ctx, &kodeksv1.ExplainConstraintRequest{Version: version, Expression: c.Constraint, Code: c.Expression, Language: a.Lang})
		if err != nil {
			return badConstraint(err, c.Constraint)
		}
		a.warn(resp.GetHead().GetWarnings())
		ans := reasonAnswer(resp)
		ans.table = table{columns: []column{{name: "code"}, {name: "display"}, {name: "found"}, {name: "selected"}, {name: "canonical"}, {name: "fault"}, {name: "version"}}}
		ans.table.add(resp.GetCoding().GetCode(), resp.GetCoding().GetDisplay(), strconv.FormatBool(resp.GetFound()), strconv.FormatBool(resp.GetSelected()),
			resp.GetHead().GetCanonical(), resp.GetNotExpression(), resp.GetHead().GetRelease().GetVersion())
		return a.show(ans)
	})
}
