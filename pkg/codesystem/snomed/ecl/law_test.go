package ecl_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var withoutPositions = cmpopts.IgnoreTypes(ecl.Position{})

// laws checks what holds for every expression that parses: printed, on one line or
// several, it parses to the same and prints the same, and so it does over JSON.
func laws(t *testing.T, s string) {
	t.Helper()
	e, err := ecl.Parse(s)
	if err != nil {
		t.Errorf("Parse(%q): %v", s, err)
		return
	}
	lawsOf(t, e)
}

func lawsOf(t *testing.T, e *ecl.Expression) {
	t.Helper()
	flat := e.String()
	for _, o := range []ecl.FormatOptions{{}, {Multiline: true, Width: 20}, {Multiline: true}} {
		printed := ecl.Format(e, o)
		again, err := ecl.Parse(printed)
		if err != nil {
			t.Errorf("Parse(Format(%s)) of %q: %v", flat, printed, err)
			return
		}
		if diff := cmp.Diff(e, again, withoutPositions); diff != "" {
			t.Errorf("Parse(Format(%s)) differs:\n%s", flat, diff)
		}
		if twice := ecl.Format(again, o); twice != printed {
			t.Errorf("Format of\n%s\nis\n%s", printed, twice)
		}
	}
	short := ecl.Format(e, ecl.FormatOptions{DropTerms: true})
	if again, err := ecl.Parse(short); err != nil || ecl.Format(again, ecl.FormatOptions{}) != short {
		t.Errorf("without terms %q prints as %v, %v", short, again, err)
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Errorf("Marshal(%s): %v", flat, err)
		return
	}
	var back ecl.Expression
	if err := json.Unmarshal(data, &back); err != nil {
		t.Errorf("Unmarshal(Marshal(%s)): %v\n%s", flat, err, data)
		return
	}
	if diff := cmp.Diff(e, &back, withoutPositions); diff != "" {
		t.Errorf("Unmarshal(Marshal(%s)) differs:\n%s", flat, diff)
	}
}

// FuzzParse states the laws for every text that parses; for others the error
// says a place inside the text and something that was expected there.
func FuzzParse(f *testing.F) {
	for _, tt := range validTests {
		f.Add(tt.in)
	}
	for _, tt := range invalidTests {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ecl.Parse(s)
		if err == nil {
			lawsOf(t, e)
			return
		}
		if terminology.KindOf(err) == terminology.TooCostly {
			return
		}
		se := syntaxError(err)
		if se == nil || len(se.Expected) == 0 {
			t.Fatalf("Parse(%q): %v", s, err)
		}
		lines := strings.Split(s, "\n")
		if se.Line < 1 || se.Line > len(lines) || se.Column < 1 || se.Column > len([]rune(lines[se.Line-1]))+1 {
			t.Fatalf("Parse(%q): no such place: %v", s, err)
		}
	})
}

// FuzzUnmarshalJSON states that what is read from JSON is what Parse could return.
func FuzzUnmarshalJSON(f *testing.F) {
	for _, tt := range validTests {
		if e, err := ecl.Parse(tt.in); err == nil {
			data, _ := json.Marshal(e)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e ecl.Expression
		if err := e.UnmarshalJSON(data); err != nil {
			if k := terminology.KindOf(err); k != terminology.Invalid && k != terminology.TooCostly {
				t.Fatalf("UnmarshalJSON(%s): %v", data, err)
			}
			return
		}
		lawsOf(t, &e)
	})
}
