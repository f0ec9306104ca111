package icd11_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestFind(t *testing.T) {
	for in, want := range map[string]string{
		"1A03.0":                                 "1A03.0",
		"1a030":                                  "1A03.0",
		"1":                                      "01",
		"http://id.who.int/icd/entity/257068234": "1A00",
		"http://id.who.int/icd/release/11/mms/257068234":                     "1A00",
		"https://id.who.int/icd/release/11/2025-01/mms/257068234":            "1A00",
		"http://id.who.int/icd/release/11/mms/344162786/other":               "1A03.Y",
		"http://id.who.int/icd/release/11/2024-01/mms/344162786/unspecified": "1A03.Z",
		"http://id.who.int/icd/release/11%2Fmms%2F344162786":                 "1A03",
		"http://id.who.int/icd/release/11/mms/1154280071":                    "1154280071",
		"1154280071":          "1154280071",
		"257068234":           "1A00",
		"344162786/other":     "1A03.Y",
		"257068234/other":     "",
		"0257068234":          "",
		"257068234&194483911": "",
		"77":                  "",
		"1A03.1":              "",
		"":                    "",
		"1A00&XN8P1":          "",
		"http://id.who.int/icd/entity/344162786/other":                      "",
		"http://id.who.int/icd/release/11/mms/257068234/other":              "",
		"http://id.who.int/icd/release/11/mms/257068234/":                   "",
		"http://id.who.int/icd/release/11/mms/0257068234":                   "",
		"http://id.who.int/icd/release/11/mms/2570682340000000000000000000": "",
		"http://id.who.int/icd/release/11/icf/257068234":                    "",
		"http://id.who.int/icd/release/11/mms":                              "",
		"http://example.org/257068234":                                      "",
	} {
		o, ok := sample.release.Find(in)
		if ok != (want != "") || ok && sample.release.Code(o) != want {
			t.Errorf("Find(%q) = %v, %v, want %q", in, o, ok, want)
		}
	}
}

func TestCompose(t *testing.T) {
	for _, tt := range []struct{ name, in, code, display string }{
		{"stem, extension, stem", "1B12.3&XA0NE9/5A74.0", "1B12.3&XA0NE9/5A74.0", "Tuberculosis of glands [Adrenal gland] [Acquired adrenal failure]"},
		{"any case, blanks", " 1b12.3 & xa0ne9\t/ 5a74.0 ", "1B12.3&XA0NE9/5A74.0", "Tuberculosis of glands [Adrenal gland] [Acquired adrenal failure]"},
		{"order of extensions is none", "1A00&XN8P1&XK9J", "1A00&XK9J&XN8P1", "Cholera [Vibrio, first kind] [Both sides]"},
		{"order of stems is kept", "5A74.0/1B12.3", "5A74.0/1B12.3", "Acquired adrenal failure [Tuberculosis of glands]"},
		{"stem alone", "1A00", "1A00", "Cholera"},
		{"residual with an extension", "1A03.Z&XK9J", "1A03.Z&XK9J", "Unspecified one [Both sides]"},
		{"one stem twice, with other extensions", "1A00&XN8P1/1A00&XN62R", "1A00&XN8P1/1A00&XN62R", "Cholera [Vibrio, first kind] [Cholera] [Vibrio, second kind]"},
		{"URIs", "http://id.who.int/icd/release/11/2024-01/mms/807058764 & http://id.who.int/icd/release/11/2024-01/mms/72373228 / http://id.who.int/icd/release/11/2024-01/mms/1920929898",
			"1B12.3&XA0NE9/5A74.0", "Tuberculosis of glands [Adrenal gland] [Acquired adrenal failure]"},
		{"URIs with escapes", "http://id.who.int/icd/release/11/mms/807058764%20%26%20http://id.who.int/icd/entity/72373228", "1B12.3&XA0NE9", "Tuberculosis of glands [Adrenal gland]"},
		{"URIs without blanks", "http://id.who.int/icd/release/11/mms/344162786/other/http://id.who.int/icd/release/11/mms/257068234&XK9J", "1A03.Y/1A00&XK9J", "Other specified one [Cholera] [Both sides]"},
		{"numbers of entities", "807058764&72373228/344162786/other & XK9J", "1B12.3&XA0NE9/1A03.Y&XK9J", "Tuberculosis of glands [Adrenal gland] [Other specified one] [Both sides]"},
		{"codes without the dot", "1B123&XA0NE9", "1B12.3&XA0NE9", "Tuberculosis of glands [Adrenal gland]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := sample.release.Compose(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := x.Code(); got != tt.code {
				t.Errorf("Code = %q, want %q", got, tt.code)
			}
			if got := x.Display(sample.release.Display); got != tt.display {
				t.Errorf("Display = %q, want %q", got, tt.display)
			}
		})
	}
}

