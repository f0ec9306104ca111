package conceptmap

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Truth is whether something is true as far as is known. The zero Truth is Unknown.
type Truth uint8

// The truths (Kleene).
const (
	Unknown Truth = iota
	True
	False
)

func (t Truth) not() Truth { return [...]Truth{Unknown, False, True}[t] }

// and returns whether both are true.
func (t Truth) and(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == True && u == True:
		return True
	}
	return Unknown
}

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Sex is the sex of a patient.
type Sex uint8

// The sexes. OtherSex is neither of those that rules ask for.
const (
	UnknownSex Sex = iota
	Female
	Male
	OtherSex
)

// String returns the code of the sex in FHIR (AdministrativeGender).
func (s Sex) String() string { return [...]string{"unknown", "female", "male", "other"}[s] }

// ParseSex reads a sex: female, male, other or unknown, their first letters, kvinne and
// mann, or the finding of SNOMED CT. The error is Invalid.
func ParseSex(text string) (Sex, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "female", "f", "kvinne", "k", female:
		return Female, nil
	case "male", "m", "mann", male:
		return Male, nil
	case "other", "o", "annet":
		return OtherSex, nil
	case "unknown", "u", "ukjent", "":
		return UnknownSex, nil
	}
	return 0, &terminology.Error{Op: "conceptmap.ParseSex", Kind: terminology.Invalid, Err: fmt.Errorf("found %q, want female, male, other or unknown", text)}
}

// Given is what is known of the patient whose code is translated. The zero Given is
// nothing.
type Given struct {
	Sex Sex
	// Age is the age of the patient now, Onset that at which the patient got what is
	// translated. Where Onset is not known, it is not after Age; and where that does not
	// decide, it is taken to be Age, which is told.
	Age, Onset Age
	// Findings are the codes of what else the patient has, in the code system of the
	// source. When there is one, or NoOther is true, the patient has nothing else.
	Findings []string
	NoOther  bool
	// Terms are the values of other attributes, for ConceptMaps whose rows depend on
	// them.
	Terms []terminology.MapTerm
	// IsA reports whether a finding is a concept or a kind of it; nil: only itself is.
	IsA func(finding, concept string) bool
}

// Need is something that would have to be known to decide.
type Need struct {
	// What is sex, age, age at onset, finding, value (of Concept), or the URI of an
	// attribute of a ConceptMap.
	What string
	// Concept is the finding or what has the value, when there is one.
	Concept terminology.Coding
	// Unit is that of the rule when an age is known, but not as exactly as it has to be.
	Unit Unit
}

// The values of Need.What.
const (
	NeedSex     = "sex"
	NeedAge     = "age"
	NeedOnset   = "age at onset"
	NeedFinding = "finding"
	NeedValue   = "value"
)

// String returns the need in words: age at onset in days; finding 57054005 |...|.
func (n Need) String() string {
	s := n.What
	if n.Concept.Code != "" {
		s += " " + n.Concept.Code
	}
	if n.Concept.Display != "" {
		s += " |" + n.Concept.Display + "|"
	}
	if n.Unit != NoUnit {
		s += " in " + n.Unit.String()
	}
	return s
}

// Verdict is whether a rule is true of a patient, and why.
type Verdict struct {
	Truth Truth
	// Needs are what is missing when Truth is Unknown, each once.
	Needs []Need
	// Why tells in words what made the rule false, or true by something that was only
	// taken to be so; else "".
	Why string
	// Assumed tells that Truth rests on the age at onset, which was taken to be the age.
	Assumed bool
	// Err is why a rule cannot be read; Truth is then Unknown.
	Err error
}

func (v *Verdict) need(n Need) {
	if !slices.Contains(v.Needs, n) {
		v.Needs = append(v.Needs, n)
	}
}

