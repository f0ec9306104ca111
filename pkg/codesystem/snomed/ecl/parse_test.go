package ecl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// validTests are every construct of the language; want is the canonical form, ""
// when in is that already.
var validTests = []struct{ name, in, want string }{
	{"a concept", "22298006", ""},
	{"a concept with its term", "22298006|Myocardial infarction |", "22298006 |Myocardial infarction|"},
	{"descendants", "<404684003", "< 404684003"},
	{"descendants or self", "<< 404684003 |Clinical finding|", ""},
	{"children", "<!404684003", "<! 404684003"},
	{"children or self", "<<!404684003", "<<! 404684003"},
	{"ancestors", ">40541001", "> 40541001"},
	{"ancestors or self", ">>40541001", ">> 40541001"},
	{"parents", ">!40541001", ">! 40541001"},
	{"parents or self", ">>!40541001", ">>! 40541001"},
	{"top of a set", "!!>(22298006 OR 57054005)", "!!> (22298006 OR 57054005)"},
	{"bottom of a set", "!!<(22298006 or 57054005)", "!!< (22298006 OR 57054005)"},
	{"everything", "*", ""},
	{"parents of everything", ">!*", ">! *"},
	{"members", "^700043003", "^ 700043003"},
	{"members of any", "^*", "^ *"},
	{"members of members", "^(^700043003)", "^ (^ 700043003)"},
	{"descendants of members", "<<^700043003", "<< ^ 700043003"},
	{"fields of members", "^[ mapTarget,mapGroup ]447562003", "^ [mapTarget, mapGroup] 447562003"},
	{"all fields of members", "^ [*] 447562003", ""},
	{"reference sets with a concept", "^R 22298006", ""},
	{"reference sets with a concept, directly", "^R22298006", "^R 22298006"},
	{"members of a scheme that begins with R", "^R1#2", "^ R1#2"},
	{"long syntax", "descendantOrSelfOf 404684003 AND memberOf (parentOrSelfOf ANY)", "<< 404684003 AND ^ (>>! *)"},
	{"long refinement", "ANY: [0 to many] reverseOf 127489000 not = ANY, 363698007 <> ANY", "*: [0..*] R 127489000 != *, 363698007 != *"},
	{"conjunction by comma", "<19829001,<301867009", "< 19829001 AND < 301867009"},
	{"disjunction of three", "<19829001 OR <301867009 or 22298006", "< 19829001 OR < 301867009 OR 22298006"},
	{"exclusion", "<<19829001 MINUS <<301867009", "<< 19829001 MINUS << 301867009"},
	{"mixture with brackets", "(<19829001 AND <301867009) OR ^700043003", "(< 19829001 AND < 301867009) OR ^ 700043003"},
	{"operator against a bracket", "<19829001 OR(<301867009 MINUS *)", "< 19829001 OR (< 301867009 MINUS *)"},
	{"brackets without an effect", "((22298006))", "22298006"},
	{"brackets around all", "(<19829001 AND <<(22298006))", "< 19829001 AND << 22298006"},
	{"brackets that matter", "<(<22298006)", "< (< 22298006)"},
	{"refinement", "<404684003:116676008=<<415582006", "< 404684003: 116676008 = << 415582006"},
	{"attributes joined", "<404684003:116676008=<<415582006 and 363698007=*", "< 404684003: 116676008 = << 415582006, 363698007 = *"},
	{"attributes by choice", "<404684003:116676008=<<415582006 OR 42752001=*", "< 404684003: 116676008 = << 415582006 OR 42752001 = *"},
	{"bracketed conditions", "<404684003:(116676008=* AND 363698007=*)OR 42752001=*", "< 404684003: (116676008 = *, 363698007 = *) OR 42752001 = *"},
	{"groups", "<404684003:{363698007=*,116676008=*}OR[0..1]{42752001=*}", "< 404684003: { 363698007 = *, 116676008 = * } OR [0..1] { 42752001 = * }"},
	{"choice inside a group", "<404684003:{363698007=* OR 116676008=*}", "< 404684003: { 363698007 = * OR 116676008 = * }"},
	{"brackets inside a group", "<404684003:{(363698007=*,116676008=*) OR 42752001=*}", "< 404684003: { (363698007 = *, 116676008 = *) OR 42752001 = * }"},
	{"a group in brackets", "<404684003:({363698007=*})", "< 404684003: { 363698007 = * }"},
	{"attribute beside a group", "27658006:411116001=385049006,{127489000=372687004}", "27658006: 411116001 = 385049006, { 127489000 = 372687004 }"},
	{"cardinality that is never met", "<404684003:[5..2]363698007=*", "< 404684003: [5..2] 363698007 = *"},
	{"reverse flag", "<105590001:[3..3]R 127489000=*", "< 105590001: [3..3] R 127489000 = *"},
	{"bracketed attribute name", "<<125605004:((<<410662002 MINUS 363698007)MINUS 116676008)=*", "<< 125605004: ((<< 410662002 MINUS 363698007) MINUS 116676008) = *"},
	{"bracketed attribute name in a group", "<<125605004:{(363698007 OR 116676008) not =*}", "<< 125605004: { (363698007 OR 116676008) != * }"},
	{"attribute name with a bracket in its term", "*:(363698007 |site :)| OR 116676008)=*", "*: (363698007 |site :)| OR 116676008) = *"},
	{"numbers", "*:1142135004>=#0.50,1142135004<#-3,1142135004!=#+7", "*: 1142135004 >= #0.50, 1142135004 < #-3, 1142135004 != #7"},
	{"texts", `*:3264475007=("a \"b\"" wild:"c\*\\*" exact:"d")`, `*: 3264475007 = ("a \"b\"" wild:"c\*\\*" exact:"d")`},
	{"one text in brackets", `*:3264475007=("PANADOL")`, `*: 3264475007 = "PANADOL"`},
	{"booleans", "*:859999999102=TRUE OR 859999999102!=false", "*: 859999999102 = true OR 859999999102 != false"},
	{"nested value", "<404684003:47429007=(<404684003:116676008=*)", "< 404684003: 47429007 = (< 404684003: 116676008 = *)"},
	{"dots", "<19829001.<47429007 .363698007", "< 19829001 . < 47429007 . 363698007"},
	{"dots in brackets", "((<19829001).<47429007).363698007", "(< 19829001 . < 47429007) . 363698007"},
	{"alternate identifier", "<<LOINC#54486-6 |x|", "<< LOINC#54486-6 |x|"},
	{"alternate identifier in quotes", `"LOINC#54 486"`, ""},
	{"alternate identifier with its code in quotes", `LOINC#"54486-6"`, "LOINC#54486-6"},
	{"alternate identifiers as values", `*:363698007=(("A#b c")),116676008=("A#b c" OR *),42752001="A#b c" |x|`, `*: 363698007 = (("A#b c")), 116676008 = ("A#b c" OR *), 42752001 = (("A#b c" |x|))`},
	{"term", `*{{term="hjärt att"}}`, `* {{ D term = "hjärt att" }}`},
	{"term match is the default", `*{{D term=match : "heart"}}`, `* {{ D term = "heart" }}`},
	{"terms of several types", `*{{term!=(match:"gas" wild:"*itis" exact:"Gastritis")}}`, `* {{ D term != ("gas" wild:"*itis" exact:"Gastritis") }}`},
	{"language", "*{{language=(SV nb)}}", "* {{ D language = (sv nb) }}"},
	{"type", "*{{type=(Synonym FSN definition)}}", "* {{ D type = (syn fsn def) }}"},
	{"type by id", "*{{typeId=(900000000000013009 900000000000003001 |FSN|)}}", "* {{ D typeId = (900000000000013009 OR 900000000000003001 |FSN|) }}"},
	{"dialect", "*{{dialect=EN-gb}}", "* {{ D dialect = en-gb }}"},
	{"dialects with acceptability", "*{{dialect=(en-gb(accept) en-nhs-clinical (preferred acceptable) en-us)(prefer)}}", "* {{ D dialect = (en-gb (accept) en-nhs-clinical (prefer accept) en-us (prefer)) }}"},
	{"dialect by id", "*{{dialectId=900000000000508004(900000000000548007|Preferred|)}}", "* {{ D dialectId = 900000000000508004 (900000000000548007 |Preferred|) }}"},
	{"dialects by id", "*{{dialectId!=(61000202103(prefer)91000202106)}}", "* {{ D dialectId != (61000202103 (prefer) 91000202106) }}"},
	{"dialects by expression", "*{{dialectId=(<<900000000000506000)(prefer)}}", "* {{ D dialectId = << 900000000000506000 (prefer) }}"},
	{"description id", "*{{id=(670169018 943764881231234117)}}", "* {{ D id = (670169018 943764881231234117) }}"},
	{"status of a description", "*{{active=1,moduleId=900000000000207008}}", "* {{ D active = true, moduleId = 900000000000207008 }}"},
	{"definition status", "*{{c DefinitionStatus=(primitive DEFINED)}}", "* {{ C definitionStatus = (primitive defined) }}"},
	{"definition status by id", "*{{C definitionStatusId!=900000000000074008}}", "* {{ C definitionStatusId != 900000000000074008 }}"},
	{"any status", "*{{C active=any}}", "* {{ C active = * }}"},
	{"effective time", `*{{C effectiveTime>="20190731",effectiveTime!=("20200131" "")}}`, `* {{ C effectiveTime >= "20190731", effectiveTime != ("20200131" "") }}`},
	{"module by expression", "*{{C moduleId=<<900000000000445007}}", "* {{ C moduleId = << 900000000000445007 }}"},
	{"member fields", `^447562003{{M mapGroup!=#2,mapTarget=wild:"J*",active=0,correlationId=<<447247004}}{{C active=1}}`, `^ 447562003 {{ M mapGroup != #2, mapTarget = wild:"J*", active = false, correlationId = << 447247004 }} {{ C active = true }}`},
	{"a time and an empty text of a member", `^447562003{{M sourceEffectiveTime>"20200101",mapAdvice=""}}`, `^ 447562003 {{ M sourceEffectiveTime > "20200101", mapAdvice = "" }}`},
	{"filters one after the other", `(*){{term="eye"}}{{C active=1}}{{D term=wild:"*itis"}}`, `* {{ D term = "eye" }} {{ C active = true }} {{ D term = wild:"*itis" }}`},
	{"history", "<<195967001{{+HISTORY}}", "<< 195967001 {{ + HISTORY }}"},
	{"history profiles", "<<195967001{{+history_min}} OR <<22298006{{ + HISTORY-MOD}} OR *{{+HISTORY-MAX}}", "<< 195967001 {{ + HISTORY-MIN }} OR << 22298006 {{ + HISTORY-MOD }} OR * {{ + HISTORY-MAX }}"},
	{"history of some associations", "<<195967001{{+HISTORY(900000000000527005 OR (900000000000526001))}}", "<< 195967001 {{ + HISTORY (900000000000527005 OR 900000000000526001) }}"},
	{"comments", "/* a */<</* b */404684003/* c * / d */:/**/363698007=*/* e */", "<< 404684003: 363698007 = *"},
	{"comment with a pipe after a term", "22298006 |MI /* or | so */ |", "22298006 |MI|"},
	{"comment marks in two terms", "22298006 |a /* b| OR 57054005 |c */ |", "22298006 |a| OR 57054005 |c */|"},
	{"operators in a term", "22298006 |a OR (b {{ c : \"|", ""},
	{"term over two lines", "22298006 |Myocardial\r\n\tinfarction|", "22298006 |Myocardial infarction|"},
	{"identifiers without a right check digit", "< 99999999 OR 111115", ""},
}