// TestFaults says what a person sees of each mistake in a cluster.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name, in, part, want string
		kind                 terminology.Kind
	}{
		{"nothing", " ", "", "column 2: the text is empty: want a stem code", terminology.Invalid},
		{"extension where a stem belongs", "1B12.3/XA0NE9", "XA0NE9", `column 8: XA0NE9: it is an extension code: want a stem code here, and extension codes after it and "&"`, terminology.Invalid},
		{"extension first", "XA0NE9&1B12.3", "XA0NE9", `column 1: XA0NE9: it is an extension code: want a stem code here, and extension codes after it and "&"`, terminology.Invalid},
		{"stem where an extension belongs", "1B12.3&5A74.0", "5A74.0", `column 8: 5A74.0: it is a stem code: after "&" want an extension code, which begins with X; stem codes are joined by "/"`, terminology.Invalid},
		{"unknown stem", "1B12.4&XA0NE9", "1B12.4", "column 1: 1B12.4: ICD-11 MMS 2024-01 has no such code", terminology.NotFound},
		{"unknown extension", "1B12.3 & XA0NE8", "XA0NE8", "column 10: XA0NE8: ICD-11 MMS 2024-01 has no such code", terminology.NotFound},
		{"unknown entity", "1A00&http://id.who.int/icd/entity/77", "http://id.who.int/icd/entity/77", "column 6: http://id.who.int/icd/entity/77: ICD-11 MMS 2024-01 has no such code", terminology.NotFound},
		{"unknown number of an entity", "257068234&77", "77", "column 11: 77: ICD-11 MMS 2024-01 has no such code", terminology.NotFound},
		{"number of an extension code as a stem", "72373228", "72373228", `column 1: 72373228: it is an extension code: want a stem code here, and extension codes after it and "&"`, terminology.Invalid},
		{"URI of something else", "1A00&http://example.org/a/b", "http://example.org/a/b", "column 6: http://example.org/a/b: it is the URI of no entity of ICD-11", terminology.Invalid},
		{"block", "BlockL1-1A0&XK9J", "BlockL1-1A0", "column 1: BlockL1-1A0: it is a chapter or block, which groups codes and is none to record", terminology.Invalid},
		{"chapter after a separator", "1A00/05", "05", "column 6: 05: it is a chapter or block, which groups codes and is none to record", terminology.Invalid},
		{"ends after &", "1A00&", "", `column 6: the text ends after "&": want an extension code`, terminology.Invalid},
		{"ends after /", "1A00 / ", "", `column 8: the text ends after "/": want a stem code`, terminology.Invalid},
		{"begins with &", "&XK9J", "&", "column 1: &: want a stem code here", terminology.Invalid},
		{"two separators", "1A00&&XK9J", "&", "column 6: &: want an extension code here", terminology.Invalid},
		{"no separator", "1A00 XK9J", "XK9J", `column 6: XK9J: want "&" before an extension code or "/" before another stem code`, terminology.Invalid},
		{"extension twice", "1A00&XK9J&xk9j", "xk9j", "column 11: xk9j: the extension code is given twice for one stem code", terminology.Invalid},
		{"stem twice", "1A00/1A03/1a00", "1A00", "column 11: 1A00: the stem code is given twice with the same extension codes", terminology.Invalid},
		{"stem twice with extensions in other order", "1A00&XK9J&XN8P1/1A00&XN8P1&XK9J", "1A00", "column 17: 1A00: the stem code is given twice with the same extension codes", terminology.Invalid},
		{"columns are characters", "1A00&øre", "øre", "column 6: øre: ICD-11 MMS 2024-01 has no such code", terminology.NotFound},
		{"too many", "1A00" + strings.Repeat("/1A00&XK9J", icd11.MaxParts), "", "a cluster has at most 64 codes", terminology.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := sample.release.Compose(tt.in)
			if err == nil || x != nil {
				t.Fatalf("Compose(%q) = %v", tt.in, x)
			}
			var e *terminology.Error
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Coding.Code != tt.part || !strings.HasSuffix(terminology.Message(err), tt.want) {
				t.Errorf("Compose(%q): %v, part %q, want %q about %q", tt.in, err, e.Coding.Code, tt.want, tt.part)
			}
		})
	}
}

