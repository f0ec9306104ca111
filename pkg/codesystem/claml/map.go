package claml

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// MapURL is the map from ICPC-2e to ICD-10 that its rubrics icd10 are.
const MapURL = "urn:kodeks:map:icpc-2e:icd-10"

// kindTargets is the rubric that lists codes of ICD-10.
const kindTargets = "icd10"

// targets takes the codes of ICD-10 from the rubrics of ICPC-2e. What has not the form
// of one stays a property.
func (e *emitter) targets() {
	if e.s.is.system != ICPC2 {
		return
	}
	for _, c := range e.list {
		var rest []rubric
		for _, r := range c.rubrics {
			if r.kind != kindTargets {
				rest = append(rest, r)
				continue
			}
			for text := range strings.SplitSeq(r.text, ";") {
				text = strings.TrimSpace(text)
				if code, ok := target(text); ok {
					c.targets = append(c.targets, code)
				} else if text != "" {
					rest = append(rest, rubric{r.kind, r.language, text})
				}
			}
		}
		c.rubrics = rest
	}
}

// target returns a code of ICD-10; editions of ICPC-2e write some with a comma.
func target(s string) (string, bool) {
	category, rest, sub := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if len(category) != 3 || category[0] < 'A' || category[0] > 'Z' || !digitsOnly(category[1:]) {
		return "", false
	}
	if !sub {
		return category, true
	}
	return category + "." + rest, rest != "" && len(rest) <= 2 && digitsOnly(rest)
}

func digitsOnly(s string) bool { return strings.Trim(s, "0123456789") == "" }

// mapping says the map, when the file has one.
func (e *emitter) mapping() error {
	declared := false
	for _, c := range e.list {
		slices.Sort(c.targets)
		c.targets = slices.Compact(c.targets)
		for i, target := range c.targets {
			if !declared {
				declared = true
				info := terminology.MapInfo{ID: MapURL, URL: MapURL, Title: "ICPC-2e to ICD-10 (WHO)", Source: ICPC2, Target: ICD10}
				if err := e.to.Map(info); err != nil {
					return err
				}
			}
			if i == maxTargets {
				return e.to.Bad(e.bad(c.line, kindTargets, "%s has more than %d targets", c.code, maxTargets))
			}
			err := e.to.Mapping(terminology.Mapping{Map: MapURL, Source: c.code, Target: target, Group: 1, Priority: uint16(i + 1), Relationship: terminology.RelatedTo})
			if err := e.kept(c, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxTargets is the most targets of one code.
const maxTargets = 10_000
