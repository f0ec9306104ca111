package operation

import (
	"context"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ValidateCode tells whether a code is valid, and why not: it is Validate for one code, in
// the form of gRPC and the command line. Unknown codes and code systems are answers; an
// unknown value set is an error of kind NotFound. A code without a code system is looked
// for in those of the value set.
func (s *Service) ValidateCode(ctx context.Context, req ValidateCodeRequest) (*ValidateCodeResponse, error) {
	if req.Coding.System == "" && req.ValueSet == "" && req.Compose == nil {
		return nil, &terminology.Error{Op: "operation.ValidateCode", Kind: terminology.Invalid, Err: errNoSystem}
	}
	snap := s.acquireOn(req.Languages, req.Date)
	defer snap.LetGo()
	v := &validation{ctx: ctx, snap: snap, set: req.Compose, resp: &ValidateResponse{}, req: &ValidateRequest{
		Codings: []terminology.Coding{req.Coding}, ValueSet: req.ValueSet, Languages: req.Languages, LanguageList: req.LanguageList, Date: req.Date,
		InferSystem: req.Coding.System == "",
	}}
	found, err := v.run()
	if err != nil {
		return nil, err
	}
	resp := &ValidateCodeResponse{Result: found.Result, Coding: req.Coding, Inactive: found.Inactive, Message: found.Message, Issues: found.Issues}
	if !found.Found {
		return resp, nil
	}
	resp.Coding = found.Coding
	if found.Code != "" {
		resp.Coding.Code, resp.Given = found.Code, req.Coding.Code
	}
	resp.Validity, resp.Replacements = v.best.onDay.validity, v.best.onDay.replacements
	return resp, nil
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

// definition returns the definition that a request names or carries; nil for none.
func (s *snapshot) definition(url string, c *Compose) (*Compose, error) {
	if c != nil || url == "" {
		return c, nil
	}
	return resolver{s}.valueSet(url)
}

func definitionName(c *Compose) string { return terminology.Canonical(c.URL, c.Version) }

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
	_, compositional := r.OpenedCodeSystem().(terminology.Composable) // a resource, which may wait, has no grammar
	return InstalledRelease{
		Release: r.Release, InForce: inForce, Default: s.Default(r), Concepts: r.Concepts, Active: r.Active, Terms: r.Terms,
		Imported: r.Imported.UTC().Format("2006-01-02T15:04:05Z"), Bytes: r.Size(), Columns: r.Columns, Compositional: compositional,
	}
}
