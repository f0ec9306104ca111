package ecl

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

var (
	rootCode      = snomed.Root.String()
	codePrimitive = snomed.Primitive.String()
	codeDefined   = snomed.Defined.String()
)

// historicalAssociation is the concept whose descendants are the historical
// association reference sets.
const historicalAssociation = "900000000000522004"

// associations are the historical association reference sets of a profile (guide,
// "History Supplements"). The maximum has all that are known, beside whatever else
// the release has below historicalAssociation.
var associations = [...][]snomed.ID{
	HistoryMinimum:  {snomed.SameAs},
	HistoryModerate: {snomed.SameAs, snomed.ReplacedBy, snomed.WasA, snomed.PartiallyEquivalentTo},
	HistoryMaximum: {
		snomed.SameAs, snomed.ReplacedBy, snomed.WasA, snomed.PartiallyEquivalentTo, snomed.PossiblyEquivalentTo,
		snomed.PossiblyReplacedBy, snomed.SimilarTo, snomed.Alternative, snomed.MovedTo, snomed.MovedFrom, snomed.RefersTo,
	},
}

// dialectAliases are the aliases of language reference sets (guide, appendix C), and
// beside them the language alone where a country has one set, and the older forms
// without "x". Each in lower case.
var dialectAliases = map[string]snomed.ID{
	"nb": snomed.Bokmal, "nb-no": snomed.Bokmal, "no": snomed.Bokmal, "no-no": snomed.Bokmal,
	"nn": snomed.Nynorsk, "nn-no": snomed.Nynorsk,
	"nb-x-gp": snomed.BokmalGP, "nb-no-x-gp": snomed.BokmalGP,
	"nn-x-gp": snomed.NynorskGP, "nn-no-x-gp": snomed.NynorskGP,
	"en-us": snomed.USEnglish, "en-gb": snomed.GBEnglish,
	"da": 554461000005103, "da-dk": 554461000005103,
	"sv": 46011000052107, "sv-se": 46011000052107,
	"et": 71000181105, "et-ee": 71000181105,
	"en-au": 32570271000036106, "en-ca": 19491000087109, "en-ie": 21000220103,
	"en-nz": 271000210107, "en-nz-x-pat": 281000210109,
	"en-x-gmdn": 608771002, "en-int-gmdn": 608771002,
	"en-x-nhs-clinical": 999001261000000100, "en-nhs-clinical": 999001261000000100,
	"en-x-nhs-dmd": 999000671000001103, "en-nhs-dmd": 999000671000001103,
	"en-x-nhs-pharmacy": 999000691000001104, "en-nhs-pharmacy": 999000691000001104,
	"en-gb-x-drug": 999000681000001101, "en-uk-drug": 999000681000001101,
	"en-gb-x-ext": 999001251000000103, "en-uk-ext": 999001251000000103,
	"es": 450828004, "es-uy": 5641000179103,
	"de": 722130004, "fr": 722131000, "fr-be": 21000172104, "fr-ca": 20581000087109,
	"ja": 722129009, "mi": 291000210106, "zh": 722128001,
	"nl": 31000146106, "nl-nl": 31000146106, "nl-be": 31000172101,
}

// dialect returns the language reference set of an alias: of the table, of a private
// use that is its id, or of the tag that editions give it.
func dialect(alias string) (snomed.ID, bool) {
	if id, ok := dialectAliases[alias]; ok {
		return id, true
	}
	if at := strings.LastIndex(alias, "-x-"); at >= 0 {
		private := strings.ReplaceAll(strings.TrimPrefix(alias[at+3:], "sctlang-"), "-", "")
		if id, err := snomed.ParseID(private); err == nil {
			return id, true
		}
	}
	language, region, ok := strings.Cut(alias, "-")
	if ok && len(region) == 2 {
		return snomed.LanguageRefset(language + "-" + strings.ToUpper(region))
	}
	return snomed.LanguageRefset(alias)
}

// schemes are the concepts of identifier schemes by alias, in upper case.
var schemes = map[string][]string{
	"LOINC": {"30051010000102", "705114005"},
}
