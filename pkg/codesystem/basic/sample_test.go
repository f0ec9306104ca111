package basic_test

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// SNOMED CT identifiers of the sample.
const (
	root         = "138875005"
	finding      = "404684003"
	heartDisease = "56265001"
	infarction   = "22298006"
	acuteMI      = "57054005"
	retired      = "233843008" // silent myocardial infarction, inactive in the sample
	findingSite  = "363698007"
	heart        = "80891009"
	icd10Map     = "447562003"
	loinc        = "705114005" // scheme of alternate identifiers

	fsn        = "900000000000003001"
	synonym    = "900000000000013009"
	definition = "900000000000550004"

	bokmal                   = "61000202103"
	nynorsk                  = "91000202106"
	usEnglish                = "900000000000509007"
	international, norwegian = "900000000000207008", "51000202101"
)

// snomedRules are as those of codesystem/snomed.
func snomedRules() basic.Rules {
	return basic.Rules{
		Display: func(use string) bool { return use == synonym },
		Search:  func(use string) bool { return use != definition },
		Language: func(refset string) string {
			return map[string]string{bokmal: "nb", nynorsk: "nn", usEnglish: "en-US"}[refset]
		},
		Tag: func(use, term string) string {
			if at := strings.LastIndexByte(term, '('); use == fsn && at > 0 {
				return strings.TrimSuffix(term[at+1:], ")")
			}
			return ""
		},
	}
}

// records are what a source says of one release.
type records struct {
	concepts     []terminology.Concept
	designations []terminology.Designation
	acceptable   []terminology.Acceptability
	parents      [][2]string
	properties   []terminology.Property
	tables       [][]string // name, then columns
	rows         []terminology.Row
}

// builder passes the records to a new Builder.
func (r records) builder(t testing.TB) *basic.Builder {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for _, c := range r.concepts {
		check(b.Concept(c))
	}
	for _, d := range r.designations {
		check(b.Designation(d))
	}
	for _, a := range r.acceptable {
		check(b.Acceptable(a))
	}
	for _, p := range r.parents {
		check(b.Parent(p[0], p[1]))
	}
	for _, p := range r.properties {
		check(b.Property(p))
	}
	for _, table := range r.tables {
		check(b.Table(table[0], table[1:]))
	}
	for _, row := range r.rows {
		check(b.Row(row))
	}
	return b
}

// stored builds the release in memory.
func (r records) stored(t testing.TB, release terminology.Release, rules basic.Rules) *store.Memory {
	t.Helper()
	image, err := r.builder(t).Build(release, rules)
	if err != nil {
		t.Fatal(err)
	}
	tables := store.NewMemory()
	if err := image.Write(tables); err != nil {
		t.Fatal(err)
	}
	if err := image.WriteRows(tables); err != nil {
		t.Fatal(err)
	}
	return tables
}

// open builds, opens and checks the release.
func (r records) open(t testing.TB, release terminology.Release, rules basic.Rules) *basic.Provider {
	t.Helper()
	p, err := basic.Open(r.stored(t, release, rules), basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

// must returns the ordinal of a code.
func must(t testing.TB, p *basic.Provider, code string) terminology.Ordinal {
	t.Helper()
	o, ok := p.Find(code)
	if !ok {
		t.Fatalf("Find(%q) finds nothing", code)
	}
	return o
}

var norwegianEdition = terminology.Release{System: "http://snomed.info/sct", Version: "http://snomed.info/sct/51000202101/version/20250915", CaseSens: true}

// snomedSample is a corner of the Norwegian edition.
func snomedSample() records {
	r := records{
		parents: [][2]string{{finding, root}, {heartDisease, finding}, {infarction, heartDisease}, {acuteMI, infarction}, {findingSite, root}, {heart, root}, {icd10Map, root}},
		properties: []terminology.Property{
			{Concept: infarction, Code: findingSite, Group: 2, Value: heart},
			{Concept: infarction, Code: "116676008", Group: 1, Value: "55641003"}, // infarct, not in the sample
			{Concept: infarction, Code: "note", Kind: terminology.ValueString, Value: "se også 57054005"},
			{Concept: acuteMI, Code: "1142135004", Group: 1, Kind: terminology.ValueDecimal, Value: "2.5"},
		},
		tables: [][]string{{icd10Map, "mapGroup", "mapTarget"}, {"733073007", "owlExpression"}, {bokmal, "acceptabilityId"}, {"identifier", "identifierSchemeId"}},
		rows: []terminology.Row{
			{Table: icd10Map, Component: infarction, ID: "80000000-0000-5000-8000-000000000001", Effective: 20250915, Module: international, Fields: []string{"1", "I21.9"}},
			{Table: icd10Map, Component: acuteMI, ID: "80000000-0000-5000-8000-000000000002", Inactive: true, Module: norwegian, Fields: []string{"1", ""}},
			{Table: icd10Map, Component: "999999999999", ID: "80000000-0000-5000-8000-000000000003", Module: norwegian, Fields: []string{"01", "I21"}},
			{Table: icd10Map, Component: infarction, ID: "80000000-0000-5000-8000-000000000004", Module: norwegian, Fields: []string{"2", "Z92.2"}},
			{Table: "identifier", Component: heart, ID: "LP7289-4", Module: international, Fields: []string{loinc}},
			{Table: "identifier", Component: acuteMI, ID: "57054005", Module: international, Inactive: true, Fields: []string{loinc}},
			{Table: "identifier", Component: infarction, ID: "22298006", Module: international, Fields: []string{"other"}},
			{Table: "identifier", Component: "999999999999", ID: "LP1", Module: international, Fields: []string{loinc}},
		},
	}
	for _, c := range []string{root, finding, heartDisease, infarction, acuteMI, findingSite, heart, icd10Map} {
		r.concepts = append(r.concepts, terminology.Concept{Code: c, Effective: 20020131, Module: international, Defined: c == acuteMI})
	}
	r.concepts = append(r.concepts, terminology.Concept{Code: retired, Inactive: true, Effective: 20250915, Module: norwegian, From: 20020131, To: 20250914})
	id := uint64(1000)
	term := func(concept, language, use, term string, inactive bool, accept ...string) {
		id++
		r.designations = append(r.designations, terminology.Designation{Concept: concept, ID: id, Language: language, Use: use, Term: term, Inactive: inactive, Effective: 20250915, Module: norwegian})
		for _, a := range accept {
			refset, preferred := strings.CutPrefix(a, "!")
			r.acceptable = append(r.acceptable, terminology.Acceptability{Designation: id, Refset: refset, Preferred: preferred})
		}
	}
	term(infarction, "en", fsn, "Myocardial infarction (disorder)", false, "!"+usEnglish)
	term(infarction, "en", synonym, "Heart attack", false, usEnglish)
	term(infarction, "en", synonym, "Myocardial infarction", false, "!"+usEnglish)
	term(infarction, "nb", synonym, "hjerteinfarkt", false, "!"+bokmal)
	term(infarction, "nn", synonym, "hjarteinfarkt", false, "!"+nynorsk)
	term(infarction, "nb", synonym, "myokardinfarkt", true, "!"+bokmal)
	term(acuteMI, "en", fsn, "Acute myocardial infarction (disorder)", false, "!"+usEnglish)
	term(heart, "en", fsn, "Heart structure (body structure)", false, "!"+usEnglish)
	term(heart, "en", synonym, "Cardiac structure", false)
	term(retired, "en", synonym, "Silent myocardial infarction", true, "!"+usEnglish)
	return r
}
