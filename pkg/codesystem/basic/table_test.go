package basic_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestMembersAndRefsets(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	members, ok := p.Members(icd10Map)
	if want := must(t, p, infarction); !ok || members.GetCardinality() != 1 || !members.Contains(want) {
		t.Errorf("Members(%s) = %v, %v, want only %d: the other rows are inactive or of another release", icd10Map, members, ok, want)
	}
	if members, ok := p.Members("733073007"); !ok || !members.IsEmpty() {
		t.Errorf("Members of a table without rows = %v, %v, want none and true", members, ok)
	}
	if _, ok := p.Members("999"); ok {
		t.Error("Members of no table is true")
	}
	if got := p.Refsets().ToArray(); !slices.Equal(got, []uint32{must(t, p, icd10Map)}) {
		t.Errorf("Refsets = %v, want only %s", got, icd10Map)
	}
	want := []basic.Table{
		{Name: icd10Map, Columns: []string{"mapGroup", "mapTarget"}, Rows: 4, Active: 3, Members: 1, ConceptRows: 3, UUIDs: true},
		{Name: bokmal, Columns: []string{"acceptabilityId"}},
		{Name: "733073007", Columns: []string{"owlExpression"}},
		{Name: "identifier", Columns: []string{"identifierSchemeId"}, Rows: 4, Active: 3, Members: 2},
	}
	if diff := cmp.Diff(want, p.Tables()); diff != "" {
		t.Errorf("Tables (-want +got):\n%s", diff)
	}
}

// TestRowsRoundTrip writes rows whose texts are near to being numbers, UUIDs or
// nothing, and reads them back as they were.
func TestRowsRoundTrip(t *testing.T) {
	r := records{
		concepts: []terminology.Concept{{Code: infarction}},
		tables:   [][]string{{"owl", "expression"}, {"text", "a", "b", "c"}, {"", "a"}, {"bare"}},
	}
	for _, id := range []string{"", "0", "007", "80000000-0000-5000-8000-00000000abcd", "80000000-0000-5000-8000-00000000ABCD", "80000000-0000-5000-8000-00000000abcg", "80000000x0000-5000-8000-00000000abcd", "member 1", "999999999999999999", "1000000000000000000", "18446744073709551616", "-1", "+1", "1.0", "ø"} {
		r.rows = append(r.rows, terminology.Row{Table: "text", Component: infarction, ID: id, Module: "m", Fields: []string{id, "", id + "0"}})
	}
	for _, n := range []int{100, 127, 128, 1<<14 - 60, 1<<14 - 10, 1 << 14, 1<<14 + 1, 70_000, 3 << 20} {
		r.rows = append(r.rows, terminology.Row{Table: "owl", Component: infarction, ID: "80000000-0000-5000-8000-000000000001", Effective: 20250915, Module: norwegian, Inactive: n%2 == 1, Fields: []string{strings.Repeat("x", n)}})
	}
	for _, component := range []string{"", "1", "01", "10", "9", "22298006", "022298006", "I21", "I21.9", "i21", "\x01", "\x00", "ø", "1000000000000000000"} {
		for i := range 3 {
			r.rows = append(r.rows, terminology.Row{Table: "", Component: component, ID: "a", Fields: []string{fmt.Sprint(component, i)}})
		}
		r.rows = append(r.rows, terminology.Row{Table: "bare", Component: component, ID: "b", Fields: []string{}})
	}
	p := r.open(t, terminology.Release{}, basic.DefaultRules()) // and Check
	type place struct{ table, component string }
	want := map[place][]terminology.Row{}
	for _, row := range r.rows {
		at := place{row.Table, row.Component}
		want[at] = append(want[at], row)
	}
	for at, rows := range want {
		got, err := p.Rows(at.table, at.component)
		if err != nil || !cmp.Equal(rows, got) {
			t.Errorf("Rows(%q, %q) = %d rows, %v, want the %d written", at.table, at.component, len(got), err, len(rows))
		}
	}
	if got, err := p.Rows("text", "999"); err != nil || len(got) != 0 {
		t.Errorf("Rows of a component without any = %v, %v", got, err)
	}
	if _, err := p.Rows("nothing", infarction); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("Rows of no table = %v, want kind NotFound", err)
	}
}

// TestDocuments holds the documents that are given to the text index to what the
// release answers about them.
func TestDocuments(t *testing.T) {
	for _, codes := range []bool{false, true} {
		rules := snomedRules()
		rules.Codes = codes
		r := snomedSample()
		image, err := r.builder(t).Build(norwegianEdition, rules)
		if err != nil {
			t.Fatal(err)
		}
		p := r.open(t, norwegianEdition, rules)
		var docs []terminology.TextDocument
		err = image.Documents(func(d terminology.TextDocument) error {
			d.Tiers = slices.Clone(d.Tiers)
			docs = append(docs, d)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := 8 // of ten terms two are retired
		if codes {
			want += p.Len()
		}
		if len(docs) != want || image.DocumentCount() != want || p.DocumentCount() != want {
			t.Fatalf("%d documents, counts %d and %d, want %d", len(docs), image.DocumentCount(), p.DocumentCount(), want)
		}
		for i, d := range docs {
			if i > 0 && utf8.RuneCountInString(docs[i-1].Term) > utf8.RuneCountInString(d.Term) {
				t.Errorf("%q comes before the shorter %q", docs[i-1].Term, d.Term)
			}
			o, term := p.Document(uint32(i))
			if term != d.Term {
				t.Errorf("Document(%d) = %q, want %q", i, term, d.Term)
			}
			if !slices.Contains(slices.Collect(p.Documents(o)), uint32(i)) {
				t.Errorf("Documents(%d) = %v, want %d among them", o, slices.Collect(p.Documents(o)), i)
			}
			if d.Active == p.Info(o).Inactive {
				t.Errorf("document %q of %s is active %v", d.Term, p.Code(o), d.Active)
			}
		}
		at := slices.IndexFunc(docs, func(d terminology.TextDocument) bool { return d.Term == "hjerteinfarkt" })
		hjerteinfarkt := terminology.TextDocument{Term: "hjerteinfarkt", Tiers: []string{basic.Tier(1, true)}, Active: true, Tag: "disorder", Use: synonym, Language: "nb"}
		if diff := cmp.Diff(hjerteinfarkt, docs[at]); diff != "" {
			t.Errorf("document (-want +got):\n%s", diff)
		}
	}
}
