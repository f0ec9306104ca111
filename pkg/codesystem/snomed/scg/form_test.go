package scg_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestNormalize(t *testing.T) {
	p := open(t, liverAndHeart)
	for _, tt := range []struct{ name, in, want string }{
		{"a primitive concept is itself", "57054005", "===57054005:{116676008=55641003,363698007=74281007}"},
		{"a defined concept is its primitive supertypes", "22298006", "===64572001:{116676008=55641003,363698007=74281007}"},
		{"a more special group replaces the inherited one", "235856003:{363698007=181268008}", "===64572001:{363698007=181268008}"},
		{"a group is not merged into another", "128241005:{363698007=181268008}",
			"===64572001:{116676008=23583003,363698007=10200004},{363698007=181268008}"},
		{"a group that refines a whole group replaces it", "128241005:{363698007=181268008,116676008=4532008}",
			"===64572001:{116676008=4532008,363698007=181268008}"},
		{"what is inherited is not said again", "128241005:{363698007=10200004}", "===64572001:{116676008=23583003,363698007=10200004}"},
		{"an ungrouped attribute that a group has goes", "128241005:363698007=10200004", "===64572001:{116676008=23583003,363698007=10200004}"},
		{"an ungrouped attribute stays ungrouped", "64572001:363698007=10200004", "===64572001:363698007=10200004"},
		{"an ungrouped attribute replaces its group of one", "235856003:363698007=181268008", "===64572001:363698007=181268008"},
		{"a more general attribute of a group goes", "64572001:{363698007=10200004,363698007=181268008,116676008=23583003}",
			"===64572001:{116676008=23583003,363698007=181268008}"},
		{"a more general type goes", "71388002:{363704007=91723000,405813007=10200004}", "===71388002:{405813007=10200004}"},
		{"focus concepts without the general ones", "64572001+22298006+56265001", "===64572001:{116676008=55641003,363698007=74281007}"},
		{"two focus concepts join their groups", "22298006+197271008",
			"===64572001:{116676008=4532008,363698007=10200004},{116676008=55641003,363698007=74281007}"},
		{"a nested expression is taken apart", "64572001:{363698007=(3341006+74281007)}", "===64572001:{363698007=(39607008+74281007:272741003=24028007)}"},
		{"a nested expression that says nothing is its concept", "64572001:{363698007=(3341006:272741003=182353008)}", "===64572001:{363698007=3341006}"},
		{"numbers", "27658006:{127489000=372687004,1142135004=#500.00}", "===373873005:{127489000=372687004,1142135004=#500}"},
		{"texts and truths", `373873005:3460481009="Amox",859999999102=TRUE`, `===373873005:3460481009="Amox",859999999102=TRUE`},
		{"the status stays", "<<< 235856003 : 116676008 = 55641003", "<<<64572001:116676008=55641003,{363698007=10200004}"},
		{"an inactive concept is itself", "233843008", "===233843008"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := form(t, p, tt.in)
			got := f.Expression(p).String()
			if got != tt.want {
				t.Errorf("normal form of %s:\n got %s\nwant %s", tt.in, got, tt.want)
			}
			if again := form(t, p, got); f.Status != scg.SubtypeOf && again.Expression(p).String() != got {
				t.Errorf("normal form of %s: %s, and of that %s", tt.in, got, again.Expression(p))
			}
		})
	}
}

func TestNormalizeProblems(t *testing.T) {
	p := open(t, liverAndHeart)
	e, err := scg.Parse("233843008 :\n 363698007 = (80891009 + 233843008)")
	if err != nil {
		t.Fatal(err)
	}
	f, problems, err := scg.Normalize(p, e)
	want := []scg.Problem{
		{ID: 233843008, Position: scg.Position{Line: 1, Column: 1}, Inactive: true},
		{ID: 233843008, Position: scg.Position{Line: 2, Column: 26}, Inactive: true},
	}
	if err != nil || f == nil || !slices.Equal(problems, want) {
		t.Errorf("Normalize(%s) = %v, %v, %v, want %v", e, f, problems, err, want)
	}
	if got := problems[1].String(); got != "line 2, column 26: concept 233843008 is inactive" {
		t.Errorf("the problem is %q", got)
	}

	e, _ = scg.Parse("22298006 : { 363698007 = 74281008,\n 999999990989121104 = 233843008 }")
	_, _, err = scg.Normalize(p, e)
	if terminology.KindOf(err) != terminology.NotFound {
		t.Fatalf("Normalize(%s): %v, want kind NotFound", e, err)
	}
	message := terminology.Message(err)
	for _, part := range []string{
		"line 1, column 26: concept 74281008 is no identifier, its check digit is wrong",
		"line 2, column 2: concept 999999990989121104 is not in this release",
	} {
		if !strings.Contains(message, part) {
			t.Errorf("Normalize(%s) says %q, want it to say %q", e, message, part)
		}
	}
}

func TestAttributes(t *testing.T) {
	p := open(t, liverAndHeart)
	f := form(t, p, "22298006 : 272741003 = 7771000, { 363698007 = (39607008 : 272741003 = 7771000) }")
	var got []string
	for group, r := range f.Attributes() {
		value := "nested"
		if r.Value.Nested == nil {
			value = p.Code(r.Value.Concept)
		}
		got = append(got, strings.Repeat("*", group)+p.Code(r.Type)+"="+value)
	}
	slices.Sort(got)
	if want := "**363698007=nested *116676008=55641003 *363698007=74281007 272741003=7771000"; strings.Join(got, " ") != want {
		t.Errorf("Attributes are %v, want %v", got, want)
	}
	if _, ok := f.Concept(); ok {
		t.Error("the form says that it is a concept")
	}
	if o, ok := form(t, p, "22298006:{363698007=80891009}").Concept(); !ok || p.Code(o) != "22298006" {
		t.Errorf("an expression that says nothing of its own is %v, %v, want 22298006", o, ok)
	}
	if _, ok := form(t, p, "<<<22298006").Concept(); ok {
		t.Error("a subtype says that it is the concept")
	}
}

func TestConceptExpression(t *testing.T) {
	p := open(t, liverAndHeart)
	for code, want := range map[string]string{
		"22298006":  "===64572001:{116676008=55641003,363698007=74281007}",
		"57054005":  "<<<57054005:{116676008=55641003,363698007=74281007}",
		"323510009": "===373873005:{127489000=372687004,1142135004=#500}",
		"138875005": "<<<138875005",
	} {
		if got := scg.ConceptExpression(p, must(t, p, code)).String(); got != want {
			t.Errorf("ConceptExpression(%s) = %s, want %s", code, got, want)
		}
	}
	term := func(id snomed.ID) string { return p.Display(must(t, p, id.String())) }
	if got, want := scg.Display(scg.ConceptExpression(p, must(t, p, "19829001")), term),
		"===64572001|Disease|:{363698007|Finding site|=39607008|Lung structure|}"; got != want {
		t.Errorf("Display = %s, want %s", got, want)
	}
}
