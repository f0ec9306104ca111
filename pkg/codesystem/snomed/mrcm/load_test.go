package mrcm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestLoadWithoutModel(t *testing.T) {
	b := basic.NewBuilder()
	if err := b.Concept(terminology.Concept{Code: "138875005"}); err != nil {
		t.Fatal(err)
	}
	if m, err := mrcm.Load(open(t, b)); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("Load = %v, %v, want kind NotFound", m, err)
	}
}

// TestBadRows: a row that nobody can read is told, and stands in the way of the
// attribute that it is of, not of others.
func TestBadRows(t *testing.T) {
	for row, says := range map[string]string{
		"116676008 mandatory all << |broken|":    `range "<< |broken|": line 1, column 4`,
		"116676008 mandatory all dec(five)":      `range "dec(five)": found "five", want a number`,
		"116676008 mandatory all dec(>#5)":       `found ">#5", want .. after it`,
		"116676008 sometimes all << 49755003":    `found rule strength "", want 723597001 or 723598006`,
		"116676008 mandatory some << 49755003":   `found content type "", want 723596005`,
		"D 116676008 71388002 1 0-1 0..1":        `found cardinality "0-1", want one such as 0..1 or 1..*`,
		"D 116676008 71388002 perhaps 0..1 0..1": `invalid syntax`,
		"D 116676008 713880 1 0..1 0..1":         `wrong check digit`,
		"D 116676008 71388002 1 0..1 0..-2":      `found cardinality "0..-2"`,
	} {
		domains, ranges := domainRows, rangeRows
		if d, ok := strings.CutPrefix(row, "D "); ok {
			domains += "\n" + d + " mandatory all"
		} else {
			ranges += "\n" + row
		}
		m, err := mrcm.Load(open(t, records(t, domains, ranges)))
		if err != nil || len(m.Bad()) != 1 || !strings.Contains(m.Bad()[0].Error(), says) {
			t.Errorf("%s: Load says %v, %v, want %q", row, m.Bad(), err, says)
			continue
		}
		if _, err := m.Check(context.Background(), parse(t, "64572001:{116676008=55641003}"), mrcm.Options{}); terminology.KindOf(err) != terminology.Corrupt || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: Check: %v, want kind Corrupt with %q", row, err, says)
		}
		if got, err := m.Check(context.Background(), parse(t, "64572001:{363698007=10200004}"), mrcm.Options{}); err != nil || got != nil {
			t.Errorf("%s: Check of another attribute: %v, %v", row, got, err)
		}
	}
}

// TestDomainReferenceSet: the domain reference set says what a domain is.
func TestDomainReferenceSet(t *testing.T) {
	b := records(t, domainRows, rangeRows)
	if err := b.Table("723560006", []string{"domainConstraint", "parentDomain"}); err != nil {
		t.Fatal(err)
	}
	if err := b.Row(terminology.Row{Table: "723560006", Component: "404684003", Fields: []string{"<< 404684003 |Finding| MINUS << 128241005", ""}}); err != nil {
		t.Fatal(err)
	}
	m, err := mrcm.Load(open(t, b))
	if err != nil {
		t.Fatal(err)
	}
	for e, want := range map[string]string{
		"64572001:{116676008=55641003}":  "",
		"128241005:{116676008=55641003}": "outside-domain line 1, column 12: 116676008 |Associated morphology| is not for 128241005 |Inflammatory disease of liver|: want a focus concept in << 404684003 |Finding| MINUS << 128241005",
	} {
		got, err := m.Check(context.Background(), parse(t, e), mrcm.Options{})
		if err != nil || strings.Join(lines(got), "\n") != want {
			t.Errorf("Check(%s) = %v, %v, want %s", e, lines(got), err, want)
		}
	}
}
