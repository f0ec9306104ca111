package combined

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Code is a combination of several codes as a release understands it. It implements
// terminology.Composed.
type Code struct {
	release *Release
	parts   []part // at least two, in canonical order
}

type part struct {
	o          terminology.Ordinal
	additional bool
}

var _ terminology.Composed = (*Code)(nil)

// Code returns the combination in its canonical form.
func (c *Code) Code() string {
	var b strings.Builder
	for i, p := range c.parts {
		if i > 0 {
			b.WriteString(c.release.rules.Separator)
		}
		b.WriteString(c.release.Code(p.o))
	}
	return b.String()
}

// Display returns the terms of the codes, those after the first in brackets.
func (c *Code) Display(term func(terminology.Ordinal) string) string {
	var b strings.Builder
	for i, p := range c.parts {
		if i == 0 {
			b.WriteString(term(p.o))
			continue
		}
		b.WriteString(" [" + term(p.o) + "]")
	}
	return b.String()
}

// Equals reports whether two combinations are of the same codes of one release: the
// ordinals of another are others.
func (c *Code) Equals(other terminology.Composed) bool {
	d, ok := other.(*Code)
	return ok && d.release == c.release && slices.Equal(c.parts, d.parts)
}

// Subsumes reports whether the combination is a concept or more general: none is.
func (c *Code) Subsumes(terminology.Ordinal) bool { return false }

// IsA reports whether one of the codes that are not additional is a concept or more
// special.
func (c *Code) IsA(o terminology.Ordinal) bool {
	return slices.ContainsFunc(c.parts, func(p part) bool { return !p.additional && c.release.Subsumes(o, p.o) })
}

// SubsumesComposed reports whether each of the codes is one of the other combination, or
// more general.
func (c *Code) SubsumesComposed(other terminology.Composed) bool {
	d, ok := other.(*Code)
	if !ok || d.release != c.release {
		return false
	}
	for _, p := range c.parts {
		if !slices.ContainsFunc(d.parts, func(q part) bool { return p.additional == q.additional && c.release.Subsumes(p.o, q.o) }) {
			return false
		}
	}
	return true
}

// Parents returns the codes that are not additional.
func (c *Code) Parents() []terminology.Ordinal {
	var out []terminology.Ordinal
	for _, p := range c.parts {
		if !p.additional {
			out = append(out, p.o)
		}
	}
	return out
}

// Selected is NotSupported: these code systems have no language of constraints.
func (c *Code) Selected(context.Context, string) (bool, error) {
	return false, &terminology.Error{Op: "combined.Selected", Kind: terminology.NotSupported, Coding: terminology.Coding{System: c.release.Release().System, Code: c.Code()}}
}

// Attributes walks the codes, as properties code and additional-code.
func (c *Code) Attributes() iter.Seq[terminology.PropertyInfo] {
	return func(yield func(terminology.PropertyInfo) bool) {
		for _, p := range c.parts {
			info := terminology.PropertyInfo{Code: "part", Kind: terminology.ValueCode, Value: c.release.Code(p.o), Target: p.o}
			if p.additional {
				info.Code = "additional-code"
			}
			if !yield(info) {
				return
			}
		}
	}
}

// Remarks tells which of the codes are inactive.
func (c *Code) Remarks() []string {
	var out []string
	for _, p := range c.parts {
		if c.release.Info(p.o).Inactive {
			out = append(out, c.release.Code(p.o)+" is inactive")
		}
	}
	return out
}
