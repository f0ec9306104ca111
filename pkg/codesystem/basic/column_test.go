package basic_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// randomFacts is random with properties in groups, inactive and defined concepts,
// rows with fields and modules, and alternate identifiers.
func randomFacts(n int, seed uint64) records {
	source := rand.New(rand.NewPCG(seed, 4))
	r := random(n, seed)
	code := func() string { return r.concepts[source.IntN(n)].Code }
	pick := func(of ...string) string { return of[source.IntN(len(of))] }
	modules := []string{"", international, norwegian}
	r.tables = append(r.tables, []string{"map", "mapGroup", "mapTarget", "targetComponentId"}, []string{"notes", "text"},
		[]string{"relationship", "typeId"}, []string{"identifier", "note", "identifierSchemeId"})
	for i := range r.concepts {
		r.concepts[i].Defined, r.concepts[i].Module = source.IntN(3) == 0, pick(modules...)
	}
	for i := range r.designations {
		r.designations[i].Use = pick(synonym, synonym, definition)
		r.designations[i].Inactive = source.IntN(4) == 0
		if source.IntN(5) == 0 && r.designations[i].Language == "nb" {
			r.designations[i].ID += 1 << 40 // out of the order of the concepts
		}
	}
	r.acceptable = nil // their ids have changed
	for range 4 * n {
		p := terminology.Property{Concept: code(), Group: uint16(source.IntN(3)), Code: pick(r.concepts[0].Code, r.concepts[1].Code, "note"), Value: code()}
		switch source.IntN(6) {
		case 0:
			p.Value = "outside"
		case 1:
			p.Kind, p.Value = terminology.ValueDecimal, fmt.Sprint(source.IntN(5))
		case 2:
			p.Kind, p.Value = terminology.ValueString, pick("7", "å", "")
		}
		r.properties = append(r.properties, p)
	}
	for i := range 3 * n {
		component := code()
		if source.IntN(5) == 0 {
			component = fmt.Sprint("no concept ", source.IntN(9))
		}
		id := fmt.Sprintf("80000000-0000-5000-8000-%012x", i)
		row := terminology.Row{Component: component, ID: id, Inactive: source.IntN(3) == 0, Effective: terminology.Date(20000101 + source.IntN(28)), Module: pick(modules...)}
		switch source.IntN(5) {
		case 0, 1:
			row.Table, row.Fields = "map", []string{fmt.Sprint(source.IntN(4)), pick("I21.9", "", "007", code()), code()}
		case 2:
			row.Table, row.Fields, row.ID = "notes", []string{pick("å", "", "ø")}, pick(id, "no UUID")
		case 3:
			row.Table, row.Fields = "relationship", []string{code()}
		case 4:
			row.Table, row.Fields, row.ID = "identifier", []string{"", pick(loinc, "1")}, pick(id, fmt.Sprint(source.IntN(2*n)))
		}
		r.rows = append(r.rows, row)
	}
	return r
}

// TestColumnsAgree compares the columns that an engine stands on with the answers that
// are given concept by concept.
func TestColumnsAgree(t *testing.T) {
	for seed := range uint64(10) {
		p := randomFacts(60+int(seed)*7, seed).open(t, norwegianEdition, snomedRules())
		agreeOnConcepts(t, p)
		agreeOnAttributes(t, p)
		agreeOnPostings(t, p)
		agreeOnDesignations(t, p)
		for _, table := range p.Tables() {
			agreeOnRows(t, p, table)
		}
		agreeOnAlternates(t, p)
	}
}

func agreeOnConcepts(t *testing.T, p *basic.Provider) {
	t.Helper()
	for o := range uint32(p.Len()) {
		info := p.Info(o)
		if got := p.ModuleName(p.ModuleColumn()[o]); got != info.Module || p.EffectiveColumn()[o] != uint32(info.Effective) || p.Defined().Contains(o) != info.Defined {
			t.Errorf("concept %d is %+v, by column %s, %d, defined %v", o, info, got, p.EffectiveColumn()[o], p.Defined().Contains(o))
		}
	}
	for i, id := range p.Modules() {
		if n, ok := p.ModuleNumber(id); !ok || int(n) != i {
			t.Errorf("ModuleNumber(%q) = %d, %v, want %d", id, n, ok, i)
		}
	}
	if n, ok := p.ModuleNumber("no module"); ok {
		t.Errorf("ModuleNumber of no module = %d", n)
	}
}

