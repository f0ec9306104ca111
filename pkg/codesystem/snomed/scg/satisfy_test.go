package scg_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// constraint parses a constraint.
func constraint(t testing.TB, s string) ecl.ExpressionConstraint {
	t.Helper()
	c, err := ecl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return c.Constraint
}

func TestSatisfies(t *testing.T) {
	p := open(t, liverAndHeart)
	const (
		liver     = "64572001:{363698007=181268008,116676008=4532008}"
		hepatitis = "64572001:{363698007=10200004,116676008=4532008}" // what 197271008 is
		loose     = "64572001:363698007=10200004"
		rightLung = "64572001:363698007=(39607008:272741003=24028007)"
		product   = `27658006:3460481009="Amoxil Forte",859999999102=TRUE,{127489000=372687004,1142135004=#500.0}`
	)
	for _, tt := range []struct {
		e, c string
		want bool
	}{
		{liver, "*", true},
		{liver, "<< 64572001", true},
		{liver, "< 64572001", true},
		{liver, "< 128241005", true},
		{liver, "<< 19829001", false},
		{liver, "<< 999999990989121104", false}, // not in the release
		{liver, "* MINUS << 235856003", false},
		{liver, "* MINUS << 56265001", true},
		{liver, "<< 56265001 OR << 235856003", true},
		{liver, "<< 404684003 AND << 235856003", true},
		{liver, "<< 404684003 AND << 56265001", false},
		{liver, "<< (56265001 OR 128241005)", true},
		{liver, "< (56265001 OR 197271008)", true},
		{hepatitis, "197271008", true},
		{hepatitis, "< 197271008", false},
		{hepatitis, "<< 197271008", true},
		{hepatitis, "!!> 197271008", true},
		{liver, "<! 197271008", true},
		{liver, "<! 128241005", false},
		{liver, "<<! 197271008", true},
		{liver, "<! (197271008 OR 56265001)", true},
		{liver, "> 197271008", false},
		{loose, ">> 197271008", true},
		{loose, "> 197271008", true},
		{loose, ">! 128241005", true}, // it is 235856003
		{loose, ">! 197271008", false},
		{loose, ">>! 235856003", true},
		{liver, ">! 64572001", false},
		{"22298006", "> 57054005", true},
		{"22298006", ">! 57054005", true},
		{liver, "^ 723264001", false},
		{liver, "<< ^ 723264001", false},
		{liver, "< 64572001 : 363698007 = 181268008", true},
		{liver, "< 64572001 : 363698007 = << 10200004", true},
		{liver, "< 64572001 : 363698007 = 10200004", false},
		{liver, "< 64572001 : 363698007 != 10200004", true},
		{liver, "< 64572001 : << 410662002 = 4532008", true},
		{liver, "< 64572001 : 363698007 = << 10200004, 116676008 = 4532008", true},
		{liver, "< 64572001 : 363698007 = << 39607008 OR 116676008 = 4532008", true},
		{liver, "< 64572001 : { 363698007 = << 10200004, 116676008 = << 23583003 }", true},
		{liver, "< 64572001 : { 363698007 = << 10200004 OR 116676008 = 55641003 }", true},
		{loose, "< 64572001 : 363698007 = << 10200004", true},
		{loose, "< 64572001 : { 363698007 = << 10200004 }", false}, // in no group
		{loose, "< 64572001 : [0..0] { 363698007 = << 10200004 }", true},
		{liver, "< 64572001 : [1..1] { [1..1] 363698007 = << 10200004 }", true},
		{liver, "< 64572001 : [2..*] 363698007 = *", false},
		{liver, "< 64572001 : [0..0] 363698007 = << 39607008", true},
		{"22298006+197271008", "* : [2..2] { 363698007 = * }", true},
		{liver, "* : R 363698007 = *", false},
		{liver, "* : [0..0] R 363698007 = *", true},
		{"10200004", "* : R 363698007 = 128241005", true},
		{rightLung, "* : 363698007 = << 39607008", true},
		{rightLung, "* : 363698007 = 3341006", true},
		{rightLung, "* : 363698007 = (* : 272741003 = 24028007)", true},
		{rightLung, "* : 363698007 = (* : 272741003 = 7771000)", false},
		{product, "< 27658006 : 1142135004 = #500", true},
		{product, "< 27658006 : 1142135004 >= #499.9, 1142135004 < #501", true},
		{product, "< 27658006 : 1142135004 != #500", false},
		{product, "< 27658006 : 859999999102 = true", true},
		{product, "< 27658006 : 859999999102 != true", false},
		{product, `* : 3460481009 = "Amoxil Forte"`, true},
		{product, `* : 3460481009 = "amoxil forte"`, false},
		{product, `* : 3460481009 = match:"forte amox"`, true},
		{product, `* : 3460481009 = wild:"amox*F*e"`, true},
		{product, `* : 3460481009 = wild:"forte*"`, false},
		{product, `* : 3460481009 != "Amoxil"`, true},
		{product, "* : 3460481009 = *", true}, // any value, also a text
		{"64572001:{363698007=181268008}", "* {{ C active = true }}", false},
		{"64572001:{363698007=181268008}", "<< 404684003 {{ term = \"liver\" }}", false},
		{"64572001:{363698007=181268008}", "<< 404684003 MINUS (<< 404684003 {{ term = \"liver\" }})", true},
		{"64572001:{363698007=181268008}", "22298006 . 363698007", false},
		{"64572001:{363698007=181268008}", "^ [referencedComponentId] 900000000000526001", false},
		{"<<<22298006", "22298006", false},
		{"<<<22298006", "< 22298006", true},
		{"<<<22298006", "<! 22298006", true},
	} {
		f := form(t, p, tt.e)
		got, err := scg.Satisfies(t.Context(), p, f, constraint(t, tt.c))
		if got != tt.want || err != nil {
			t.Errorf("Satisfies(%s, %s) = %v, %v, want %v", tt.e, tt.c, got, err, tt.want)
		}
		if o, ok := f.Concept(); ok {
			if got, err := scg.ConceptSatisfies(t.Context(), p, o, constraint(t, tt.c)); got != tt.want || err != nil {
				t.Errorf("ConceptSatisfies(%s, %s) = %v, %v, want %v", tt.e, tt.c, got, err, tt.want)
			}
		}
	}
}

