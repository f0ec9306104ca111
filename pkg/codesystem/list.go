package codesystem

import (
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/atc"
	"github.com/kodeks/kodeks/pkg/codesystem/claml"
	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
	"github.com/kodeks/kodeks/pkg/codesystem/icd10cm"
	"github.com/kodeks/kodeks/pkg/codesystem/icd10who"
	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
	"github.com/kodeks/kodeks/pkg/codesystem/loinc"
	"github.com/kodeks/kodeks/pkg/codesystem/nkpk"
	"github.com/kodeks/kodeks/pkg/codesystem/nlk"
	"github.com/kodeks/kodeks/pkg/codesystem/norpat"
	"github.com/kodeks/kodeks/pkg/codesystem/npu"
	"github.com/kodeks/kodeks/pkg/codesystem/orpha"
	"github.com/kodeks/kodeks/pkg/codesystem/phbu"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
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
}

// norwegianOID is the root of the OIDs of the Norwegian code systems.
const norwegianOID = "2.16.578.1.12.4.1.1."

// The canonical URIs of systems that more than one place names.
const (
	SNOMED  = snomed.System
	ICD10NO = icd10.System
	ICD11   = icd11.System
	ICPC2   = icpc2.System
	ICPC2B  = icpc2.SystemB
	NLK     = nlk.System
	NPU     = npu.System
)

