package basic_test

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// copyWith copies a release, with columns as change returns them; nil leaves one out.
func copyWith(t *testing.T, from *store.Memory, names []string, change func(name string, data []byte) []byte) *store.Memory {
	t.Helper()
	to := store.NewMemory()
	for _, name := range names {
		data, err := from.Column(name)
		if err != nil {
			t.Fatal(err)
		}
		if data = change(name, data); data == nil {
			continue
		}
		if err := to.PutColumn(name, data); err != nil {
			t.Fatal(err)
		}
	}
	for kv := range from.Rows(basic.TableRows, nil) {
		if err := to.PutRow(basic.TableRows, kv.Key, kv.Value); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// sample returns the stored sample and the names of its columns.
func sample(t *testing.T) (*store.Memory, []string) {
	rules := snomedRules()
	rules.Codes = true
	tables := snomedSample().stored(t, norwegianEdition, rules)
	p, err := basic.Open(tables, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tables, columnNames(p)
}

func TestOpenNeedsEveryColumn(t *testing.T) {
	whole, names := sample(t)
	for _, name := range names {
		if strings.HasPrefix(name, "rows.") {
			continue // read later
		}
		without := copyWith(t, whole, names, func(n string, data []byte) []byte {
			if n == name {
				return nil
			}
			return data
		})
		if _, err := basic.Open(without, basic.Options{}); terminology.KindOf(err) != terminology.Corrupt || !strings.Contains(err.Error(), name) {
			t.Errorf("Open without %s = %v, want kind Corrupt and its name", name, err)
		}
		for _, n := range []int{1, 2, 3, 4, 8} {
			longer := copyWith(t, whole, names, func(n2 string, data []byte) []byte {
				if n2 == name {
					return append(data, make([]byte, n)...)
				}
				return data
			})
			if _, err := basic.Open(longer, basic.Options{}); terminology.KindOf(err) != terminology.Corrupt && name != "property.entries" {
				t.Errorf("Open with %d bytes more of %s = %v, want kind Corrupt", n, name, err)
			}
		}
	}
}

func TestOpenOtherFormat(t *testing.T) {
	whole, names := sample(t)
	newer := copyWith(t, whole, names, func(name string, data []byte) []byte {
		if name != "meta" {
			return data
		}
		return changeMeta(t, data, "format", basic.FormatVersion+1)
	})
	_, err := basic.Open(newer, basic.Options{})
	if terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), "import it again") {
		t.Errorf("Open of a newer format = %v, want kind Conflict and what to do", err)
	}
}

func changeMeta(t *testing.T, data []byte, field string, value any) []byte {
	t.Helper()
	var meta map[string]any
	if err := json.Unmarshal(data, &meta); err != nil {
		t.Fatal(err)
	}
	if _, ok := meta[field]; !ok {
		t.Fatalf("meta has no %s", field)
	}
	meta[field] = value
	data, err := json.Marshal(meta)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOpenOtherMeta(t *testing.T) {
	whole, names := sample(t)
	for field, values := range map[string][]any{
		"concepts":   {-5, -1, 0, 8, 10, 1 << 40},
		"terms":      {-5, -1, 0, 9, 11},
		"documents":  {-5, -1, 0, 1},
		"hashSize":   {-1, 0, 1, 8, 31, 64},
		"languages":  {[]string{}, []string{"en"}},
		"uses":       {[]string{}},
		"modules":    {[]string{}, []string{"1"}},
		"properties": {[]string{}, []map[string]any{{"code": "1"}}},
		"identified": {-1, 0, 9, 11},
		"schemes":    {[]string{}, []string{"1"}, []string{"1", "2", "3"}},
		"columns":    {[]map[string]any{{}, {}, {}, {}}, make([]map[string]any, 40)},
		"refsets":    {[]string{}, []map[string]any{{"name": "1"}}},
	} {
		for _, value := range values {
			other := copyWith(t, whole, names, func(name string, data []byte) []byte {
				if name != "meta" {
					return data
				}
				return changeMeta(t, data, field, value)
			})
			if _, err := basic.Open(other, basic.Options{}); terminology.KindOf(err) != terminology.Corrupt {
				t.Errorf("Open with %s %v = %v, want kind Corrupt", field, value, err)
			}
		}
	}
}

// readAll asks a release for everything that it can answer.
func readAll(p *basic.Provider) {
	for o := range uint32(p.Len()) {
		p.Find(p.Code(o))
		p.Info(o)
		p.Display(o)
		for c := range p.Columns() {
			p.Preferred(o, c)
		}
		for range p.Designations(o) {
		}
		for range p.Properties(o) {
		}
		for _, a := range p.Attributes(o) {
			if p.AttributeTypes()[a.Type()].Text {
				p.ValueText(a.Value())
			}
		}
		for i, to := p.DesignationRange(o); i < to; i++ {
			p.DesignationByID(p.Designation(i).ID)
			p.DesignationDocument(i)
		}
		for doc := range p.Documents(o) {
			p.Document(doc)
		}
		related := slices.Concat(p.Parents(o), p.Children(o), p.Ancestors(o))
		for _, other := range related {
			p.Code(other)
			p.Subsumes(other, o)
		}
		p.Descendants(o).GetCardinality()
		for _, table := range p.Tables() {
			_, _ = p.Rows(table.Name, p.Code(o))
		}
	}
	for _, table := range p.Tables() {
		p.Members(table.Name)
		_ = readColumns(p, table)
	}
	for doc := range p.DocumentCount() {
		p.Document(uint32(doc))
		p.DocumentDesignation(uint32(doc))
	}
	for typ := range p.AttributeTypes() {
		posted := p.Postings(typ)
		for i := range posted.Values {
			for _, source := range posted.Sources[posted.Offsets[i]:posted.Offsets[i+1]] {
				p.Code(source)
			}
		}
	}
	for _, scheme := range p.Schemes() {
		p.Alternate(scheme, "LP7289-4")
	}
	p.Find("no such code")
	_ = p.Check()
}

// TestDamageDoesNotPanic changes one number of one column at a time, as a bad disk
// does: Open refuses the release, or every question has some answer.
func TestDamageDoesNotPanic(t *testing.T) {
	whole, names := sample(t)
	refused := map[string]int{}
	for _, name := range names {
		data, err := whole.Column(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(data); at += 1 + len(data)/200 {
			for _, mask := range []byte{0x01, 0x40, 0xff} {
				damaged := copyWith(t, whole, names, func(n string, data []byte) []byte {
					if n == name {
						data[at] ^= mask
					}
					return data
				})
				if !answers(t, damaged, name, at, mask) {
					refused[name]++
				}
			}
		}
	}
	for _, name := range []string{"code.offsets", "term.offsets", "concept.terms", "parent.targets", "ancestor.offsets", "descendant.offsets", "display.any", "display.000", "property.entries", "property.offsets", "value.offsets", "member.offsets", "documents", "term.meta", "concept.module", "code.hash", "posting.types", "posting.values", "posting.offsets", "posting.sources", "term.byid", "alternate.schemes", "alternate.offsets", "alternate.concepts"} {
		if refused[name] == 0 {
			t.Errorf("no damage of column %s was found by Open", name)
		}
	}
}

// answers opens a damaged release and reads all of it.
func answers(t *testing.T, tables *store.Memory, name string, at int, mask byte) (opened bool) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("column %s, byte %d, mask %#x: panic: %v", name, at, mask, r)
		}
	}()
	p, err := basic.Open(tables, basic.Options{})
	if err != nil {
		if kind := terminology.KindOf(err); kind != terminology.Corrupt && kind != terminology.Conflict {
			t.Errorf("column %s, byte %d, mask %#x: %v, want kind Corrupt", name, at, mask, err)
		}
		return false
	}
	readAll(p)
	return true
}

