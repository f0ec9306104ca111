package mrcm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// concepts is a small release: a concept a line, as a primitive (<<<) or defined (===)
// one with its parents and its inferred attributes.
const concepts = `
	138875005 |SNOMED CT concept|
	900000000000455006 |Reference set| <<< 138875005
	723264001 |Lateralizable body structure reference set| <<< 900000000000455006
	410662002 |Concept model attribute| <<< 138875005
	363698007 |Finding site| <<< 410662002
	116676008 |Associated morphology| <<< 410662002
	272741003 |Laterality| <<< 410662002
	246075003 |Causative agent| <<< 410662002
	405815000 |Procedure device| <<< 410662002
	370130000 |Property| <<< 410662002
	411116001 |Has dose form| <<< 410662002
	1142135004 |Has presentation strength numerator value| <<< 410662002
	1142139005 |Count of base of active ingredient| <<< 410662002
	3460481009 |Has product name| <<< 410662002
	859999999102 |Is in national benefit scheme| <<< 410662002
	91723000 |Anatomical structure| <<< 138875005
	39607008 |Lung structure| <<< 91723000
	10200004 |Liver structure| <<< 91723000
	181268008 |Entire liver| <<< 10200004
	182353008 |Side| <<< 138875005
	24028007 |Right| <<< 182353008
	7771000 |Left| <<< 182353008
	49755003 |Morphologically abnormal structure| <<< 138875005
	23583003 |Inflammation| <<< 49755003
	55641003 |Infarct| <<< 49755003
	404684003 |Clinical finding| <<< 138875005
	64572001 |Disease| <<< 404684003
	128241005 |Inflammatory disease of liver| === 64572001 : { 363698007 = 10200004, 116676008 = 23583003 }
	71388002 |Procedure| <<< 138875005
	386053000 |Evaluation procedure| <<< 71388002
	49062001 |Device| <<< 138875005
	410607006 |Organism| <<< 138875005
	373873005 |Pharmaceutical product| <<< 138875005
	27658006 |Amoxicillin product| <<< 373873005
	736542009 |Pharmaceutical dose form| <<< 138875005
	421026006 |Oral tablet| <<< 736542009
	420692007 |Oral capsule| <<< 736542009
	374646004 |Amoxicillin tablet| === 27658006 : 411116001 = 421026006`

// domainRows are attribute, domain, grouped, cardinality, in group, strength, content.
const domainRows = `
	363698007 404684003 1 0..* 0..1 mandatory all
	116676008 404684003 1 0..* 0..1 mandatory all
	246075003 404684003 1 0..* 0..1 mandatory all
	272741003 91723000 0 0..1 0..0 mandatory all
	272741003 723264001 0 0..1 0..0 optional all
	405815000 71388002 1 0..* 0..* mandatory all
	370130000 386053000 1 1..1 0..1 mandatory all
	411116001 373873005 0 0..1 0..0 mandatory all
	1142135004 373873005 1 0..* 0..1 mandatory all
	1142139005 373873005 0 0..1 0..0 mandatory all
	3460481009 373873005 0 0..* 0..0 mandatory all
	859999999102 373873005 0 0..1 0..0 mandatory all
	246075003 71388002 1 0..* 0..1 mandatory newpre`

// rangeRows are attribute, strength, content, and the range.
const rangeRows = `
	363698007 mandatory all << 91723000 |Anatomical structure|
	363698007 optional all << 10200004 |Liver structure| OR << 39607008 |Lung structure|
	116676008 mandatory all << 49755003 |Morphologically abnormal structure|
	246075003 mandatory post << 410607006 |Organism| OR << 49062001 |Device|
	246075003 mandatory pre << 410607006 |Organism|
	272741003 mandatory all << 182353008 |Side|
	405815000 mandatory pre << 49062001 |Device|
	411116001 mandatory all << 736542009 |Pharmaceutical dose form|
	1142135004 mandatory all dec(>#0..)
	1142139005 mandatory all int(#1..#9 #20)
	3460481009 mandatory all str("Amoxil" "Imacillin")
	859999999102 mandatory all bool(true)`

var words = map[string]string{
	"all": "723596005", "pre": "723594008", "newpre": "723593002", "post": "723595009",
	"mandatory": "723597001", "optional": "723598006",
}

// records makes a release with more rows in its two tables of rules.
func records(t testing.TB, domains, ranges string) *basic.Builder {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	all := map[string]*scg.Expression{}
	term := uint64(0)
	for line := range strings.Lines(strings.TrimSpace(concepts)) {
		line = strings.TrimSpace(line)
		at := max(strings.Index(line, "<<<"), strings.Index(line, "==="))
		if at < 0 {
			at = len(line)
		}
		self, err := scg.Parse(line[:at])
		check(err)
		id := self.Focus[0].ID.String()
		check(b.Concept(terminology.Concept{Code: id, Defined: strings.HasPrefix(line[at:], "===")}))
		term++
		check(b.Designation(terminology.Designation{Concept: id, ID: term, Language: "en", Use: snomed.UseSynonym, Term: self.Focus[0].Term, Preferred: true}))
		if at < len(line) {
			all[id], err = scg.Parse(line[at:])
			check(err)
		}
	}
	check(b.Concept(terminology.Concept{Code: "233843008", Inactive: true}))
	for id, e := range all {
		check(b.Parent(id, e.Focus[0].ID.String()))
		for i, g := range append([]scg.AttributeGroup{e.Attributes}, e.Groups...) {
			for _, a := range g {
				check(b.Property(terminology.Property{Concept: id, Code: a.Name.ID.String(), Group: uint16(i), Value: a.Value.(*scg.ConceptReference).ID.String()}))
			}
		}
	}
	n := 0
	row := func(table, component string, fields ...string) {
		n++
		check(b.Row(terminology.Row{Table: table, Component: component, ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), Fields: fields}))
	}
	check(b.Table("723561005", strings.Fields("domainId grouped attributeCardinality attributeInGroupCardinality ruleStrengthId contentTypeId")))
	for line := range strings.Lines(strings.TrimSpace(domains)) {
		f := strings.Fields(line)
		row("723561005", f[0], f[1], f[2], f[3], f[4], words[f[5]], words[f[6]])
	}
	check(b.Row(terminology.Row{Table: "723561005", Component: "363698007", ID: "inactive", Inactive: true, Fields: []string{"71388002", "1", "0..*", "0..1", words["mandatory"], words["all"]}}))
	check(b.Table("723562003", strings.Fields("rangeConstraint attributeRule ruleStrengthId contentTypeId")))
	for line := range strings.Lines(strings.TrimSpace(ranges)) {
		f := strings.Fields(line)
		row("723562003", f[0], strings.Join(f[3:], " "), "", words[f[1]], words[f[2]])
	}
	check(b.Table("723264001", nil))
	row("723264001", "39607008")
	return b
}

func open(t testing.TB, b *basic.Builder) *basic.Provider {
	t.Helper()
	image, err := b.Build(terminology.Release{System: snomed.System, Version: "test", CaseSens: true}, snomed.Rules())
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
	p, err := basic.Open(tables, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// model loads the model of the small release.
func model(t testing.TB) (*basic.Provider, *mrcm.Model) {
	t.Helper()
	p := open(t, records(t, domainRows, rangeRows))
	m, err := mrcm.Load(p)
	if err != nil || len(m.Bad()) > 0 {
		t.Fatalf("Load: %v, %v", err, m.Bad())
	}
	return p, m
}

func parse(t testing.TB, s string) *scg.Expression {
	t.Helper()
	e, err := scg.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
