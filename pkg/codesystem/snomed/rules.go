package snomed

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
)

// The description types as they stand in a release.
const (
	UseFSN        = "900000000000003001"
	UseSynonym    = "900000000000013009"
	UseDefinition = "900000000000550004"
)

// Rules tell what the descriptions of SNOMED CT are for: synonyms are shown, fully
// specified names and synonyms are searched, and the semantic tag stands in
// brackets at the end of a fully specified name.
func Rules() basic.Rules {
	return basic.Rules{
		Display: func(use string) bool { return use == UseSynonym },
		Search:  func(use string) bool { return use != UseDefinition },
		Language: func(refset string) string {
			id, err := ParseID(refset)
			if err != nil {
				return ""
			}
			tag, _ := LanguageTag(id)
			return tag
		},
		Tag: func(use, term string) string {
			if use != UseFSN {
				return ""
			}
			return SemanticTag(term)
		},
	}
}

// SemanticTag returns the semantic tag of a fully specified name: "disorder" of
// "Myocardial infarction (disorder)", and "" when there is none.
func SemanticTag(fsn string) string {
	if !strings.HasSuffix(fsn, ")") {
		return ""
	}
	open := strings.LastIndexByte(fsn, '(')
	if open < 0 {
		return ""
	}
	return fsn[open+1 : len(fsn)-1]
}
