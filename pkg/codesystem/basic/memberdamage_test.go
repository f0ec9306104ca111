package basic_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// readColumns reads everything that is kept of a table by column.
func readColumns(p *basic.Provider, table basic.Table) error {
	rows, ok, err := p.MemberRows(table.Name)
	if err != nil || !ok {
		return err
	}
	for r := range uint32(rows.Len()) {
		rows.IsActive(r)
		rows.Of(rows.Concept[r])
		p.Code(rows.Concept[r])
		p.ModuleName(rows.Module[r])
	}
	_, err = p.MemberIDs(table.Name)
	for f := range table.Columns {
		field, fieldErr := p.MemberField(table.Name, f)
		if err = errors.Join(err, fieldErr); fieldErr != nil {
			continue
		}
		for _, v := range field.Values {
			field.Find(field.Text(v))
			if o := field.Concepts[v]; o != terminology.NoOrdinal {
				p.Code(o)
			}
		}
	}
	return err
}

// TestMembersNeedEveryColumn leaves out, cuts and lengthens the columns that are read
// when they are asked for.
func TestMembersNeedEveryColumn(t *testing.T) {
	whole, names := sample(t)
	tried := 0
	for _, name := range names {
		if !strings.HasPrefix(name, "rows.") {
			continue
		}
		for what, change := range map[string]func([]byte) []byte{
			"nothing of": func([]byte) []byte { return nil },
			"less of":    func(data []byte) []byte { return data[:len(data)-1] },
			"an end of":  func(data []byte) []byte { return data[:len(data)/2&^7] },
			"more of":    func(data []byte) []byte { return append(data, make([]byte, 16)...) },
		} {
			tried++
			p, err := basic.Open(copyWith(t, whole, names, func(n string, data []byte) []byte {
				if n == name {
					return change(data)
				}
				return data
			}), basic.Options{})
			if err != nil {
				t.Fatalf("Open with %s %s = %v", what, name, err)
			}
			failed := error(nil)
			for _, table := range p.Tables() {
				failed = errors.Join(failed, readColumns(p, table))
			}
			column := strings.TrimSuffix(name, "bytes") // its offsets may be the first to tell
			if terminology.KindOf(failed) != terminology.Corrupt || !strings.Contains(failed.Error(), column) {
				t.Errorf("with %s %s = %v, want kind Corrupt and its name", what, name, failed)
			}
			if err := p.Check(); terminology.KindOf(err) != terminology.Corrupt {
				t.Errorf("Check with %s %s = %v, want kind Corrupt", what, name, err)
			}
		}
	}
	if tried < 40 {
		t.Errorf("%d changes tried, want one table with two fields", tried)
	}
}

// TestMembersOfDamagedMeta opens releases whose column meta tells of other tables.
func TestMembersOfDamagedMeta(t *testing.T) {
	whole, names := sample(t)
	for _, change := range [][2]string{
		{`"conceptRows":3`, `"conceptRows":-3`},
		{`"conceptRows":3`, `"conceptRows":2`},
		{`"conceptRows":3`, `"conceptRows":1152921504606846976`},
		{`"conceptRows":3`, `"conceptRows":9223372036854775807`},
		{`"conceptRows":3`, `"conceptRows":3,"long":[-1,7]`},
		{`"members":0`, `"members":0,"conceptRows":3,"uuids":true`},
		{`["mapGroup","mapTarget"]`, `["mapGroup","mapTarget","mapRule"]`},
	} {
		p, err := basic.Open(copyWith(t, whole, names, func(name string, data []byte) []byte {
			if name != "meta" {
				return data
			}
			if changed := strings.Replace(string(data), change[0], change[1], 1); changed != string(data) {
				return []byte(changed)
			}
			t.Fatalf("meta has no %s", change[0])
			return nil
		}), basic.Options{})
		if err != nil {
			t.Errorf("Open with %s = %v", change[1], err)
			continue
		}
		readAll(p)
		for _, table := range p.Tables() {
			_, _ = p.MemberIDs(table.Name)
		}
		if err := p.Check(); !strings.Contains(change[1], "long") && terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("Check with %s = %v, want kind Corrupt", change[1], err)
		}
	}
}
