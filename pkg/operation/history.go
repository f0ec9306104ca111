package operation

import (
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// history tells what became of an inactive concept, and the codes to use instead of it,
// if a day has not told them.
func (r reader) history(resp *LookupResponse, o terminology.Ordinal) error {
	release, ok := terminology.As[*engine.Release](r.cs())
	if !ok {
		return r.replacedNow(resp, o)
	}
	reason, ok, err := release.Inactivation(o)
	if err != nil {
		return err
	}
	if ok {
		resp.Inactivation = r.coding(reason)
	}
	found, err := release.Associations(o)
	if err != nil {
		return err
	}
	for _, a := range found {
		out := Association{Kind: r.ownCoding(a.Refset.String()), Target: r.ownCoding(a.Code), Replacement: a.Suggest}
		if a.Target != terminology.NoOrdinal {
			out.Inactive = release.Info(a.Target).Inactive
		}
		resp.Associations = append(resp.Associations, out)
	}
	if resp.Validity != terminology.NotAsked {
		return nil
	}
	for _, a := range resp.Associations {
		if kind := a.Kind.Code; !a.Inactive && a.Replacement && (kind == snomed.ReplacedBy.String() || kind == snomed.SameAs.String()) {
			resp.Replacements = append(resp.Replacements, a.Target)
		}
	}
	return nil
}

// replacedNow tells the codes to use instead of an inactive one by its properties.
func (r reader) replacedNow(resp *LookupResponse, o terminology.Ordinal) (err error) {
	if resp.Validity == terminology.NotAsked {
		resp.Replacements, err = r.replacements(o, 0)
	}
	return err
}

// ownCoding returns a code of the release as a coding, without a display when the
// release does not have it.
func (r reader) ownCoding(code string) terminology.Coding {
	if o, ok := r.cs().Find(code); ok {
		return r.coding(o)
	}
	return terminology.Coding{System: r.installed.Release.System, Version: r.installed.Release.Version, Code: code}
}
