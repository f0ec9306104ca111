package codesystem

import (
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/combined"
	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/nkpk"
	"github.com/kodeks/kodeks/pkg/codesystem/norpat"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Rules returns what a code system says about its own terms, for building its
// releases.
func Rules(system string) basic.Rules {
	if system == SNOMED {
		return snomed.Rules()
	}
	return resource.Rules()
}

// Open returns the code system of a stored release over its columns, with all that is
// known of this code system. Text is its text index. Both stay the caller's to close.
// Errors are those of basic.Open.
func Open(tables terminology.Tables, text terminology.TextIndex, release terminology.Release) (terminology.CodeSystem, error) {
	p, err := OpenColumns(tables, release)
	if err != nil {
		return nil, err
	}
	switch release.System {
	case SNOMED:
		return engine.New(p, text, ecl.Options{}), nil
	case ICD11:
		return icd11.New(p), nil
	case nkpk.NCSP, nkpk.NCMP, nkpk.NCRP, nkpk.System:
		return combined.New(p, nkpk.Combination()), nil
	case norpat.System:
		return combined.New(p, norpat.Combination()), nil
	}
	return p, nil
}

// OpenColumns returns the columns of a stored release, which is all that is needed to
// check it.
func OpenColumns(tables terminology.Tables, release terminology.Release) (*basic.Provider, error) {
	o := basic.Options{}
	if known, ok := Known(release.System); ok && release.System != SNOMED {
		o.Normalize = known.Normalize
	}
	return basic.Open(tables, o)
}
