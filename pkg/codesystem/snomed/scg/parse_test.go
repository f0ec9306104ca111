package scg_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// validTests are expressions, how they print, and how their canonical form prints.
var validTests = []struct{ name, in, want, canonical string }{
	{"one concept", "73211009", "73211009", "73211009"},
	{"a term", "73211009 |Diabetes mellitus|", "73211009|Diabetes mellitus|", "73211009"},
	{"blanks anywhere", "\t 73211009\n|  Diabetes \r\n mellitus | ", "73211009|Diabetes mellitus|", "73211009"},
	{"equivalent", "=== 73211009", "===73211009", "===73211009"},
	{"subtype", " <<<73211009 ", "<<<73211009", "<<<73211009"},
	{"two focus concepts", "421720008 + 7946007 |Drug suspension|", "421720008+7946007|Drug suspension|", "7946007+421720008"},
	{"a focus concept twice", "7946007 + 7946007", "7946007+7946007", "7946007"},
	{"an attribute", "83152002:405815000=122456005", "83152002:405815000=122456005", "83152002:405815000=122456005"},
	{"attributes in the wrong order", "71388002:405813007=15497006,260686004=129304002",
		"71388002:405813007=15497006,260686004=129304002", "71388002:260686004=129304002,405813007=15497006"},
	{"a group", "71388002:{260686004=129304002}", "71388002:{260686004=129304002}", "71388002:{260686004=129304002}"},
	{"groups with and without comma", "71388002:{405813007=15497006},{260686004=129304002}{260686004=129304002}",
		"71388002:{405813007=15497006},{260686004=129304002},{260686004=129304002}", "71388002:{260686004=129304002},{405813007=15497006}"},
	{"attributes, then a group", "27658006:411116001=385049006 {127489000=372687004,127489000=387517004}",
		"27658006:411116001=385049006,{127489000=372687004,127489000=387517004}", "27658006:411116001=385049006,{127489000=372687004,127489000=387517004}"},
	{"a nested expression", "64572001:363698007=(39607008:272741003=7771000)",
		"64572001:363698007=(39607008:272741003=7771000)", "64572001:363698007=(39607008:272741003=7771000)"},
	{"a nested sum", "64572001:363698007=(80891009+39607008)", "64572001:363698007=(80891009+39607008)", "64572001:363698007=(39607008+80891009)"},
	{"brackets without an effect", "64572001:363698007=(39607008|Lung|)", "64572001:363698007=39607008|Lung|", "64572001:363698007=39607008"},
	{"numbers", "27658006:1142135004=#+500.0,1142136003=#-0.0,1142137007=#0.083",
		"27658006:1142135004=#500.0,1142136003=#-0.0,1142137007=#0.083", "27658006:1142135004=#500,1142136003=#0,1142137007=#0.083"},
	{"equal numbers", "27658006:1142135004=#1.50,1142135004=#1.5", "27658006:1142135004=#1.50,1142135004=#1.5", "27658006:1142135004=#1.5"},
	{"texts", `27658006:3460481009="A \"B\" \\ C"`, `27658006:3460481009="A \"B\" \\ C"`, `27658006:3460481009="A \"B\" \\ C"`},
	{"truths in any case", "318969005:859999999102=false,859999999102=tRUE",
		"318969005:859999999102=FALSE,859999999102=TRUE", "318969005:859999999102=FALSE,859999999102=TRUE"},
	{"letters of other languages", "22298006|hjerteinfarkt på 𝔘 – æøå|", "22298006|hjerteinfarkt på 𝔘 – æøå|", "22298006"},
	{"an identifier of 18 digits", "999999990989121104", "999999990989121104", "999999990989121104"},
}

func TestParse(t *testing.T) {
	for _, tt := range validTests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := scg.Parse(tt.in)
			if err != nil {
				t.Fatalf("Parse(%q): %v", tt.in, err)
			}
			if got := e.String(); got != tt.want {
				t.Errorf("Parse(%q) prints %q, want %q", tt.in, got, tt.want)
			}
			if got := scg.Canonical(e).String(); got != tt.canonical {
				t.Errorf("Canonical(%q) = %q, want %q", tt.in, got, tt.canonical)
			}
			laws(t, tt.in)
		})
	}
}

