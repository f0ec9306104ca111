package operation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// noFinding is the finding that there is none.
const noFinding = "none"

// readGiven reads what the request tells of the patient.
func (t *translation) readGiven() (err error) {
	p := &t.req.Patient
	g := &t.given
	if p.Sex != "" {
		if g.Sex, err = conceptmap.ParseSex(p.Sex); err != nil {
			return givenError("sex", "sex", err)
		}
	}
	if p.Age != "" {
		if g.Age, err = conceptmap.ParseAge(p.Age); err != nil {
			return givenError("age", "age", err)
		}
	}
	if p.AgeAtOnset != "" {
		if g.Onset, err = conceptmap.ParseAge(p.AgeAtOnset); err != nil {
			return givenError("age at onset", "ageAtOnset", err)
		}
	}
	for _, f := range p.Findings {
		switch f = strings.TrimSpace(f); f {
		case noFinding:
			g.NoOther = true
		case "":
			return givenError("finding", "finding", fmt.Errorf("want the code of a finding, or %s", noFinding))
		default:
			g.Findings = append(g.Findings, f)
		}
	}
	g.Terms = p.Terms
	g.IsA = t.isA // also for the source, which is a finding itself
	return nil
}

// givenError is about what the request tells of the patient, in a parameter of FHIR.
func givenError(what, parameter string, err error) error {
	return issueError("operation.Translate", terminology.Invalid, Issue{Severity: SeverityError, Type: "invalid", Expression: parameter,
		Text: fmt.Sprintf("%s: %s", what, terminology.Message(err))})
}

// readTarget reads where the answer is to be: a code system, or a value set.
func (t *translation) readTarget() (err error) {
	t.scope = t.req.TargetScope
	if t.req.Target != "" {
		if t.target, err = t.system(allCodes(t.req.Target)); err == nil && t.scope != "" {
			if uri, err := t.system(allCodes(t.scope)); err == nil && sameEnd(uri, t.target) {
				t.scope = "" // all of it
			}
		}
	} else if t.scope != "" {
		if uri, err := t.system(allCodes(t.scope)); err == nil {
			t.target, t.scope = uri, ""
		} else {
			c, err := t.definition(t.scope)
			if err != nil {
				return err
			}
			t.target = soleSystem(c)
		}
	}
	return err
}

// allCodes returns the code system of an implicit value set of all its codes.
func allCodes(url string) string {
	system, found := strings.CutSuffix(url, "?vs")
	if !found {
		system, _ = strings.CutSuffix(url, "?fhir_vs")
	}
	return system
}

func (t *translation) definition(url string) (*Compose, error) { return t.snap.definition(url, nil) }

// outOfScope reports whether the source is not in the value set that it must be in.
func (t *translation) outOfScope() (bool, error) {
	scope := t.req.SourceScope
	if scope == "" {
		return false, nil
	}
	if uri, err := t.snap.System(allCodes(scope)); err == nil {
		if sameEnd(uri, t.resp.Source.System) {
			return false, nil
		}
	} else if in, err := t.member(scope, t.resp.Source); in || err != nil {
		return false, err
	}
	t.resp.Message = fmt.Sprintf("The code '%s' of '%s' is not in the value set '%s' that is to be translated from", t.resp.Source.Code, t.resp.Source.System, scope)
	return true, nil
}

// member reports whether a value set holds a code.
func (t *translation) member(url string, c terminology.Coding) (bool, error) {
	definition, err := t.definition(url)
	if err != nil {
		return false, err
	}
	r, err := t.snap.CodeSystem(c.System, c.Version)
	if terminology.KindOf(err) == terminology.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	o, ok := r.CodeSystem.Find(c.Code)
	if !ok {
		return false, nil
	}
	return valueset.Contains(t.ctx, definition, resolver{t.snap}, r.CodeSystem, o)
}

// keepScope drops the matches that are not in the value set that answers must be in.
func (t *translation) keepScope() (err error) {
	if t.scope == "" {
		return nil
	}
	before := len(t.resp.Matches)
	t.resp.Matches = slices.DeleteFunc(t.resp.Matches, func(m Match) bool {
		if err != nil || m.Coding.Code == "" {
			return false
		}
		var in bool
		in, err = t.member(t.scope, m.Coding)
		return !in
	})
	if n := before - len(t.resp.Matches); n > 0 && err == nil {
		t.note("%d of the codes are not in the value set %s", n, t.scope)
	}
	return err
}

// into adds the most special members of a value set that are the source or more general.
func (t *translation) into() error {
	set, err := t.snap.service.members(t.ctx, t.snap, asked{url: t.req.Into})
	if err != nil {
		return err
	}
	if t.source == nil {
		_, err := t.snap.CodeSystem(t.resp.Source.System, t.resp.Source.Version)
		return err
	}
	if t.unknown {
		t.resp.Message = unknownCode(t.resp.Source)
		return nil
	}
	t.asIn(set)
	cs := t.source.CodeSystem
	var members []terminology.Ordinal
	for _, p := range set.parts {
		if p.CodeSystem != cs {
			continue
		}
		for _, o := range slices.Concat(cs.Ancestors(t.ordinal), []terminology.Ordinal{t.ordinal}) {
			if p.Set.Contains(o) && !slices.Contains(members, o) {
				members = append(members, o)
			}
		}
	}
	name := set.definition.Name
	for _, o := range members {
		if slices.ContainsFunc(members, func(other terminology.Ordinal) bool { return other != o && cs.Subsumes(o, other) }) {
			continue
		}
		m := Match{Coding: t.snap.reader(t.source).coding(o), Relationship: terminology.SourceIsNarrower, Map: t.req.Into, MapTitle: name}
		if o == t.ordinal {
			m.Relationship = terminology.Equivalent
		} else {
			m.Path = t.up(o)
		}
		t.resp.Matches = append(t.resp.Matches, m)
	}
	if t.finish(); !t.resp.Result {
		t.resp.Message = fmt.Sprintf("No member of '%s' is '%s#%s' or more general", t.req.Into, t.resp.Source.System, t.resp.Source.Code)
	}
	return nil
}

// asIn makes the source the code in the version of its code system that a value set is of,
// when that is not the one that was asked for.
func (t *translation) asIn(set *evaluatedSet) {
	if slices.ContainsFunc(set.parts, func(p valueset.Part) bool { return p.CodeSystem == t.source.CodeSystem }) {
		return
	}
	for _, p := range set.parts {
		r := t.snap.installedOf(p.CodeSystem)
		if r == nil || r.Release.System != t.source.Release.System {
			continue
		}
		o, ok := p.CodeSystem.Find(t.resp.Source.Code)
		if !ok {
			continue
		}
		if r.Release.Version != t.source.Release.Version {
			t.note("the value set is of version %s, in which the code was looked for", r.Release.Version)
		}
		t.source, t.ordinal = r, o
		return
	}
}

// prefixed returns the error that codes of a code system have no prefixes that mean
// anything.
func (t *translation) prefixed() error {
	if !t.req.Prefix {
		return nil
	}
	what := ""
	switch {
	case !t.req.Reverse:
		what = "a prefix is for maps that are read in reverse"
	case t.resp.Source.System == snomed.System:
		what = "the beginning of a code of SNOMED CT means nothing"
	default:
		return nil
	}
	return &terminology.Error{Op: "operation.Translate", Kind: terminology.Invalid, Err: textError(what)}
}

// soleSystem returns the code system of a definition that has only one, else "".
func soleSystem(c *Compose) string {
	system := ""
	for _, include := range c.Include {
		if include.System == "" || system != "" && system != include.System {
			return ""
		}
		system = include.System
	}
	return system
}
