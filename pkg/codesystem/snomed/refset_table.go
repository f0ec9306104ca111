package snomed

import "github.com/kodeks/kodeks/pkg/terminology"

// editions is what is known of editions by their module.
var editions = map[ID]struct {
	title, language string
	experimental    bool
}{
	CoreModule:        {title: "SNOMED CT International Edition", language: "en-US"},
	NorwegianModule:   {title: "SNOMED CT Norwegian Edition", language: "nb"},
	554471000005108:   {title: "SNOMED CT Danish Edition", language: "da-DK"},
	45991000052106:    {title: "SNOMED CT Swedish Edition", language: "sv-SE"},
	11000229106:       {title: "SNOMED CT Finnish Edition", language: "fi"},
	11000181102:       {title: "SNOMED CT Estonian Edition", language: "et-EE"},
	11000146104:       {title: "SNOMED CT Netherlands Edition", language: "nl-NL"},
	11000172109:       {title: "SNOMED CT Belgian Edition", language: "nl-BE"},
	11000274103:       {title: "SNOMED CT German Edition", language: "de"},
	11000234105:       {title: "SNOMED CT Austrian Edition", language: "de"},
	2011000195101:     {title: "SNOMED CT Swiss Edition", language: "de"},
	11000220105:       {title: "SNOMED CT Irish Edition", language: "en-IE"},
	83821000000107:    {title: "SNOMED CT United Kingdom Edition", language: "en-GB"},
	731000124108:      {title: "SNOMED CT United States Edition", language: "en-US"},
	20611000087101:    {title: "SNOMED CT Canadian Edition", language: "en-CA"},
	32506021000036107: {title: "SNOMED CT Australian Edition", language: "en-AU"},
	21000210109:       {title: "SNOMED CT New Zealand Edition", language: "en-NZ"},
	449081005:         {title: "SNOMED CT International Spanish Edition", language: "es"},
	5631000179106:     {title: "SNOMED CT Uruguay Edition", language: "es-UY"},
	332351000009108:   {title: "SNOMED CT Veterinary Extension", language: "en-US"},
	31000003106:       {title: "SNOMED CT test subset", language: "en-US", experimental: true},
}

// languages gives language reference sets their BCP-47 tags. The sets for general
// practice have a private-use part, since no registered subtag says it.
var languages = map[ID]string{
	Bokmal:             "nb",
	Nynorsk:            "nn",
	BokmalGP:           "nb-x-gp",
	NynorskGP:          "nn-x-gp",
	USEnglish:          "en-US",
	GBEnglish:          "en-GB",
	554461000005103:    "da-DK",
	46011000052107:     "sv-SE",
	71000181105:        "et-EE",
	31000146106:        "nl-NL",
	31000172101:        "nl-BE",
	21000172104:        "fr-BE",
	120961000172108:    "de-BE",
	701000172104:       "nl-BE-x-gp",
	711000172101:       "fr-BE-x-gp",
	20581000087109:     "fr-CA",
	19491000087109:     "en-CA",
	10031000315102:     "fr-FR",
	21000220103:        "en-IE",
	32570271000036106:  "en-AU",
	271000210107:       "en-NZ",
	291000210106:       "mi",
	999001261000000100: "en-GB-x-clinical",
	999000691000001104: "en-GB-x-pharmacy",
	450828004:          "es",
	5641000179103:      "es-UY",
	722128001:          "zh",
	722129009:          "ja",
	722130004:          "de",
	722131000:          "fr",
}

// LanguageTag returns the BCP-47 tag of a language reference set; false when the
// set is not known here.
func LanguageTag(refset ID) (string, bool) {
	tag, ok := languages[refset]
	return tag, ok
}

// LanguageRefset returns the language reference set of a BCP-47 tag as
// LanguageTag writes it.
func LanguageRefset(tag string) (ID, bool) {
	for id, t := range languages {
		if t == tag {
			return id, true
		}
	}
	return 0, false
}

// Canonical URIs of code systems that maps lead to.
const (
	icd10NO = "http://hl7.org/fhir/sid/icd-10-no"
	icd10   = "http://hl7.org/fhir/sid/icd-10"
	icpc2   = "http://hl7.org/fhir/sid/icpc-2"
	icd10CM = "http://hl7.org/fhir/sid/icd-10-cm"
	icd11   = "http://id.who.int/icd/release/11/mms"
	nkpk    = "urn:oid:2.16.578.1.12.4.1.1.7275"
)

