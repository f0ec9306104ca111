package codesystem

import (
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// System is the identity of a code system.
type System struct {
	Name    string   // of its releases, such as "icd-10-no"; of SNOMED CT, how they begin
	Short   []string // names to type, the first is the one to show
	URI     string   // preferred canonical URI
	Aliases []string // other URIs; OIDs are written bare and stand for urn:oid: too
	Title   string
	// Import tells that Detect finds its releases.
	Import bool
	// Normalize returns the canonical forms that a typed code may be meant to have,
	// best first. Whether the code exists is for a release to tell.
	Normalize func(code string) []string
	// Family returns the category that a code belongs to, "" for a chapter or block;
	// nil: the codes of the system are not grouped by how they are written.
	Family func(code string) string
}

// norwegianOID is the root of the OIDs of the Norwegian code systems.
const norwegianOID = "2.16.578.1.12.4.1.1."

// The canonical URIs of systems that more than one place names.
const (
	SNOMED  = snomed.System
	ICD10NO = icd10.System
	ICPC2   = icpc2.System
	ICPC2B  = icpc2.SystemB
)

// list is all of them, those with an importer first.
var list = []System{
	{Name: "snomed", Short: []string{"snomed", "sct", "snomed-ct"}, URI: SNOMED, Aliases: []string{"2.16.840.1.113883.6.96"},
		Title: "SNOMED CT", Import: true, Normalize: trim},
	{Name: "icd-10-no", Short: []string{"icd-10", "icd10", "icd-10-no", "icd10no"}, URI: ICD10NO, Aliases: []string{norwegianOID + "7110"},
		Title: "ICD-10 (norsk utgave)", Import: true, Normalize: icd10.Normalize, Family: icd10.Category},
	{Name: "icpc-2", Short: []string{"icpc-2", "icpc2"}, URI: ICPC2, Aliases: []string{norwegianOID + "7170", "2.16.840.1.113883.6.139"},
		Title: "ICPC-2 (norsk utgave)", Import: true, Normalize: icpc2.Normalize},
	{Name: "icpc-2b", Short: []string{"icpc-2b", "icpc2b"}, URI: ICPC2B,
		Title: "ICPC-2B (norsk utgave)", Import: true, Normalize: icpc2.NormalizeB, Family: icpc2.Rubric},
	{Name: "icd-10", Short: []string{"icd-10-who", "icd10who"}, URI: "http://hl7.org/fhir/sid/icd-10", Aliases: []string{"2.16.840.1.113883.6.3"},
		Title: "ICD-10 (WHO)", Normalize: icd10.Normalize},
	{Name: "icd-11", Short: []string{"icd-11", "icd11", "icd-11-mms"}, URI: "http://id.who.int/icd/release/11/mms",
		Title: "ICD-11 MMS", Normalize: trim},
	{Name: "nlk", Short: []string{"nlk"}, URI: "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk",
		Aliases: []string{norwegianOID + "7280", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7280-nlk"},
		Title:   "Norsk laboratoriekodeverk (NLK)", Normalize: trim},
	{Name: "npu", Short: []string{"npu"}, URI: "http://npu-terminology.org", Aliases: []string{"1.2.208.176.9.1"},
		Title: "NPU terminology", Normalize: trim},
	{Name: "norpat", Short: []string{"norpat", "apat"}, URI: "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7010-norpat",
		Aliases: []string{norwegianOID + "7010", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7010-norpat"},
		Title:   "Norsk patologikodeverk (NORPAT)", Normalize: trim},
	{Name: "nkpk", Short: []string{"nkpk"}, URI: "urn:oid:" + norwegianOID + "7275",
		Title: "Norsk klinisk prosedyrekodeverk (NKPK)", Normalize: trim},
	{Name: "ncsp", Short: []string{"ncsp"}, URI: "urn:oid:" + norwegianOID + "7210", Title: "NCSP-N, kirurgiske prosedyrer", Normalize: trim},
	{Name: "ncmp", Short: []string{"ncmp"}, URI: "urn:oid:" + norwegianOID + "7220", Title: "NCMP, medisinske prosedyrer", Normalize: trim},
	{Name: "ncrp", Short: []string{"ncrp"}, URI: "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7270-ncrp",
		Aliases: []string{norwegianOID + "7270", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7270-ncrp"},
		Title:   "NCRP, radiologiske prosedyrer", Normalize: trim},
	{Name: "saerkoder", Short: []string{"saerkoder", "særkoder"}, URI: "urn:oid:" + norwegianOID + "7020", Title: "Nasjonale særkoder", Normalize: trim},
	{Name: "phbu", Short: []string{"phbu"}, URI: "urn:oid:" + norwegianOID + "7112",
		Title: "Psykisk helsevern for barn og unge, multiaksial klassifikasjon (PHBU)", Normalize: trim},
	{Name: "atc", Short: []string{"atc"}, URI: "http://www.whocc.no/atc", Aliases: []string{norwegianOID + "7180", "2.16.840.1.113883.6.73"},
		Title: "ATC", Normalize: trim},
	{Name: "loinc", Short: []string{"loinc"}, URI: "http://loinc.org", Aliases: []string{"2.16.840.1.113883.6.1"}, Title: "LOINC", Normalize: trim},
	{Name: "icpc-3", Short: []string{"icpc-3", "icpc3"}, URI: "http://terminology.hl7.org/CodeSystem/ICPC-3", Title: "ICPC-3", Normalize: trim},
	{Name: "icpc-1", Short: []string{"icpc-1", "icpc1"}, URI: "http://hl7.org/fhir/sid/icpc-1",
		Aliases: []string{"2.16.840.1.113883.6.138", "2.16.840.1.113883.6.138.10"}, Title: "ICPC-1", Normalize: trim},
	{Name: "orphanet", Short: []string{"orphanet", "orpha"}, URI: "https://www.orpha.net",
		Aliases: []string{"http://www.orpha.net", "1.3.6.1.4.1.12559.11.10.1.3.1.44.5"}, Title: "Orphanet, sjeldne sykdommer", Normalize: trim},
}

func trim(code string) []string { return []string{strings.TrimSpace(code)} }

// Systems returns the code systems that we know, those with an importer first.
func Systems() []System { return slices.Clone(list) }

// index maps every name of a system, in lower case, to its place in list.
var index = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for i := range list {
		for _, name := range list[i].names() {
			m[strings.ToLower(name)] = i
		}
	}
	return m
})

const oidPrefix = "urn:oid:"

// names returns everything that Resolve takes for the system.
func (s *System) names() []string {
	names := slices.Concat([]string{s.URI}, s.Short)
	for _, a := range append([]string{s.URI}, s.Aliases...) {
		names = append(names, a)
		if oid, ok := strings.CutPrefix(a, oidPrefix); ok {
			names = append(names, oid)
		} else if a[0] >= '0' && a[0] <= '9' {
			names = append(names, oidPrefix+a)
		}
	}
	return names
}

func find(s string) (int, bool) {
	i, ok := index()[s]
	if !ok {
		i, ok = index()[strings.ToLower(strings.TrimSpace(s))]
	}
	return i, ok
}

// Resolve returns the preferred URI of the code system that s names: its URI, an
// older one, its OID with or without urn:oid:, or a short name, in any case.
// Short names are for people; a URI that names no system of ours is not changed
// into one. Versions are not part of s.
func Resolve(s string) (uri string, ok bool) {
	i, ok := find(s)
	if !ok {
		return "", false
	}
	return list[i].URI, true
}

// Known returns the code system of a URI, alias or short name.
func Known(uri string) (System, bool) {
	i, ok := find(uri)
	if !ok {
		return System{}, false
	}
	return list[i], true
}