func TestParseAndFormat(t *testing.T) {
	for _, tt := range validTests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := ecl.Parse(tt.in)
			if err != nil {
				t.Fatalf("Parse(%q): %v", tt.in, err)
			}
			want := tt.want
			if want == "" {
				want = tt.in
			}
			if got := e.String(); got != want {
				t.Errorf("Parse(%q).String() = %s\nwant %s", tt.in, got, want)
			}
			lawsOf(t, e)
		})
	}
}

var invalidTests = []struct{ name, in, want string }{
	{"nothing", "", `line 1, column 1: found end of expression, want an operator such as "<<", "^", a concept id, "*" or "("`},
	{"AND for a concept", "< 19829001 : AND", `line 1, column 14: found "AND", want "[", "{", "R", an operator such as "<<", "^", a concept id, "*" or "("`},
	{"AND and OR mixed", "19829001 |a| AND 301867009 |b| OR 22298006", `line 1, column 32: found "OR", want "{{", "AND" or end of expression (without brackets one operator joins all operands, and MINUS two)`},
	{"minus twice", "* MINUS * MINUS *", `line 1, column 11: found "MINUS", want "{{" or end of expression (without brackets one operator joins all operands, and MINUS two)`},
	{"AND and OR mixed in a refinement", "*: 363698007 = *, 116676008 = * OR 42752001 = *", `line 1, column 33: found "OR", want "{{", "AND" or end of expression (without brackets one operator joins all operands, and MINUS two)`},
	{"a short identifier", "<< 123", `line 1, column 4: found "123", want a concept id of 6 to 18 digits`},
	{"a leading zero", "012345678", `line 1, column 1: found "012345678", want a concept id of 6 to 18 digits`},
	{"two operators", "<< << 404684003", `line 1, column 4: found "<<", want "^", a concept id, "*" or "("`},
	{"no value", "404684003 : 116676008 =", `line 1, column 24: found end of expression, want "#" and a number, a text, "true", "false", an operator such as "<<", "^", a concept id, "*" or "("`},
	{"no comparison", "404684003 : 116676008 |x|", `line 1, column 26: found end of expression, want "{{", "=", "!=", "<", "<=", ">" or ">="`},
	{"bracket left open", "(<< 404684003", `line 1, column 14: found end of expression, want "|", "{{", ":", ".", "AND", "OR", "MINUS" or ")"`},
	{"term left open", "404684003 |", `line 1, column 12: found end of expression, want "|"`},
	{"empty term", "404684003 | |", `line 1, column 13: found "|", want a term`},
	{"comment left open", "404684003 /* x", `line 1, column 15: found end of expression, want "*/"`},
	{"column counts characters, and lines", "22298006 |hjärte|\n  ärt", `line 2, column 3: found "ä", want "{{", ":", ".", "AND", "OR", "MINUS" or end of expression`},
	{"text left open", `* {{ term = "heart }}`, `line 1, column 22: found end of expression, want '"'`},
	{"text without a word", `* {{ term = " " }}`, `line 1, column 13: found '"', want a text with a word`},
	{"unknown filter", "* {{ colour = 1 }}", `line 1, column 6: found "colour", want "D", "C", "M", "+", "term", "language", "type", "typeId", "dialect", "dialectId", "moduleId", "effectiveTime", "active" or "id"`},
	{"concept filter without C", "* {{ definitionStatus = defined }}", `line 1, column 6: found "definitionStatus", want "D", "C", "M", "+", "term", "language", "type", "typeId", "dialect", "dialectId", "moduleId", "effectiveTime", "active" or "id" (definitionStatus is a concept filter: {{ C definitionStatus = ... }})`},
	{"member filter last", "^ 447562003 {{ C active = 1 }} {{ M active = 1 }}", `line 1, column 35: found "M", want "D", "C" or "+" (member filters come before description and concept filters)`},
	{"no date", `* {{ C effectiveTime = "yesterday" }}`, `line 1, column 24: found '"', want a date "YYYYMMDD" or ""`},
	{"month 13", `* {{ C effectiveTime = "20201301" }}`, ``},
	{"acceptability twice", "* {{ dialect = en (prefer) (accept) }}", `line 1, column 28: found "(", want "," or "}}"`},
	{"cardinality left open", "404684003 : [0..1 116676008 = 79654002", `line 1, column 19: found "116676008", want "]"`},
	{"number with a leading zero", "*: 1142135004 = #007", `line 1, column 18: found "007", want a number without leading zeros`},
	{"order of concepts", "*: 1142135004 > 22298006", `line 1, column 17: found "22298006", want "#" and a number`},
	{"not UTF-8", "22298006 |\xff|", `line 1, column 11: found "\xff", want a term`},
	{"NUL at the end", "22298006\x00", ``},
	{"glued operator", "<<404684003:363698007=<<123037004and116676008=*", ``},
}

