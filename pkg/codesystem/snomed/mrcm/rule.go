package mrcm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

// Content is what kind of content is checked; rules are for some kinds only.
type Content uint8

// The kinds of content.
const (
	Postcoordinated   Content = iota // expressions of users
	Precoordinated                   // concepts of a release
	NewPrecoordinated                // concepts that are being made
)

// Content types of rules, and strengths.
const (
	allContent           snomed.ID = 723596005
	allPrecoordinated    snomed.ID = 723594008
	allNewPrecoordinated snomed.ID = 723593002
	allPostcoordinated   snomed.ID = 723595009
	mandatory            snomed.ID = 723597001
	optional             snomed.ID = 723598006
)

// in reports whether a rule of a content type is for content c.
func (c Content) in(contentType snomed.ID) bool {
	switch contentType {
	case allContent:
		return true
	case allPostcoordinated:
		return c == Postcoordinated
	case allPrecoordinated:
		return c != Postcoordinated
	}
	return c == NewPrecoordinated
}

// Rule is what rules have in common.
type Rule struct {
	Member      string    // id of the row
	Refset      snomed.ID // reference set of the row
	Attribute   snomed.ID
	Optional    bool      // breaking the rule deserves a warning only
	ContentType snomed.ID // kind of content that the rule is for
	Constraint  string    // the domain, or the range, as its publisher wrote it
}

// DomainRule says that an attribute may be used in a domain, and how.
type DomainRule struct {
	Rule
	Domain  snomed.ID
	Grouped bool            // it stands in groups; else never
	Count   ecl.Cardinality // different values in an expression
	InGroup ecl.Cardinality // different values in a group
	set     *ecl.Expression
}

// RangeRule says which values an attribute may have.
type RangeRule struct {
	Rule
	set    *ecl.Expression // nil: values
	values *values
}

// cardinality reads "0..1" or "1..*".
func cardinality(s string) (ecl.Cardinality, error) {
	least, most, ok := strings.Cut(s, "..")
	c := ecl.Cardinality{Max: ecl.Many}
	var errMin, errMax error
	c.Min, errMin = strconv.Atoi(strings.TrimSpace(least))
	if most = strings.TrimSpace(most); most != "*" {
		c.Max, errMax = strconv.Atoi(most)
	}
	if !ok || errMin != nil || errMax != nil || c.Min < 0 || c.Max < ecl.Many {
		return c, fmt.Errorf("found cardinality %q, want one such as 0..1 or 1..*", s)
	}
	return c, nil
}

func bounds(c ecl.Cardinality) string {
	if c.Max == ecl.Many {
		return fmt.Sprintf("%d..*", c.Min)
	}
	return fmt.Sprintf("%d..%d", c.Min, c.Max)
}
