package npu_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/npu"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

func read(tb testing.TB, file terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := npu.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// The same two codes in both forms, with wording of our own.
const (
	table = "NPU code;Replaces;Replaced by;Speciality;Scale;Context dependent;Short definition;Full definition;Component;Status;Active from;Effective to\n" +
		" NPU90001 ;;NPU90002;Chemistry;Ratio;no;P\u2014Testium; subst.c. = ? mmol/L;Plasma\u2014Testium; amount;Testium;Inactive;2010-01-31;2020-12-31\n" +
		"NPU90002;NPU90001;;Chemistry;Ratio;no;\"P\u2014Testium(new)\";;Testium;Active;01-02-2010;\n"
	markup = `<?xml version="1.0" encoding="UTF-8"?>
<Npubegreber>
 <Npubegreb><npu_code> NPU90001 </npu_code><replaced_by>NPU90002</replaced_by><specialty>Chemistry</specialty><scale_type>Ratio</scale_type><context_dependent>no</context_dependent>
  <short_definition>P` + "\u2014" + `Testium</short_definition><full_definition>Plasma` + "\u2014" + `Testium; amount</full_definition><component>Testium</component>
  <active>0</active><effective_from>20100131</effective_from><effective_to>2020-12-31</effective_to></Npubegreb>
 <Npubegreb><npu_code>NPU90002</npu_code><replaces>NPU90001</replaces><replaced_by/><short_definition>P` + "\u2014" + `Testium(new)</short_definition><active>1</active><effective_from>2010-02-01</effective_from><current_version>3</current_version></Npubegreb>
</Npubegreber>`
)

// TestYear: a year of a text is no day of a workbook.
func TestYear(t *testing.T) {
	sink := read(t, tabulartest.File("f", "NPU code;Short definition;Active from\nNPU90001;x;2024\nNPU90002;x;41299\n"))
	if len(sink.BadRows) != 2 || sink.BadRows[0].Error() != `f:2:Active from: "2024" is not a date` {
		t.Errorf("bad rows %v", sink.BadRows)
	}
	sink = read(t, tabulartest.File("f.xlsx", tabulartest.Workbook(tabulartest.Sheet{Name: "A", Rows: [][]string{{"NPU code", "Short definition", "Active from"}, {"NPU90001", "x", "41299"}}})))
	if sink.Concepts["NPU90001"].From != 20130125 {
		t.Errorf("%+v, %v", sink.Concepts["NPU90001"], sink.BadRows)
	}
}

func TestForms(t *testing.T) {
	for name, content := range map[string]string{"table": strings.ReplaceAll(table, "Testium; ", "Testium, "), "markup": strings.ReplaceAll(markup, "Testium; ", "Testium, ")} {
		t.Run(name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f", content))
			if len(sink.BadRows) > 0 {
				t.Fatal(sink.BadRows[0])
			}
			if diff := cmp.Diff([]string{"NPU90001", "NPU90002"}, sink.Order); diff != "" {
				t.Error(diff)
			}
			first := terminology.Concept{Code: "NPU90001", Inactive: true, From: 20100131, To: 20201231}
			second := terminology.Concept{Code: "NPU90002", From: 20100201}
			if diff := cmp.Diff(map[string]terminology.Concept{"NPU90001": first, "NPU90002": second}, sink.Concepts); diff != "" {
				t.Error(diff)
			}
			values := strings.Join(sink.Values("NPU90001"), " ")
			for _, want := range []string{"replaced-by=NPU90002", "specialty=Chemistry", "scale-type=Ratio", "component=Testium", "valid-to=2020-12-31"} {
				if !strings.Contains(values, want) {
					t.Errorf("properties %s, want %s", values, want)
				}
			}
			if !strings.Contains(strings.Join(sink.Values("NPU90002"), " "), "replaces=NPU90001") {
				t.Errorf("properties %s", sink.Values("NPU90002"))
			}
			if len(sink.Mappings) != 1 || sink.Mappings[0].Source != "NPU90001" || sink.Mappings[0].Target != "NPU90002" || sink.Mappings[0].Line == 0 {
				t.Errorf("replacements %+v, want NPU90001 by NPU90002 once, though both say it", sink.Mappings)
			}
			if d := sink.Designations["NPU90001"]; len(d) != 2 || d[1].Use != terminology.UseDefinition || d[0].Language != "en" {
				t.Errorf("designations %+v", d)
			}
			if name == "table" && (len(sink.Repairs) != 1 || !strings.Contains(sink.Repairs[0].Error(), `" NPU90001 " is taken as "NPU90001"`)) {
				t.Errorf("repairs %v, want the spaces around NPU90001", sink.Repairs)
			}
			if sink.Rows["f"] != 2 {
				t.Errorf("%d rows", sink.Rows["f"])
			}
		})
	}
}

