package basic_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// agreeOnRows reads the rows of a table by column, and compares them with Rows.
func agreeOnRows(t *testing.T, p *basic.Provider, table basic.Table) {
	t.Helper()
	var want []terminology.Row
	for o := range uint32(p.Len()) {
		rows, err := p.Rows(table.Name, p.Code(o))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, rows...)
	}
	if table.Name == "relationship" || table.Name == "identifier" {
		want = nil
	}
	rows, ok, err := p.MemberRows(table.Name)
	if err != nil || ok != (len(want) > 0) {
		t.Fatalf("MemberRows(%s) = %v, %v, want %d rows", table.Name, ok, err, len(want))
	}
	if !ok {
		return
	}
	if !slices.Equal(rows.Fields, table.Columns) {
		t.Errorf("MemberRows(%s) has fields %v, want %v", table.Name, rows.Fields, table.Columns)
	}
	got := make([]terminology.Row, rows.Len())
	for i := range got {
		got[i] = terminology.Row{
			Table: table.Name, Component: p.Code(rows.Concept[i]), ID: want[i].ID, Inactive: !rows.IsActive(uint32(i)),
			Effective: terminology.Date(rows.Effective[i]), Module: p.ModuleName(rows.Module[i]), Fields: make([]string, len(table.Columns)),
		}
		if from, to := rows.Of(rows.Concept[i]); uint32(i) < from || uint32(i) >= to || rows.Concept[to-1] != rows.Concept[i] || from > 0 && rows.Concept[from-1] == rows.Concept[i] {
			t.Errorf("rows of %d in %s are from %d to %d", rows.Concept[i], table.Name, from, to)
		}
	}
	if ids, err := p.MemberIDs(table.Name); err == nil {
		for i := range got {
			id := ids[i]
			if got := fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]); got != want[i].ID {
				t.Errorf("id of row %d of %s = %x, want %s", i, table.Name, ids[i], want[i].ID)
			}
		}
	} else if terminology.KindOf(err) != terminology.NotSupported || table.UUIDs {
		t.Errorf("MemberIDs(%s) = %v", table.Name, err)
	}
	for f := range table.Columns {
		fillField(t, p, table.Name, f, got)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("rows of %s (-Rows +MemberRows):\n%s", table.Name, diff)
	}
}

// fillField puts the texts of one column into rows, and looks at its dictionary.
func fillField(t *testing.T, p *basic.Provider, table string, f int, rows []terminology.Row) {
	t.Helper()
	field, err := p.MemberField(table, f)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range field.Values {
		rows[i].Fields[f] = field.Text(v)
	}
	last := ""
	for v := range uint32(field.Len()) {
		s := field.Text(v)
		if v > 0 && s <= last {
			t.Errorf("%q comes after %q", s, last)
		}
		if n, ok := field.Find(s); !ok || n != v {
			t.Errorf("Find(%q) = %d, %v, want %d", s, n, ok, v)
		}
		if n, ok := field.Find(s + "\x00"); ok || n != v+1 {
			t.Errorf("Find(%q) = %d, %v, want %d, false", s+"\x00", n, ok, v+1)
		}
		o, ok := p.Find(s)
		if !ok {
			o = terminology.NoOrdinal
		}
		if field.Concepts[v] != o {
			t.Errorf("%q is concept %d, want %d", s, field.Concepts[v], o)
		}
		last = s
	}
}

