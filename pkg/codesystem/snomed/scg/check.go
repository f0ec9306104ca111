package scg

import (
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Problem is a concept of an expression that a release does not have, or has as
// inactive.
type Problem struct {
	ID       snomed.ID
	Position Position
	Inactive bool // false: unknown
}

// String returns the problem as a sentence.
func (p Problem) String() string {
	what := "is not in this release"
	if p.Inactive {
		what = "is inactive"
	} else if _, err := snomed.ParseID(p.ID.String()); err != nil {
		what = "is no identifier, its check digit is wrong"
	}
	if p.Position == (Position{}) {
		return fmt.Sprintf("concept %s %s", p.ID, what)
	}
	return fmt.Sprintf("line %d, column %d: concept %s %s", p.Position.Line, p.Position.Column, p.ID, what)
}

// Check returns the concepts of s that are unknown or inactive, in the order of the
// text, each place of its own.
func Check(p *basic.Provider, s *SubExpression) []Problem {
	var out []Problem
	for c := range s.References() {
		o, ok := p.Find(c.ID.String())
		if !ok {
			out = append(out, Problem{ID: c.ID, Position: c.Position})
		} else if !p.Active().Contains(o) {
			out = append(out, Problem{ID: c.ID, Position: c.Position, Inactive: true})
		}
	}
	return out
}

// unknown makes the error of the concepts that are not there, nil when all are. It
// names the first as its coding and says all.
func unknown(p *basic.Provider, problems []Problem) error {
	var all []error
	first := ""
	for _, problem := range problems {
		if problem.Inactive {
			continue
		}
		if all = append(all, errors.New(problem.String())); first == "" {
			first = problem.ID.String()
		}
	}
	if len(all) == 0 {
		return nil
	}
	release := p.Release()
	return &terminology.Error{Op: "scg.Normalize", Kind: terminology.NotFound, Err: errors.Join(all...),
		Coding: terminology.Coding{System: release.System, Version: release.Version, Code: first}}
}