func TestSyntaxError(t *testing.T) {
	for _, tt := range invalidTests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := ecl.Parse(tt.in)
			se := syntaxError(err)
			if terminology.KindOf(err) != terminology.Invalid || se == nil {
				t.Fatalf("Parse(%q) = %v, %v, want a SyntaxError of kind Invalid", tt.in, e, err)
			}
			if tt.want != "" && se.Error() != tt.want {
				t.Errorf("Parse(%q)\n got %v\nwant %s", tt.in, se, tt.want)
			}
		})
	}
}

func syntaxError(err error) *ecl.SyntaxError {
	var se *ecl.SyntaxError
	errors.As(err, &se)
	return se
}

// TestHostile holds Parse to its limits, and to time in proportion to the text.
func TestHostile(t *testing.T) {
	many := func(s string) string { return strings.Repeat(s, 10_000) }
	for name, in := range map[string]string{
		"brackets":                many("("),
		"brackets and concept":    many("(") + "22298006" + many(")"),
		"bracketed refinements":   "*:" + many("("),
		"balanced refinements":    "*:" + many("(") + "363698007=*" + many(")"),
		"bracketed names":         "*:" + many("(") + "363698007" + many(")") + "=*",
		"bracketed groups":        "*:{" + many("("),
		"nested values":           many("*:363698007=("),
		"nested histories":        many("*{{+HISTORY("),
		"nested modules":          many("*{{C moduleId=("),
		"nested member fields":    "^*" + many("{{M a=("),
		"comments":                many("/*"),
		"terms":                   many("22298006|/*"),
		"terms with comments":     strings.Repeat("22298006 |a /*| OR ", 50_000) + "22298006 |a */|!",
		"texts":                   "*{{term=(" + many(`"a"`),
		"bracketed texts":         "*:363698007=" + many(`("a"`),
		"longer than the maximum": many("22298006 OR ") + many("22298006 OR ") + strings.Repeat(" ", ecl.MaxLength),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := ecl.Parse(in)
			if k := terminology.KindOf(err); k != terminology.Invalid && k != terminology.TooCostly {
				t.Errorf("%v, want kind Invalid or TooCostly", err)
			}
			if d := time.Since(start); d > time.Minute {
				t.Errorf("took %v", d)
			}
		})
	}
	start := time.Now()
	long := strings.TrimSuffix(strings.Repeat("<< 22298006 |Myocardial infarction| OR\n", 20_000), "OR\n")
	e, err := ecl.Parse(long)
	if d := time.Since(start); err != nil || d > time.Minute || e.String() != strings.TrimSpace(strings.ReplaceAll(long, "\n", " ")) {
		t.Errorf("20,000 concepts: %v in %v", err, d)
	}
	deep := strings.Repeat("<(", ecl.MaxDepth-1) + "*:363698007=*" + strings.Repeat(")", ecl.MaxDepth-1)
	laws(t, deep)
}

func TestConceptReferences(t *testing.T) {
	const in = "< 19829001 |Disorder of lung|:\n { 116676008 = (79654002 OR LOINC#1-8) },\n" +
		"246075003 = * {{ D dialectId = 900000000000508004 (900000000000548007) }} {{ + HISTORY (<< 900000000000522004) }}"
	e, err := ecl.Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := range e.ConceptReferences() {
		got = append(got, r.ID.String())
		if r.ID == 116676008 && r.Position != (ecl.Position{Line: 2, Column: 4}) {
			t.Errorf("position of %v is %v", r.ID, r.Position)
		}
	}
	for range e.ConceptReferences() {
		break // must not panic: the walk ends with the loop
	}
	if diff := cmp.Diff([]string{"19829001", "116676008", "79654002", "246075003",
		"900000000000508004", "900000000000548007", "900000000000522004"}, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkParse(b *testing.B) {
	const groups = "< 404684003 |Clinical finding|: { 363698007 |Finding site| = << 39057004 |Pulmonary valve structure|, " +
		"116676008 |Associated morphology| = << 415582006 |Stenosis| }"
	for name, s := range map[string]string{"concept": "<< 404684003", "groups": groups} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ecl.Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
