package mrcm

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		in      string
		yes, no string // values, parted by blanks
	}{
		{"dec(>#0..)", "#0.001 #1 #99999999999999999999", `#0 #-1 TRUE "1"`},
		{"dec (> #0 .. #10)", "#10 #10.0", "#10.01 #0.0"},
		{"dec(#1.. <#2)", "#1 #1.999", "#2"},
		{"dec(..<#2)", "#-5 #1.9", "#2"},
		{"dec(#1 #2.5, #4..#5)", "#1.0 #2.50 #4.3", "#2 #3 #5.1"},
		{"dec", "#1", "TRUE"},
		{"dec()", "#1", "TRUE"},
		{"int(>#0..)", "#1 #2.0", "#1.5 #0"},
		{"int(#-3..#-1)", "#-2", "#0 #-4"},
		{`str("*")`, `"x"`, "#1 TRUE"},
		{`str("a" "b")`, `"a" "b"`, `"c" "A"`},
		{"str", `"x"`, "#1"},
		{"bool(true)", "TRUE", "FALSE #1"},
		{"bool(true false)", "TRUE FALSE", "#1"},
		{" bool ", "TRUE FALSE", `"true"`},
	} {
		v, err := parseValues(tt.in)
		if err != nil || v == nil {
			t.Errorf("parseValues(%s) = %v, %v", tt.in, v, err)
			continue
		}
		for in, list := range map[bool]string{true: tt.yes, false: tt.no} {
			for _, word := range strings.Fields(list) {
				e, err := scg.Parse("138875005:272741003=" + word)
				if err != nil {
					t.Fatal(err)
				}
				if got := v.has(e.Attributes[0].Value); got != in {
					t.Errorf("%s has %s: %v, want %v", tt.in, word, got, in)
				}
			}
		}
	}
	for _, in := range []string{"<< 404684003", "decimal(#1)", "", "<< 1 OR dec(#1)"} {
		if v, err := parseValues(in); v != nil || err != nil {
			t.Errorf("parseValues(%s) = %v, %v, want nothing", in, v, err)
		}
	}
	for _, in := range []string{"dec(1..2)", "int(#1...#2)", "dec(<#1)", "dec(#)", `str("a)`, "int(#1..#2..#3)"} {
		if v, err := parseValues(in); err == nil {
			t.Errorf("parseValues(%s) = %v, want an error", in, v)
		}
	}
}

// FuzzParseValues states what holds of every range that is read: it has its closed
// ends and its texts, and not its open ends.
func FuzzParseValues(f *testing.F) {
	for _, s := range []string{"dec(>#0..)", "int(#1..#9 #20)", `str("a" "b")`, "bool(true)", "dec(..<#2)", "dec(> #0 .. #10)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parseValues(s)
		if v == nil || err != nil {
			return
		}
		for _, i := range v.intervals {
			closed := i.least == "" || i.most == "" || i.least.Compare(i.most) <= 0
			if i.least != "" && v.kind == "dec" && closed && !i.openBelow && i.has(i.least) && !v.has(i.least) {
				t.Fatalf("%q does not have its own end %s", s, i.least)
			}
			if i.openBelow && i.has(i.least) || i.openAbove && i.has(i.most) {
				t.Fatalf("%q has an open end", s)
			}
		}
		for _, text := range v.texts {
			if v.kind == "str" && !v.has(scg.StringValue(text)) {
				t.Fatalf("%q does not have its own text %q", s, text)
			}
		}
	})
}
