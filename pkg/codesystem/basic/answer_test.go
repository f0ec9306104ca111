package basic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestFind(t *testing.T) {
	icd10 := records{concepts: []terminology.Concept{{Code: "I21.0a"}, {Code: "I21.0"}, {Code: "IX"}, {Code: "A00-B99"}, {Code: "Å1"}}}
	both := records{concepts: append([]terminology.Concept{{Code: "I21.0A"}}, icd10.concepts...)}
	normalize := basic.Options{Normalize: func(code string) []string {
		if len(code) > 3 && !strings.Contains(code, ".") {
			return []string{code[:3] + "." + code[3:], code[:3]}
		}
		return nil
	}}
	tests := []struct {
		name    string
		from    records
		options basic.Options
		sens    bool
		in      string
		want    string // "": not found
	}{
		{"as it is written", icd10, basic.Options{}, false, "I21.0a", "I21.0a"},
		{"in upper case", icd10, basic.Options{}, false, "I21.0A", "I21.0a"},
		{"in lower case", icd10, basic.Options{}, false, "i21.0a", "I21.0a"},
		{"a block", icd10, basic.Options{}, false, "a00-b99", "A00-B99"},
		{"a letter beyond ASCII", icd10, basic.Options{}, false, "å1", "Å1"},
		{"a letter beyond ASCII, case tells apart", icd10, basic.Options{}, true, "å1", ""},
		{"a code that begins so", icd10, basic.Options{}, false, "I21", ""},
		{"nothing", icd10, normalize, false, "", ""},
		{"case tells apart", icd10, basic.Options{}, true, "I21.0A", ""},
		{"case tells apart, as written", icd10, basic.Options{}, true, "I21.0a", "I21.0a"},
		{"two codes that differ in case: the one written", both, basic.Options{}, false, "I21.0a", "I21.0a"},
		{"two codes that differ in case: the other", both, basic.Options{}, false, "I21.0A", "I21.0A"},
		{"two codes that differ in case: the first in order", both, basic.Options{}, false, "i21.0a", "I21.0A"},
		{"without its dot", icd10, normalize, false, "I210a", "I21.0a"},
		{"without its dot, in other case", icd10, normalize, false, "i210A", "I21.0a"},
		{"no form of it is there", icd10, normalize, false, "X999", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := basic.Open(tt.from.stored(t, terminology.Release{CaseSens: tt.sens}, basic.DefaultRules()), tt.options)
			if err != nil {
				t.Fatal(err)
			}
			o, ok := p.Find(tt.in)
			if ok != (tt.want != "") || ok && p.Code(o) != tt.want || !ok && o != terminology.NoOrdinal {
				t.Errorf("Find(%q) = %d, %v, want %q", tt.in, o, ok, tt.want)
			}
		})
	}
}

// preferred returns the preferred term of each language, and what Display shows.
func preferred(t *testing.T, p *basic.Provider, code string) map[string]string {
	o := must(t, p, code)
	got := map[string]string{"any": p.Display(o)}
	for c, column := range p.Columns() {
		if term, ok := p.Preferred(o, c); ok {
			got[column.Language] = term
		}
	}
	return got
}

func TestDisplayOfSnomed(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	columns := []terminology.DisplayColumn{{Language: "en-US", Refset: usEnglish, Count: 1}, {Language: "nb", Refset: bokmal, Count: 1}, {Language: "nn", Refset: nynorsk, Count: 1}}
	if diff := cmp.Diff(columns, p.Columns()); diff != "" {
		t.Errorf("Columns (-want +got):\n%s", diff)
	}
	for code, want := range map[string]map[string]string{
		infarction: {"any": "Myocardial infarction", "en-US": "Myocardial infarction", "nb": "hjerteinfarkt", "nn": "hjarteinfarkt"},
		acuteMI:    {"any": "Acute myocardial infarction (disorder)"}, // nothing but its full name
		heart:      {"any": "Cardiac structure"},                      // a synonym in no reference set, before the full name
		retired:    {"any": "Silent myocardial infarction"},           // only a retired term
		root:       {"any": ""},                                       // no term at all
	} {
		if diff := cmp.Diff(want, preferred(t, p, code)); diff != "" {
			t.Errorf("terms of %s (-want +got):\n%s", code, diff)
		}
	}
}

