package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

// eclCmd is kodeks ecl.
type eclCmd struct {
	Format eclFormatCmd `cmd:"" help:"Print an expression constraint in its canonical form, or say where it is wrong."`
}

// eclFormatCmd is kodeks ecl format.
type eclFormatCmd struct {
	DropTerms  bool     `help:"Leave out the terms in pipes."`
	OneLine    bool     `help:"Print on one line, however long."`
	Expression []string `arg:"" name:"expression" help:"The constraint; several arguments are joined by blanks. A single - reads standard input."`
}

// Help is the end of kodeks ecl format --help.
func (*eclFormatCmd) Help() string {
	return `Reads SNOMED CT's Expression Constraint Language 2.3, brief and long syntax, and prints the brief one. --format json prints the constraint as JSON. The exit status is 2 when it is not a constraint.

Examples:

    kodeks ecl format "descendantOf 404684003 |Clinical finding| : 363698007 = << 74281007"
    kodeks ecl format --format json "< 404684003"
    kodeks ecl format - < constraint.ecl`
}

// maxInput is more than the longest constraint that is read.
const maxInput = ecl.MaxLength + 1

// Run prints the constraint.
func (c *eclFormatCmd) Run(a *app) error {
	if err := a.local("ecl format"); err != nil {
		return err
	}
	text := strings.Join(c.Expression, " ")
	if text == "-" {
		input, err := io.ReadAll(io.LimitReader(os.Stdin, maxInput))
		if err != nil {
			return err
		}
		text = string(input)
	}
	expression, err := ecl.Parse(text)
	if err != nil {
		return badInput(err)
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
