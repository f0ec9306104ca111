package conceptmap_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func itoa(n int) string { return strconv.Itoa(n) }

func ExampleEvaluate() {
	rows := []terminology.Mapping{
		{Source: "102480003", Target: "Z00.3", Group: 1, Priority: 1, Rule: "IFA 445518008 | Age at onset of clinical finding | >= 12.0 years AND IFA 445518008 | Age at onset of clinical finding | < 19.0 years"},
		{Source: "102480003", Target: "Z00.2", Group: 1, Priority: 2, Rule: "IFA 445518008 | Age at onset of clinical finding | < 19.0 years"},
		{Source: "102480003", Group: 1, Priority: 3, Rule: "OTHERWISE TRUE", Category: "447638001"},
	}
	for _, age := range []string{"11y", "12y", ""} {
		given := conceptmap.Given{}
		if age != "" {
			given.Onset, _ = conceptmap.ParseAge(age)
		}
		fmt.Printf("%q:\n", age)
		for i, j := range conceptmap.Evaluate(rows, &given) {
			fmt.Printf("  %d %q %s %v %q\n", rows[i].Priority, rows[i].Target, j.State, j.Needs, j.Reason)
		}
	}
	// Output:
	// "11y":
	//   1 "Z00.3" rejected [] "the age at onset is 11 years"
	//   2 "Z00.2" applies [] ""
	//   3 "" passed [] "row 1.2 comes before it"
	// "12y":
	//   1 "Z00.3" applies [] ""
	//   2 "Z00.2" passed [] "row 1.1 comes before it"
	//   3 "" passed [] "row 1.1 comes before it"
	// "":
	//   1 "Z00.3" candidate [age at onset] ""
	//   2 "Z00.2" candidate [age at onset] ""
	//   3 "" candidate [] "applies when no row of its group before it does"
}

// ruled makes rows of one source: "group.priority target rule", layer after a /.
func ruled(lines ...string) []terminology.Mapping {
	var rows []terminology.Mapping
	for _, line := range lines {
		place, rest, _ := strings.Cut(line, " ")
		target, rule, _ := strings.Cut(rest, " ")
		place, layer, _ := strings.Cut(place, "/")
		var group, priority, over int
		if _, err := fmt.Sscanf(place+"/0"+layer, "%d.%d/%d", &group, &priority, &over); err != nil {
			panic(err)
		}
		rows = append(rows, terminology.Mapping{Source: "22298006", Target: strings.Trim(target, "-"), Group: uint16(group), Priority: uint16(priority), Rule: rule, Layer: uint8(over)})
	}
	return rows
}

