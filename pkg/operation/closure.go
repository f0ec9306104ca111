package operation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ClosureRequest changes or reads a closure table (FHIR ConceptMap/$closure): the name
// alone makes the table, or empties it; with concepts it adds those; with a version it
// tells again what came after that version.
type ClosureRequest struct {
	Name     string
	Concepts []ClosureCoding
	Resync   bool   // tell again what came after Version
	Version  string // of an answer before; "0": all
}

// ClosureCoding is a concept to be added, and where it stands in the request.
type ClosureCoding struct {
	terminology.Coding
	Where string // for what is wrong with it, such as Parameters.parameter[1].valueCoding
}

// ClosureResponse is what a client is to add to its own table.
type ClosureResponse struct {
	Name    string
	Version string // of the table now; "0" while it is empty
	Made    bool   // the table is new, or was emptied
	Time    time.Time
	Groups  []ClosureGroup // one a code system, in the order in which they came
}

// ClosureGroup is the relations between concepts of one code system.
type ClosureGroup struct {
	System string
	Rows   []ClosureRow // those of one Source follow each other
}

// ClosureRow says that Target subsumes Source, or, when Equal, that they mean the same.
type ClosureRow struct {
	Source, Target string
	Equal          bool
}

// The bounds of closure tables that Options leave open.
const (
	DefaultMaxClosures        = 1000
	DefaultMaxClosureConcepts = 100_000 // of one table

	maxClosureExpressions = 1000    // of one table: they are compared one by one
	maxClosureRows        = 500_000 // of one answer
	maxClosureName        = 200     // characters
	maxClosureCode        = 4000    // bytes of a code
	maxClosureIssues      = 20      // unknown codes that are named
)

// Closure keeps closure tables. What it acknowledges outlasts a power cut. The error is
// Invalid for a name that is none and for a concept that is not known, of which nothing
// is then added; NotFound for a table that was not initialized; NotSupported when nothing
// can be kept here and, as the standard has it, when a table must be initialized anew,
// because the code systems are not what they were or the version is not one of the
// table's; TooCostly when a bound is passed.
func (s *Service) Closure(ctx context.Context, req ClosureRequest) (*ClosureResponse, error) {
	const op = "operation.Closure"
	if s.options.Closures == nil || !s.catalog.Writable() {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("closure tables are kept by the server, and %w", catalog.ErrReadOnly)}
	}
	if req.Resync && len(req.Concepts) > 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("give concepts or a version, not both")}
	}
	if why := badClosureName(req.Name); why != "" {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("invalid closure name %q: %s", req.Name, why)}
	}
	all := &s.closures
	if err := all.load(s.options.Closures); err != nil {
		return nil, err
	}
	if !req.Resync && len(req.Concepts) == 0 {
		head, err := all.begin(req.Name, s.maxClosures())
		if err != nil {
			return nil, err
		}
		return &ClosureResponse{Name: req.Name, Version: closureVersion(head), Made: true, Time: head.Changed}, nil
	}
	t, err := all.take(req.Name)
	if err != nil {
		return nil, err
	}
	defer all.giveBack(t)
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	if err := t.resolve(ctx, snap); err != nil {
		return nil, err
	}
	if req.Resync {
		return t.since(ctx, req.Version)
	}
	return s.addToClosure(ctx, snap, t, req.Concepts)
}

// addToClosure adds concepts to a table, all of them or none.
func (s *Service) addToClosure(ctx context.Context, snap *snapshot, t *closure, concepts []ClosureCoding) (*ClosureResponse, error) {
	head, systems, old := t.head, t.systems, len(t.concepts)
	t.head.Systems = slices.Clip(t.head.Systems)
	t.systems = slices.Clip(t.systems)
	list, err := t.check(snap, concepts)
	if most := s.maxClosureConcepts(); err == nil && old+len(list) > most {
		err = tooMuchClosure("closure %q would have %d concepts, want %d at most: use several closure tables", t.head.Name, old+len(list), most)
	}
	if err != nil || len(list) == 0 {
		t.head, t.systems = head, systems
		return &ClosureResponse{Name: head.Name, Version: closureVersion(head), Time: head.Changed}, err
	}
	var groups []ClosureGroup
	if err = t.add(list); err == nil {
		groups, err = t.relations(ctx, old)
	}
	if err == nil {
		err = s.closures.keep(t, t.concepts[old:])
	}
	if err != nil {
		t.forget(head) // what it has taken in was not kept
		return nil, err
	}
	return &ClosureResponse{Name: t.head.Name, Version: closureVersion(t.head), Time: t.head.Changed, Groups: groups}, nil
}

func (s *Service) maxClosures() int {
	if s.options.MaxClosures > 0 {
		return s.options.MaxClosures
	}
	return DefaultMaxClosures
}

func (s *Service) maxClosureConcepts() int {
	if s.options.MaxClosureConcepts > 0 {
		return s.options.MaxClosureConcepts
	}
	return DefaultMaxClosureConcepts
}

// badClosureName tells why a name is none; "" when it is one.
func badClosureName(name string) string {
	switch {
	case name == "":
		return "want a name"
	case utf8.RuneCountInString(name) > maxClosureName:
		return fmt.Sprintf("want %d characters at most", maxClosureName)
	case strings.TrimSpace(name) != name:
		return "want no blanks at its ends"
	case strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name):
		return "want characters that can be read"
	}
	return ""
}

// closureVersion is how a client is told the version of a table. A table without
// concepts has version 0, whatever came before it was emptied.
func closureVersion(c terminology.Closure) string {
	if c.Version == c.Began {
		return "0"
	}
	return strconv.FormatUint(c.Version, 10)
}

// since tells again what came after a version.
func (t *closure) since(ctx context.Context, version string) (*ClosureResponse, error) {
	from := 0
	if version != "0" {
		n, err := strconv.ParseUint(version, 10, 64)
		if from = t.after(n); err != nil || from < 0 {
			return nil, reinitialize(t.head.Name, fmt.Sprintf("it has no version %q", version))
		}
	}
	resp := &ClosureResponse{Name: t.head.Name, Version: closureVersion(t.head), Time: t.head.Changed}
	var err error
	resp.Groups, err = t.relations(ctx, from)
	return resp, err
}

// after returns the place of the first concept that came after a version that the table
// has had, and -1 when it has not had it.
func (t *closure) after(version uint64) int {
	found := -1
	for i := len(t.concepts) - 1; i >= 0 && t.concepts[i].Version >= version; i-- {
		if t.concepts[i].Version == version {
			return max(found, i+1)
		}
	}
	return found
}

// reinitialize is the error that a table is of no use any more, in the words of the
// standard.
func reinitialize(name, why string) error {
	return issueError("operation.Closure", terminology.NotSupported, Issue{Severity: SeverityError, Type: "conflict", Text: fmt.Sprintf("closure %q must be reinitialized: %s", name, why)})
}

func noClosure(name string) error {
	return issueError("operation.Closure", terminology.NotFound, Issue{Severity: SeverityError, Type: "not-found", Code: "not-found",
		Text: fmt.Sprintf("invalid closure name %q: there is no such closure table; a request with the name alone makes it", name)})
}

func tooMuchClosure(format string, args ...any) error {
	return &terminology.Error{Op: "operation.Closure", Kind: terminology.TooCostly, Err: fmt.Errorf(format, args...)}
}
