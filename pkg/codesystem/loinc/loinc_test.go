package loinc_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/loinc"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2.80", Today: "2026-11-22"}

// The tables of a small LOINC, in its columns and with words of ours.
const (
	termsCSV = `"LOINC_NUM","COMPONENT","PROPERTY","TIME_ASPCT","SYSTEM","SCALE_TYP","METHOD_TYP","CLASS","STATUS","CONSUMER_NAME","RELATEDNAMES2","SHORTNAME","LONG_COMMON_NAME","DisplayName","DefinitionDescription"
"718-7","Oxygen carrier","MCnc","Pt","Bld","Qn","","HEM","ACTIVE","Carrier, Blood","Carrier; CARR; Oxygen","Carr Bld","Oxygen carrier in Blood","Carrier (Bld)","What carries, ""oxygen""."
"8302-2","Height","Len","Pt","^Patient","Qn","","BDYHGT","DEPRECATED","","","","Height of patient","",""
"72166-2","Smoking","Find","Pt","^Patient","Nom","","HX","ACTIVE","","","","Smoking habit","",""
`
	partsCSV = `"PartNumber","PartTypeName","PartName","PartDisplayName","Status"
"LP14449-0","COMPONENT","Oxygen carrier","","ACTIVE"
"LP7057-5","SYSTEM","Bld","Blood","ACTIVE"
"LP99999-9","SYSTEM","Old","","DEPRECATED"
`
	answersCSV = `"AnswerListId","AnswerListName","AnswerListOID","AnswerStringId","DisplayText","Score"
"LL2201-3","Smoking","1.3.6.1","LA1-1","Every day","2"
"LL2201-3","Smoking","1.3.6.1","LA2-9","Never","0"
"LL9-9","Never or not","","LA2-9","Never",""
`
	hierarchyCSV = `"PATH_TO_ROOT","SEQUENCE","IMMEDIATE_PARENT","CODE","CODE_TEXT"
"LP1-1.LP14449-0","1","LP14449-0","718-7","Oxygen carrier in Blood"
"LP1-1","1","LP1-1","LP14449-0","Oxygen carrier"
"","1","","LP1-1","Component"
"LP1-1.LP14449-0","2","LP14449-0","718-7","Oxygen carrier in Blood"
`
	linksCSV = `"LoincNumber","LongCommonName","PartNumber","PartName","PartTypeName","LinkTypeName"
"718-7","x","LP14449-0","Oxygen carrier","COMPONENT","Primary"
"718-7","x","LP7057-5","Bld","SYSTEM","Primary"
`
	listsCSV = `"LoincNumber","LongCommonName","AnswerListId","AnswerListName","AnswerListLinkType","ApplicableContext"
"72166-2","x","LL2201-3","Smoking","NORMATIVE",""
`
	germanCSV = `"LOINC_NUM","COMPONENT","PROPERTY","TIME_ASPCT","SYSTEM","SCALE_TYP","METHOD_TYP","CLASS","SHORTNAME","LONG_COMMON_NAME","RELATEDNAMES2","LinguisticVariantDisplayName"
"718-7","Träger","MCnc","Pkt","Blut","Qn","","","","","Sauerstoff",""
"8302-2","","","","","","","","","","",""
"72166-2","Rauchen","","","","","","","","Rauchen lang","","Raucher"
`
)

func files() []terminology.SourceFile {
	return []terminology.SourceFile{
		tabulartest.File("AccessoryFiles/LinguisticVariants/deDE15LinguisticVariant.csv", germanCSV),
		tabulartest.File("ComponentHierarchyBySystem.csv", hierarchyCSV), tabulartest.File("Loinc.csv", termsCSV),
		tabulartest.File("AnswerList.csv", answersCSV), tabulartest.File("Part.csv", partsCSV), tabulartest.File("LoincAnswerListLink.csv", listsCSV),
	}
}

