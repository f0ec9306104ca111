package operation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Validate tells whether codings are valid, and everything that there is to remark about
// each, in the words of the HL7 terminology ecosystem. Of several codings one that is in
// the value set is enough, but each must be right. An unknown value set is an error of
// kind NotFound; one that the value set imports, an unknown code system or code are
// answers.
func (s *Service) Validate(ctx context.Context, req ValidateRequest) (*ValidateResponse, error) {
	snap, err := s.snapshotOf(req.Languages, req.Date, req.With)
	if err != nil {
		return nil, err
	}
	defer snap.LetGo()
	return snap.validate(ctx, req)
}

// validate is Validate as the request sees what is installed.
func (s *snapshot) validate(ctx context.Context, req ValidateRequest) (*ValidateResponse, error) {
	v := &validation{ctx: ctx, snap: s, req: &req, resp: &ValidateResponse{}}
	return v.run()
}

// run answers the request, whose value set is given as a definition, or is that of the
// request.
func (v *validation) run() (*ValidateResponse, error) {
	var err error
	v.snap.brief = true
	switch {
	case v.set != nil:
	case len(v.req.Definition) > 0:
		v.set, err = v.snap.given(v.req.Definition)
	case v.req.ValueSet != "":
		v.set, err = resolver{v.snap}.valueSet(v.req.ValueSet)
	}
	if err != nil {
		return nil, err
	}
	if v.set != nil || len(v.req.Codings) > 1 {
		v.ctx = v.snap.service.budgeted(v.ctx)
	}
	if v.set != nil {
		if err := v.readValueSet(); err != nil {
			return nil, err
		}
		if i, ok := unfinishedFilter(v.set); ok {
			return &ValidateResponse{Issues: []Issue{i}, Message: i.Text}, nil
		}
		if err := v.snap.gather(v.ctx, v.set); err != nil {
			return v.failed(err)
		}
	}
	for i := range v.req.Codings {
		err := v.spend(workJudge + workRemark*int64(len(v.resp.CausedBy)+len(v.resp.Unknown)))
		if err == nil {
			err = v.coding(i)
		}
		if err != nil {
			terminology.PlaceBudget(err, fmt.Sprintf("coding[%d]", i), true)
			return v.failed(err)
		}
	}
	v.finish()
	return v.resp, nil
}

// validation is one call of Validate.
type validation struct {
	ctx  context.Context
	snap *snapshot
	req  *ValidateRequest
	resp *ValidateResponse
	set  *Compose // nil: against the code system
	name string   // of the value set, with its version

	asked map[*Compose]*holding // definitions that were judged for the coding at hand

	outside []int // issues of the answer that are about codings that are not in

	anyIn bool // a coding is in the value set
	cause bool // the value set could not be asked, for a reason that an issue tells
	best  *verdict
}

// readValueSet takes over what a value set says of itself that matters to the answer.
func (v *validation) readValueSet() error {
	v.name = definitionName(v.set)
	source := v.snap.sourceOf(v.set)
	if source == nil {
		return nil
	}
	if err := v.snap.supplement(extensionSupplements(source)); err != nil {
		return err
	}
	if w := languagesOf(source); w.before(v.req.LanguageList, v.req.Languages, v.req.Negotiated) {
		v.req.LanguageList, v.req.Languages = w.list, w.pref
		v.snap.showIn(w.pref)
	}
	return nil
}

// membershipOnly reports whether the client wants to know only whether the codes are in the
// value set: nothing is then said of how they stand, and of their displays, and a coding
// that is not in, or not known, is no fault where another one is in.
func (v *validation) membershipOnly() bool { return v.req.Membership && v.set != nil }

// verdict is what is found of one coding.
type verdict struct {
	index   int
	given   terminology.Coding
	called  string             // what the client calls the code system, when given has another name
	base    *catalog.Installed // the release that answers, without supplements; nil: none
	in      bool               // in the value set, or, without one, in the code system
	broken  bool               // whether it is in cannot be told
	telling bool               // issues are those of an import, and tell why it is not in
	differs bool               // base does not go with the version of the coding
	reader  reader
	known   bool // reader is the code system of the coding
	thing   thing
	exists  bool // the code system has the code
	partial bool // it is not known, but the code system is a fragment
	why     string
	issues  []Issue
	onDay   validity
	inForce bool   // reader is in force on the day
	reason  string // what keeps a code out that the definition holds: inactive, abstract
	ref     *resource.ConceptReference
	// Code systems, with version, that the value set needs or the coding names, and that
	// are not known.
	causes, unknown []string
}

func (d *verdict) add(issues ...Issue) {
	for _, i := range issues {
		if !slices.Contains(d.issues, i) {
			d.issues = append(d.issues, i)
		}
	}
}

// coding judges one coding.
func (v *validation) coding(index int) error {
	d := &verdict{index: index, given: v.req.Codings[index]}
	if err := v.judge(d); err != nil {
		return err
	}
	for _, i := range d.issues {
		if v.membershipOnly() && !d.in && strings.HasPrefix(i.ID, unknownCodePrefix) {
			continue // that it is not in the value set is all that was asked
		}
		v.resp.Issues = append(v.resp.Issues, v.placed(i, index))
		if !d.in {
			v.outside = append(v.outside, len(v.resp.Issues)-1)
		}
	}
	for _, c := range d.causes {
		v.resp.CausedBy = appendNew(v.resp.CausedBy, c)
	}
	for _, c := range d.unknown {
		v.resp.Unknown = appendNew(v.resp.Unknown, c)
	}
	if d.in || d.partial {
		if v.best == nil || !v.best.in && !v.best.partial {
			v.best = d
		}
		v.anyIn = true
	}
	v.cause = v.cause || d.broken
	if v.best == nil && v.req.Form != FormConcept {
		v.best = d
	}
	return nil
}

func (v *validation) judge(d *verdict) error {
	if d.given.Code == "" && v.req.Form == FormConcept {
		d.add(issueCodingNoCode()) // a text perhaps, as any coding of a CodeableConcept may be
		return nil
	}
	if d.given.System == "" {
		if done, err := v.infer(d); done || err != nil {
			return err
		}
	}
	stop, err := v.system(d)
	if stop || err != nil {
		return err
	}
	if v.set == nil {
		err = v.inCodeSystem(d)
	} else {
		err = v.inValueSet(d)
	}
	if err != nil {
		return err
	}
	return v.remarks(d)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// coding returns what the code is, as its code system writes it.
func (d *verdict) coding() terminology.Coding {
	if d.thing.composed != nil {
		return d.reader.expression(d.reader.canonical(d.given.Code, d.thing.composed), d.thing.composed)
	}
	return d.reader.coding(d.thing.o)
}