// swapped swaps two numbers of four bytes that stand together.
func swapped(at int) func([]byte) []byte {
	return func(d []byte) []byte {
		for i := at; i < at+4; i++ {
			d[i], d[i+4] = d[i+4], d[i]
		}
		return d
	}
}

// TestCheckFindsDamage makes changes that Open does not look for.
func TestCheckFindsDamage(t *testing.T) {
	whole, names := sample(t)
	tests := []struct {
		name, column string
		change       func(data []byte) []byte
	}{
		{"a code that is another one", "code.bytes", func(d []byte) []byte { d[0] ^= 1; return d }},
		{"descendants of nobody", "descendant.sets", func(d []byte) []byte { d[len(d)-1] ^= 0x80; return d }},
		{"members beyond the release", "member.sets", func(d []byte) []byte { d[len(d)-1] ^= 0x80; return d }},
		{"a term of another concept", "term.concept", func(d []byte) []byte {
			binary.LittleEndian.PutUint32(d, (binary.LittleEndian.Uint32(d)+1)%9)
			return d
		}},
		{"a parent that does not know its child", "parent.targets", func(d []byte) []byte {
			binary.LittleEndian.PutUint32(d[len(d)-4:], 7)
			return d
		}},
		{"an ancestor that is none", "ancestor.targets", func(d []byte) []byte {
			binary.LittleEndian.PutUint32(d[len(d)-4:], 7)
			return d
		}},
		{"a first day that is none", "concept.from", func(d []byte) []byte { d[len(d)-1] ^= 0x80; return d }},
		{"a last day that is none", "concept.to", func(d []byte) []byte { binary.LittleEndian.PutUint32(d, 20250230); return d }},
		{"two ids in another order", "term.byid", swapped(0)},
		{"a posting of another value", "posting.values", func(d []byte) []byte { d[0] ^= 1; return d }},
		{"a posting of another concept", "posting.sources", func(d []byte) []byte { d[0] ^= 1; return d }},
		{"properties in another order", "property.entries", func(d []byte) []byte {
			return append(append(append([]byte{}, d[8:16]...), d[:8]...), d[16:]...)
		}},
		{"an alternate identifier that is another one", "alternate.bytes", func(d []byte) []byte { d[0] = 'Z'; return d }},
		{"a row of another concept", "rows.00000.concept", func(d []byte) []byte { d[8]++; return d }},
		{"a row that is active again", "rows.00000.active", func(d []byte) []byte { d[0] = 7; return d }},
		{"a row of another date", "rows.00000.effective", func(d []byte) []byte { d[0] ^= 1; return d }},
		{"a row of another module", "rows.00000.module", func(d []byte) []byte { d[0] ^= 3; return d }},
		{"a row of another id", "rows.00000.id", func(d []byte) []byte { d[0] ^= 1; return d }},
		{"a row with another value", "rows.00000.01.values", swapped(0)},
		{"a text that is another one", "rows.00000.01.bytes", func(d []byte) []byte { d[len(d)-1] ^= 1; return d }},
		{"texts out of order", "rows.00000.01.bytes", func(d []byte) []byte { d[0] = 'z'; return d }},
		{"a count of rows by column", "meta", func(d []byte) []byte {
			return []byte(strings.Replace(string(d), `"conceptRows":3,`, ``, 1))
		}},
		{"a member count", "meta", func(d []byte) []byte {
			return []byte(strings.Replace(string(d), `"members":1`, `"members":2`, 1))
		}},
		{"a row count", "meta", func(d []byte) []byte { return []byte(strings.Replace(string(d), `"rows":4`, `"rows":5`, 1)) }},
		{"a row that has lost a field", "meta", func(d []byte) []byte {
			return []byte(strings.Replace(string(d), `["mapGroup","mapTarget"]`, `["mapGroup"]`, 1))
		}},
	}
	for _, tt := range tests {
		damaged := copyWith(t, whole, names, func(name string, data []byte) []byte {
			if name == tt.column {
				return tt.change(data)
			}
			return data
		})
		p, err := basic.Open(damaged, basic.Options{})
		if err != nil {
			t.Errorf("%s: Open = %v", tt.name, err)
			continue
		}
		if err := p.Check(); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%s: Check = %v, want kind Corrupt", tt.name, err)
		}
	}
}
