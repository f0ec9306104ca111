package codesystem

import (
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
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

// Open returns the provider of a stored release. The tables stay the caller's to
// close. Errors are those of basic.Open.
func Open(tables terminology.Tables, release terminology.Release) (*basic.Provider, error) {
	o := basic.Options{}
	if known, ok := Known(release.System); ok && release.System != SNOMED {
		o.Normalize, o.Family = known.Normalize, known.Family
	}
	return basic.Open(tables, o)
}
