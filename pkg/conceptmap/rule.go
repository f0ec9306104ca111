package conceptmap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The concepts that rules ask of a patient other than by what the patient has.
const (
	female     = "248152002" // Female (finding)
	male       = "248153007" // Male (finding)
	currentAge = "424144002" // Current chronological age (observable entity)
	onsetAge   = "445518008" // Age at onset of clinical finding (observable entity)
)

// Rule is when a row of a SNOMED CT extended or complex map applies. The zero Rule always
// does.
type Rule struct {
	conditions []condition
	otherwise  bool // written OTHERWISE TRUE
}

// condition is that a patient has a finding, or that an age is as it says.
type condition struct {
	or      bool // begins another alternative
	concept string
	term    string
	op      comparison
	limit   Age
}

// ParseRule reads the rule of a row as SNOMED CT publishes it (SNOMED CT to ICD-10 Mapping
// Technical Guide, "Map rules"):
//
//	rule      = "TRUE" / "OTHERWISE TRUE" / condition *( ( "AND" / "OR" ) condition )
//	condition = "IFA" id [ "|" term "|" ] [ comparison number unit ]
//
// AND binds before OR. Words are in any case, blanks anywhere between them. The text that
// is empty is TRUE. The error is Invalid and tells the column, from 1, and what was expected.
func ParseRule(text string) (Rule, error) {
	if text == "TRUE" || text == "" { // nearly all
		return Rule{}, nil
	}
	p := ruleParser{text: text}
	r, err := p.rule()
	if err != nil {
		return Rule{}, &terminology.Error{Op: "conceptmap.ParseRule", Kind: terminology.Invalid, Err: err}
	}
	return r, nil
}

// Always reports whether the rule is true of everyone.
func (r Rule) Always() bool { return len(r.conditions) == 0 }

// String returns the rule as SNOMED CT writes it, with single blanks.
func (r Rule) String() string {
	switch {
	case r.otherwise:
		return "OTHERWISE TRUE"
	case r.Always():
		return "TRUE"
	}
	var b strings.Builder
	for i, c := range r.conditions {
		switch {
		case c.or:
			b.WriteString(" OR ")
		case i > 0:
			b.WriteString(" AND ")
		}
		b.WriteString("IFA " + c.concept)
		if c.term != "" {
			b.WriteString(" | " + c.term + " |")
		}
		if c.op != noComparison {
			b.WriteString(" " + comparisonNames[c.op] + " " + c.limit.String())
		}
	}
	return b.String()
}

type ruleParser struct {
	text string
	at   int
}

func (p *ruleParser) fail(want string) error {
	column := utf8.RuneCountInString(p.text[:p.at]) + 1
	found := "the end"
	if rest := p.text[p.at:]; rest != "" {
		if i := strings.IndexFunc(rest, unicode.IsSpace); i > 0 {
			rest = rest[:i]
		}
		found = fmt.Sprintf("%q", rest[:min(len(rest), 40)])
	}
	return fmt.Errorf("column %d of the rule: found %s, want %s", column, found, want)
}

func (p *ruleParser) space() {
	p.at = len(p.text) - len(strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace))
}

// word takes a word of letters when it is the next, in any case.
func (p *ruleParser) word(word string) bool {
	p.space()
	rest := p.text[p.at:]
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return false
	}
	if next, _ := utf8.DecodeRuneInString(rest[len(word):]); len(rest) > len(word) && unicode.IsLetter(next) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *ruleParser) end() bool {
	p.space()
	return p.at == len(p.text)
}

func (p *ruleParser) rule() (Rule, error) {
	var r Rule
	if p.end() {
		return r, nil
	}
	r.otherwise = p.word("OTHERWISE")
	if p.word("TRUE") {
		if !p.end() {
			return Rule{}, p.fail("the end of the rule after TRUE")
		}
		return r, nil
	}
	if r.otherwise {
		return Rule{}, p.fail("TRUE after OTHERWISE")
	}
	for or := false; ; {
		c, err := p.condition()
		if err != nil {
			return Rule{}, err
		}
		c.or = or
		r.conditions = append(r.conditions, c)
		switch {
		case p.end():
			return r, nil
		case p.word("AND"):
			or = false
		case p.word("OR"):
			or = true
		case c.op == noComparison:
			return Rule{}, p.fail("a comparison, AND, OR or the end of the rule")
		default:
			return Rule{}, p.fail("AND, OR or the end of the rule")
		}
	}
}

func (p *ruleParser) condition() (condition, error) {
	var c condition
	if !p.word("IFA") {
		if p.at == 0 || strings.TrimSpace(p.text[:p.at]) == "" {
			return c, p.fail("TRUE, OTHERWISE TRUE or IFA")
		}
		return c, p.fail("IFA")
	}
	p.space()
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	c.concept = p.text[start:p.at]
	if len(c.concept) < 6 || len(c.concept) > 18 {
		p.at = start
		return c, p.fail("the id of a concept after IFA")
	}
	if p.space(); p.at < len(p.text) && p.text[p.at] == '|' {
		end := strings.IndexByte(p.text[p.at+1:], '|')
		if end < 0 {
			p.at = len(p.text)
			return c, p.fail("| at the end of the term")
		}
		c.term = strings.Join(strings.Fields(p.text[p.at+1:p.at+1+end]), " ")
		p.at += end + 2
	}
	var err error
	if c.op = p.comparison(); c.op != noComparison {
		c.limit, err = p.age()
	} else if c.concept == currentAge || c.concept == onsetAge {
		err = p.fail("<, <=, >, >= or = after an age")
	}
	return c, err
}

func (p *ruleParser) comparison() comparison {
	p.space()
	for _, op := range [...]comparison{atMost, atLeast, less, more, equal} { // the longer ones first
		if strings.HasPrefix(p.text[p.at:], comparisonNames[op]) {
			p.at += len(comparisonNames[op])
			return op
		}
	}
	return noComparison
}

func (p *ruleParser) age() (Age, error) {
	p.space()
	start := p.at
	for p.at < len(p.text) && (p.text[p.at] >= '0' && p.text[p.at] <= '9' || p.text[p.at] == '.') {
		p.at++
	}
	number := p.text[start:p.at]
	if _, ok := newAge(number, Years); !ok {
		p.at = start
		return Age{}, p.fail("a number such as 28.0")
	}
	for _, unit := range [...]Unit{Years, Months, Weeks, Days, Hours} {
		if name := unit.String(); p.word(name) || p.word(name[:len(name)-1]) {
			age, _ := newAge(number, unit)
			return age, nil
		}
	}
	return Age{}, p.fail("years, months, weeks, days or hours")
}