// list is all of them, those with an importer first.
var list = []System{
	{Name: "snomed", Short: []string{"snomed", "sct", "snomed-ct"}, URI: SNOMED, Aliases: []string{"2.16.840.1.113883.6.96"},
		Title: "SNOMED CT", Import: true, Normalize: trim},
	{Name: "icd-10-no", Short: []string{"icd-10", "icd10", "icd-10-no", "icd10no"}, URI: ICD10NO, Aliases: []string{norwegianOID + "7110"},
		Title: "ICD-10 (norsk utgave)", Import: true, Normalize: icd10.Normalize},
	{Name: "icpc-2", Short: []string{"icpc-2", "icpc2"}, URI: ICPC2, Aliases: []string{norwegianOID + "7170", "2.16.840.1.113883.6.139"},
		Title: "ICPC-2 (norsk utgave)", Import: true, Normalize: icpc2.Normalize},
	{Name: "icpc-2b", Short: []string{"icpc-2b", "icpc2b"}, URI: ICPC2B,
		Title: "ICPC-2B (norsk utgave)", Import: true, Normalize: icpc2.NormalizeB},
	{Name: "icd-10", Short: []string{"icd-10-who", "icd10who"}, URI: icd10who.System, Aliases: []string{"2.16.840.1.113883.6.3"},
		Title: "ICD-10 (WHO)", Import: true, Normalize: icd10.Normalize},
	{Name: "icd-10-gm", Short: []string{"icd-10-gm", "icd10gm"}, URI: claml.ICD10GM,
		Title: "ICD-10-GM", Import: true, Normalize: icd10.Normalize},
	{Name: "icd-10-cm", Short: []string{"icd-10-cm", "icd10cm"}, URI: icd10cm.System, Aliases: []string{"2.16.840.1.113883.6.90"},
		Title: "ICD-10-CM", Import: true, Normalize: icd10cm.Normalize},
	{Name: "icd-11", Short: []string{"icd-11", "icd11", "icd-11-mms"}, URI: ICD11,
		Title: "ICD-11 MMS", Import: true, Normalize: icd11.Normalize},
	{Name: "nlk", Short: []string{"nlk"}, URI: NLK,
		Aliases: []string{norwegianOID + "7280", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7280-nlk"},
		Title:   "Norsk laboratoriekodeverk (NLK)", Import: true, Normalize: nlk.Normalize},
	{Name: "npu", Short: []string{"npu"}, URI: NPU, Aliases: []string{"1.2.208.176.9.1"},
		Title: "NPU terminology", Import: true, Normalize: npu.Normalize},
	{Name: "norpat", Short: []string{"norpat", "apat"}, URI: norpat.System,
		Aliases: []string{norwegianOID + "7010", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7010-norpat"},
		Title:   "Norsk patologikodeverk (NORPAT)", Import: true, Normalize: norpat.Normalize},
	{Name: "nkpk", Short: []string{"nkpk"}, URI: nkpk.System,
		Title: "Norsk klinisk prosedyrekodeverk (NKPK)", Import: true, Normalize: nkpk.Normalize},
	{Name: "ncsp", Short: []string{"ncsp"}, URI: nkpk.NCSP,
		Title: "NCSP-N, kirurgiske prosedyrer", Import: true, Normalize: nkpk.Normalize},
	{Name: "ncmp", Short: []string{"ncmp"}, URI: nkpk.NCMP,
		Title: "NCMP, medisinske prosedyrer", Import: true, Normalize: nkpk.Normalize},
	{Name: "ncrp", Short: []string{"ncrp"}, URI: nkpk.NCRP,
		Aliases: []string{norwegianOID + "7270", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7270-ncrp"},
		Title:   "NCRP, radiologiske prosedyrer", Import: true, Normalize: nkpk.Normalize},
	{Name: "saerkoder", Short: []string{"saerkoder", "særkoder"}, URI: nkpk.Saerkoder, Title: "Nasjonale særkoder", Import: true, Normalize: nkpk.Normalize},
	{Name: "phbu", Short: []string{"phbu"}, URI: phbu.System,
		Title: "Psykisk helsevern for barn og unge, multiaksial klassifikasjon (PHBU)", Import: true, Normalize: phbu.Normalize},
	{Name: "atc", Short: []string{"atc"}, URI: atc.System, Aliases: []string{norwegianOID + "7180", "2.16.840.1.113883.6.73"},
		Title: "ATC", Import: true, Normalize: atc.Normalize},
	{Name: "loinc", Short: []string{"loinc"}, URI: loinc.System, Aliases: []string{"2.16.840.1.113883.6.1"}, Title: "LOINC", Import: true, Normalize: loinc.Normalize},
	{Name: "icpc-3", Short: []string{"icpc-3", "icpc3"}, URI: "http://terminology.hl7.org/CodeSystem/ICPC-3", Title: "ICPC-3", Normalize: trim},
	{Name: "icpc-1", Short: []string{"icpc-1", "icpc1"}, URI: "http://hl7.org/fhir/sid/icpc-1",
		Aliases: []string{"2.16.840.1.113883.6.138", "2.16.840.1.113883.6.138.10"}, Title: "ICPC-1", Normalize: trim},
	{Name: "orphanet", Short: []string{"orphanet", "orpha"}, URI: orpha.System,
		Aliases: []string{"http://www.orpha.net", "1.3.6.1.4.1.12559.11.10.1.3.1.44.5"},
		Title:   "Orphanet, sjeldne sykdommer", Import: true, Normalize: orpha.Normalize},
}

func trim(code string) []string { return []string{strings.TrimSpace(code)} }

// Systems returns the code systems that we know, those with an importer first.
func Systems() []System { return slices.Clone(list) }

// index maps every name of a system, in lower case, to its place in list.
var index = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for i := range list {
		for _, name := range spellings(list[i].URI, list[i].Short, list[i].Aliases) {
			m[strings.ToLower(name)] = i
			if number, ok := strings.CutPrefix(name, norwegianOID); ok { // by which people know them, such as 7110
				m[number] = i
			}
		}
	}
	return m
})

const oidPrefix = "urn:oid:"

// spellings returns everything that Resolve takes for a system.
func spellings(uri string, short, aliases []string) []string {
	names := slices.Clone(short)
	for _, a := range append([]string{uri}, aliases...) {
		names = append(names, a)
		if oid, ok := strings.CutPrefix(a, oidPrefix); ok {
			names = append(names, oid)
		} else if a != "" && a[0] >= '0' && a[0] <= '9' {
			names = append(names, oidPrefix+a)
		}
	}
	return names
}

// Names returns everything that the code system of a release is known by: its URI,
// OIDs with and without urn:oid:, older URIs and short names, those of the list first,
// then those that the release tells.
func Names(r terminology.Release) []string {
	names := []string{r.System}
	if known, ok := Known(r.System); ok {
		names = append(names, spellings(known.URI, known.Short, known.Aliases)...)
	}
	names = append(names, spellings(r.System, r.Short, r.Aliases)...)
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		before := seen[name]
		seen[name] = true
		return before || name == ""
	})
}

func find(s string) (int, bool) {
	i, ok := index()[s]
	if !ok {
		i, ok = index()[strings.ToLower(strings.TrimSpace(s))]
	}
	return i, ok
}

// Resolve returns the preferred URI of the code system that s names: its URI, an
// older one, its OID with or without urn:oid:, of a Norwegian one the number at its end,
// or a short name, in any case.
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