// TestDisplayChoice has one concept and one rule a case.
func TestDisplayChoice(t *testing.T) {
	in := func(id uint64, preferred bool) terminology.Acceptability {
		return terminology.Acceptability{Designation: id, Refset: bokmal, Preferred: preferred}
	}
	tests := []struct {
		name   string
		terms  []terminology.Designation
		accept []terminology.Acceptability
		want   map[string]string
	}{
		{"two preferred in one reference set: the first", []terminology.Designation{{ID: 1, Use: synonym, Term: "a"}, {ID: 2, Use: synonym, Term: "b"}},
			[]terminology.Acceptability{in(2, true), in(1, true)}, map[string]string{"nb": "a", "any": "a"}},
		{"preferred and acceptable in one reference set: preferred", []terminology.Designation{{ID: 1, Use: synonym, Term: "a"}, {ID: 2, Use: synonym, Term: "b"}},
			[]terminology.Acceptability{in(2, true), in(2, false), in(1, false)}, map[string]string{"nb": "b", "any": "b"}},
		{"acceptable and preferred in one reference set: preferred", []terminology.Designation{{ID: 1, Use: synonym, Term: "a"}, {ID: 2, Use: synonym, Term: "b"}},
			[]terminology.Acceptability{in(2, false), in(2, true)}, map[string]string{"nb": "b", "any": "b"}},
		{"acceptable is not shown in its language", []terminology.Designation{{ID: 1, Use: synonym, Term: "a"}},
			[]terminology.Acceptability{in(1, false)}, map[string]string{"any": "a"}},
		{"the full name is not shown when there is a synonym", []terminology.Designation{{ID: 1, Use: fsn, Term: "a (disorder)"}, {ID: 2, Use: synonym, Term: "b"}},
			[]terminology.Acceptability{in(1, true)}, map[string]string{"any": "b"}},
		{"nor a definition, when there is a full name", []terminology.Designation{{ID: 2, Use: synonym, Term: "old", Inactive: true}, {ID: 1, Use: fsn, Term: "a (disorder)"}, {ID: 3, Use: definition, Term: "long"}},
			nil, map[string]string{"any": "a (disorder)"}},
		{"a retired term is not preferred", []terminology.Designation{{ID: 1, Use: synonym, Term: "old", Inactive: true}, {ID: 2, Use: synonym, Term: "new"}},
			[]terminology.Acceptability{in(1, true), in(2, false)}, map[string]string{"any": "new"}},
		{"a retired term is better than none", []terminology.Designation{{ID: 1, Use: synonym, Term: "old", Inactive: true}}, nil, map[string]string{"any": "old"}},
		{"no term", nil, nil, map[string]string{"any": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := records{concepts: []terminology.Concept{{Code: "other"}, {Code: heart}}, acceptable: tt.accept}
			for _, d := range tt.terms {
				d.Concept, d.Language = heart, "nb"
				r.designations = append(r.designations, d)
			}
			p := r.open(t, norwegianEdition, snomedRules())
			if diff := cmp.Diff(tt.want, preferred(t, p, heart)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDisplayOfTables is a code system without reference sets: a column a language.
func TestDisplayOfTables(t *testing.T) {
	display := func(language, term string) terminology.Designation {
		return terminology.Designation{Concept: "K75", Language: language, Use: terminology.UseDisplay, Term: term, Preferred: true}
	}
	r := records{concepts: []terminology.Concept{{Code: "K75"}}, designations: []terminology.Designation{
		{Concept: "K75", Language: "nb", Use: terminology.UseShort, Term: "Hjerteinf."},
		display("nn", "Akutt hjarteinfarkt"), display("en", "Acute myocardial infarction"), display("nb", "Akutt hjerteinfarkt"),
		{Concept: "K75", Language: "fi", Use: terminology.UseSynonym, Term: "sydäninfarkti"},
	}}
	p := r.open(t, terminology.Release{}, basic.DefaultRules())
	want := map[string]string{"nb": "Akutt hjerteinfarkt", "nn": "Akutt hjarteinfarkt", "en": "Acute myocardial infarction", "any": "Acute myocardial infarction"}
	if diff := cmp.Diff(want, preferred(t, p, "K75")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDesignations(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	var terms []string
	for d := range p.Designations(must(t, p, infarction)) {
		terms = append(terms, d.Term)
		if d.Term == "myokardinfarkt" {
			if !d.Inactive || d.Language != "nb" || d.Use != synonym || d.ID != 1006 || d.Module != norwegian || d.Effective != 20250915 || !d.Preferred(1) {
				t.Errorf("retired designation = %+v", d)
			}
		}
		if d.Term == "Heart attack" && (!d.Acceptable(0) || d.Preferred(0) || d.Acceptable(1)) {
			t.Errorf("acceptable designation = %+v", d)
		}
	}
	want := []string{"Myocardial infarction (disorder)", "Heart attack", "Myocardial infarction", "hjerteinfarkt", "hjarteinfarkt", "myokardinfarkt"}
	if diff := cmp.Diff(want, terms); diff != "" {
		t.Errorf("designations (-want +got):\n%s", diff)
	}
}

func TestProperties(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	var got []terminology.PropertyInfo
	for info := range p.Properties(must(t, p, infarction)) {
		got = append(got, info)
	}
	want := []terminology.PropertyInfo{
		{Code: "note", Kind: terminology.ValueString, Value: "se også 57054005", Target: terminology.NoOrdinal},
		{Code: "116676008", Group: 1, Value: "55641003", Target: terminology.NoOrdinal},
		{Code: findingSite, Group: 2, Value: heart, Target: must(t, p, heart)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Properties (-want +got):\n%s", diff)
	}
	for range p.Properties(must(t, p, root)) {
		t.Error("the root has a property")
	}
}

func TestInfoAndActive(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	want := terminology.ConceptInfo{Inactive: true, Effective: 20250915, Module: norwegian, From: 20020131, To: 20250914}
	if got := p.Info(must(t, p, retired)); got != want {
		t.Errorf("Info(%s) = %+v, want %+v", retired, got, want)
	}
	if got := p.Info(must(t, p, acuteMI)); !got.Defined || got.Inactive || got.Module != international {
		t.Errorf("Info(%s) = %+v", acuteMI, got)
	}
	if p.Active().Contains(must(t, p, retired)) || int(p.Active().GetCardinality()) != p.Len()-1 {
		t.Errorf("Active = %v of %d", p.Active(), p.Len())
	}
	if o := must(t, p, retired); int(o) != p.Len()-1 {
		t.Errorf("an inactive concept without parents is %d of %d, want last", o, p.Len())
	}
	if concepts, active, terms := p.Counts(); concepts != 9 || active != 8 || terms != 10 {
		t.Errorf("Counts = %d, %d, %d", concepts, active, terms)
	}
}

// TestValidity stores days, and finds none where none were given.
func TestValidity(t *testing.T) {
	tests := []struct {
		name     string
		concepts []terminology.Concept
	}{
		{"no days", []terminology.Concept{{Code: "A00"}, {Code: "A00.0"}}},
		{"a first day of one", []terminology.Concept{{Code: "A00"}, {Code: "A00.0", From: 19990101}}},
		{"a last day of one", []terminology.Concept{{Code: "A00", To: 20251231}, {Code: "A00.0"}}},
		{"both", []terminology.Concept{{Code: "A00", From: 19990101, To: 20251231}, {Code: "A00.0", From: 20260101}}},
	}
	for _, tt := range tests {
		tables := records{concepts: tt.concepts}.stored(t, terminology.Release{}, basic.DefaultRules())
		p, err := basic.Open(tables, basic.Options{})
		if err != nil {
			t.Fatal(err)
		}
		from, to := terminology.Date(0), terminology.Date(0)
		for _, c := range tt.concepts {
			info := p.Info(must(t, p, c.Code))
			if info.From != c.From || info.To != c.To {
				t.Errorf("%s: %s is valid from %d to %d, want %d to %d", tt.name, c.Code, info.From, info.To, c.From, c.To)
			}
			from, to = max(from, c.From), max(to, c.To)
		}
		for name, want := range map[string]bool{"concept.from": from != 0, "concept.to": to != 0} {
			if _, err := tables.Column(name); (err == nil) != want {
				t.Errorf("%s: column %s = %v, want it there: %v", tt.name, name, err, want)
			}
		}
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if n := testing.AllocsPerRun(10, func() { p.Info(0) }); n != 0 {
			t.Errorf("%s: Info allocates %v times", tt.name, n)
		}
	}
}

// TestOn is the law of days: the sets of a day hold a concept as ConceptInfo.On tells.
func TestOn(t *testing.T) {
	r := snomedSample()
	for i, days := range []terminology.Period{{From: 20250101}, {To: 20251231}, {From: 20250101, To: 20250630}, {From: 20260101, To: 20251231}} {
		r.concepts[i].From, r.concepts[i].To = days.From, days.To
	}
	p := r.open(t, norwegianEdition, snomedRules())
	for _, day := range []terminology.Date{20011231, 20020131, 20241231, 20250101, 20250630, 20250701, 20250914, 20250915, 20251231, 20260101} {
		valid, notYet := p.On(day)
		for o := range uint32(p.Len()) {
			want := p.Info(o).On(day)
			if valid.Contains(o) != (want == terminology.Valid) || notYet.Contains(o) != (want == terminology.NotYetValid) {
				t.Errorf("%s on %s: in valid %v, in not yet %v, want %s", p.Code(o), day, valid.Contains(o), notYet.Contains(o), want)
			}
		}
		if n := int(valid.GetCardinality() + notYet.GetCardinality()); n > p.Len() {
			t.Errorf("%s: %d concepts of %d", day, n, p.Len())
		}
	}
}