// Judge decides whether a rule is true of a patient who has the source of the row.
func (r Rule) Judge(source string, g *Given) Verdict {
	if r.Always() {
		return Verdict{Truth: True}
	}
	out := Verdict{Truth: False}
	var falses []string
	for i := 0; i < len(r.conditions); {
		one := Verdict{Truth: True}
		for first := i; i < len(r.conditions) && (i == first || !r.conditions[i].or); i++ {
			r.conditions[i].judge(source, g, &one)
		}
		switch {
		case one.Truth == True:
			return one
		case one.Truth == Unknown:
			out.Truth = Unknown
			for _, n := range one.Needs {
				out.need(n)
			}
		default:
			falses = append(falses, one.Why)
			out.Assumed = out.Assumed || one.Assumed
		}
	}
	if out.Truth == Unknown {
		return Verdict{Needs: out.Needs}
	}
	out.Why = strings.Join(falses, "; ")
	return out
}

// judge takes a condition into the verdict of those before it, all of which must be true.
func (c *condition) judge(source string, g *Given, all *Verdict) {
	if all.Truth == False {
		return
	}
	truth, need, why := Unknown, Need{}, ""
	switch {
	case c.concept == onsetAge:
		truth, need, why = c.onset(g)
	case c.concept == currentAge:
		truth, need, why = c.age(g)
	case c.op != noComparison:
		need = Need{What: NeedValue, Concept: c.coding()}
	case c.concept == female || c.concept == male:
		need = Need{What: NeedSex}
		if g.Sex != UnknownSex {
			truth, why = truthOf(g.Sex == Female && c.concept == female || g.Sex == Male && c.concept == male), "the sex is "+g.Sex.String()
		} else if truth = g.has(source, c.concept); truth == False {
			truth = Unknown // what else the patient has does not tell the sex
		}
	default:
		truth = g.has(source, c.concept)
		need = Need{What: NeedFinding, Concept: c.coding()}
		if truth == False {
			why = "there is no " + need.String()
		}
	}
	taken := strings.HasPrefix(why, assumed)
	switch {
	case truth == False:
		*all = Verdict{Truth: False, Why: why, Assumed: taken}
	case truth == Unknown:
		all.Truth = Unknown
		all.need(need)
	case taken:
		all.Why, all.Assumed = why, true
	}
}

func (c *condition) coding() terminology.Coding {
	return terminology.Coding{Code: c.concept, Display: c.term}
}

// assumed begins the reasons that rest on what is only taken to be so.
const assumed = "the age at onset is taken to be the age, "

// onset decides a condition on the age at onset.
func (c *condition) onset(g *Given) (Truth, Need, string) {
	need := Need{What: NeedOnset}
	switch {
	case g.Onset.Known():
		need.Unit = c.limit.unit
		return compare(g.Onset, c.op, c.limit), need, "the age at onset is " + g.Onset.String()
	case !g.Age.Known():
		return Unknown, need, ""
	}
	// It is not after the age: what is true of all ages before some age, and of that one,
	// is true of it.
	switch now := compare(g.Age, c.op, c.limit); {
	case now == True && (c.op == less || c.op == atMost), now == False && (c.op == more || c.op == atLeast):
		return now, need, "the age is " + g.Age.String()
	case now == Unknown:
		need.Unit = c.limit.unit
		return Unknown, need, ""
	default:
		return now, need, assumed + g.Age.String()
	}
}

// age decides a condition on the age now, which is not before the age at onset.
func (c *condition) age(g *Given) (Truth, Need, string) {
	need := Need{What: NeedAge}
	if g.Age.Known() {
		need.Unit = c.limit.unit
		return compare(g.Age, c.op, c.limit), need, "the age is " + g.Age.String()
	}
	if g.Onset.Known() {
		then := compare(g.Onset, c.op, c.limit)
		if then == True && (c.op == more || c.op == atLeast) || then == False && (c.op == less || c.op == atMost) {
			return then, need, "the age at onset is " + g.Onset.String()
		}
	}
	return Unknown, need, ""
}

// has decides whether the patient, who has the source, has a concept.
func (g *Given) has(source, concept string) Truth {
	if g.is(source, concept) || slices.ContainsFunc(g.Findings, func(f string) bool { return g.is(f, concept) }) {
		return True
	}
	if g.NoOther || len(g.Findings) > 0 {
		return False
	}
	return Unknown
}

func (g *Given) is(finding, concept string) bool {
	return finding == concept || g.IsA != nil && g.IsA(finding, concept)
}
