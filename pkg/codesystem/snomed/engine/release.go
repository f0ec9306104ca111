package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Release is an open release of SNOMED CT.
type Release struct {
	*basic.Provider
	constraints *ecl.Engine
	valueSets   *ecl.Engine // the same, for which "*" is the hierarchy
	model       func() (*mrcm.Model, error)
}

// New returns the release of a provider. Text is its text index; without one, terms are
// compared concept by concept within the limits of the options.
func New(p *basic.Provider, text terminology.TextIndex, o ecl.Options) *Release {
	constraints := ecl.NewEngine(p, text, o)
	return &Release{
		Provider: p, constraints: constraints, valueSets: constraints.With(ecl.HierarchyOnly),
		model: sync.OnceValues(func() (*mrcm.Model, error) { return mrcm.Load(p) }),
	}
}

// Constraints returns the engine that evaluates expression constraints.
func (r *Release) Constraints() *ecl.Engine { return r.constraints }

// Model returns the machine-readable concept model of the release, read once. The error
// is NotFound when the release comes without it.
func (r *Release) Model() (*mrcm.Model, error) { return r.model() }

// Select returns the concepts that an expression constraint selects in a value set: "*"
// is the hierarchy, without inactive concepts, as the HL7 suite has it. What the text
// means less than its writer may think (unknown concepts, say) is for the warnings of
// Constraints().Compile.
func (r *Release) Select(ctx context.Context, constraint string) (*roaring.Bitmap, error) {
	q, err := r.valueSets.Compile(constraint)
	if err != nil {
		return nil, about(constraint, err)
	}
	found, err := q.Select(ctx)
	if err != nil {
		return nil, about(constraint, err)
	}
	return found.Set, nil
}

// Selects reports whether an expression constraint selects one concept, as Select does.
func (r *Release) Selects(ctx context.Context, constraint string, o terminology.Ordinal) (bool, error) {
	q, err := r.valueSets.Compile(constraint)
	if err != nil {
		return false, about(constraint, err)
	}
	in, err := q.Contains(ctx, o)
	if err != nil {
		return false, about(constraint, err)
	}
	return in, nil
}

// maxQuoted is how much of a constraint an error repeats.
const maxQuoted = 200

// about says which constraint an error is about: a value set may have several.
func about(constraint string, err error) error {
	if len(constraint) > maxQuoted {
		constraint = strings.ToValidUTF8(constraint[:maxQuoted], "") + "…"
	}
	kind, cause := terminology.KindOf(err), err
	for e := (*terminology.Error)(nil); errors.As(cause, &e) && e.Err != nil; {
		cause = e.Err
	}
	return &terminology.Error{Op: "engine.Constraint", Kind: kind, Err: fmt.Errorf("expression constraint '%s': %w", constraint, cause)}
}
