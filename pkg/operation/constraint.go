package operation

import (
	"context"
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ConstraintRequest asks for what an expression constraint of SNOMED CT (ECL) selects.
type ConstraintRequest struct {
	System, Version string // of the release, any alias; no System: SNOMED CT
	Expression      string
	Offset          int // rows to leave out
	Limit           int // most rows; 0: all
	Languages       language.Preference
}

// ConstraintHead is what an answer begins with.
type ConstraintHead struct {
	Release   terminology.Release // that answered
	Canonical string              // the constraint in canonical form, without terms
	Total     int                 // rows in all, before Offset and Limit
	Columns   []string            // that the constraint selects, as ^ [mapTarget] does; none: it selects concepts
	Warnings  []ConstraintWarning
}

// ConstraintWarning is something in a constraint that means less in the release than
// its writer may think. The constraint is evaluated all the same.
type ConstraintWarning struct {
	Kind         string // unknown-concept, inactive-concept, unknown-refset ...
	Line, Column int    // in the text, from 1; 0: the whole
	Subject      string // the identifier, alias or name
	Text         string
}

// ConstraintPart is a part of an answer: the first has Head, those after it Rows. A
// part and what it holds are the receiver's until it returns.
type ConstraintPart struct {
	Head *ConstraintHead
	Rows []ConstraintRow
}

// ConstraintRow is a concept, or with Columns a row of a reference set.
type ConstraintRow struct {
	Code, Display string
	Inactive      bool
	Values        []string // by column
	Displays      []string // of the values that are concepts, "" for others
}

// constraintBatch is the most rows of one ConstraintPart.
const constraintBatch = 512

// EvaluateConstraint gives what a constraint selects, part by part, however much it is:
// concepts in the order of the hierarchy, rows in that of their reference sets. The
// error of yield ends it and is returned as it is. Other errors are Invalid for a text
// that is no constraint, with the place, and for a code system that is not SNOMED CT,
// and TooCostly; none comes after the first part but Unavailable, when ctx ends.
func (s *Service) EvaluateConstraint(ctx context.Context, req ConstraintRequest, yield func(*ConstraintPart) error) error {
	const op = "operation.EvaluateConstraint"
	if req.Offset < 0 || req.Limit < 0 {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errPage}
	}
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	c, err := snap.constraint(op, req)
	if err != nil {
		return err
	}
	head := c.head()
	if c.query.Fields() != nil {
		if head.Total, err = c.countRows(ctx); err != nil {
			return err
		}
		if err := yield(&ConstraintPart{Head: head}); err != nil {
			return err
		}
		return c.rows(ctx, req, yield)
	}
	found, err := c.query.Select(ctx)
	if err != nil {
		return err
	}
	head.Total = int(found.Set.GetCardinality())
	if err := yield(&ConstraintPart{Head: head}); err != nil {
		return err
	}
	return c.concepts(ctx, found.Set, req, yield)
}

// CountConstraint tells how much a constraint selects; Offset and Limit of the request
// mean nothing.
func (s *Service) CountConstraint(ctx context.Context, req ConstraintRequest) (*ConstraintHead, error) {
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	c, err := snap.constraint("operation.CountConstraint", req)
	if err != nil {
		return nil, err
	}
	head := c.head()
	if c.query.Fields() != nil {
		head.Total, err = c.countRows(ctx)
	} else {
		head.Total, err = c.query.Count(ctx)
	}
	if err != nil {
		return nil, err
	}
	return head, nil
}

// ValidateConstraintResponse tells whether a text is a constraint that can be asked of
// a release.
type ValidateConstraintResponse struct {
	Valid     bool
	Release   terminology.Release
	Canonical string // as in ConstraintHead
	Fault     SyntaxFault
	Warnings  []ConstraintWarning
}

// SyntaxFault is the first place where a text is not what it is meant to be. The zero
// SyntaxFault is none.
type SyntaxFault struct {
	Text         string // the whole in a sentence
	Line, Column int    // from 1, Column in characters; 0: the text can be read, but not be asked of this release
	Found        string // what stands there; "" at the end of the text
	Expected     []string
	Hint         string // a remark for common mistakes
}

// ValidateConstraint reads a constraint without evaluating it. A text that is none is an
// answer.
func (s *Service) ValidateConstraint(_ context.Context, req ConstraintRequest) (*ValidateConstraintResponse, error) {
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	r, release, err := snap.snomed("operation.ValidateConstraint", req.System, req.Version)
	if err != nil {
		return nil, err
	}
	resp := &ValidateConstraintResponse{Release: r.installed.Release}
	query, err := release.Constraints().Compile(req.Expression)
	if terminology.KindOf(err) == terminology.Invalid {
		resp.Fault = syntaxFault(err)
		return resp, nil
	}
	if err != nil {
		return nil, err
	}
	resp.Valid, resp.Canonical, resp.Warnings = true, query.String(), warningsOf(query)
	return resp, nil
}

