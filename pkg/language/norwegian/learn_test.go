package norwegian_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/language/norwegian"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// bothForms are terms in bokmål and nynorsk.
var bothForms = [][2]string{
	{"sykdom i lunge", "sjukdom i lunge"},
	{"lårbeinsbrudd", "lårbeinsbrot"},
	{"ytre drenering av ganelapp", "ytre drenering av gomelapp"},
	{"slim fra ganelapp", "slim frå gomelapp"},
	{"angst for edderkopper", "angst for edderkoppar"},
	{"lett trettbarhet", "lett trøyttbarheit"}, // once, and alike
	{"vondt i tinningen", "vondt i hovudet"},   // once, and another word
	{"skade på urinleder", "skade på urinleiar"},
	{"arr etter fall", "merke etter fall"}, // a word of bokmål too
	{"merke etter støt", "merke etter støyt"},
	{"høyt blodtrykk", "for høgt blodtrykk"}, // not as many words
}

func pairsOf(list [][2]string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		for _, p := range list {
			if !yield(p[0], p[1]) {
				return
			}
		}
	}
}

func TestLearn(t *testing.T) {
	lesson := norwegian.Learn(pairsOf(bothForms))
	want := []norwegian.Pair{
		{From: "gomelapp", To: "ganelapp", Count: 2},
		{From: "støyt", To: "støt", Count: 1},
		{From: "trøyttbarhet", To: "trettbarhet", Count: 1},
		{From: "urinlei", To: "urinled", Count: 1},
	}
	if diff := cmp.Diff(want, lesson.Equivalents.Pairs()); diff != "" {
		t.Errorf("Learn: (-want +got)\n%s", diff)
	}
	if i := slices.IndexFunc(lesson.Rules, func(r norwegian.RuleUse) bool { return r.From == "sjuk" }); i < 0 || lesson.Rules[i].Holds != 1 || lesson.Rules[i].Broken != 0 {
		t.Errorf("rules %v, want that sjuk held once", lesson.Rules)
	}
	if lesson.Terms != len(bothForms)-1 || lesson.Words != lesson.Same+lesson.ByRule+lesson.Rest {
		t.Errorf("%d terms, %d words: %d same, %d by rule, %d not", lesson.Terms, lesson.Words, lesson.Same, lesson.ByRule, lesson.Rest)
	}
	if got := lesson.Equivalents.Of("gomelapp"); got != "ganelapp" {
		t.Errorf(`Of("gomelapp") = %q, want "ganelapp"`, got)
	}
	if got := lesson.Equivalents.Of("lunge"); got != "lunge" {
		t.Errorf(`Of("lunge") = %q, want it unchanged`, got)
	}

	backwards := slices.Clone(bothForms)
	slices.Reverse(backwards)
	if diff := cmp.Diff(lesson.Equivalents.Pairs(), norwegian.Learn(pairsOf(backwards)).Equivalents.Pairs()); diff != "" {
		t.Errorf("Learn of the pairs in another order: (-first +second)\n%s", diff)
	}
}

func TestEquivalentsText(t *testing.T) {
	learnt := norwegian.Learn(pairsOf(bothForms)).Equivalents
	text, err := learnt.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var read norwegian.Equivalents
	if err := read.UnmarshalText(text); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(learnt.Pairs(), read.Pairs()); diff != "" {
		t.Errorf("written and read: (-want +got)\n%s", diff)
	}
	const head = "kodeks norwegian equivalents 1\n"
	for name, bad := range map[string]string{
		"nothing":          "",
		"another header":   "kodeks norwegian equivalents 2\n",
		"two columns":      head + "gomelapp\tganelapp\n",
		"no count":         head + "gomelapp\tganelapp\tto\n",
		"count of nought":  head + "gomelapp\tganelapp\t0\n",
		"not in order":     head + "støyt\tstøt\t1\ngomelapp\tganelapp\t1\n",
		"twice":            head + "støyt\tstøt\t1\nstøyt\tstøt\t1\n",
		"not a stem":       head + "Støyt\tstøt\t1\n",
		"a line of nought": head + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			if err := new(norwegian.Equivalents).UnmarshalText([]byte(bad)); terminology.KindOf(err) != terminology.Corrupt {
				t.Errorf("UnmarshalText(%q) = %v, want Corrupt", bad, err)
			}
		})
	}
}

// FuzzLearn states what holds for every pair of terms: what is learnt can be kept,
// and no word is led on to a third.
func FuzzLearn(f *testing.F) {
	f.Add("slim fra ganelapp", "slim frå gomelapp", "arr etter fall", "merke etter fall")
	f.Add("a b", "b a", "b", "a")
	f.Fuzz(func(t *testing.T, nb1, nn1, nb2, nn2 string) {
		e := norwegian.Learn(pairsOf([][2]string{{nb1, nn1}, {nb2, nn2}})).Equivalents
		for _, p := range e.Pairs() {
			if e.Of(p.From) != p.To || e.Of(p.To) != p.To {
				t.Errorf("%q is %q is %q", p.From, e.Of(p.From), e.Of(e.Of(p.From)))
			}
			if norwegian.Stem(p.From) != p.From || norwegian.Stem(p.To) != p.To {
				t.Errorf("%v are not stems", p)
			}
		}
		text, err := e.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var read norwegian.Equivalents
		if err := read.UnmarshalText(text); err != nil {
			t.Fatalf("%q cannot be read: %v", text, err)
		}
	})
}