func agreeOnAttributes(t *testing.T, p *basic.Provider) {
	t.Helper()
	types := p.AttributeTypes()
	for o := range uint32(p.Len()) {
		var want []terminology.PropertyInfo
		for info := range p.Properties(o) {
			want = append(want, info)
		}
		var got []terminology.PropertyInfo
		attributes := p.Attributes(o)
		for i, a := range attributes {
			typ := types[a.Type()]
			if names, ok := p.Find(typ.Code); ok != (typ.Concept != terminology.NoOrdinal) || ok && names != typ.Concept {
				t.Errorf("type %s is concept %d, found %d", typ.Code, typ.Concept, names)
			}
			info := terminology.PropertyInfo{Code: typ.Code, Group: a.Group(), Kind: typ.Kind, Target: terminology.NoOrdinal}
			if typ.Text {
				info.Value = p.ValueText(a.Value())
			} else {
				info.Target, info.Value = a.Value(), p.Code(a.Value())
			}
			got = append(got, info)
			if i == 0 {
				continue
			}
			last := attributes[i-1]
			if cmp.Or(cmp.Compare(last.Group(), a.Group()), cmp.Compare(last.Type(), a.Type()), cmp.Compare(last.Value(), a.Value())) >= 0 {
				t.Errorf("attribute %x of %d comes after %x", a, o, last)
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("attributes of %d (-Properties +Attributes):\n%s", o, diff)
		}
	}
}

func agreeOnPostings(t *testing.T, p *basic.Provider) {
	t.Helper()
	want := map[int]map[uint32][]uint32{}
	for o := range uint32(p.Len()) {
		for _, a := range p.Attributes(o) {
			if want[a.Type()] == nil {
				want[a.Type()] = map[uint32][]uint32{}
			}
			if sources := want[a.Type()][a.Value()]; !slices.Contains(sources, o) {
				want[a.Type()][a.Value()] = append(sources, o)
			}
		}
	}
	got := map[int]map[uint32][]uint32{}
	for typ := range p.AttributeTypes() {
		posted := p.Postings(typ)
		got[typ] = map[uint32][]uint32{}
		for i, v := range posted.Values {
			got[typ][v] = posted.Sources[posted.Offsets[i]:posted.Offsets[i+1]]
		}
		if !slices.IsSorted(posted.Values) {
			t.Errorf("the values of type %d are %v", typ, posted.Values)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("postings (-attributes +postings):\n%s", diff)
	}
}

func agreeOnDesignations(t *testing.T, p *basic.Provider) {
	t.Helper()
	var unindexed, active []uint32
	next := uint32(0)
	for o := range uint32(p.Len()) {
		from, to := p.DesignationRange(o)
		if from != next {
			t.Fatalf("designations of %d begin at %d, want %d", o, from, next)
		}
		for d := range p.Designations(o) {
			if got := p.Designation(next); got != d || p.DesignationConcept(next) != o {
				t.Errorf("Designation(%d) = %+v of %d, want %+v of %d", next, got, p.DesignationConcept(next), d, o)
			}
			if n, ok := p.DesignationByID(d.ID); !ok || n != next {
				t.Errorf("DesignationByID(%d) = %d, %v, want %d", d.ID, n, ok, next)
			}
			doc, ok := p.DesignationDocument(next)
			if !ok {
				unindexed = append(unindexed, next)
				if !d.Inactive {
					active = append(active, next)
				}
			} else if back, ok := p.DocumentDesignation(doc); !ok || back != next {
				t.Errorf("designation %d is document %d, which is designation %d, %v", next, doc, back, ok)
			}
			next++
		}
		if next != to {
			t.Fatalf("designations of %d end at %d, want %d", o, next, to)
		}
	}
	if !slices.Equal(unindexed, p.Unindexed()) || !slices.Equal(active, p.UnindexedActive()) {
		t.Errorf("Unindexed = %v, active %v, want %v and %v", p.Unindexed(), p.UnindexedActive(), unindexed, active)
	}
	if n, ok := p.DesignationByID(1 << 50); ok {
		t.Errorf("DesignationByID of no designation = %d", n)
	}
}

func Example_attributes() {
	b := basic.NewBuilder()
	for _, code := range []string{infarction, acuteMI, findingSite, heart} {
		_ = b.Concept(terminology.Concept{Code: code})
	}
	for _, concept := range []string{acuteMI, infarction} {
		_ = b.Property(terminology.Property{Concept: concept, Code: findingSite, Group: 1, Value: heart})
	}
	image, _ := b.Build(terminology.Release{CaseSens: true}, basic.DefaultRules())
	tables := store.NewMemory()
	_ = image.Write(tables)
	_ = image.WriteRows(tables)
	p, _ := basic.Open(tables, basic.Options{})

	o, _ := p.Find(acuteMI)
	for _, a := range p.Attributes(o) {
		fmt.Println(p.AttributeTypes()[a.Type()].Code, a.Group(), p.Code(a.Value()))
	}
	posted := p.Postings(0)
	for i, v := range posted.Values {
		for _, source := range posted.Sources[posted.Offsets[i]:posted.Offsets[i+1]] {
			fmt.Println(p.Code(v), "is a value of", p.Code(source))
		}
	}
	// Output:
	// 363698007 1 80891009
	// 80891009 is a value of 22298006
	// 80891009 is a value of 57054005
}