func agreeOnAlternates(t *testing.T, p *basic.Provider) {
	t.Helper()
	type alternate struct{ scheme, code string }
	want := map[alternate][]uint32{}
	for o := range uint32(p.Len()) {
		rows, err := p.Rows("identifier", p.Code(o))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if key := (alternate{row.Fields[1], row.ID}); !row.Inactive {
				want[key] = append(want[key], o)
			}
		}
	}
	for key, concepts := range want {
		best := slices.MinFunc(concepts, func(x, y uint32) int {
			if a, b := p.Active().Contains(x), p.Active().Contains(y); a != b {
				return map[bool]int{true: -1, false: 1}[a]
			}
			return cmp.Compare(x, y)
		})
		if o, ok := p.Alternate(key.scheme, key.code); !ok || o != best {
			t.Errorf("Alternate(%q, %q) = %d, %v, want %d", key.scheme, key.code, o, ok, best)
		}
	}
	for _, none := range []alternate{{loinc, "none"}, {loinc, ""}, {loinc, "~"}, {"no scheme", "1"}} {
		if o, ok := p.Alternate(none.scheme, none.code); ok || o != terminology.NoOrdinal {
			t.Errorf("Alternate(%q, %q) = %d, %v", none.scheme, none.code, o, ok)
		}
	}
	if got := p.Schemes(); !slices.Equal(got, []string{"1", loinc}) {
		t.Errorf("Schemes = %v", got)
	}
}

// TestMembersOfSample has one table with a concept of another release and an inactive row.
func TestMembersOfSample(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	rows, ok, err := p.MemberRows(icd10Map)
	if err != nil || !ok {
		t.Fatalf("MemberRows = %v, %v", ok, err)
	}
	target, err := p.MemberField(icd10Map, 1)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, o := range rows.Concept {
		got = append(got, fmt.Sprintf("%s %v %q", p.Code(o), rows.IsActive(uint32(i)), target.Text(target.Values[i])))
	}
	want := []string{infarction + ` true "I21.9"`, infarction + ` true "Z92.2"`, acuteMI + ` false ""`}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("rows of the map (-want +got):\n%s", diff)
	}
	if o, ok := p.Alternate(loinc, "LP7289-4"); !ok || o != must(t, p, heart) {
		t.Errorf("Alternate = %d, %v, want the heart", o, ok)
	}
	if o, ok := p.Alternate(loinc, "57054005"); ok {
		t.Errorf("Alternate of an inactive row = %d", o)
	}
	for _, table := range []string{"999", bokmal, "identifier", "733073007"} {
		if _, ok, err := p.MemberRows(table); ok || err != nil {
			t.Errorf("MemberRows(%s) = %v, %v, want none", table, ok, err)
		}
		if _, err := p.MemberField(table, 0); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("MemberField(%s) = %v, want kind NotFound", table, err)
		}
		if _, err := p.MemberIDs(table); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("MemberIDs(%s) = %v, want kind NotFound", table, err)
		}
	}
	for _, f := range []int{-1, 2} {
		if _, err := p.MemberField(icd10Map, f); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("MemberField(%d) = %v, want kind NotFound", f, err)
		}
	}
}

// TestLongTexts keeps a column of long texts by row only, and the others by column.
func TestLongTexts(t *testing.T) {
	r := records{concepts: []terminology.Concept{{Code: heart}}, tables: [][]string{{"owl", "expression", "language"}}}
	for i := range 9 {
		r.rows = append(r.rows, terminology.Row{Table: "owl", Component: heart, Fields: []string{strings.Repeat(fmt.Sprint(i), 1<<20), "en"}})
	}
	p := r.open(t, terminology.Release{}, basic.DefaultRules())
	if _, err := p.MemberField("owl", 0); terminology.KindOf(err) != terminology.NotSupported || !strings.Contains(err.Error(), "expression") {
		t.Errorf("MemberField of 9 MiB = %v, want kind NotSupported and the name of the column", err)
	}
	if f, err := p.MemberField("owl", 1); err != nil || f.Len() != 1 || f.Text(f.Values[8]) != "en" {
		t.Errorf("MemberField beside it = %+v, %v", f, err)
	}
	r.rows = r.rows[:8] // just as much as is kept
	p = r.open(t, terminology.Release{}, basic.DefaultRules())
	if f, err := p.MemberField("owl", 0); err != nil || f.Len() != 8 {
		t.Errorf("MemberField of 8 MiB = %v", err)
	}
}
