package combined_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/combined"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// concepts are codes as those of NKPK, each with the one above it.
var concepts = []struct{ code, above, text string }{
	{"N", "", "Muskel og skjelett"}, {"NFB", "N", "Hofte"}, {"NFB40", "NFB", "Protese"}, {"NFB41", "NFB", "Annen protese"},
	{"ZXA00", "", "Høyre"}, {"ZXA05", "", "Venstre"}, {"NFB99", "NFB", "Utgått"},
}

func open(tb testing.TB, rules combined.Rules) *combined.Release {
	tb.Helper()
	r, err := build(rules)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func build(rules combined.Rules) (*combined.Release, error) {
	b := basic.NewBuilder()
	var errs []error
	for _, c := range concepts {
		errs = append(errs, b.Concept(terminology.Concept{Code: c.code, Abstract: len(c.code) < 5, Inactive: c.code == "NFB99"}),
			b.Designation(terminology.Designation{Concept: c.code, Language: "nb", Use: terminology.UseDisplay, Term: c.text, Preferred: true}))
	}
	for _, c := range concepts {
		if c.above != "" {
			errs = append(errs, b.Parent(c.code, c.above))
		}
	}
	image, err := b.Build(terminology.Release{System: "urn:oid:1.2.3", Version: "1", Title: "Prosedyrer", Language: "nb"}, basic.DefaultRules())
	if err != nil {
		return nil, err
	}
	tables := store.NewMemory()
	if err := errors.Join(append(errs, image.Write(tables), image.WriteRows(tables))...); err != nil {
		return nil, err
	}
	p, err := basic.Open(tables, basic.Options{})
	if err != nil {
		return nil, err
	}
	return combined.New(p, rules), nil
}

// procedures are the rules of NKPK.
var procedures = combined.Rules{Separator: "///", One: true, Additional: func(code string) bool { return code[0] == 'Z' }}

func TestCompose(t *testing.T) {
	r := open(t, procedures)
	for _, tt := range []struct {
		name, text, want string // code, or part of the error
		kind             terminology.Kind
	}{
		{name: "as claims write it", text: "NFB40///ZXA00", want: "NFB40///ZXA00"},
		{name: "one sign, small letters and spaces", text: " nfb40 / zxa00 ", want: "NFB40///ZXA00"},
		{name: "a plus", text: "NFB40+ZXA00", want: "NFB40///ZXA00"},
		{name: "additional codes in any order", text: "NFB40/ZXA05/ZXA00", want: "NFB40///ZXA00///ZXA05"},
		{name: "an unknown part", text: "NFB40///ZXA09", want: `"ZXA09" is not a code of Prosedyrer`, kind: terminology.NotFound},
		{name: "a group", text: "NFB///ZXA00", want: "NFB is a group of codes", kind: terminology.Invalid},
		{name: "an additional code first", text: "ZXA00/NFB40", want: "ZXA00 is an additional code", kind: terminology.Invalid},
		{name: "two procedures", text: "NFB40/NFB41", want: "NFB41 is not an additional code", kind: terminology.Invalid},
		{name: "a dangling sign", text: "NFB40///", want: "want a code on each side", kind: terminology.Invalid},
		{name: "a sign before", text: "/NFB40", want: "want a code on each side", kind: terminology.Invalid},
		{name: "nothing", text: "", want: "want a code on each side", kind: terminology.Invalid},
		{name: "a code twice", text: "NFB40/ZXA00/zxa00", want: "ZXA00 is given twice", kind: terminology.Invalid},
		{name: "one code", text: "NFB40", want: "one code, not a combination", kind: terminology.Invalid},
		{name: "too long", text: "NFB40" + strings.Repeat("/ZXA00", 300), want: "longer than 1024", kind: terminology.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := r.Compose(tt.text)
			switch {
			case terminology.KindOf(err) != tt.kind:
				t.Errorf("Compose: %v, want kind %v", err, tt.kind)
			case err == nil && c.Code() != tt.want, err != nil && !strings.Contains(err.Error(), tt.want):
				t.Errorf("Compose = %v, %v, want %s", c, err, tt.want)
			}
		})
	}
}

func TestCode(t *testing.T) {
	r := open(t, procedures)
	code := func(text string) *combined.Code {
		c, err := r.Combination(text)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	at := func(text string) terminology.Ordinal {
		o, ok := r.Find(text)
		if !ok {
			t.Fatal(text)
		}
		return o
	}
	other, err := open(t, procedures).Combination("NFB40/ZXA00")
	if err != nil {
		t.Fatal(err)
	}
	right, both := code("NFB40/ZXA00"), code("NFB40/ZXA05/ZXA00")
	for name, ok := range map[string]bool{
		"a combination is its procedure":          right.IsA(at("NFB40")),
		"and what is above it":                    right.IsA(at("N")),
		"not its additional code":                 !right.IsA(at("ZXA00")),
		"nor another procedure":                   !right.IsA(at("NFB41")),
		"a code is no combination":                !right.Subsumes(at("NFB40")),
		"fewer additional codes are more general": right.SubsumesComposed(both) && !both.SubsumesComposed(right),
		"equal whatever the order":                both.Equals(code("NFB40/ZXA00/ZXA05")) && !both.Equals(right),
		"not equal to one of another release":     !right.Equals(other) && right.Code() == other.Code(),
		"remarks on what is not in use":           len(code("NFB99/ZXA00").Remarks()) == 1 && len(right.Remarks()) == 0,
	} {
		if !ok {
			t.Error(name)
		}
	}
	if _, err := right.Selected(context.Background(), "x"); terminology.KindOf(err) != terminology.NotSupported {
		t.Errorf("Selected: %v", err)
	}
}

func Example() {
	r, err := build(procedures)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := r.Compose("nfb40/zxa00")
	fmt.Println(c.Code(), c.Display(r.Display), err)
	for p := range c.Attributes() {
		fmt.Println(p.Code, p.Value)
	}
	_, err = r.Compose("NFB40/NFB41")
	fmt.Println(err)
	// Output:
	// NFB40///ZXA00 Protese [Høyre] <nil>
	// part NFB40
	// additional-code ZXA00
	// combined.Compose: invalid input: NFB41 is not an additional code: it stands first or alone
}

// FuzzCompose states what holds for every text: a combination is read again from its
// canonical form, and is then the same; it is more general than itself.
func FuzzCompose(f *testing.F) {
	r := open(f, procedures)
	free := combined.New(r.Provider, combined.Rules{Separator: "/", Rank: func(code string) int { return int(code[0]) }})
	f.Add("NFB40///ZXA00")
	f.Add("ZXA00+nfb41/ N")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range []*combined.Release{r, free} {
			c, err := r.Combination(text)
			if err != nil {
				if k := terminology.KindOf(err); k != terminology.Invalid && k != terminology.NotFound {
					t.Fatal(err)
				}
				continue
			}
			again, err := r.Combination(c.Code())
			if err != nil || again.Code() != c.Code() || !again.Equals(c) || !c.SubsumesComposed(again) {
				t.Fatalf("%q is %s, and that is %v, %v", text, c.Code(), again, err)
			}
		}
	})
}
