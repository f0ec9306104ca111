package scg_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// liverAndHeart is a small release, a concept a line: its identifier, and its parents
// with its inferred attributes, as primitive (<<<) or defined (===).
const liverAndHeart = `
	138875005 |SNOMED CT concept|
	900000000000441003 |Model component| <<< 138875005
	410662002 |Concept model attribute| <<< 900000000000441003
	363698007 |Finding site| <<< 410662002
	116676008 |Associated morphology| <<< 410662002
	272741003 |Laterality| <<< 410662002
	363704007 |Procedure site| <<< 410662002
	405813007 |Procedure site - direct| <<< 363704007
	260686004 |Method| <<< 410662002
	127489000 |Has active ingredient| <<< 410662002
	1142135004 |Has presentation strength numerator value| <<< 410662002
	3460481009 |Has product name| <<< 410662002
	859999999102 |Is in national benefit scheme| <<< 410662002
	91723000 |Anatomical structure| <<< 138875005
	39607008 |Lung structure| <<< 91723000
	80891009 |Heart structure| <<< 91723000
	74281007 |Myocardium structure| <<< 80891009
	10200004 |Liver structure| <<< 91723000
	181268008 |Entire liver| <<< 10200004
	3341006 |Right lung structure| === 39607008 : 272741003 = 24028007
	182353008 |Side| <<< 138875005
	24028007 |Right| <<< 182353008
	7771000 |Left| <<< 182353008
	49755003 |Morphologically abnormal structure| <<< 138875005
	23583003 |Inflammation| <<< 49755003
	4532008 |Acute inflammation| <<< 23583003
	55641003 |Infarct| <<< 49755003
	404684003 |Clinical finding| <<< 138875005
	64572001 |Disease| <<< 404684003
	19829001 |Disorder of lung| === 64572001 : { 363698007 = 39607008 }
	56265001 |Heart disease| === 64572001 : { 363698007 = 80891009 }
	22298006 |Myocardial infarction| === 56265001 : { 363698007 = 74281007, 116676008 = 55641003 }
	57054005 |Acute myocardial infarction| <<< 22298006 : { 363698007 = 74281007, 116676008 = 55641003 }
	235856003 |Disorder of liver| === 64572001 : { 363698007 = 10200004 }
	128241005 |Inflammatory disease of liver| === 235856003 : { 363698007 = 10200004, 116676008 = 23583003 }
	197271008 |Acute hepatitis| === 128241005 : { 363698007 = 10200004, 116676008 = 4532008 }
	71388002 |Procedure| <<< 138875005
	129304002 |Excision - action| <<< 138875005
	65801008 |Excision| === 71388002 : { 260686004 = 129304002 }
	119746007 |Excision of liver| === 65801008 : { 260686004 = 129304002, 405813007 = 10200004 }
	373873005 |Pharmaceutical product| <<< 138875005
	372687004 |Amoxicillin| <<< 138875005
	27658006 |Amoxicillin product| === 373873005 : 127489000 = 372687004
	323510009 |Amoxicillin 500 mg| === 27658006 : { 127489000 = 372687004, 1142135004 = #500 }`

// inactive are concepts of the small release that have neither parents nor attributes.
var inactive = []string{"233843008"}

// open makes a release of its lines.
func open(t testing.TB, lines string) *basic.Provider {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	type definition struct {
		id string
		e  *scg.Expression
	}
	var all []definition
	term := uint64(0)
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		line = strings.TrimSpace(line)
		at := len(line)
		for _, status := range []string{"<<<", "==="} {
			if i := strings.Index(line, status); i > 0 {
				at = i
			}
		}
		self, err := scg.Parse(line[:at])
		check(err)
		id := self.Focus[0].ID.String()
		check(b.Concept(terminology.Concept{Code: id, Defined: strings.HasPrefix(line[at:], "===")}))
		if self.Focus[0].Term != "" {
			term++
			check(b.Designation(terminology.Designation{Concept: id, ID: term, Language: "en", Use: snomed.UseSynonym, Term: self.Focus[0].Term, Preferred: true}))
		}
		if at < len(line) {
			e, err := scg.Parse(line[at:])
			check(err)
			all = append(all, definition{id, e})
		}
	}
	for _, id := range inactive {
		check(b.Concept(terminology.Concept{Code: id, Inactive: true}))
	}
	for _, d := range all {
		for _, parent := range d.e.Focus {
			check(b.Parent(d.id, parent.ID.String()))
		}
		property := func(group int, a *scg.Attribute) {
			r := terminology.Property{Concept: d.id, Code: a.Name.ID.String(), Group: uint16(group)}
			switch v := a.Value.(type) {
			case *scg.ConceptReference:
				r.Value = v.ID.String()
			case scg.NumericValue:
				r.Kind, r.Value = terminology.ValueDecimal, string(v)
			case scg.StringValue:
				r.Kind, r.Value = terminology.ValueString, string(v)
			case scg.BooleanValue:
				r.Kind, r.Value = terminology.ValueBoolean, map[scg.BooleanValue]string{true: "true", false: "false"}[v]
			}
			check(b.Property(r))
		}
		for _, a := range d.e.Attributes {
			property(0, a)
		}
		for i, g := range d.e.Groups {
			for _, a := range g {
				property(i+1, a)
			}
		}
	}
	return openBuilder(t, b)
}

func openBuilder(t testing.TB, b *basic.Builder) *basic.Provider {
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

// must returns the ordinal of a code.
func must(t testing.TB, p *basic.Provider, code string) terminology.Ordinal {
	t.Helper()
	o, ok := p.Find(code)
	if !ok {
		t.Fatalf("Find(%q) finds nothing", code)
	}
	return o
}

// form returns the normal form of an expression.
func form(t testing.TB, p *basic.Provider, s string) *scg.NormalForm {
	t.Helper()
	e, err := scg.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := scg.Normalize(p, e)
	if err != nil {
		t.Fatalf("Normalize(%s): %v", s, err)
	}
	return f
}

// sink passes what an RF2 source says to a Builder, and ignores maps.
type sink struct {
	*basic.Builder
	bad error
}

func (s *sink) Map(terminology.MapInfo) error          { return nil }
func (s *sink) Mapping(terminology.Mapping) error      { return nil }
func (s *sink) Bad(e *terminology.RowError) error      { s.bad = e; return e }
func (s *sink) Read(string, int)                       {}
func (s *sink) Count(string, int)                      {}
func (s *sink) Repaired(*terminology.RowError)         {}
func (s *sink) Table(n string, columns []string) error { return s.Builder.Table(n, columns) }

var published = map[string]*basic.Provider{}
var publishedMu sync.Mutex

// openPublished imports a package of others, which are not part of the project; the
// test is skipped where it is not there.
func openPublished(t testing.TB, dir string) *basic.Provider {
	t.Helper()
	publishedMu.Lock()
	defer publishedMu.Unlock()
	if p := published[dir]; p != nil {
		return p
	}
	folder := filepath.Join(shared, filepath.FromSlash(dir))
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the package is not there: %v", err)
	}
	pack, err := rf2.Detect(os.DirFS(folder), folder)
	if err != nil {
		t.Fatal(err)
	}
	source, err := rf2.NewSource([]*rf2.Package{pack}, rf2.Options{LenientIDs: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{Builder: basic.NewBuilder()}
	if _, err := source.Read(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	p := openBuilder(t, s.Builder)
	published[dir] = p
	return p
}
