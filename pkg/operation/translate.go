package operation

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Translate gives the codes that maps lead to, or with Reverse the codes that lead to one.
// Rows are evaluated for the patient. Where no row of a map that joins the two code
// systems answers, maps are joined. A code without a map is an answer. The error is TooCostly
// for more work than a request has.
func (s *Service) Translate(ctx context.Context, req TranslateRequest) (*TranslateResponse, error) {
	ctx = s.budgeted(ctx)
	if err := terminology.Spend(ctx, "operation.Translate", workTranslate); err != nil {
		return nil, err
	}
	snap, err := s.snapshotOf(req.Languages, 0, req.With)
	if err != nil {
		return nil, err
	}
	defer snap.LetGo()
	if req.Coding.System == "" {
		return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.Invalid, Err: errNoSystem}
	}
	t := translation{ctx: ctx, snap: snap, req: &req, resp: &TranslateResponse{Source: req.Coding}, reverse: req.Reverse}
	if err := t.readGiven(); err != nil {
		return nil, err
	}
	if t.resp.Source.System, err = t.system(req.Coding.System); err != nil {
		return nil, err
	}
	if err := t.readTarget(); err != nil {
		return nil, err
	}
	if err := t.readSource(); err != nil {
		return nil, err
	}
	out, err := t.outOfScope()
	if err != nil || out {
		return t.resp, err
	}
	if err := t.prefixed(); err != nil {
		return nil, err
	}
	if req.Into != "" {
		return t.resp, t.into()
	}
	return t.resp, t.byMaps()
}

// translation is one call of Translate.
type translation struct {
	ctx     context.Context
	snap    *snapshot
	req     *TranslateRequest
	resp    *TranslateResponse
	target  string // preferred URI of the wanted code system, or ""
	scope   string // URL of the value set that answers are in, or ""
	reverse bool
	unknown bool // the source code is not in its code system

	source  *catalog.Installed // of the source; nil: it is not installed
	ordinal terminology.Ordinal
	given   conceptmap.Given
	taken   bool // the age at onset was taken to be the age
	over    int  // rows that were overridden

	// The code system in which findings are kinds of others, once a rule has asked, and
	// the release and system of the map of that rule.
	within       terminology.CodeSystem
	withinOf     *catalog.Installed
	withinSystem string
}

// byMaps answers from maps.
func (t *translation) byMaps() error {
	maps, err := t.maps(t.req.URL)
	if err != nil {
		return err
	}
	answered := false
	for _, m := range maps {
		found, err := t.translate(m)
		if err != nil {
			return err
		}
		answered = answered || found
	}
	chained := false
	if !answered && t.target != "" && t.req.URL == "" && !t.req.NoChain {
		if chained, err = t.chain(); err != nil {
			return err
		}
	}
	if err := t.keepScope(); err != nil {
		return err
	}
	t.finish()
	switch r := t.resp; {
	case r.Result || r.Message != "":
	case len(maps) == 0 && !chained:
		r.Message = noMapInstalled(r.Source.System, t.target)
	case t.unknown:
		r.Message = unknownCode(r.Source)
	default:
		r.Message = noMap(r.Source, t.target)
	}
	return nil
}

// finish puts what applies first, and says what it all rests on.
func (t *translation) finish() {
	r := t.resp
	if slices.ContainsFunc(r.Matches, func(m Match) bool { return m.State > conceptmap.Candidate }) {
		slices.SortStableFunc(r.Matches, func(a, b Match) int { return cmp.Compare(a.State/conceptmap.Rejected, b.State/conceptmap.Rejected) })
	}
	for i := range r.Matches {
		m := &r.Matches[i]
		r.Result = r.Result || m.answers()
		for _, n := range m.Needs {
			if !slices.Contains(r.Needs, n) {
				r.Needs = append(r.Needs, n)
			}
		}
	}
	if t.over > 0 {
		rows := "rows of the International Edition give"
		if t.over == 1 {
			rows = "row of the International Edition gives"
		}
		t.note("%d %s way to the extension's", t.over, rows)
	}
	if t.taken {
		t.note("the age at onset is not known, and was taken to be the age")
	}
}

func (t *translation) note(format string, args ...any) {
	t.resp.Notes = append(t.resp.Notes, fmt.Sprintf(format, args...))
}

// system returns the preferred URI of a code system. A map may be from or to one that is
// not installed, which is then called as the map calls it.
func (t *translation) system(name string) (string, error) {
	uri, err := t.snap.System(name)
	if terminology.KindOf(err) != terminology.NotFound {
		return uri, err
	}
	for _, r := range t.snap.Releases {
		for _, m := range r.Release.Maps {
			if m.Source == name || m.Target == name {
				return name, nil
			}
		}
	}
	return "", err
}

// readSource finds the code that is translated, in its own code system when that
// is installed. Maps are asked for the code as its publisher writes it.
func (t *translation) readSource() error {
	src := &t.resp.Source
	r, err := t.snap.CodeSystem(src.System, src.Version)
	if terminology.KindOf(err) == terminology.NotFound && src.Version == "" {
		return nil // a map of a code system that is not installed
	}
	if err != nil {
		return err
	}
	t.source = r
	o, ok := r.CodeSystem.Find(src.Code)
	if !ok {
		t.unknown, t.ordinal = true, terminology.NoOrdinal
		return nil
	}
	t.ordinal = o
	*src = t.snap.reader(t.snap.supplemented(r)).coding(o)
	return nil
}
