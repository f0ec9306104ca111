package conceptmap_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	onset   = "IFA 445518008 | Age at onset of clinical finding (observable entity) | "
	current = "IFA 424144002 | Current chronological age (observable entity) | "
	ofWoman = "IFA 248152002 | Female (finding) |"
	ofMan   = "IFA 248153007 | Male (finding) |"
	angina  = "IFA 194828000 | Angina (disorder) |"
)

// age reads the ages of tests: "" is not known.
func age(t *testing.T, text string) conceptmap.Age {
	t.Helper()
	if text == "" {
		return conceptmap.Age{}
	}
	a, err := conceptmap.ParseAge(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// isA is a hierarchy of three findings.
func isA(finding, concept string) bool {
	return concept == "194828000" && (finding == "4557003" || finding == "59021001") // unstable angina, angina decubitus
}

// TestRules judges rules as SNOMED CT publishes them, at their boundaries.
func TestRules(t *testing.T) {
	tests := []struct {
		name, rule, age, onset string
		sex                    conceptmap.Sex
		findings               string
		none                   bool
		want                   conceptmap.Truth
		needs                  string
	}{
		{name: "always", rule: "TRUE", want: conceptmap.True},
		{name: "always, as the last", rule: "OTHERWISE TRUE", want: conceptmap.True},
		{name: "no rule", rule: "", want: conceptmap.True},
		{name: "in lower case, with blanks", rule: "  otherwise   true ", want: conceptmap.True},

		{name: "a woman", rule: ofWoman, sex: conceptmap.Female, want: conceptmap.True},
		{name: "a man where a woman is asked for", rule: ofWoman, sex: conceptmap.Male, want: conceptmap.False},
		{name: "a man", rule: ofMan, sex: conceptmap.Male, want: conceptmap.True},
		{name: "another sex is neither", rule: ofMan, sex: conceptmap.OtherSex, want: conceptmap.False},
		{name: "the sex is not known", rule: ofMan, want: conceptmap.Unknown, needs: "sex"},
		{name: "the sex as a finding", rule: ofWoman, findings: "248152002", want: conceptmap.True},
		{name: "findings do not tell the sex", rule: ofWoman, findings: "4557003", want: conceptmap.Unknown, needs: "sex"},

		{name: "the last day before 28 days", rule: onset + "< 28.0 days", onset: "27d", want: conceptmap.True},
		{name: "28 days", rule: onset + "< 28.0 days", onset: "28d", want: conceptmap.False},
		{name: "28 days in weeks", rule: onset + "< 28.0 days", onset: "4w", want: conceptmap.False},
		{name: "three weeks are until the day before the fourth", rule: onset + "< 28.0 days", onset: "3 weeks", want: conceptmap.True},
		{name: "hours before 28 days", rule: onset + "< 28.0 days", onset: "671h", want: conceptmap.True},
		{name: "hours of 28 days", rule: onset + "< 28.0 days", onset: "672h", want: conceptmap.False},
		{name: "one month is 28 days at least", rule: onset + "< 28.0 days", onset: "1mo", want: conceptmap.False},
		{name: "no month may be 28 days or not", rule: onset + "< 28.0 days", onset: "0mo", want: conceptmap.Unknown, needs: "age at onset in days"},
		{name: "years of a newborn are not exact enough", rule: onset + "< 28.0 days", onset: "0y", want: conceptmap.Unknown, needs: "age at onset in days"},
		{name: "one year is more than 28 days", rule: onset + "< 28.0 days", onset: "1 year", want: conceptmap.False},
		{name: "at most 28 days is until the 29th", rule: onset + "<= 28.0 days", onset: "28d", want: conceptmap.True},
		{name: "29 days", rule: onset + "<= 28.0 days", onset: "29d", want: conceptmap.False},
		{name: "more than 28 days", rule: onset + "> 28.0 days", onset: "29d", want: conceptmap.True},
		{name: "not more than 28 days", rule: onset + "> 28.0 days", onset: "28d", want: conceptmap.False},
		{name: "exactly 28 days", rule: onset + "= 28.0 days", onset: "28d", want: conceptmap.True},
		{name: "a day less than exactly", rule: onset + "= 28.0 days", onset: "27d", want: conceptmap.False},

		{name: "the year before the 19th birthday", rule: onset + "< 19.0 years", onset: "18y", want: conceptmap.True},
		{name: "the 19th birthday", rule: onset + "< 19.0 years", onset: "19y", want: conceptmap.False},
		{name: "228 months are 19 years", rule: onset + "< 19.0 years", onset: "228mo", want: conceptmap.False},
		{name: "227 months", rule: onset + "< 19.0 years", onset: "227mo", want: conceptmap.True},
		{name: "from 65 years", rule: onset + ">= 65.0 years", onset: "65y", want: conceptmap.True},
		{name: "before 65 years", rule: onset + ">= 65.0 years", onset: "64y", want: conceptmap.False},
		{name: "365 days may be a year or not", rule: onset + "< 1.0 year", onset: "365d", want: conceptmap.Unknown, needs: "age at onset in years"},
		{name: "364 days are none", rule: onset + "< 1.0 year", onset: "364d", want: conceptmap.True},
		{name: "366 days are", rule: onset + "< 1.0 year", onset: "366d", want: conceptmap.False},
		{name: "at most 15 years is until the 16th birthday", rule: onset + "<= 15.0 years", onset: "15y", want: conceptmap.True},
		{name: "15 and a half years", rule: onset + "<= 15.0 years", onset: "15.5y", want: conceptmap.True},
		{name: "16 years", rule: onset + "<= 15.0 years", onset: "16y", want: conceptmap.False},
		{name: "half years", rule: onset + "< 2.5 years", onset: "2.4y", want: conceptmap.True},
		{name: "2 years may be before or after two and a half", rule: onset + "< 2.5 years", onset: "2y", want: conceptmap.Unknown, needs: "age at onset in years"},
		{name: "30 months are two and a half years", rule: onset + "< 2.5 years", onset: "30mo", want: conceptmap.False},

		{name: "the age at onset is not known", rule: onset + "< 19.0 years", want: conceptmap.Unknown, needs: "age at onset"},
		{name: "who is young was younger", rule: onset + "< 19.0 years", age: "18y", want: conceptmap.True},
		{name: "who is not old was not", rule: onset + ">= 65.0 years", age: "64y", want: conceptmap.False},
		{name: "the age at onset is taken to be the age", rule: onset + ">= 65.0 years", age: "70y", want: conceptmap.True},
		{name: "the age at onset goes before", rule: onset + ">= 65.0 years", age: "70y", onset: "30y", want: conceptmap.False},
		{name: "the age now", rule: current + "< 15.0 years", age: "14y", want: conceptmap.True},
		{name: "the age now, at its boundary", rule: current + "< 15.0 years", age: "15y", want: conceptmap.False},
		{name: "the age now is not known", rule: current + "< 15.0 years", want: conceptmap.Unknown, needs: "age"},
		{name: "the age now is not before that at onset", rule: current + "< 15.0 years", onset: "15y", want: conceptmap.False},
		{name: "the age now may be more than that at onset", rule: current + "< 15.0 years", onset: "3y", want: conceptmap.Unknown, needs: "age"},

		{name: "between, below", rule: onset + ">= 12.0 years AND " + onset + "< 19.0 years", onset: "11y", want: conceptmap.False},
		{name: "between, from", rule: onset + ">= 12.0 years AND " + onset + "< 19.0 years", onset: "12y", want: conceptmap.True},
		{name: "between, to", rule: onset + ">= 12.0 years AND " + onset + "< 19.0 years", onset: "18y", want: conceptmap.True},
		{name: "between, above", rule: onset + ">= 12.0 years AND " + onset + "< 19.0 years", onset: "19y", want: conceptmap.False},
		{name: "false and not known is false", rule: ofWoman + " AND " + onset + "< 19.0 years", sex: conceptmap.Male, want: conceptmap.False},
		{name: "not known and false is false", rule: onset + "< 19.0 years AND " + ofWoman, sex: conceptmap.Male, want: conceptmap.False},
		{name: "two things are not known", rule: ofWoman + " AND " + onset + "< 19.0 years", want: conceptmap.Unknown, needs: "sex, age at onset"},
		{name: "the same is missing twice", rule: onset + ">= 12.0 years AND " + onset + "< 19.0 years", want: conceptmap.Unknown, needs: "age at onset"},
		{name: "true or not known is true", rule: ofWoman + " OR " + onset + "< 19.0 years", sex: conceptmap.Female, want: conceptmap.True},
		{name: "false or not known is not known", rule: ofWoman + " OR " + onset + "< 19.0 years", sex: conceptmap.Male, want: conceptmap.Unknown, needs: "age at onset"},
		{name: "AND before OR", rule: ofMan + " AND " + onset + "< 1.0 year OR " + ofWoman, sex: conceptmap.Female, onset: "30y", want: conceptmap.True},
		{name: "no blanks", rule: "IFA 445518008|Age at onset|<28.0 days AND IFA 248153007|Male|", sex: conceptmap.Male, onset: "3d", want: conceptmap.True},

		{name: "a finding", rule: angina, findings: "194828000", want: conceptmap.True},
		{name: "a kind of it", rule: angina, findings: "38341003 4557003", want: conceptmap.True},
		{name: "other findings only", rule: angina, findings: "38341003", want: conceptmap.False},
		{name: "no other findings", rule: angina, none: true, want: conceptmap.False},
		{name: "findings are not known", rule: angina, want: conceptmap.Unknown, needs: "finding 194828000 |Angina (disorder)|"},
		{name: "what is translated is it", rule: "IFA 22298006", want: conceptmap.True},
		{name: "a value that nobody gives", rule: "IFA 412726003 | Length of gestation at birth (observable entity) | < 37.0 weeks", age: "1d", findings: "38341003", want: conceptmap.Unknown, needs: "value 412726003 |Length of gestation at birth (observable entity)|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rule, err := conceptmap.ParseRule(tt.rule)
			if err != nil {
				t.Fatal(err)
			}
			given := conceptmap.Given{Sex: tt.sex, Age: age(t, tt.age), Onset: age(t, tt.onset), Findings: strings.Fields(tt.findings), NoOther: tt.none, IsA: isA}
			got := rule.Judge("22298006", &given)
			var needs []string
			for _, n := range got.Needs {
				needs = append(needs, n.String())
			}
			if got.Truth != tt.want || strings.Join(needs, ", ") != tt.needs {
				t.Errorf("%s of %+v is %v and needs %q, want %v and %q", tt.rule, given, got.Truth, needs, tt.want, tt.needs)
			}
			if (got.Why == "") != (got.Truth != conceptmap.False) && !strings.HasPrefix(got.Why, "the age at onset is taken to be the age") {
				t.Errorf("%s: the reason is %q", tt.rule, got.Why)
			}
		})
	}
}

// TestRuleErrors reads what is no rule.
func TestRuleErrors(t *testing.T) {
	for rule, want := range map[string]string{
		"MAYBE":                                 `column 1 of the rule: found "MAYBE", want TRUE, OTHERWISE TRUE or IFA`,
		"TRUE IFA 248152002":                    `column 6 of the rule: found "IFA", want the end of the rule after TRUE`,
		"OTHERWISE":                             "column 10 of the rule: found the end, want TRUE after OTHERWISE",
		"TRUEISH":                               `column 1 of the rule: found "TRUEISH", want TRUE, OTHERWISE TRUE or IFA`,
		"IFA":                                   "column 4 of the rule: found the end, want the id of a concept after IFA",
		"IFA kvinne":                            `column 5 of the rule: found "kvinne", want the id of a concept after IFA`,
		"IFA 248152002 | Kvinne":                "column 23 of the rule: found the end, want | at the end of the term",
		"IFA 445518008 | Alder |":               "column 24 of the rule: found the end, want <, <=, >, >= or = after an age",
		"IFA 445518008 < år":                    `column 17 of the rule: found "år", want a number such as 28.0`,
		"IFA 445518008 < 28.":                   `column 17 of the rule: found "28.", want a number such as 28.0`,
		"IFA 445518008 < 28 moons":              `column 20 of the rule: found "moons", want years, months, weeks, days or hours`,
		"IFA 445518008 < 28 days IFA 248152002": `column 25 of the rule: found "IFA", want AND, OR or the end of the rule`,
		"IFA 248152002 AND":                     "column 18 of the rule: found the end, want IFA",
		"IFA 248152002 AND TRUE":                `column 19 of the rule: found "TRUE", want IFA`,
		"IFA 248152002 NOT":                     `column 15 of the rule: found "NOT", want a comparison, AND, OR or the end of the rule`,
		"IFA 248152002 | Ærlig | ; x":           `column 25 of the rule: found ";", want a comparison, AND, OR or the end of the rule`,
	} {
		_, err := conceptmap.ParseRule(rule)
		if terminology.KindOf(err) != terminology.Invalid || terminology.Message(err) != want {
			t.Errorf("ParseRule(%q): %v, want %s", rule, err, want)
		}
	}
}

func TestParseAge(t *testing.T) {
	for text, want := range map[string]string{
		"63y": "63 years", "63 years": "63 years", "1 year": "1 year", " 5 mo ": "5 months", "3w": "3 weeks", "27D": "27 days", "6h": "6 hours",
		"2.5y": "2.5 years", "28.0 days": "28.0 days", "63 a": "63 years", "63 år": "63 years", "0.125 y": "0.125 years", "007d": "7 days",
	} {
		if a, err := conceptmap.ParseAge(text); err != nil || a.String() != want {
			t.Errorf("ParseAge(%q) = %s, %v, want %s", text, a, err, want)
		}
	}
	for _, text := range []string{"", "63", "y", "5m", "-1y", "1e3y", "1.y", ".5y", "1.2345y", "1234567y", "6 3y", "1.2.3y", "63 moons"} {
		if a, err := conceptmap.ParseAge(text); terminology.KindOf(err) != terminology.Invalid || a.Known() {
			t.Errorf("ParseAge(%q) = %s, %v, want kind Invalid", text, a, err)
		}
	}
}

// FuzzParseRule states that a rule that is read prints as a rule that is the same, and
// that what is known more does not undo what was decided.
func FuzzParseRule(f *testing.F) {
	for _, rule := range []string{"TRUE", "OTHERWISE TRUE", ofWoman + " AND " + onset + "< 28.0 days OR " + angina, onset + ">= 12 months", "IFA 1", current + "= 1.5 weeks", "ifa 248153007||or IFA 248152002"} {
		f.Add(rule, uint16(3), uint8(1))
	}
	ages := []string{"", "0y", "1y", "18y", "19y", "70y", "0d", "27d", "28d", "365d", "3w", "11mo", "12mo", "23h", "2.5y"}
	f.Fuzz(func(t *testing.T, text string, age uint16, sex uint8) {
		rule, err := conceptmap.ParseRule(text)
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("ParseRule(%q): %v, want kind Invalid", text, err)
			}
			return
		}
		again, err := conceptmap.ParseRule(rule.String())
		if err != nil || again.String() != rule.String() {
			t.Fatalf("%q is %s, which is %s, %v", text, rule, again, err)
		}
		less := conceptmap.Given{Sex: conceptmap.Sex(sex % 4)}
		more := less
		if a := ages[int(age)%len(ages)]; a != "" {
			more.Onset, _ = conceptmap.ParseAge(a)
		}
		before, after := rule.Judge("22298006", &less), rule.Judge("22298006", &more)
		if before.Truth != conceptmap.Unknown && before.Truth != after.Truth {
			t.Fatalf("%s is %v, and with the onset at %s %v", rule, before.Truth, more.Onset, after.Truth)
		}
		if (after.Truth == conceptmap.Unknown) != (len(after.Needs) > 0) {
			t.Fatalf("%s is %v and needs %v", rule, after.Truth, after.Needs)
		}
		if diff := cmp.Diff(after, again.Judge("22298006", &more), cmp.AllowUnexported()); diff != "" {
			t.Fatalf("%s: %s", rule, diff)
		}
	})
}

