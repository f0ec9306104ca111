package combined

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Rules are how the codes of a code system are combined.
type Rules struct {
	Separator string // between the codes of a combination in its canonical form
	// Additional reports whether a code says more of the code before it and is none by
	// itself. nil: no code is.
	Additional func(code string) bool
	// One tells that a combination has one code that is not additional.
	One bool
	// Rank orders the codes of a combination, ascending; those of one rank are in the
	// order of their characters. Additional codes come last. nil: as they are written.
	Rank func(code string) int
}

// Release is an open release of a code system with combined codes.
type Release struct {
	*basic.Provider
	rules Rules
}

var _ terminology.Composable = (*Release)(nil)

// New returns the release of a provider.
func New(p *basic.Provider, r Rules) *Release { return &Release{p, r} }

// The bounds of a combination.
const (
	maxText  = 1024 // characters
	maxParts = 32   // codes
)

func invalid(format string, args ...any) error {
	return &terminology.Error{Op: "combined.Compose", Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}

// Compose reads codes with one or more of / or a + between them. The error is Invalid
// for a text that is no combination, and NotFound when the release lacks one of its
// codes; both name the part that is meant.
func (r *Release) Compose(text string) (terminology.Composed, error) {
	c, err := r.Combination(text)
	if err != nil {
		return nil, err // not a Composed that holds nothing
	}
	return c, nil
}

// Combination is Compose with the type of the answer.
func (r *Release) Combination(text string) (*Code, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		return nil, invalid("the combination is longer than %d characters", maxText)
	}
	if text == "" || strings.Trim(text, "/+ ") != text {
		return nil, invalid("%q: want a code on each side of / or +", text)
	}
	c := &Code{release: r}
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '/' || c == '+' }) {
		word = strings.TrimSpace(word)
		o, ok := r.Find(word)
		if !ok {
			return nil, &terminology.Error{Op: "combined.Compose", Kind: terminology.NotFound,
				Coding: terminology.Coding{System: r.Release().System, Code: word}, Err: fmt.Errorf("%q is not a code of %s", word, r.Release().Title)}
		}
		if slices.ContainsFunc(c.parts, func(p part) bool { return p.o == o }) {
			return nil, invalid("%s is given twice", r.Code(o))
		}
		c.parts = append(c.parts, part{o, r.rules.Additional != nil && r.rules.Additional(r.Code(o))})
	}
	return c, r.check(c)
}

// check puts the codes of a combination in order, and judges them together.
func (r *Release) check(c *Code) error {
	switch {
	case len(c.parts) < 2:
		return invalid("%s is one code, not a combination", r.Code(c.parts[0].o))
	case len(c.parts) > maxParts:
		return invalid("a combination of more than %d codes", maxParts)
	case c.parts[0].additional:
		return invalid("%s is an additional code: it follows another one", r.Code(c.parts[0].o))
	}
	for _, p := range c.parts {
		if r.Info(p.o).Abstract {
			return invalid("%s is a group of codes, not for recording: want one of the codes below it", r.Code(p.o))
		}
	}
	for _, p := range c.parts[1:] {
		if r.rules.One && !p.additional {
			return invalid("%s is not an additional code: it stands first or alone", r.Code(p.o))
		}
	}
	slices.SortStableFunc(c.parts, func(a, b part) int {
		x, y := r.Code(a.o), r.Code(b.o)
		switch {
		case a.additional != b.additional:
			return cmp.Compare(number(a.additional), number(b.additional))
		case a.additional:
			return cmp.Compare(x, y)
		case r.rules.Rank != nil:
			return cmp.Or(cmp.Compare(r.rules.Rank(x), r.rules.Rank(y)), cmp.Compare(x, y))
		}
		return 0
	})
	return nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