func TestSatisfiesRefuses(t *testing.T) {
	p := open(t, liverAndHeart)
	f := form(t, p, "64572001:{363698007=181268008}")
	for _, tt := range []struct{ c, says string }{
		{"< (404684003 {{ term = \"liver\" }})", "a filter {{ }}"},
		{"< (22298006 . 363698007)", "dotted attributes"},
		{"LOINC#54486-6", "the alternate identifier LOINC#54486-6"},
		{"> *", "the operator > on a set"},
		{">> (22298006 OR 56265001)", "the operator >> on a set"},
		{"!!< (<< 22298006)", "the operator !!< on a set"},
		{"* : 363698007 = ^R 10200004", "^R"},
	} {
		in, err := scg.Satisfies(t.Context(), p, f, constraint(t, tt.c))
		if terminology.KindOf(err) != terminology.NotSupported || !strings.Contains(err.Error(), tt.says+", asked of an expression") {
			t.Errorf("Satisfies(%s) = %v, %v, want kind NotSupported that says %q", tt.c, in, err, tt.says)
		}
	}
}

// TestSatisfiesSuite asks what the HL7 terminology ecosystem suite asks of
// expressions, of the release that comes with it.
func TestSatisfiesSuite(t *testing.T) {
	p := openPublished(t, "tx-ecosystem/tx-source/snomed")
	files, err := filepath.Glob(filepath.Join(shared, "tx-ecosystem", "tests", "sct", "ecl", "validate-code-ecl-*-expr-*-request.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no suite beside the module: %v", err)
	}
	type parameters struct {
		Parameter []struct {
			Name         string
			ValueCode    string
			ValueBoolean bool
			Resource     struct {
				Compose struct {
					Include []struct{ Filter []struct{ Value string } }
				}
			}
			ValueString string
		}
	}
	read := func(file string) (out parameters) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &out); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return out
	}
	for _, file := range files {
		name := filepath.Base(file)
		code, filter, display, want := "", "", "", false
		for _, x := range read(file).Parameter {
			switch x.Name {
			case "code":
				code = x.ValueCode
			case "valueSet":
				filter = x.Resource.Compose.Include[0].Filter[0].Value
			}
		}
		for _, x := range read(strings.Replace(file, "-request", "-response", 1)).Parameter {
			switch x.Name {
			case "result":
				want = x.ValueBoolean
			case "display":
				display = x.ValueString
			}
		}
		if code == "" || filter == "" {
			t.Errorf("%s: code %q, constraint %q", name, code, filter)
			continue
		}
		f := form(t, p, code)
		if got, err := scg.Satisfies(t.Context(), p, f, constraint(t, filter)); got != want || err != nil {
			t.Errorf("%s: Satisfies(%s, %s) = %v, %v, want %v", name, code, filter, got, err, want)
		}
		e, _ := scg.Parse(code)
		if got := e.String(); got != display {
			t.Errorf("%s: %s prints as %q, want %q", name, code, got, display)
		}
	}
	t.Logf("%d cases", len(files))
}

// TestSatisfiesHostile asks for operators on sets, one in another, of an expression: each
// part is asked of a concept once, and what is too much is refused.
func TestSatisfiesHostile(t *testing.T) {
	p := open(t, liverAndHeart)
	f := form(t, p, "22298006:{363698007=74281007}")
	for op, want := range map[string]bool{"<<": true, "<<!": true, "<": false, "<!": false} {
		text := strings.Repeat(op+" (", 90) + "<< 138875005 OR 10200004" + strings.Repeat(")", 90)
		in, err := scg.Satisfies(t.Context(), p, f, constraint(t, text))
		if in != want || err != nil {
			t.Errorf("90 times %s: %v, %v, want %v", op, in, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scg.Satisfies(ctx, p, f, constraint(t, "<< (<< 138875005 OR 10200004)")); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := scg.Satisfies(t.Context(), p, f, constraint(t, "* : 363698007 = ^ [targetComponentId] 900000000000526001")); terminology.KindOf(err) != terminology.NotSupported {
		t.Errorf("a selection of columns: %v", err)
	}
}