// TestComparisonLaws states what holds of all ages and limits: below and from a limit
// are opposites, and at most is below or exactly.
func TestComparisonLaws(t *testing.T) {
	limits := []string{"0 days", "1 hours", "28 days", "28.0 days", "4 weeks", "1 months", "2 months", "1 years", "12 months", "52 weeks", "365 days", "366 days", "2.5 years", "19.0 years", "100 years"}
	ages := []string{"0h", "23h", "24h", "0d", "1d", "27d", "28d", "30d", "31d", "365d", "366d", "6939d", "6940d", "0w", "4w", "52w", "0mo", "1mo", "11mo", "12mo", "227mo", "0y", "1y", "2y", "2.5y", "19y", "100y"}
	judge := func(op, limit, a string) conceptmap.Truth {
		rule, err := conceptmap.ParseRule(onset + op + " " + limit)
		if err != nil {
			t.Fatal(err)
		}
		return rule.Judge("22298006", &conceptmap.Given{Onset: age(t, a)}).Truth
	}
	opposite := map[conceptmap.Truth]conceptmap.Truth{conceptmap.True: conceptmap.False, conceptmap.False: conceptmap.True}
	for _, limit := range limits {
		for _, a := range ages {
			below, from, most, above, same := judge("<", limit, a), judge(">=", limit, a), judge("<=", limit, a), judge(">", limit, a), judge("=", limit, a)
			if from != opposite[below] || above != opposite[most] {
				t.Errorf("%s of %s: < %v, >= %v, <= %v, > %v", a, limit, below, from, most, above)
			}
			if below == conceptmap.True && (most != conceptmap.True || same != conceptmap.False) || same == conceptmap.True && (most != conceptmap.True || from != conceptmap.True) || above == conceptmap.True && same != conceptmap.False {
				t.Errorf("%s of %s: < %v, = %v, <= %v, > %v", a, limit, below, same, most, above)
			}
		}
	}
	// The order of ages in one unit is that of their numbers, at every limit.
	for _, limit := range limits {
		for _, unit := range []string{"h", "d", "w", "mo", "y"} {
			var seen []conceptmap.Truth
			for n := range 300 {
				seen = append(seen, judge("<", limit, strings.Repeat("0", n%2)+itoa(n)+unit))
			}
			order := map[conceptmap.Truth]int{conceptmap.True: 0, conceptmap.Unknown: 1, conceptmap.False: 2}
			if !slices.IsSortedFunc(seen, func(x, y conceptmap.Truth) int { return order[x] - order[y] }) {
				t.Errorf("ages in %s are not in order at %s", unit, limit)
			}
		}
	}
}