func TestEvaluate(t *testing.T) {
	sexes := ruled("1.1 N40 "+ofMan, "1.2 N95 "+ofWoman, "1.3 R69 OTHERWISE TRUE")
	tests := []struct {
		name  string
		rows  []terminology.Mapping
		given conceptmap.Given
		want  string
	}{
		{name: "no rows"},
		{name: "one row", rows: ruled("1.1 I10 TRUE"), want: "applies*"},
		{name: "the first whose rule is true", rows: sexes, given: conceptmap.Given{Sex: conceptmap.Female}, want: "rejected:the sex is female applies* passed:row 1.2 comes before it"},
		{name: "none but the last", rows: sexes, given: conceptmap.Given{Sex: conceptmap.OtherSex}, want: "rejected:the sex is other rejected:the sex is other applies*"},
		{name: "nothing is known", rows: sexes, want: "candidate[sex] candidate[sex] candidate:applies when no row of its group before it does"},
		{name: "groups each have an answer", rows: ruled("1.1 I21.9 TRUE", "2.1 Y71.2 TRUE"), want: "applies* applies*"},
		{name: "a group that is not decided leaves the other", rows: ruled("1.1 A "+ofMan, "1.2 B TRUE", "2.1 C TRUE"), want: "candidate[sex] candidate:applies when no row of its group before it does applies*"},
		{name: "after a row that is always true none follows", rows: ruled("1.1 A "+ofMan, "1.2 B TRUE", "1.3 C OTHERWISE TRUE"), want: "candidate[sex] candidate:applies when no row of its group before it does passed:row 1.2 comes before it"},
		{name: "all rules are false", rows: ruled("1.1 A "+ofMan, "1.2 B "+ofMan), given: conceptmap.Given{Sex: conceptmap.Female}, want: "rejected:the sex is female rejected:the sex is female"},
		{name: "no rules: all rows", rows: ruled("0.1 A", "0.2 B"), want: "applies applies"},
		{name: "a rule that cannot be read is never true", rows: ruled("1.1 A WHO KNOWS", "1.2 B OTHERWISE TRUE"), want: `candidate:its rule cannot be read: column 1 of the rule: found "WHO", want TRUE, OTHERWISE TRUE or IFA candidate:applies when no row of its group before it does`},
		{name: "a higher layer overrides", rows: ruled("1.1 A TRUE", "1.1/1 B TRUE", "2.1 C TRUE"), want: "overridden:rows of an extension stand in its place applies* overridden:rows of an extension stand in its place"},
		{name: "rules of a layer that is overridden do not count", rows: ruled("0.0 A TRUE", "0.1/1 B", "0.2/1 C"), want: "overridden:rows of an extension stand in its place applies applies"},
		{name: "an age at onset that is taken", rows: ruled("1.1 F00 " + onset + ">= 65.0 years"), given: conceptmap.Given{Age: age(t, "70y")}, want: "applies*:the age at onset is taken to be the age, 70 years"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(conceptmap.Evaluate(tt.rows, &tt.given)); got != tt.want {
				t.Errorf("Evaluate:\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func told(list []conceptmap.Judgement) string {
	var out []string
	for _, j := range list {
		s := j.State.String()
		if j.Fired {
			s += "*"
		}
		if len(j.Needs) > 0 {
			s += fmt.Sprint(j.Needs)
		}
		if j.Reason != "" {
			s += ":" + j.Reason
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// TestEvaluateDependencies judges rows of a ConceptMap, which depend on other values.
func TestEvaluateDependencies(t *testing.T) {
	const sex, route = "http://example.org/sex", "http://example.org/route"
	const genders = "http://hl7.org/fhir/administrative-gender"
	term := func(property, system, code, text string) terminology.MapTerm {
		return terminology.MapTerm{Property: property, Value: terminology.Coding{System: system, Code: code, Display: text}}
	}
	rows := []terminology.Mapping{
		{Source: "a", Target: "man", DependsOn: []terminology.MapTerm{term(sex, genders, "male", "")}},
		{Source: "a", Target: "woman, oral", DependsOn: []terminology.MapTerm{term(sex, genders, "female", ""), term(route, "", "", "oral")}},
		{Source: "a", Target: "all"},
	}
	for _, tt := range []struct {
		name  string
		given []terminology.MapTerm
		want  string
	}{
		{"nothing is known", nil, "candidate[" + sex + " male] candidate[" + sex + " female " + route + " |oral|] applies"},
		{"one value", []terminology.MapTerm{term(sex, genders, "male", "")}, "applies rejected:" + sex + " is not female applies"},
		{"a code without system", []terminology.MapTerm{term(sex, "", "male", "")}, "applies rejected:" + sex + " is not female applies"},
		{"of another system", []terminology.MapTerm{term(sex, "http://example.org", "male", "")}, "rejected:" + sex + " is not male rejected:" + sex + " is not female applies"},
		{"a text", []terminology.MapTerm{term(sex, genders, "female", ""), term(route, "", "", "oral")}, "rejected:" + sex + " is not male applies applies"},
		{"one of two", []terminology.MapTerm{term(sex, genders, "female", "")}, "rejected:" + sex + " is not male candidate[" + route + " |oral|] applies"},
	} {
		if got := told(conceptmap.Evaluate(rows, &conceptmap.Given{Terms: tt.given})); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// out reports whether rows in both states are ruled out.
func out(a, b conceptmap.State) bool {
	return (a == conceptmap.Passed || a == conceptmap.Rejected) && (b == conceptmap.Passed || b == conceptmap.Rejected)
}

// TestEvaluateLaws states of random rows: of each group with rules at most one row applies,
// what is known decides all, and to know more never brings back a row that was ruled out.
func TestEvaluateLaws(t *testing.T) {
	rules := []string{"TRUE", "OTHERWISE TRUE", ofMan, ofWoman, onset + "< 19.0 years", onset + ">= 12.0 years AND " + ofMan, angina, "nonsense"}
	r := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		var rows []terminology.Mapping
		for n := range r.IntN(8) {
			rows = append(rows, terminology.Mapping{Source: "22298006", Target: itoa(n), Group: uint16(n / 3), Priority: uint16(n % 3), Rule: rules[r.IntN(len(rules))], Layer: uint8(r.IntN(5) / 4)})
		}
		all := conceptmap.Given{Sex: conceptmap.Sex(1 + r.IntN(2)), Onset: age(t, itoa(r.IntN(30))+"y"), NoOther: true}
		some := all
		if r.IntN(2) == 0 {
			some.Sex = conceptmap.UnknownSex
		} else {
			some.Onset, some.NoOther = conceptmap.Age{}, false
		}
		before, after := conceptmap.Evaluate(rows, &some), conceptmap.Evaluate(rows, &all)
		fired := map[uint16]int{}
		for i := range rows {
			if after[i].State == conceptmap.Applies {
				fired[rows[i].Group]++
			}
			if s := after[i].State; s == conceptmap.Candidate && len(after[i].Needs) > 0 {
				t.Fatalf("all is known, and row %+v needs %v", rows[i], after[i].Needs)
			}
			if b, a := before[i].State, after[i].State; b != conceptmap.Candidate && a != b && !out(a, b) {
				t.Fatalf("row %+v was %s and is %s\n%s\n%s", rows[i], b, a, told(before), told(after))
			}
		}
		for group, n := range fired {
			if n > 1 {
				t.Fatalf("%d rows of group %d apply: %+v", n, group, rows)
			}
		}
	}
}

// TestThenIsAssociative states the laws of chains: equivalence changes nothing, the order
// in which mappings are joined does not matter, and a chain read backwards is the inverse.
func TestThenIsAssociative(t *testing.T) {
	all := []terminology.Relationship{terminology.RelatedTo, terminology.Equivalent, terminology.SourceIsNarrower, terminology.SourceIsBroader, terminology.NotRelatedTo}
	for _, a := range all {
		if conceptmap.Then(a, terminology.Equivalent) != a || conceptmap.Then(terminology.Equivalent, a) != a {
			t.Errorf("equivalence changes %s", a)
		}
		for _, b := range all {
			ab := conceptmap.Then(a, b)
			if back := conceptmap.Then(conceptmap.Inverse(b), conceptmap.Inverse(a)); back != conceptmap.Inverse(ab) {
				t.Errorf("%s then %s is %s, backwards %s", a, b, ab, back)
			}
			if conceptmap.Rank(ab) < max(conceptmap.Rank(a), conceptmap.Rank(b)) {
				t.Errorf("%s then %s is %s, which is better than its parts", a, b, ab)
			}
			for _, c := range all {
				if left, right := conceptmap.Then(ab, c), conceptmap.Then(a, conceptmap.Then(b, c)); left != right {
					t.Errorf("(%s, %s), %s is %s, and %s otherwise", a, b, c, left, right)
				}
			}
		}
	}
	for pair, want := range map[[2]terminology.Relationship]terminology.Relationship{
		{terminology.SourceIsNarrower, terminology.SourceIsNarrower}: terminology.SourceIsNarrower,
		{terminology.SourceIsNarrower, terminology.SourceIsBroader}:  terminology.RelatedTo,
		{terminology.SourceIsBroader, terminology.Equivalent}:        terminology.SourceIsBroader,
		{terminology.Equivalent, terminology.NotRelatedTo}:           terminology.NotRelatedTo,
	} {
		if got := conceptmap.Then(pair[0], pair[1]); got != want {
			t.Errorf("%s then %s is %s, want %s", pair[0], pair[1], got, want)
		}
	}
	if diff := cmp.Diff(terminology.SourceIsBroader, conceptmap.Inverse(terminology.SourceIsNarrower)); diff != "" {
		t.Error(diff)
	}
}