// invalidTests are texts that are no expressions, and their errors.
var invalidTests = []struct{ name, in, want string }{
	{"nothing", "", `line 1, column 1: found end of expression, want "===", "<<<" or a concept id`},
	{"a word", "diabetes", `line 1, column 1: found "diabetes", want "===", "<<<" or a concept id`},
	{"a short number", "12345", `line 1, column 1: found "12345", want "===", "<<<" or a concept id (an identifier has 6 to 18 digits and does not begin with 0)`},
	{"two statuses", "=== <<< 73211009", `line 1, column 5: found "<<<", want a concept id`},
	{"a constraint", "<< 73211009", `line 1, column 1: found "<", want "===", "<<<" or a concept id`},
	{"two concepts", "73211009 22298006", `line 1, column 10: found "22298006", want "|", "+", ":" or end of expression`},
	{"an open term", "73211009 |Diabetes", `line 1, column 19: found end of expression, want "|"`},
	{"an empty term", "73211009 | |", `line 1, column 12: found "|", want a term`},
	{"no refinement", "73211009 :\n", `line 2, column 1: found end of expression, want "{" or a concept id`},
	{"no value", "73211009 :\n 363698007 =", `line 2, column 13: found end of expression, want a concept id, "(", a number after #, a quoted text, TRUE or FALSE`},
	{"an operator as value", "73211009: 363698007 = << 22298006", `line 1, column 23: found "<", want a concept id, "(", a number after #, a quoted text, TRUE or FALSE`},
	{"an open bracket", "373873005 : 411116001 = ( 421720008", `line 1, column 36: found end of expression, want "|", "+", ":" or ")"`},
	{"an open group", "71388002:{260686004=129304002", `line 1, column 30: found end of expression, want "|", "," or "}"`},
	{"an attribute after a group", "71388002:{260686004=129304002},405813007=15497006", `line 1, column 32: found "405813007", want "{" (attributes without a group stand before the groups)`},
	{"an empty group", "71388002:{}", `line 1, column 11: found "}", want a concept id`},
	{"a comma at the end", "71388002:260686004=129304002,", `line 1, column 30: found end of expression, want "{" or a concept id`},
	{"a leading zero", "27658006:1142135004=#007", `line 1, column 22: found "007", want a number (a number has no leading zeros)`},
	{"a point without digits", "27658006:1142135004=#7.", `line 1, column 24: found end of expression, want a digit`},
	{"no number", "27658006:1142135004=#", `line 1, column 22: found end of expression, want a number`},
	{"an empty text", `27658006:3460481009=""`, `line 1, column 22: found '"', want a character`},
	{"an open text", `27658006:3460481009="abc`, `line 1, column 25: found end of expression, want '"'`},
	{"an unknown escape", `27658006:3460481009="a\n"`, `line 1, column 24: found "n", want '"' or "\"`},
	{"a value of two words", "318969005:859999999102=truth", `line 1, column 24: found "truth", want a concept id, "(", a number after #, a quoted text, TRUE or FALSE`},
	{"a control character in a term", "22298006|hjerte\x00infarkt|", "line 1, column 16: found \"\\x00\", want a term"},
}

func TestParseErrors(t *testing.T) {
	for _, tt := range invalidTests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := scg.Parse(tt.in)
			if terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("Parse(%q) = %v, %v, want kind Invalid", tt.in, e, err)
			}
			if got := terminology.Message(err); got != tt.want {
				t.Errorf("Parse(%q):\n got %s\nwant %s", tt.in, got, tt.want)
			}
		})
	}
}

func TestParseLimits(t *testing.T) {
	nested := func(n int) string {
		return "64572001:363698007=" + strings.Repeat("(39607008:272741003=", n) + "7771000" + strings.Repeat(")", n)
	}
	if _, err := scg.Parse(nested(scg.MaxDepth)); err != nil {
		t.Errorf("Parse of %d brackets: %v", scg.MaxDepth, err)
	}
	for name, s := range map[string]string{
		"too deep":         nested(scg.MaxDepth + 1),
		"a flood":          nested(1000),
		"open brackets":    "64572001:363698007=" + strings.Repeat("(", 10_000),
		"too long":         "64572001" + strings.Repeat(" ", scg.MaxLength),
		"too long, broken": strings.Repeat("(", scg.MaxLength+1),
	} {
		if _, err := scg.Parse(s); name != "open brackets" && terminology.KindOf(err) != terminology.TooCostly || err == nil {
			t.Errorf("Parse of an expression that is %s: %v, want kind TooCostly", name, err)
		}
	}
}

