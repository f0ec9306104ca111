package operation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ExplainConstraintRequest asks how a constraint is evaluated, or why it selects a code
// or does not.
type ExplainConstraintRequest struct {
	System, Version string // as in ConstraintRequest
	Expression      string
	Code            string // a concept or an expression; "": explain the evaluation
	Languages       language.Preference
}

// ExplainConstraintResponse is how a constraint was evaluated, or with a code why it is
// selected or not. The whole set is made for the first only.
type ExplainConstraintResponse struct {
	ConstraintHead               // Total only without a code
	Elapsed        time.Duration // of the evaluation, without a code
	Plan           []PlanPart    // without a code
	Found          bool          // the release has the code
	Coding         terminology.Coding
	NotExpression  string       // what is wrong with a code that is meant to be an expression
	Selected       bool         // the constraint selects the code
	Reasons        []ReasonPart // why; none for an expression
}

// PlanPart is a part of a plan, and what happened when it was evaluated. The parts of a
// part follow it, one deeper.
type PlanPart struct {
	Depth     int
	Operation string // a word, such as descendantOf, refinement, attribute
	Text      string // the part in canonical form; what is longer than 4,096 bytes ends in …
	Display   string // Text with the terms of its concepts
	Estimate  int    // concepts that the planner expected
	Made      bool   // the set was made, or was there
	Size      int    // of the set, when Made
	Tested    int    // concepts that were tested one by one, or were there to be narrowed
	Kept      int    // what was left of those
	Cached    bool   // the set was kept from before
	Elapsed   time.Duration
}

// ReasonPart says of a part of a constraint whether a concept satisfies it. The parts of
// a part follow it, one deeper.
type ReasonPart struct {
	Depth     int
	Operation string
	Text      string
	Display   string
	Holds     bool
	Note      string // what decided it
}

// ExplainConstraint evaluates a constraint and tells how, or tells why it selects a code
// or does not. An unknown code is an answer; errors are those of EvaluateConstraint, and
// NotSupported for a constraint that cannot be asked of an expression.
func (s *Service) ExplainConstraint(ctx context.Context, req ExplainConstraintRequest) (*ExplainConstraintResponse, error) {
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	c, err := snap.constraint("operation.ExplainConstraint", ConstraintRequest{System: req.System, Version: req.Version, Expression: req.Expression})
	if err != nil {
		return nil, err
	}
	resp := &ExplainConstraintResponse{ConstraintHead: *c.head()}
	if req.Code != "" {
		err = c.why(ctx, req.Code, req.Expression, resp)
	} else {
		err = c.explain(ctx, resp)
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

func (c constraint) explain(ctx context.Context, resp *ExplainConstraintResponse) error {
	start := time.Now()
	x, err := c.query.Explain(ctx)
	if err != nil {
		return err
	}
	resp.Elapsed = time.Since(start)
	if resp.Total = x.Size; resp.Columns != nil {
		if resp.Total, err = c.countRows(ctx); err != nil {
			return err
		}
	}
	var write func(x *ecl.Explanation, depth int)
	write = func(x *ecl.Explanation, depth int) {
		resp.Plan = append(resp.Plan, PlanPart{
			Depth: depth, Operation: x.Operation, Text: brief(x.Text), Display: brief(c.withTerms(brief(x.Text))), Estimate: x.Estimate,
			Made: x.Size >= 0, Size: max(x.Size, 0), Tested: x.Tested, Kept: x.Kept, Cached: x.Cached, Elapsed: x.Elapsed,
		})
		for _, part := range x.Parts {
			write(part, depth+1)
		}
	}
	write(x, 0)
	return nil
}

func (c constraint) why(ctx context.Context, code, text string, resp *ExplainConstraintResponse) error {
	t, ok, fault := c.reader.meaning(code)
	if !ok {
		resp.NotExpression = fault
		resp.Coding = terminology.Coding{System: resp.Release.System, Version: resp.Release.Version, Code: code}
		return nil
	}
	resp.Found = true
	if t.composed != nil {
		resp.Coding = c.reader.expression(code, t.composed)
		var err error
		resp.Selected, err = t.composed.(*engine.Expression).Selected(ctx, text)
		if terminology.KindOf(err) == terminology.NotSupported {
			err = &terminology.Error{Op: "operation.ExplainConstraint", Kind: terminology.NotSupported, Err: fmt.Errorf("the constraint cannot be asked of an expression: %s", terminology.Message(err))}
		}
		return err
	}
	resp.Coding = c.reader.coding(t.o)
	r, err := c.query.Why(ctx, t.o)
	if err != nil {
		return err
	}
	resp.Selected = r.Holds
	var write func(r *ecl.Reason, depth int)
	write = func(r *ecl.Reason, depth int) {
		resp.Reasons = append(resp.Reasons, ReasonPart{
			Depth: depth, Operation: r.Operation, Text: brief(r.Text), Display: brief(c.withTerms(brief(r.Text))), Holds: r.Holds, Note: r.Note,
		})
		for _, part := range r.Parts {
			write(part, depth+1)
		}
	}
	write(r, 0)
	return nil
}

// maxPart is the longest text of a part, in bytes: each part of a constraint in many
// brackets holds all that are in it.
const maxPart = 4096

// brief returns a text of at most maxPart bytes.
func brief(text string) string {
	if len(text) <= maxPart {
		return text
	}
	return strings.ToValidUTF8(text[:maxPart-len("…")], "") + "…"
}

// withTerms returns a part of a constraint, which is without terms, with the term of each
// concept in pipes. Digits in texts, numbers and codes of other schemes get none.
func (c constraint) withTerms(text string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); {
		n := i
		for n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		if n > i && !quoted && (i == 0 || !inWord(text[i-1])) && (n == len(text) || !inWord(text[n])) {
			b.WriteString(text[i:n])
			if term := c.term(text[i:n]); term != "" {
				b.WriteString(" |" + strings.ReplaceAll(term, "|", " ") + "|")
			}
			i = n
			continue
		}
		n = max(n, i+1)
		switch text[i] {
		case '"':
			quoted = !quoted
		case '\\':
			n = min(n+1, len(text))
		}
		b.WriteString(text[i:n])
		i = n
	}
	return b.String()
}

// inWord reports whether a character before or after digits makes them something else
// than the identifier of a concept.
func inWord(c byte) bool {
	return c == '#' || c == '-' || c == '.' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
