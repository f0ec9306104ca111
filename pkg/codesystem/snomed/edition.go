package snomed

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of SNOMED CT, and the URI of its default edition.
const System = "http://snomed.info/sct"

// experimental stands for System in the versions of content that is not for
// production (SNOMED CT URI standard, 2.9).
const experimental = "http://snomed.info/xsct"

// Edition names an edition, or a version of one, as SNOMED CT URIs do. The zero
// Edition is the default edition of whoever is asked.
type Edition struct {
	Module       ID               // identifies the edition; 0: the default one
	Date         terminology.Date // identifies its version; 0: the latest one
	Experimental bool             // xsct: not for production
}

// ParseEdition reads http://snomed.info/sct, …/sct/MODULE or
// …/sct/MODULE/version/YYYYMMDD, and the same with xsct.
func ParseEdition(uri string) (Edition, error) {
	const op = "snomed.ParseEdition"
	e := Edition{}
	rest, ok := strings.CutPrefix(uri, System)
	if !ok {
		if rest, ok = strings.CutPrefix(uri, experimental); !ok {
			return e, editionError(op, uri)
		}
		e.Experimental = true
	}
	if rest == "" {
		return e, nil
	}
	rest, ok = strings.CutPrefix(rest, "/")
	module, date, dated := strings.Cut(rest, "/version/")
	id, valid := ScanID(module)
	if !ok || !valid || !id.IsConcept() {
		return Edition{}, editionError(op, uri)
	}
	e.Module = id
	if dated {
		if e.Date, ok = terminology.ParseDate(date); !ok {
			return Edition{}, editionError(op, uri)
		}
	}
	return e, nil
}

func editionError(op, uri string) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid,
		Err: fmt.Errorf("found %q, want %s/MODULE/version/YYYYMMDD, with or without module and version", uri, System)}
}

// String returns the URI of the version, of the edition when there is no date,
// and of the code system when there is no module.
func (e Edition) String() string {
	if e.Module != 0 && e.Date != 0 {
		return e.URI() + "/version/" + e.Date.Compact()
	}
	return e.URI()
}

// URI returns the URI of the edition, which is that of its versions without a
// date.
func (e Edition) URI() string {
	base := System
	if e.Experimental {
		base = experimental
	}
	if e.Module == 0 {
		return base
	}
	return base + "/" + e.Module.String()
}

// Name returns a name for files and folders: snomed-51000202101, or xsnomed-…
// for an experimental edition.
func (e Edition) Name() string {
	name := "snomed"
	if e.Experimental {
		name = "xsnomed"
	}
	if e.Module == 0 {
		return name
	}
	return name + "-" + e.Module.String()
}

// Title returns the name of the edition for people.
func (e Edition) Title() string {
	if known, ok := editions[e.Module]; ok {
		return known.title
	}
	if e.Module == 0 {
		return "SNOMED CT"
	}
	return "SNOMED CT, edition of module " + e.Module.String()
}

// Language returns the language of displays when none is asked for.
func (e Edition) Language() string {
	if known, ok := editions[e.Module]; ok {
		return known.language
	}
	return "en-US"
}

// Known reports whether the module is listed here as an edition of its own.
func (e Edition) Known() bool {
	_, ok := editions[e.Module]
	return ok
}

// KnownExperimental reports whether the module is one that is published only as
// experimental content.
func KnownExperimental(module ID) bool { return editions[module].experimental }

// Matches reports whether a version satisfies what e asks for: the same module
// and date, as far as e says them.
func (e Edition) Matches(version Edition) bool {
	return (e.Module == 0 || e.Module == version.Module) &&
		(e.Date == 0 || e.Date == version.Date) &&
		(e.Experimental == version.Experimental || e.Module == 0 && !e.Experimental)
}
