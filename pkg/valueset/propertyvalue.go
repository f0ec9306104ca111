package valueset

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxPattern is the longest regular expression that is read, in bytes; a longer one is
// an error, as the beginning of it says something else.
const maxPattern = 4096

// breath is how many steps regular expressions take before they are drawn from the budget of
// the request: one for each byte of a text and each instruction of the pattern.
const breath = 10_000_000

// onProperties returns a filter that hasValues made ready. The error is NotSupported for
// an operator that properties do not have, and Invalid for a value that the operator
// cannot have.
func (f Filter) onProperties(cs terminology.CodeSystem) (*property, error) {
	p := &property{Filter: f, cs: cs, above: terminology.NoOrdinal}
	fold := !cs.Release().CaseSens
	same := func(a, b string) bool {
		return a == b || (fold || isBool(a)) && strings.EqualFold(a, b)
	}
	switch f.Op {
	case opEqual:
		p.like = []string{f.Value}
	case opIn, opNotIn:
		for v := range strings.SplitSeq(f.Value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				p.like = append(p.like, v)
			}
		}
		p.none = f.Op == opNotIn
	case opExists:
		if !isBool(f.Value) {
			return nil, invalid("valueset.Evaluate", "the filter %s exists of %s wants true or false, not %q", f.Property, cs.Release().System, f.Value)
		}
		p.any, p.none = true, strings.EqualFold(f.Value, "false")
		p.fits = func(string) bool { return true }
		return p, nil
	case opRegex:
		pattern, size, err := compile(f.Value)
		if err != nil {
			return nil, invalid("valueset.Evaluate", "the filter %s regex of %s: %w", f.Property, cs.Release().System, err)
		}
		p.steps = int64(size) * workFind // to have compiled it
		p.fits = func(v string) bool {
			p.steps += int64(len(v)+1) * int64(size)
			return pattern.MatchString(v)
		}
		return p, nil
	case opIsA, opDescendentOf:
		if o, ok := cs.Find(f.Value); ok {
			p.above = o
		}
		p.fits = func(v string) bool {
			x, found := cs.Find(v)
			return found && p.above != terminology.NoOrdinal && cs.Subsumes(p.above, x) && (f.Op == opIsA || x != p.above)
		}
		return p, nil
	default:
		return nil, f.unsupported(cs)
	}
	p.fits = func(v string) bool {
		return slices.ContainsFunc(p.like, func(w string) bool { return same(v, w) })
	}
	if len(p.like) > maxCompared {
		p.fits = oneOf(p.like, fold)
	}
	return p, nil
}

// maxCompared is how many values a value is compared with one by one.
const maxCompared = 16

// oneOf returns whether a value is one of a long list; with fold, but for case, in which true
// and false are always the same.
func oneOf(list []string, fold bool) func(string) bool {
	exact, folded := make(map[string]bool, len(list)), make(map[string]bool, len(list))
	for _, v := range list {
		exact[v], folded[foldKey(v)] = true, true
	}
	return func(v string) bool { return exact[v] || (fold || isBool(v)) && folded[foldKey(v)] }
}

// foldKey returns a text that is the same of all texts that strings.EqualFold calls equal.
func foldKey(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for x := unicode.SimpleFold(r); x != r; x = unicode.SimpleFold(x) {
			least = min(least, x)
		}
		return least
	}, s)
}

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

// compile reads a pattern that is to match a whole text (FHIR FilterOperator regex). It
// is read by itself first, so that nothing in it, an open bracket or quote or a flag,
// reaches beyond it. Matching takes time linear in the text, and in size, the number of
// instructions of the pattern.
func compile(pattern string) (re *regexp.Regexp, size int, err error) {
	if len(pattern) > maxPattern {
		return nil, 0, fmt.Errorf("the pattern has %d bytes, want %d at most", len(pattern), maxPattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl|syntax.DotNL)
	if err != nil {
		return nil, 0, err
	}
	if re, err = regexp.Compile(`\A(?:` + tree.String() + `)\z`); err != nil {
		return nil, 0, err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, 0, err
	}
	return re, len(program.Inst), nil
}