// maps is what is known of map and association reference sets.
var maps = map[ID]struct{ title, target string }{
	ICD10Map:              {"SNOMED CT to ICD-10", icd10},
	ICPC2Map:              {"SNOMED CT to ICPC-2 (Norway)", icpc2},
	ICPC2SimpleMap:        {"SNOMED CT to ICPC-2", icpc2},
	OrphanetMap:           {"SNOMED CT to Orphanet", "https://www.orpha.net"},
	ICDOMap:               {"SNOMED CT to ICD-O", "http://terminology.hl7.org/CodeSystem/icd-o-3"},
	ICD10CMMap:            {"SNOMED CT to ICD-10-CM", icd10CM},
	ICD9CMMap:             {"SNOMED CT to ICD-9-CM", "http://hl7.org/fhir/sid/icd-9-cm"},
	NKPKMap:               {"SNOMED CT to NKPK (Norwegian procedure codes)", nkpk},
	NKPKReverseMap:        {"SNOMED CT to NKPK (look-up from NKPK)", nkpk},
	ATCMap:                {"SNOMED CT to ATC", "http://www.whocc.no/atc"},
	CTV3Map:               {"SNOMED CT to Clinical Terms Version 3", "http://read.info/ctv3"},
	MedDRAMap:             {"SNOMED CT to MedDRA", "https://www.meddra.org"},
	PossiblyEquivalentTo:  {"Possibly equivalent to", System},
	MovedTo:               {"Moved to", System},
	MovedFrom:             {"Moved from", System},
	ReplacedBy:            {"Replaced by", System},
	SameAs:                {"Same as", System},
	WasA:                  {"Was a", System},
	SimilarTo:             {"Similar to", System},
	Alternative:           {"Alternative", System},
	RefersTo:              {"Refers to", System},
	PossiblyReplacedBy:    {"Possibly replaced by", System},
	PartiallyEquivalentTo: {"Partially equivalent to", System},
	Anatomy:               {"Anatomy structure and part", System},
}

// MapOf describes the map that a reference set is in an edition: its URL without
// an edition, title, source and target code system. The target of one that is not
// known here is empty. 447562003 leads to the Norwegian ICD-10 in the Norwegian
// edition, whose rows have codes that WHO's does not.
func MapOf(refset, edition ID) terminology.MapInfo {
	known, ok := maps[refset]
	if !ok {
		known.title = "SNOMED CT map " + refset.String()
	}
	if refset == ICD10Map && edition == NorwegianModule {
		known.title, known.target = "SNOMED CT to ICD-10 (Norway)", icd10NO
	}
	return terminology.MapInfo{
		ID:     refset.String(),
		URL:    ImplicitMap{Refset: refset}.String(),
		Title:  known.title,
		Source: System,
		Target: known.target,
	}
}

// MapOfModule returns title and target of the map that a module is made for, for maps whose
// reference set has no known id.
func MapOfModule(module ID) (terminology.MapInfo, bool) {
	if module == ICD11Module {
		return terminology.MapInfo{Title: "SNOMED CT to ICD-11 MMS", Source: System, Target: icd11}, true
	}
	return terminology.MapInfo{}, false
}

// AssociationRelationship returns how the target of an association relates to its
// source, which is inactive (FHIR, "Using SNOMED CT with FHIR", implicit concept
// maps). What an inactive concept was a kind of is broader.
func AssociationRelationship(refset ID) terminology.Relationship {
	switch refset {
	case ReplacedBy, SameAs:
		return terminology.Equivalent
	case WasA:
		return terminology.SourceIsNarrower
	}
	return terminology.RelatedTo
}

// CorrelationRelationship returns how the target of a map row relates to its
// source by the row's correlation.
func CorrelationRelationship(correlation ID) terminology.Relationship {
	switch correlation {
	case ExactMatch:
		return terminology.Equivalent
	case NarrowToBroad:
		return terminology.SourceIsNarrower
	case BroadToNarrow:
		return terminology.SourceIsBroader
	case NotMappable:
		return terminology.NotRelatedTo
	}
	return terminology.RelatedTo
}