func read(tb testing.TB, files ...terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := loinc.NewSource(files, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

func TestRead(t *testing.T) {
	sink := read(t, files()...)
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	for code, want := range map[string]struct{ display, parents string }{
		"718-7": {"Oxygen carrier in Blood", "LP14449-0"}, "LP14449-0": {"Oxygen carrier", "LP1-1"}, "LP1-1": {"Component", ""},
		"LP7057-5": {"Blood", ""}, "LL2201-3": {"Smoking", ""}, "LA1-1": {"Every day", "LL2201-3"}, "LA2-9": {"Never", "LL2201-3 LL9-9"},
	} {
		if got := strings.Join(sink.Parents[code], " "); sink.Display(code) != want.display || got != want.parents {
			t.Errorf("%s is %q below %q, want %+v", code, sink.Display(code), got, want)
		}
	}
	for code, want := range map[string]bool{"718-7": false, "8302-2": true, "LP99999-9": true} {
		if sink.Concepts[code].Inactive != want {
			t.Errorf("%s inactive: %v", code, !want)
		}
	}
	if got, want := strings.Join(sink.Values("718-7"), " "), "COMPONENT=Oxygen carrier PROPERTY=MCnc TIME_ASPCT=Pt SYSTEM=Bld SCALE_TYP=Qn CLASS=HEM STATUS=ACTIVE"; got != want {
		t.Errorf("properties of 718-7: %s, want %s", got, want)
	}
	if got := strings.Join(sink.Values("72166-2"), " "); !strings.HasSuffix(got, "answer-list=LL2201-3") {
		t.Errorf("properties of 72166-2: %s", got)
	}
	var terms []string
	for _, d := range sink.Designations["718-7"] {
		terms = append(terms, d.Language+" "+d.Use+" "+d.Term)
	}
	want := []string{"en display Oxygen carrier in Blood", "en short Carr Bld", "en synonym Carrier (Bld)", "en synonym Carrier, Blood", "en synonym Carrier", "en synonym CARR",
		"en synonym Oxygen", `en definition What carries, "oxygen".`, "de-DE display Träger:MCnc:Pkt:Blut:Qn", "de-DE synonym Sauerstoff"}
	if diff := cmp.Diff(want, terms); diff != "" {
		t.Errorf("terms of 718-7 (-want +got):\n%s", diff)
	}
}

// TestLinks: with the table of links the properties name parts.
func TestLinks(t *testing.T) {
	sink := read(t, append(files(), tabulartest.File("LoincPartLink_Primary.csv", linksCSV))...)
	if got, want := strings.Join(sink.Values("718-7"), " "), "STATUS=ACTIVE COMPONENT=LP14449-0 SYSTEM=LP7057-5"; got != want || len(sink.BadRows) > 0 {
		t.Errorf("properties of 718-7: %s, want %s; %v", got, want, sink.BadRows)
	}
	uris := strings.NewReplacer(`"LinkTypeName"`, `"LinkTypeName","Property"`, `"COMPONENT","Primary"`, `"COMPONENT","DetailedModel","http://loinc.org/property/analyte"`,
		`"SYSTEM","Primary"`, `"SYSTEM","Primary","http://loinc.org/property/SYSTEM"`).Replace(linksCSV)
	other := read(t, append(files(), tabulartest.File("AccessoryFiles/PanelsAndForms/AnswerList.csv", answersCSV), tabulartest.File("LoincPartLink_Supplementary.csv", uris))...)
	if got, want := strings.Join(other.Values("718-7"), " "), "STATUS=ACTIVE analyte=LP14449-0 SYSTEM=LP7057-5"; got != want || len(other.BadRows) > 0 {
		t.Errorf("properties of 718-7 by their URIs: %s, want %s; %v", got, want, other.BadRows)
	}
	if p := sink.Properties["718-7"][1]; p.Kind != terminology.ValueCode {
		t.Errorf("COMPONENT is %+v, want a code", p)
	}
}

func TestBadRows(t *testing.T) {
	sink := read(t, tabulartest.File("Loinc.csv", termsCSV+`"718-7","x","","","","","","","ACTIVE","","","","Twice","",""`+"\n"),
		tabulartest.File("h.csv", `PATH_TO_ROOT,SEQUENCE,IMMEDIATE_PARENT,CODE,CODE_TEXT`+"\nLP5-5,1,LP5-5,718-7,x\n,1,,LP6-6,\n"),
		tabulartest.File("deDE1.csv", strings.Replace(germanCSV, "8302-2", "1-1", 1)))
	var got []string
	for _, row := range sink.BadRows {
		got = append(got, fmt.Sprintf("%s:%d:%s", row.File, row.Line, row.Column))
	}
	if want := []string{"Loinc.csv:5:", "h.csv:3:CODE_TEXT", "h.csv:2:", "deDE1.csv:3:LOINC_NUM"}; !slices.Equal(got, want) {
		t.Errorf("bad rows %q, want %q: %v", got, want, sink.BadRows)
	}
}

func TestNewSource(t *testing.T) {
	for name, tt := range map[string]struct {
		files []terminology.SourceFile
		want  string
	}{
		"no Loinc.csv":           {[]terminology.SourceFile{tabulartest.File("Part.csv", partsCSV)}, "there is no Loinc.csv"},
		"Loinc.csv twice":        {[]terminology.SourceFile{tabulartest.File("a.csv", termsCSV), tabulartest.File("b.csv", termsCSV)}, "a.csv and b.csv are the same table"},
		"only an extract":        {[]terminology.SourceFile{tabulartest.File("AccessoryFiles/PanelsAndForms/Loinc.csv", termsCSV)}, "there is no Loinc.csv"},
		"another table":          {[]terminology.SourceFile{tabulartest.File("a.csv", "a,b\n1,2\n")}, "a.csv is no table of LOINC: its columns are a, b"},
		"a variant of no tongue": {[]terminology.SourceFile{tabulartest.File("Loinc.csv", termsCSV), tabulartest.File("german.csv", germanCSV)}, "begins with its language and country"},
	} {
		if _, err := loinc.NewSource(tt.files, options); terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	for _, f := range files() {
		if head, err := tabular.SniffFile(f); err != nil || !loinc.Match(head) {
			t.Errorf("%s is not known: %v", f.Name, err)
		}
	}
}

func Example() {
	src, err := loinc.NewSource(files(), options)
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, len(sink.Order), err)
	fmt.Println(sink.Display("718-7"), sink.Path("718-7"))
	// Output:
	// http://loinc.org 2.80 11 <nil>
	// Oxygen carrier in Blood [LP14449-0 LP1-1]
}

// FuzzRead states what holds for every three tables: reading ends, twice with the same,
// and every code that is said has a display.
func FuzzRead(f *testing.F) {
	f.Add(termsCSV, answersCSV, hierarchyCSV)
	f.Add(termsCSV, germanCSV, linksCSV)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		src, err := loinc.NewSource([]terminology.SourceFile{tabulartest.File("Loinc.csv", a), tabulartest.File("deDE1.csv", b), tabulartest.File("nlNL2.csv", c)}, options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = src.Read(context.Background(), one)
		_, again := src.Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		for _, code := range one.Order {
			if code == "" || one.Display(code) == "" {
				t.Fatalf("code %q has the display %q", code, one.Display(code))
			}
		}
	})
}