func TestFormat(t *testing.T) {
	e, err := scg.Parse("===10200004|lever|+80891009:272741003|Laterality|=24028007,{363698007=(39607008:272741003=#5)}")
	if err != nil {
		t.Fatal(err)
	}
	terms := func(id snomed.ID) string {
		return map[snomed.ID]string{10200004: "Liver structure", 272741003: "Late|rality\n", 24028007: "Right"}[id]
	}
	for _, tt := range []struct {
		name string
		o    scg.FormatOptions
		want string
	}{
		{"as written", scg.FormatOptions{}, "===10200004|lever|+80891009:272741003|Laterality|=24028007,{363698007=(39607008:272741003=#5)}"},
		{"without terms", scg.FormatOptions{DropTerms: true}, "===10200004+80891009:272741003=24028007,{363698007=(39607008:272741003=#5)}"},
		{"terms of a release", scg.FormatOptions{Term: terms},
			"===10200004|Liver structure|+80891009:272741003|Late rality|=24028007|Right|,{363698007=(39607008:272741003|Late rality|=#5)}"},
		{"with blanks", scg.FormatOptions{Blanks: true},
			"=== 10200004 |lever| + 80891009 : 272741003 |Laterality| = 24028007, { 363698007 = (39607008 : 272741003 = #5) }"},
	} {
		if got := scg.Format(e, tt.o); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if got, want := scg.Display(e, terms), scg.Format(e, scg.FormatOptions{Term: terms}); got != want {
		t.Errorf("Display = %s, want %s", got, want)
	}
}

func TestReferences(t *testing.T) {
	e, err := scg.Parse("10200004 + 80891009 : 272741003 = 24028007,\n { 363698007 = (39607008:272741003=#5), 116676008=55641003 }")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for c := range e.References() {
		got = append(got, c.ID.String())
	}
	if diff := cmp.Diff(strings.Fields("10200004 80891009 272741003 24028007 363698007 39607008 272741003 116676008 55641003"), got); diff != "" {
		t.Error(diff)
	}
	if at := e.Groups[0][0].Name.Position; at != (scg.Position{Line: 2, Column: 4}) {
		t.Errorf("363698007 is at %v, want line 2, column 4", at)
	}
}

// laws checks what holds for every expression that parses.
func laws(t *testing.T, s string) {
	t.Helper()
	e, err := scg.Parse(s)
	if err != nil {
		t.Errorf("Parse(%q): %v", s, err)
		return
	}
	for _, o := range []scg.FormatOptions{{}, {Blanks: true}} {
		printed := scg.Format(e, o)
		again, err := scg.Parse(printed)
		if err != nil {
			t.Errorf("Parse(Format(%q)): %v", s, err)
			return
		}
		if diff := cmp.Diff(e, again, cmpopts.IgnoreTypes(scg.Position{})); diff != "" {
			t.Errorf("Parse(Format(%q)) differs:\n%s", s, diff)
		}
		if twice := scg.Format(again, o); twice != printed {
			t.Errorf("Format of %q is %q", printed, twice)
		}
	}
	c := scg.Canonical(e)
	text := c.String()
	if again, err := scg.Parse(text); err != nil || scg.Canonical(again).String() != text || again.String() != text {
		t.Errorf("the canonical form of %q is %q, and of that %v, %v", s, text, again, err)
	}
	if got := scg.Canonical(c).String(); got != text {
		t.Errorf("Canonical(%q) = %q, and of that %q", s, text, got)
	}
	if plain, err := scg.Parse(scg.Format(e, scg.FormatOptions{DropTerms: true})); err != nil || scg.Canonical(plain).String() != text {
		t.Errorf("%q without terms has the canonical form %v, %v, want %s", s, plain, err, text)
	}
}

// FuzzParse states the laws for every text that parses; for others the error says a
// place inside the text and something that was expected there.
func FuzzParse(f *testing.F) {
	for _, tt := range validTests {
		f.Add(tt.in)
	}
	for _, tt := range invalidTests {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, err := scg.Parse(s)
		if err == nil {
			laws(t, s)
			return
		}
		if terminology.KindOf(err) == terminology.TooCostly {
			return
		}
		var se *scg.SyntaxError
		if !errors.As(err, &se) || len(se.Expected) == 0 {
			t.Fatalf("Parse(%q): %v", s, err)
		}
		lines := strings.Split(s, "\n")
		if se.Line < 1 || se.Line > len(lines) || se.Column < 1 || se.Column > len([]rune(lines[se.Line-1]))+1 {
			t.Fatalf("Parse(%q): no such place: %v", s, err)
		}
	})
}

func TestNumericValueCompare(t *testing.T) {
	for _, tt := range []struct {
		a, b scg.NumericValue
		want int
	}{
		{"2", "2.0", 0}, {"-0", "0", 0}, {"10", "9", 1}, {"-10", "-9", -1}, {"0.5", "0.49", 1}, {"-1", "1", -1},
		{"100000000000000000000000000001", "100000000000000000000000000000", 1}, {"0.10", "0.1", 0}, {"-0.1", "-0.11", 1},
	} {
		if got := tt.a.Compare(tt.b); got != tt.want || tt.b.Compare(tt.a) != -tt.want {
			t.Errorf("%s compared with %s: %d, and back %d, want %d", tt.a, tt.b, got, tt.b.Compare(tt.a), tt.want)
		}
		if (tt.a.Canonical() == tt.b.Canonical()) != (tt.want == 0) {
			t.Errorf("%s is %s and %s is %s", tt.a, tt.a.Canonical(), tt.b, tt.b.Canonical())
		}
	}
}
