package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

// eclCmd is kodeks ecl.
type eclCmd struct {
	Eval     eclEvalCmd     `cmd:"" help:"List what an expression constraint selects."`
	Count    eclCountCmd    `cmd:"" help:"Count what an expression constraint selects."`
	Explain  eclExplainCmd  `cmd:"" help:"Show how an expression constraint is evaluated, or why it selects a code."`
	Validate eclValidateCmd `cmd:"" help:"Tell whether a text is an expression constraint, and what is odd about it."`
	Format   eclFormatCmd   `cmd:"" help:"Print an expression constraint in its canonical form, or say where it is wrong."`
}

// eclFormatCmd is kodeks ecl format.
type eclFormatCmd struct {
	DropTerms  bool     `help:"Leave out the terms in pipes."`
	OneLine    bool     `help:"Print on one line, however long."`
	Expression []string `arg:"" name:"expression" help:"The constraint; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks ecl format --help.
func (*eclFormatCmd) Help() string {
	return `Reads SNOMED CT's Expression Constraint Language 2.3, brief and long syntax, and prints the brief one. --format json prints the constraint as JSON, which is read as well. No release is asked. The exit status is 2 when it is not a constraint.

Examples:

    kodeks ecl format "descendantOf 404684003 |Clinical finding| : 363698007 = << 74281007"
    kodeks ecl format --format json "< 404684003"
    kodeks ecl format - < constraint.ecl`
}

// readConstraint reads a constraint as text or, what begins with a brace, as JSON.
func readConstraint(text string) (*ecl.Expression, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return ecl.Parse(text)
	}
	expression := &ecl.Expression{}
	if err := expression.UnmarshalJSON([]byte(text)); err != nil {
		return nil, err
	}
	return expression, nil
}

// maxInput is more than the longest constraint that is read, also as JSON.
const maxInput = 4 * ecl.MaxLength

// Run prints the constraint.
func (c *eclFormatCmd) Run(a *app) error {
	text, err := textOf(c.Expression)
	if err != nil {
		return err
	}
	expression, err := readConstraint(text)
	if err != nil {
		return badConstraint(err, text)
	}
	if a.Format != "json" {
		a.out.WriteString(ecl.Format(expression, ecl.FormatOptions{DropTerms: c.DropTerms, Multiline: !c.OneLine && a.Format == "table"}) + "\n")
		return nil
	}
	form, err := json.Marshal(expression)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, form, "", "  "); err != nil {
		return err
	}
	a.out.Write(append(indented.Bytes(), '\n'))
	return nil
}
