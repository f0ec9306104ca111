package claml_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/claml"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026-11-22", Today: "2026-11-22"}

func sample(tb testing.TB, name string) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func read(tb testing.TB, content string, o terminology.SourceOptions) (*tabulartest.Sink, terminology.Release) {
	tb.Helper()
	src, err := claml.NewSource(tabulartest.File("f.xml", content), o)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	if err != nil {
		tb.Fatal(err)
	}
	if sink.Bytes != len(content) {
		tb.Errorf("%d of %d bytes were told", sink.Bytes, len(content))
	}
	return sink, release
}

// terms are the designations of a code as language/use: term.
func terms(sink *tabulartest.Sink, code string) []string {
	var list []string
	for _, d := range sink.Designations[code] {
		list = append(list, d.Language+"/"+d.Use+": "+d.Term)
	}
	return list
}

func TestWHO(t *testing.T) {
	sink, release := read(t, sample(t, "icd10-who.xml"), options)
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	if release.System != claml.ICD10 || release.Version != "2019" || release.Date != "2019-07-01" || release.Name != "icd-10" || release.Language != "en" {
		t.Errorf("release %+v", release)
	}
	want := []string{
		"en/display: Of the tubercle, in the linings (G01*)",
		"en/long: Of the tubercle, in the linings of the brain",
		"en/inclusion: Tubercle of linings of: brain",
		"en/inclusion: Lack of B12",
	}
	if diff := cmp.Diff(want, terms(sink, "A17.0")); diff != "" {
		t.Error(diff)
	}
	want = []string{"kind=category", "usage=dagger", "note=Seek the cause. - first - second | a | b", "MortL1Code=1-005", "history=in its present form"}
	if diff := cmp.Diff(want, sink.Values("A17.0")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"kind=block", "exclusion=silent after cure (B90.-)"}, sink.Values("A15-A19")); diff != "" {
		t.Error(diff)
	}
	if !sink.Concepts["I"].Abstract || !sink.Concepts["A15-A19"].Abstract || sink.Concepts["A17"].Abstract {
		t.Error("chapters and blocks are abstract, categories are not")
	}
	if got := strings.Join(sink.Path("A17.0"), " "); got != "A17 A15-A19 I" {
		t.Errorf("path of A17.0: %s", got)
	}
}

// TestModifiers holds the codes that modifiers make to what a person would print.
func TestModifiers(t *testing.T) {
	sink, _ := read(t, sample(t, "icd10-who.xml"), options)
	var codes []string
	for _, code := range sink.Order {
		if code[0] == 'F' || code[0] == 'M' {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	want := strings.Fields("F10 F10-F19 F10.0 F10.1 F11 F11.1 F12 F17 F17.2 M00 M00.0 M00.00 M00.01 M45 M45.X0 M45.X1")
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"en/display: From drink: Drunk for a while", "en/inclusion: A hangover to come"}, terms(sink, "F10.0")); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(sink.Path("M00.01"), " "); got != "M00.0 M00 XIII" {
		t.Errorf("path of M00.01: %s", got)
	}
}

func TestGM(t *testing.T) {
	sink, release := read(t, sample(t, "icd10-gm.xml"), options)
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	if release.System != claml.ICD10GM || release.Version != "2017" || release.Date != "2016-09-23" || release.Language != "de" {
		t.Errorf("release %+v", release)
	}
	codes := slices.Sorted(slices.Values(sink.Order))
	if diff := cmp.Diff(strings.Fields("E10 E10.2 E10.20 E10.22 E10.7 E10.72 IV U69.1"), codes); diff != "" {
		t.Error(diff)
	}
	if got := sink.Display("E10.22"); got != "Zucker: Mit müden Nieren: viele Dinge" {
		t.Errorf("E10.22 is %q", got)
	}
	if diff := cmp.Diff([]string{"kind=category", "usage=dagger", "Para301=P"}, sink.Values("E10.2")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"kind=category", "usage=optional", "coding-hint=Gern dazu A18.3 angeben"}, sink.Values("U69.1")); diff != "" {
		t.Error(diff)
	}
}

