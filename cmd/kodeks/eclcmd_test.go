package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
)

func TestPointAt(t *testing.T) {
	long := strings.Repeat("22298006 OR ", 20)
	for _, tt := range []struct {
		name, text   string
		line, column int
		want         string
	}{
		{"the first character", "<< hjerte", 1, 1, "\n  << hjerte\n  ^"},
		{"a word", "<< hjerte", 1, 4, "\n  << hjerte\n     ^"},
		{"behind the end", "< 22298006 AND", 1, 15, "\n  < 22298006 AND\n                ^"},
		{"the second line", "< 22298006\n\tAND hjerte", 2, 6, "\n   AND hjerte\n       ^"},
		{"a line that ends in CR LF", "< 22298006\r\nAND hjerte", 1, 11, "\n  < 22298006\n            ^"},
		{"after letters of two bytes", "|blåbærøl| x", 1, 12, "\n  |blåbærøl| x\n             ^"},
		{"after wide letters", "|心筋| x", 1, 6, "\n  |心筋| x\n         ^"},
		{"the middle of a long line", long, 1, 121, "\n  …" + long[60+1:120] + long[120:120+59] + "…\n  " + strings.Repeat(" ", 60) + "^"},
		{"no such line", "*", 2, 1, ""},
		{"no place", "*", 0, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := pointAt(tt.text, tt.line, tt.column); got != tt.want {
				t.Errorf("pointAt(%q, %d, %d):%s\nwant%s", tt.text, tt.line, tt.column, got, tt.want)
			}
		})
	}
}

// TestRowsOfManyMessages writes a table of two messages: the columns stay where they
// are, and a status that comes late has its place.
func TestRowsOfManyMessages(t *testing.T) {
	var out, errs bytes.Buffer
	a := newApp(&cli{Format: "table"}, &out, &errs)
	r := &rowWriter{a: a}
	for _, m := range []*kodeksv1.EvaluateConstraintResponse{
		{Head: &kodeksv1.ConstraintHead{Release: &kodeksv1.Release{System: "http://snomed.info/sct"}, Total: 3}},
		{Rows: []*kodeksv1.ConstraintRow{{Code: "22298006", Display: "hjerteinfarkt"}}},
		{Rows: []*kodeksv1.ConstraintRow{{Code: "1216401000202102", Display: "uspesifisert", Inactive: true}, {Code: "73211009", Display: "diabetes\nmellitus"}}},
	} {
		if err := r.write(m); err != nil {
			t.Fatal(err)
		}
	}
	r.end()
	if err := a.out.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `Code                Display        Status
22298006            hjerteinfarkt
1216401000202102    uspesifisert   inactive
73211009            diabetes mellitus

3 concepts of SNOMED CT
`
	if out.String() != want || errs.Len() > 0 {
		t.Errorf("got\n%s%s\nwant\n%s", out.String(), errs.String(), want)
	}
}

// TestConstraintToFullDisk wants a stream to end when its output cannot be written.
func TestConstraintToFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here:", err)
	}
	defer full.Close()
	var errs bytes.Buffer
	a := newApp(&cli{Format: "tsv"}, full, &errs)
	r := &rowWriter{a: a}
	m := &kodeksv1.EvaluateConstraintResponse{Head: &kodeksv1.ConstraintHead{}, Rows: []*kodeksv1.ConstraintRow{{Code: strings.Repeat("2", 200<<10)}}}
	if err := r.write(m); err != errFull {
		t.Errorf("writing more than the disk takes: %v, want %v", err, errFull)
	}
}

// TestConstraintFromInput reads constraints and expressions from standard input, also a
// constraint as JSON.
func TestConstraintFromInput(t *testing.T) {
	for _, tt := range []struct{ command, input, want string }{
		{"ecl format", "descendantOf 404684003\n", "< 404684003\n"},
		{"ecl format", "< 404684003 AND\n< 64572001\n", "< 404684003 AND < 64572001\n"},
		{"expression format", "22298006 | x | :\n 363698007 = 80891009\n", "22298006|x|:363698007=80891009\n"},
	} {
		stdout := fromInput(t, tt.input, strings.Fields(tt.command+" -")...)
		if stdout != tt.want {
			t.Errorf("kodeks %s of %q: %q, want %q", tt.command, tt.input, stdout, tt.want)
		}
	}
	const constraint = "< 404684003: 363698007 = << 80891009"
	_, form, _ := kodeks("ecl", "format", "--format", "json", constraint)
	if got := fromInput(t, form, "ecl", "format", "--one-line", "-"); got != constraint+"\n" {
		t.Errorf("there and back by JSON: %q, want %q", got, constraint)
	}
}

// fromInput runs a command with a text as standard input.
func fromInput(t *testing.T, input string, args ...string) (stdout string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(name, []byte(input), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := os.Stdin
	os.Stdin = f
	defer func() { os.Stdin = before }()
	status, stdout, stderr := kodeks(args...)
	if status != exitAnswered {
		t.Error(fmt.Sprint("kodeks ", args, ": status ", status, ", ", stderr))
	}
	return stdout
}