// TestOrder says how clusters and concepts relate.
func TestOrder(t *testing.T) {
	r := sample.release
	const same, above, none = "same", "above", "none"
	for _, tt := range []struct{ a, b, want string }{
		{"1A00&XN8P1", "1A00&XN8P1", same},
		{"1A00&XN8P1&XK9J", "1A00&XK9J&XN8P1", same},
		{"1A00&XN8P1", "1A00&XN8P1&XK9J", above},
		{"1A00&XN7N1", "1A00&XN8P1", above}, // Vibrio is above its kinds
		{"1A00&XN8P1", "1A00&XN62R", none},
		{"1A03&XK9J", "1A03.Y&XK9J", above},
		{"1A00", "1A00&XN8P1", above},
		{"1B12.3&XA0NE9", "1B12.3&XA0NE9/5A74.0", above},
		{"5A74.0", "1B12.3&XA0NE9/5A74.0", above},
		{"1B12/5A74", "1B12.3&XA0NE9/5A74.0", above},
		{"1B12.3/5A74.0", "5A74.0/1B12.3", none}, // the first stem is the main one
		{"1A00&XK9J", "1A00/5A74&XK9J", none},    // the extension is of the other stem
	} {
		a, b := cluster(t, r, tt.a), cluster(t, r, tt.b)
		got := none
		switch up, down := a.SubsumesComposed(b), b.SubsumesComposed(a); {
		case up && down:
			got = same
		case up:
			got = above
		case down:
			got = "below"
		}
		if got != tt.want || a.Equals(b) != (tt.want == same) {
			t.Errorf("%s is %s %s, want %s; equal %v", tt.a, got, tt.b, tt.want, a.Equals(b))
		}
	}
	x := cluster(t, r, "1B12.3&XA0NE9/5A74.0")
	for code, want := range map[string]bool{"1B12.3": true, "1B12": true, "BlockL1-1B1": true, "01": true, "5A74": true, "05": true, "1A00": false, "XA0NE9": false, "X": false} {
		if got := x.IsA(must(t, r, code)); got != want {
			t.Errorf("IsA(%s) = %v, want %v", code, got, want)
		}
		if x.Subsumes(must(t, r, code)) {
			t.Errorf("a cluster is more general than %s", code)
		}
	}
	alone := cluster(t, r, "1A03")
	if o := must(t, r, "1A03"); !alone.IsA(o) || !alone.Subsumes(o) || !alone.Subsumes(must(t, r, "1A03.0")) || !slices.Equal(alone.Parents(), r.Parents(o)) {
		t.Error("a stem code alone is its concept")
	}
	for text, want := range map[string]string{"1B12.3&XA0NE9/5A74.0": "1B12.3 5A74.0", "1A03/1A03.Y": "1A03.Y", "1A00&XN8P1/1A00&XN62R": "1A00"} {
		var got []string
		for _, o := range cluster(t, r, text).Parents() {
			got = append(got, r.Code(o))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("parents of %s: %v, want %s", text, got, want)
		}
	}
}

func TestParts(t *testing.T) {
	var got []string
	for p := range cluster(t, sample.release, "1B12.3&XK9J&XA0NE9/5A74.0").Attributes() {
		got = append(got, fmt.Sprintf("%d %s=%s", p.Group, p.Code, p.Value))
		if p.Target != terminology.NoOrdinal && sample.release.Code(p.Target) != p.Value {
			t.Errorf("%+v names another concept", p)
		}
	}
	want := []string{"0 canonical-code=1B12.3&XA0NE9&XK9J/5A74.0", "1 stem=1B12.3", "1 extension=XK9J", "1 extension=XA0NE9", "2 stem=5A74.0"}
	if !slices.Equal(got, want) {
		t.Errorf("attributes %q, want %q", got, want)
	}
}