func TestICPC2(t *testing.T) {
	sink, release := read(t, sample(t, "icpc-2e.xml"), options)
	if len(sink.BadRows) > 0 || release.System != claml.ICPC2 || release.Version != "v7.0" {
		t.Fatal(sink.BadRows, release)
	}
	if diff := cmp.Diff([]string{"en/display: Hot", "en/short: Hot", "en/inclusion: shivers", "en/inclusion: warm head"}, terms(sink, "A03")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"kind=symptom", "icd10=R5x"}, sink.Values("A03")); diff != "" {
		t.Error(diff)
	}
	var targets []string
	for _, m := range sink.Mappings {
		targets = append(targets, fmt.Sprint(m.Source, " ", m.Target, " ", m.Priority))
	}
	if diff := cmp.Diff([]string{"A03 R50.2 1", "A03 R50.8 2"}, targets); diff != "" || release.Date != options.Version {
		t.Error(diff, release)
	}
	if got := strings.Join(sink.Path("A03"), " "); got != "A.1 A" || !sink.Concepts["A.1"].Abstract {
		t.Errorf("path of A03: %s", got)
	}
}

func TestVersion3(t *testing.T) {
	sink, release := read(t, sample(t, "claml3.xml"), options)
	if len(sink.BadRows) > 0 || release.Version != options.Version || release.Language != "nb" {
		t.Fatal(sink.BadRows, release)
	}
	if diff := cmp.Diff([]string{"nb/display: Sår mage", "en/display: Sore belly", "nb/synonym: Vond mage"}, terms(sink, "A00")); diff != "" {
		t.Error(diff)
	}
	asked := options
	asked.Asked = claml.ICD10GM
	if _, release := read(t, sample(t, "claml3.xml"), asked); release.System != claml.ICD10GM {
		t.Errorf("what the user says counts: %+v", release)
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	const start, end = "<ClaML><Title name='ICD-10-GM'/>\n", "</ClaML>"
	const a = "<Class code='A00' kind='category'><Rubric kind='preferred'><Label>x</Label></Rubric></Class>\n"
	with := func(part string) string { return strings.Replace(a, "<Rubric", part+"<Rubric", 1) }
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"code given twice", a + strings.Replace(a, "A00", "a00", 1), []string{"f.xml:3:Class/code: class a00 is given twice: A00 on line 2"}},
		{"no code", strings.Replace(a, "A00", " ", 1) + a, []string{"f.xml:2:Class/code: is empty"}},
		{"no preferred rubric", "<Class code='A00' kind='category'/>", []string{"f.xml:2:Class: class A00 has no preferred rubric"}},
		{"parent that is nowhere", with("<SuperClass code='A09'/>"), []string{"f.xml:2:SuperClass: class A00 names A09 above it, which is not in the file"}},
		{"child that is nowhere", with("<SubClass code='A00.1'/>"), []string{"f.xml:2:SubClass: class A00 names A00.1 below it, which is not in the file"}},
		{"modifier that is nowhere", with("<ModifiedBy code='M_4'/>"), []string{"f.xml:2:ModifiedBy: modifier M_4 has no values in the file"}},
		{"value that is nowhere", with("<ModifiedBy code='M_4'><ValidModifierClass code='.1'/></ModifiedBy>"), []string{"f.xml:2:ValidModifierClass: modifier M_4 has no value .1"}},
		{"all is a word", with("<ModifiedBy code='M_4' all='some'/>"), []string{`f.xml:2:ModifiedBy/all: "some", want true or false`}},
		{"rubric without a kind", strings.Replace(a, " kind='preferred'", "", 1) + a, []string{"f.xml:2:Rubric/kind: is empty"}},
		{"no classes", "", []string{"f.xml: the file holds no classes"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink, _ := read(t, start+tt.content+end, options)
			var got []string
			for _, row := range sink.BadRows {
				got = append(got, row.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMadeIsBounded: rubrics that a small file multiplies end in an error.
func TestMadeIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("<ClaML><Title name='ICD-10-GM'/>\n<Modifier code='M_4'/>\n")
	fmt.Fprintf(&b, "<ModifierClass modifier='M_4' code='.1'><Rubric kind='preferred'><Label>x</Label></Rubric><Rubric kind='inclusion'><Label>%s</Label></Rubric></ModifierClass>\n", strings.Repeat("a", 900<<10))
	for i := range 1000 {
		fmt.Fprintf(&b, "<Class code='%c%02d' kind='category'><ModifiedBy code='M_4'/><Rubric kind='preferred'><Label>x</Label></Rubric></Class>\n", 'A'+rune(i/100), i%100)
	}
	b.WriteString("</ClaML>")
	src, err := claml.NewSource(tabulartest.File("f.xml", b.String()), options)
	if err != nil {
		t.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err == nil || !strings.Contains(err.Error(), "f.xml:295:ModifiedBy: the codes that the modifiers make have rubrics of more than 256 MiB") {
		t.Errorf("Read: %v, bad %v, %d codes", err, sink.BadRows, len(sink.Order))
	}
}

func TestNotClaML(t *testing.T) {
	for name, content := range map[string]string{
		"another element": "<html/>", "no XML": "code;text\n", "a title of nothing that we know": "<ClaML><Title name='OPS'/></ClaML>",
		"an ICD-10 of nobody known": "<ClaML><Identifier authority='CIHI' uid='x'/><Title name='ICD-10-CA'/></ClaML>", "cut off": "<ClaML><Title name='ICD-10-GM'",
	} {
		if _, err := claml.NewSource(tabulartest.File("f", content), options); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: NewSource: %v, want kind Invalid", name, err)
		}
	}
	if !claml.Match(markup.Root{Name: "ClaML"}) || claml.Match(markup.Root{Name: "html"}) {
		t.Error("Match knows ClaML by its name")
	}
}

func TestCutOff(t *testing.T) {
	whole := sample(t, "icd10-who.xml")
	src, err := claml.NewSource(tabulartest.File("f", whole[:len(whole)-20]), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(context.Background(), tabulartest.NewSink()); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Read of a file that is cut off: %v", err)
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	src, err := claml.NewSource(tabulartest.File("f", sample(t, "icd10-who.xml")), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(ctx, tabulartest.NewSink()); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Read after cancel: %v", err)
	}
}

func Example() {
	file := tabulartest.File("icd10.xml", `<ClaML version="2.0.0">
<Identifier authority="WHO" uid="x"/><Title name="ICD-10" version="2019"/>
<Class code="A17.0" kind="category" usage="dagger"><Rubric kind="preferred"><Label xml:lang="en">Tubercle in the linings<Reference class="in brackets">G01*</Reference></Label></Rubric></Class>
</ClaML>`)
	src, err := claml.NewSource(file, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Display("A17.0"), sink.Values("A17.0"))
	// Output:
	// http://hl7.org/fhir/sid/icd-10 2019 <nil>
	// Tubercle in the linings (G01*) [kind=category usage=dagger]
}

// FuzzRead states what holds for every input: reading ends and says the same twice,
// and what is read without a bad row is whole and can be built into a release, but
// for a hierarchy that goes round in a circle.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"icd10-who.xml", "icd10-gm.xml", "icpc-2e.xml", "claml3.xml"} {
		f.Add([]byte(sample(f, name)))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		src, err := claml.NewSource(tabulartest.File("f", string(content)), options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = src.Read(context.Background(), one)
		_, again := src.Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		if err != nil || len(one.BadRows) > 0 {
			return
		}
		for _, code := range one.Order {
			if one.Display(code) == "" {
				t.Fatalf("%q has no display", code)
			}
		}
		b := basic.NewBuilder()
		release, err := src.Read(context.Background(), building{one, b})
		if err == nil {
			_, err = b.Build(release, basic.DefaultRules())
		}
		if err != nil && !strings.Contains(err.Error(), "cycle") && terminology.KindOf(err) != terminology.NotSupported {
			t.Fatalf("what was read without a bad row cannot be built: %v", err)
		}
	})
}

// building passes to a builder what a release keeps.
type building struct {
	*tabulartest.Sink
	b *basic.Builder
}

func (s building) Concept(c terminology.Concept) error         { return s.b.Concept(c) }
func (s building) Designation(d terminology.Designation) error { return s.b.Designation(d) }
func (s building) Parent(child, parent string) error           { return s.b.Parent(child, parent) }
func (s building) Property(p terminology.Property) error       { return s.b.Property(p) }
