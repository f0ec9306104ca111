package operation

import (
	"context"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ValidateCode tells whether a code is valid, and why not. Unknown codes and code
// systems are answers; an unknown value set is an error of kind NotFound.
func (s *Service) ValidateCode(ctx context.Context, req ValidateCodeRequest) (*ValidateCodeResponse, error) {
	snap := s.acquireOn(req.Languages, req.Date)
	defer snap.LetGo()
	definition, err := snap.definition(req.ValueSet, req.Compose)
	if err != nil {
		return nil, err
	}
	if req.Coding.System == "" && definition != nil {
		req.Coding.System = soleSystem(definition)
	}
	if req.Coding.Version == "" && definition != nil {
		req.Coding.Version = snap.versionIn(definition, req.Coding.System)
	}
	resp := &ValidateCodeResponse{Coding: req.Coding}
	r, inForce, err := snap.findOn(req.Coding)
	if terminology.KindOf(err) == terminology.NotFound {
		resp.Issues = []Issue{snap.issueNotInstalled(req.Coding)}
		resp.Message = message(resp.Issues)
		return resp, nil
	}
	if err != nil {
		return nil, err
	}
	resp.Coding.System, resp.Coding.Version = r.installed.Release.System, r.installed.Release.Version
	t, ok, why := r.meaning(req.Coding.Code)
	if !ok {
		return resp, snap.unknown(resp, req, definition, r, why, inForce)
	}
	if t.composed != nil {
		resp.Coding = r.expression(r.canonical(req.Coding.Code, t.composed), t.composed)
	} else {
		resp.Coding = r.coding(t.o)
	}
	if definition != nil {
		asked := definition
		if req.Date != 0 {
			asked, _ = asOf(definition) // a code that is not valid on the day is not valid anyhow
		}
		in, err := t.in(ctx, asked, resolver{snap}, r.cs())
		if err != nil {
			return nil, err
		}
		if !in {
			resp.Issues = append(resp.Issues, issueNotInValueSet(resp.Coding, definitionName(definition)))
		}
	}
	v, err := snap.validity(r, t, inForce)
	if err != nil {
		return nil, err
	}
	resp.stands(v)
	resp.Inactive = v.validity == terminology.NoLongerValid
	if t.composed != nil {
		err = r.remarkComposed(ctx, resp, req.Coding.Display, definition != nil, t.composed)
	} else {
		r.remark(resp, req, t.o)
	}
	if err != nil {
		return nil, err
	}
	if typed := req.Coding.Code; typed != resp.Coding.Code {
		resp.Given = typed
		resp.Issues = append(resp.Issues, issueForm(typed, resp.Coding))
	}
	resp.Message = message(resp.Issues)
	resp.Result = resp.Message == ""
	return resp, nil
}

// unknown says that a release has no such code.
func (s *snapshot) unknown(resp *ValidateCodeResponse, req ValidateCodeRequest, definition *Compose, r reader, why string, inForce bool) error {
	if definition != nil {
		resp.Issues = append(resp.Issues, issueNotInValueSet(resp.Coding, definitionName(definition)))
	}
	resp.Issues = append(resp.Issues, issueUnknownCode(resp.Coding))
	if why != "" {
		resp.Issues = append(resp.Issues, issueNotExpression(why))
	}
	v, err := s.elsewhere(r, req.Coding.Code, req.Coding.Version, inForce)
	resp.stands(v)
	resp.Coding.Display = ""
	resp.Message = message(resp.Issues)
	return err
}

// stands takes over how a code stands on a day.
func (resp *ValidateCodeResponse) stands(v validity) {
	resp.Validity, resp.Replacements = v.validity, v.replacements
	resp.Issues = append(resp.Issues, v.issues...)
}

// remark adds what there is to say of a code that exists.
func (r reader) remark(resp *ValidateCodeResponse, req ValidateCodeRequest, o terminology.Ordinal) {
	info := r.cs().Info(o)
	if req.Date == 0 && info.Inactive {
		resp.Inactive = true
		resp.Issues = append(resp.Issues, issueInactive(resp.Coding.Code))
	}
	if info.Abstract {
		resp.Issues = append(resp.Issues, issueAbstract(resp.Coding))
	}
	if given := req.Coding.Display; given != "" {
		switch active, inactive := r.hasTerm(o, given); {
		case active:
		case inactive:
			resp.Issues = append(resp.Issues, issueInactiveDisplay(given, resp.Coding.Code, r.activeTerms(o), "inactive"))
		default:
			_, lang, _ := r.concept(o)
			resp.Issues = append(resp.Issues, issueDisplay(given, resp.Coding, lang))
		}
	}
}

// hasTerm reports whether a text is an active term of a concept, or only one that has
// been retired, in any language and case.
func (r reader) hasTerm(o terminology.Ordinal, text string) (active, inactive bool) {
	for d := range r.cs().Designations(o) {
		if strings.EqualFold(d.Term, text) && !isDefinition(d.Use) {
			if !d.Inactive {
				return true, false
			}
			inactive = true
		}
	}
	return false, inactive
}

// isDefinition reports whether a use is that of a text definition, which is no display.
func isDefinition(use string) bool {
	return use == snomed.UseDefinition || use == terminology.UseDefinition
}

// activeTerms returns the active terms of a concept that may be displays, in
// alphabetical order, each once.
func (r reader) activeTerms(o terminology.Ordinal) []string {
	var out []string
	for d := range r.cs().Designations(o) {
		if !d.Inactive && !isDefinition(d.Use) {
			out = append(out, d.Term)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// definition returns the definition that a request names or carries; nil for none.
func (s *snapshot) definition(url string, c *Compose) (*Compose, error) {
	if c != nil || url == "" {
		return c, nil
	}
	return resolver{s}.valueSet(url)
}

func definitionName(c *Compose) string {
	if c.Version != "" {
		return c.URL + "|" + c.Version
	}
	return c.URL
}

// soleSystem returns the code system of a definition that has only one.
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

// versionIn returns the version of a code system that a definition names, so that a
// code without a version is read in the release that the value set is made of.
func (s *snapshot) versionIn(c *Compose, system string) string {
	uri, err := s.System(system)
	if err != nil {
		return ""
	}
	for _, include := range c.Include {
		if in, err := s.System(include.System); err == nil && in == uri && include.Version != "" {
			return include.Version
		}
	}
	return ""
}

// issueNotInstalled says which part of a coding is not installed.
func (s *snapshot) issueNotInstalled(c terminology.Coding) Issue {
	if c.Version != "" {
		if any, err := s.CodeSystem(c.System, ""); err == nil {
			var known []string
			for _, r := range s.Releases {
				if r.Release.System == any.Release.System {
					known = append(known, r.Release.Version)
				}
			}
			return issueUnknownVersion(any.Release.System, c.Version, known)
		}
	}
	return issueUnknownSystem(c.System)
}

// List tells what is installed.
func (s *Service) List(context.Context) (*ListResponse, error) {
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	resp := &ListResponse{}
	for _, r := range snap.Releases {
		if r.Of != nil { // part of a collection, which is in the list
			if r.HasCodeSystem() {
				resp.Resources = append(resp.Resources, installed(snap.Snapshot, r))
			}
			continue
		}
		resp.Releases = append(resp.Releases, installed(snap.Snapshot, r))
	}
	return resp, nil
}

func installed(s *catalog.Snapshot, r *catalog.Installed) InstalledRelease {
	inForce, _ := s.InForce(r)
	_, compositional := r.CodeSystem.(terminology.Composable)
	return InstalledRelease{
		Release: r.Release, InForce: inForce, Default: s.Default(r), Concepts: r.Concepts, Active: r.Active, Terms: r.Terms,
		Imported: r.Imported.UTC().Format("2006-01-02T15:04:05Z"), Bytes: r.Size(), Columns: r.Columns, Compositional: compositional,
	}
}