// TestOrderIsPartial states for all pairs of some clusters and concepts what an order is:
// reflexive, transitive, equal where both ways; and that a concept and a cluster of it
// alone are one.
func TestOrderIsPartial(t *testing.T) {
	r := sample.release
	var all []*icd11.Cluster
	for _, text := range []string{"1A00", "1A03", "1A03.0", "1A03.Y", "1A00&XN8P1", "1A00&XN7N1", "1A00&XN8P1&XK9J", "1A00&XK9J&XN7N1", "1A00/5A74.0", "5A74/1A00&XN8P1",
		"1A00&XN8P1/5A74.0", "1A00&XN8P1/5A74.0&XK9J", "1A00&XN8P1/1A00&XN62R", "1A00&XN7N1/1A00", "1B12/1B12.3", "1B12.3/1B12", "1B12.3"} {
		all = append(all, cluster(t, r, text))
	}
	for _, a := range all {
		if !a.Equals(a) || !cluster(t, r, a.Code()).Equals(a) {
			t.Errorf("%s is not itself", a.Code())
		}
		for _, b := range all {
			if both := a.SubsumesComposed(b) && b.SubsumesComposed(a); both != (a.Code() == b.Code()) {
				t.Errorf("%s and %s: both ways %v", a.Code(), b.Code(), both)
			}
			for _, c := range all {
				if a.SubsumesComposed(b) && b.SubsumesComposed(c) && !a.SubsumesComposed(c) {
					t.Errorf("%s, %s, %s: not transitive", a.Code(), b.Code(), c.Code())
				}
			}
			if o, ok := r.Find(a.Code()); ok && (b.IsA(o) != a.SubsumesComposed(b) || b.Subsumes(o) != b.SubsumesComposed(a)) {
				t.Errorf("%s as a concept and as a cluster, beside %s", a.Code(), b.Code())
			}
		}
	}
}

// TestAllocations guards what is called for every code of a column of clusters.
func TestAllocations(t *testing.T) {
	r := sample.release
	x, y := cluster(t, r, "1B12.3"), cluster(t, r, "1B12.3&XA0NE9/5A74.0")
	o := must(t, r, "1B12")
	for _, tt := range []struct {
		name string
		most float64
		f    func()
	}{
		{"Compose", 1, func() { _, _ = r.Compose("1B12.3&XA0NE9/5A74.0") }},
		{"Compose, lower case", 1, func() { _, _ = r.Compose("1b12.3 & xa0ne9 / 5a74.0") }},
		{"Compose, URIs", 1, func() {
			_, _ = r.Compose("http://id.who.int/icd/entity/807058764&http://id.who.int/icd/entity/72373228")
		}},
		{"Find, URI", 0, func() { r.Find("http://id.who.int/icd/release/11/2024-01/mms/807058764") }},
		{"SubsumesComposed", 0, func() { x.SubsumesComposed(y) }},
		{"IsA", 0, func() { y.IsA(o) }},
		{"Code", 1, func() { _ = y.Code() }},
		{"Display", 1, func() { _ = y.Display(r.Display) }},
	} {
		if n := testing.AllocsPerRun(100, tt.f); n > tt.most {
			t.Errorf("%s allocates %v times, want at most %v", tt.name, n, tt.most)
		}
	}
}

func ExampleRelease_Compose() {
	x, err := sample.release.Compose("1b12.3 & XA0NE9 / 5A74.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Code())
	fmt.Println(x.Display(sample.release.Display))
	_, err = sample.release.Compose("1B12.3&5A74.0")
	fmt.Println(terminology.Message(err))
	// Output:
	// 1B12.3&XA0NE9/5A74.0
	// Tuberculosis of glands [Adrenal gland] [Acquired adrenal failure]
	// column 8: 5A74.0: it is a stem code: after "&" want an extension code, which begins with X; stem codes are joined by "/"
}

// FuzzCompose states what holds for every text: what is accepted has a canonical form that
// is accepted, is its own canonical form and means the same; what is not has a kind.
func FuzzCompose(f *testing.F) {
	for _, s := range []string{"1B12.3&XA0NE9/5A74.0", "1a00 & xn8p1&xk9j", "http://id.who.int/icd/entity/807058764%20%26%20XA0NE9", "1A00/", "1A00/XK9J", "1A03.Y/1A00&XK9J&&"} {
		f.Add(s)
	}
	r := sample.release
	f.Fuzz(func(t *testing.T, text string) {
		x, err := r.Cluster(text)
		if err != nil {
			if kind := terminology.KindOf(err); kind != terminology.Invalid && kind != terminology.NotFound {
				t.Fatalf("Cluster(%q): %v of kind %v", text, err, kind)
			}
			return
		}
		code := x.Code()
		y, err := r.Cluster(code)
		if err != nil || y.Code() != code || !x.Equals(y) || x.Display(r.Display) == "" {
			t.Fatalf("Cluster(%q) is %q, and that is %v, %v", text, code, y, err)
		}
		for _, o := range x.Parents() {
			if !x.IsA(o) {
				t.Fatalf("Cluster(%q) is no %s, its parent", text, r.Code(o))
			}
		}
	})
}