func TestBadRows(t *testing.T) {
	const head = "npu_code,short_definition,replaced_by,active,effective_from\n"
	for _, tt := range []struct{ name, rows, want string }{
		{"no code", "NPU1,x,,,\n", `f:2:npu_code: "NPU1" is not a code of NPU`},
		{"empty code", ",x,,,\n", `f:2:npu_code: "" is not a code of NPU`},
		{"no text", "NPU00001,,,,\n", `f:2: code NPU00001 has no definition`},
		{"twice", "NPU00001,x,,,\nNPU00001,y,,,\n", `f:3: code NPU00001 is given twice, first on line 2`},
		{"replaced by text", "NPU00001,x,another,,\n", `f:2:replaced_by: "another" is not a code of NPU`},
		{"no truth", "NPU00001,x,,maybe,\n", `f:2:active: "maybe", want true or false`},
		{"no date", "NPU00001,x,,,31/12/2020\n", `f:2:effective_from: "31/12/2020" is not a date`},
		{"header only", "", "f: the file holds no codes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f", head+tt.rows))
			if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != tt.want {
				t.Errorf("bad rows %v, want %s", sink.BadRows, tt.want)
			}
		})
	}
	sink := read(t, tabulartest.File("f", "<Npubegreber>\n<Npubegreb><npu_code>x</npu_code></Npubegreb>\n<Other/></Npubegreber>"))
	if len(sink.BadRows) != 2 || sink.BadRows[0].Line != 2 || sink.BadRows[1].Line != 3 {
		t.Errorf("bad elements %v", sink.BadRows)
	}
	for _, content := range []string{"<Npu/>", "a;b\n1;2\n"} {
		if _, err := npu.NewSource(tabulartest.File("f", content), options); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("NewSource(%q): %v", content, err)
		}
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"NPU03429": "NPU03429", " NPU12345 ": "NPU12345", "npu 03429": "NPU03429", "03429": "NPU03429", "dnk35302": "DNK35302", "NPU3429": "", "Na": "", "": "",
	} {
		if got := strings.Join(npu.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func Example() {
	file := tabulartest.File("npu.csv", "npu_code,short_definition,system\nNPU90001,P\u2014Testium,Plasma\n")
	src, err := npu.NewSource(file, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.Name, release.System, err)
	fmt.Println(sink.Display("NPU90001"), sink.Values("NPU90001"))
	// Output:
	// npu http://npu-terminology.org <nil>
	// P—Testium [system=Plasma]
}

// FuzzRead states what holds for every input: what is said without a bad row is whole,
// and its codes are canonical.
func FuzzRead(f *testing.F) {
	f.Add(table)
	f.Add(markup)
	f.Fuzz(func(t *testing.T, content string) {
		src, err := npu.NewSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		sink := tabulartest.NewSink()
		if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			return
		}
		if err := sink.Whole(); err != nil {
			t.Fatal(err)
		}
		for _, code := range sink.Order {
			if got := npu.Normalize(code); len(got) != 1 || got[0] != code {
				t.Fatalf("code %q was said, Normalize gives %q", code, got)
			}
		}
	})
}
