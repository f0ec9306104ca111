package codesystem

import (
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
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
	return basic.DefaultRules()
}

// Open returns the code system of a stored release over its columns, with all that is
// known of this code system. Text is its text index. Both stay the caller's to close.
// Errors are those of basic.Open.
func Open(tables terminology.Tables, text terminology.TextIndex, release terminology.Release) (terminology.CodeSystem, error) {
	p, err := OpenColumns(tables, release)
	if err != nil {
		return nil, err
	}
	if release.System == SNOMED {
		return engine.New(p, text, ecl.Options{}), nil
	}
	return p, nil
}

// OpenColumns returns the columns of a stored release, which is all that is needed to
// check it.
func OpenColumns(tables terminology.Tables, release terminology.Release) (*basic.Provider, error) {
	o := basic.Options{}
	if known, ok := Known(release.System); ok && release.System != SNOMED {
		o.Normalize, o.Family = known.Normalize, known.Family
	}
	return basic.Open(tables, o)
}