// syntaxFault is what an error of kind Invalid says of a text.
func syntaxFault(err error) SyntaxFault {
	f := SyntaxFault{Text: terminology.Message(err)}
	if e := (*ecl.SyntaxError)(nil); errors.As(err, &e) {
		f.Line, f.Column, f.Found, f.Expected, f.Hint = e.Line, e.Column, e.Found, e.Expected, e.Hint
	}
	return f
}

var errPage = errors.New("offset and limit are numbers of rows, 0 or more")

// snomed returns the release of SNOMED CT that is asked.
func (s *snapshot) snomed(op, system, version string) (reader, *engine.Release, error) {
	if system == "" {
		system = codesystem.SNOMED
	}
	found, err := s.CodeSystem(system, version)
	if err != nil {
		return reader{}, nil, err
	}
	release, ok := terminology.As[*engine.Release](found.CodeSystem)
	if !ok {
		return reader{}, nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Coding: terminology.Coding{System: found.Release.System},
			Err: fmt.Errorf("expression constraints and expressions are languages of SNOMED CT: %s has none", found.Release.System)}
	}
	return s.reader(found), release, nil
}

// constraint is a constraint that is asked of a release.
type constraint struct {
	reader  reader
	release *engine.Release
	query   *ecl.Query
}

func (s *snapshot) constraint(op string, req ConstraintRequest) (constraint, error) {
	r, release, err := s.snomed(op, req.System, req.Version)
	if err != nil {
		return constraint{}, err
	}
	query, err := release.Constraints().Compile(req.Expression)
	return constraint{r, release, query}, err
}

func (c constraint) head() *ConstraintHead {
	return &ConstraintHead{Release: c.reader.installed.Release, Canonical: c.query.String(), Columns: c.query.Fields(), Warnings: warningsOf(c.query)}
}

func warningsOf(q *ecl.Query) []ConstraintWarning {
	var out []ConstraintWarning
	for _, w := range q.Warnings() {
		out = append(out, ConstraintWarning{Kind: w.Kind.String(), Line: w.Position.Line, Column: w.Position.Column, Subject: w.Subject, Text: w.Message})
	}
	return out
}

// concepts gives the page of a set.
func (c constraint) concepts(ctx context.Context, set *roaring.Bitmap, req ConstraintRequest, yield func(*ConstraintPart) error) error {
	left := int(set.GetCardinality()) - req.Offset
	if req.Limit > 0 {
		left = min(left, req.Limit)
	}
	if left <= 0 {
		return nil
	}
	members := set.Iterator()
	if first, err := set.Select(uint32(req.Offset)); err == nil {
		members.AdvanceIfNeeded(first)
	}
	var (
		ordinals [32]terminology.Ordinal
		shown    [32]terminology.Shown
		rows     = make([]ConstraintRow, 0, min(left, constraintBatch))
	)
	for left > 0 {
		if err := ended(ctx); err != nil {
			return err
		}
		rows = rows[:0]
		for left > 0 && len(rows) < constraintBatch {
			n := min(left, len(ordinals))
			for i := range n {
				ordinals[i] = members.Next()
			}
			c.reader.columns.Show(c.release, ordinals[:n], shown[:n])
			for i := range n {
				rows = append(rows, ConstraintRow{Code: shown[i].Code, Display: shown[i].Display, Inactive: shown[i].Inactive})
			}
			left -= n
		}
		if err := yield(&ConstraintPart{Rows: rows}); err != nil {
			return err
		}
	}
	return nil
}

func (c constraint) countRows(ctx context.Context) (int, error) {
	n := 0
	for _, err := range c.query.Rows(ctx) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// rows gives the page of the rows that the constraint selects.
func (c constraint) rows(ctx context.Context, req ConstraintRequest, yield func(*ConstraintPart) error) error {
	width := len(c.query.Fields())
	cells := make([]string, 0, 2*width*constraintBatch)
	rows := make([]ConstraintRow, 0, constraintBatch)
	skip, given := req.Offset, 0
	for values, err := range c.query.Rows(ctx) {
		if err != nil {
			return err
		}
		if skip > 0 {
			skip--
			continue
		}
		if req.Limit > 0 && given == req.Limit {
			break
		}
		given++
		first := len(cells)
		cells = append(cells, values...)
		for _, v := range values {
			cells = append(cells, c.term(v))
		}
		rows = append(rows, ConstraintRow{Values: cells[first : first+width : first+width], Displays: cells[first+width : first+2*width : first+2*width]})
		if len(rows) == constraintBatch {
			if err := yield(&ConstraintPart{Rows: rows}); err != nil {
				return err
			}
			rows, cells = rows[:0], cells[:0]
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return yield(&ConstraintPart{Rows: rows})
}

// term returns the display of what is the code of a concept, "" for anything else.
func (c constraint) term(code string) string {
	if len(code) < 6 || len(code) > 18 {
		return ""
	}
	o, ok := c.release.Find(code)
	if !ok {
		return ""
	}
	display, _ := c.reader.columns.Display(c.release, o)
	return display
}

// ended is the error of a context that has ended.
func ended(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &terminology.Error{Op: "operation.EvaluateConstraint", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}
