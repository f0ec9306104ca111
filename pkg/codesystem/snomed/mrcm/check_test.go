package mrcm_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestCheck(t *testing.T) {
	_, m := model(t)
	for _, tt := range []struct {
		name, in string
		want     []string // kind, "?" for a warning, and text
	}{
		{"a grouped attribute", "64572001:{363698007=10200004}", nil},
		{"two groups", "64572001:{363698007=10200004},{363698007=39607008,116676008=55641003}", nil},
		{"a concept", "64572001", nil},
		{"an unknown concept, and nothing else", "64572001:363698007=10200005",
			[]string{"unknown-concept line 1, column 20: concept 10200005 is no identifier, its check digit is wrong"}},
		{"an inactive concept", "64572001:{363698007=233843008}", []string{
			"inactive-concept line 1, column 21: concept 233843008 is inactive",
			"out-of-range line 1, column 21: 363698007 |Finding site| may not have the value 233843008: want << 91723000 |Anatomical structure|",
			"out-of-range? line 1, column 21: 363698007 |Finding site| may not have the value 233843008: want << 10200004 |Liver structure| OR << 39607008 |Lung structure|"}},
		{"a name that is no attribute", "64572001:{10200004=10200004}",
			[]string{"no-attribute line 1, column 11: 10200004 |Liver structure| is no attribute that the concept model has a rule for"}},
		{"outside the domain", "71388002:{363698007=10200004}",
			[]string{"outside-domain line 1, column 11: 363698007 |Finding site| is not for 71388002 |Procedure|: want a focus concept in << 404684003 |Clinical finding|"}},
		{"one focus concept in the domain will do", "71388002+64572001:{363698007=10200004}", nil},
		{"out of range", "64572001:{116676008=10200004}",
			[]string{"out-of-range line 1, column 21: 116676008 |Associated morphology| may not have the value 10200004 |Liver structure|: want << 49755003 |Morphologically abnormal structure|"}},
		{"out of an optional range", "64572001:{363698007=91723000}",
			[]string{"out-of-range? line 1, column 21: 363698007 |Finding site| may not have the value 91723000 |Anatomical structure|: want << 10200004 |Liver structure| OR << 39607008 |Lung structure|"}},
		{"not grouped", "64572001:\n363698007=10200004",
			[]string{"not-grouped line 2, column 1: 363698007 |Finding site| stands in no group: in the domain 404684003 |Clinical finding| it has to be in one"}},
		{"grouped", "39607008:{272741003=7771000}",
			[]string{"grouped line 1, column 11: 272741003 |Laterality| stands in a group: in the domain 91723000 |Anatomical structure| it must not be in one"}},
		{"lateralizable", "39607008:272741003=7771000", nil},
		{"not lateralizable", "10200004:272741003=7771000",
			[]string{"outside-domain? line 1, column 10: 272741003 |Laterality| is not for 10200004 |Liver structure|: want a focus concept in ^ 723264001 |Lateralizable body structure reference set|"}},
		{"two values", "39607008:272741003=7771000,272741003=24028007",
			[]string{"too-many-values line 1, column 10: 272741003 |Laterality| has 2 different values, inherited ones counted: in the domain 91723000 |Anatomical structure| it may have 0..1"}},
		{"two values that are one", "39607008:272741003=7771000,272741003=182353008", nil},
		{"a value and an inherited one", "374646004:411116001=420692007",
			[]string{"too-many-values line 1, column 11: 411116001 |Has dose form| has 2 different values, inherited ones counted: in the domain 373873005 |Pharmaceutical product| it may have 0..1"}},
		{"a value that refines the inherited one", "27658006:411116001=420692007", nil},
		{"two values in a group", "64572001:{116676008=23583003,116676008=55641003}",
			[]string{"too-many-in-group line 1, column 11: 116676008 |Associated morphology| has 2 different values in one group: in the domain 404684003 |Clinical finding| it may have 0..1"}},
		{"a value twice in a group", "64572001:{363698007=10200004,363698007=181268008}", nil},
		{"a required attribute", "386053000",
			[]string{"missing-attribute line 1, column 1: 370130000 |Property| has 0 values: in the domain 386053000 |Evaluation procedure| it has to have 1..1"}},
		{"a range for this kind of content", "64572001:{246075003=49062001}", nil},
		{"no range for this kind of content", "71388002:{405815000=49062001}",
			[]string{"out-of-range line 1, column 11: 405815000 |Procedure device| has no range for this kind of content: it must not be used"}},
		{"a nested value", "64572001:{363698007=(39607008:272741003=7771000)}", nil},
		{"a nested value that breaks a rule", "64572001:{363698007=(39607008:272741003=10200004)}",
			[]string{"out-of-range line 1, column 41: 272741003 |Laterality| may not have the value 10200004 |Liver structure|: want << 182353008 |Side|"}},
		{"a nested value out of range", "64572001:{116676008=(39607008:272741003=7771000)}",
			[]string{"out-of-range line 1, column 22: 116676008 |Associated morphology| may not have the value 39607008 |Lung structure| : 272741003 |Laterality| = 7771000 |Left|: want << 49755003 |Morphologically abnormal structure|"}},
		{"numbers", "27658006:1142139005=#20,{1142135004=#0.5}", nil},
		{"numbers out of range", "27658006:1142139005=#10,{1142135004=#0}", []string{
			"out-of-range line 1, column 10: 1142139005 |Count of base of active ingredient| may not have the value #10: want int(#1..#9 #20)",
			"out-of-range line 1, column 26: 1142135004 |Has presentation strength numerator value| may not have the value #0: want dec(>#0..)"}},
		{"a text and a truth", `27658006:3460481009="Amoxil",859999999102=TRUE`, nil},
		{"a text and a truth out of range", `27658006:3460481009="amoxil",859999999102=FALSE`, []string{
			`out-of-range line 1, column 10: 3460481009 |Has product name| may not have the value "amoxil": want str("Amoxil" "Imacillin")`,
			"out-of-range line 1, column 30: 859999999102 |Is in national benefit scheme| may not have the value FALSE: want bool(true)"}},
		{"a concept for a number, and a number for a concept", "27658006:411116001=#5,{1142135004=420692007}", []string{
			"out-of-range line 1, column 10: 411116001 |Has dose form| may not have the value #5: want << 736542009 |Pharmaceutical dose form|",
			"out-of-range line 1, column 35: 1142135004 |Has presentation strength numerator value| may not have the value 420692007 |Oral capsule|: want dec(>#0..)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := m.Check(context.Background(), parse(t, tt.in), mrcm.Options{})
			if err != nil {
				t.Fatalf("Check(%s): %v", tt.in, err)
			}
			if diff := cmp.Diff(tt.want, lines(got)); diff != "" {
				t.Errorf("Check(%s) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

// lines writes violations.
func lines(all []mrcm.Violation) []string {
	var out []string
	for _, v := range all {
		kind := v.Kind.String()
		if v.Warning {
			kind += "?"
		}
		out = append(out, kind+" "+v.String())
	}
	return out
}

func TestViolationNamesItsRule(t *testing.T) {
	_, m := model(t)
	got, err := m.Check(context.Background(), parse(t, "71388002:{363698007=55641003}"), mrcm.Options{})
	if err != nil || len(got) != 3 {
		t.Fatalf("Check: %v, %v, want three violations", got, err)
	}
	domain, out := got[0], got[1]
	if domain.Kind != mrcm.OutsideDomain || domain.Refset != snomed.MRCMAttributeDomain || domain.Domain != 404684003 || domain.Attribute != 363698007 ||
		domain.Constraint != "<< 404684003" || domain.Member != "00000000-0000-4000-8000-000000000001" {
		t.Errorf("the rule of the domain is %+v", domain)
	}
	if out.Kind != mrcm.OutOfRange || out.Refset != snomed.MRCMAttributeRange || out.Domain != 0 || out.Attribute != 363698007 ||
		out.Constraint != "<< 91723000 |Anatomical structure|" || out.Warning || !got[2].Warning {
		t.Errorf("the rule of the range is %+v", out)
	}
}

func TestCheckByContent(t *testing.T) {
	p, m := model(t)
	device := parse(t, "64572001:{246075003=49062001}")
	procedure := parse(t, "71388002:{246075003=410607006}")
	for content, want := range map[mrcm.Content][2]string{
		mrcm.Postcoordinated:   {"", "outside-domain"},
		mrcm.Precoordinated:    {"out-of-range", "outside-domain"},
		mrcm.NewPrecoordinated: {"out-of-range", ""},
	} {
		for i, e := range []string{device.String(), procedure.String()} {
			got, err := m.Check(context.Background(), parse(t, e), mrcm.Options{Content: content})
			kinds := ""
			for _, v := range got {
				kinds += v.Kind.String()
			}
			if err != nil || kinds != want[i] {
				t.Errorf("Check(%s) as content %d: %q, %v, want %q", e, content, kinds, err, want[i])
			}
		}
	}
	o, _ := p.Find("246075003")
	if d, r := m.Domains(o, mrcm.NewPrecoordinated), m.Ranges(o, mrcm.NewPrecoordinated); len(d) != 2 || len(r) != 1 || !slices.Contains(m.Attributes(), o) {
		t.Errorf("246075003 has %v and %v", d, r)
	}
}

func TestCheckWithAnEngine(t *testing.T) {
	p, m := model(t)
	asked := map[string]bool{}
	engine := func(_ context.Context, c *ecl.Expression, o terminology.Ordinal) (bool, error) {
		asked[c.String()+" has "+p.Code(o)] = true
		return !strings.HasSuffix(c.String(), "386053000"), nil // that domain asks for an attribute
	}
	got, err := m.Check(context.Background(), parse(t, "71388002:{363698007=55641003}"), mrcm.Options{
		Contains: engine, Term: func(id snomed.ID) string { return "norsk" }})
	if err != nil || len(got) > 0 || !asked["<< 404684003 has 71388002"] || !asked["<< 91723000 |Anatomical structure| has 55641003"] {
		t.Errorf("Check = %v, %v, and the engine was asked %v", got, err, asked)
	}
	fails := errors.New("the engine is at work")
	_, err = m.Check(context.Background(), parse(t, "64572001:{363698007=10200004}"), mrcm.Options{
		Contains: func(context.Context, *ecl.Expression, terminology.Ordinal) (bool, error) { return false, fails }})
	if !errors.Is(err, fails) {
		t.Errorf("Check with an engine that fails: %v", err)
	}
	got, err = m.Check(context.Background(), parse(t, "71388002:{363698007=10200004}"), mrcm.Options{Term: func(id snomed.ID) string { return "norsk" }})
	if err != nil || len(got) != 1 || !strings.Contains(got[0].Message, "363698007 |norsk| is not for 71388002 |norsk|") {
		t.Errorf("Check with terms: %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Check(ctx, parse(t, "64572001"), mrcm.Options{}); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Check after the caller has gone: %v, want kind Unavailable", err)
	}
}
