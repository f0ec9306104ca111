package ecl_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Concepts of the corner of SNOMED CT that the tests have; ids of medicines are made up.
const (
	root, finding, disease, heartDisease = "138875005", "404684003", "64572001", "56265001"
	infarction, acuteMI, silentMI        = "22298006", "57054005", "233843008"
	bodyStructure, heart, leftVentricle  = "123037004", "80891009", "87878005"
	morphology, infarct, necrosis        = "49755003", "55641003", "6574001"
	site, morph, due, strength, unit     = "363698007", "116676008", "42752001", "1142135004", "732945000"
	product, tablet, syrup               = "763158003", "775001000", "775002000"
	icd10, ipsSet, sameAs, replacedBy    = "447562003", "816080008", "900000000000527005", "900000000000526001"
)

// corner is a small release with something for every construct: groups, concrete
// values, reference sets, a map, history, inactive concepts, and terms in bokmål,
// nynorsk and English.
func corner() *release {
	r := &release{}
	const international, norwegian = "900000000000207008", "51000202101"
	for _, edge := range []string{
		root + " ", finding + " " + root, disease + " " + finding, heartDisease + " " + disease, infarction + " " + heartDisease, acuteMI + " " + infarction,
		bodyStructure + " " + root, heart + " " + bodyStructure, leftVentricle + " " + heart, morphology + " " + bodyStructure, infarct + " " + morphology, necrosis + " " + morphology,
		site + " " + root, morph + " " + root, due + " " + root, strength + " " + root, unit + " " + root,
		product + " " + root, tablet + " " + product, syrup + " " + product, icd10 + " " + root, ipsSet + " " + root, "900000000000522004 " + root, sameAs + " 900000000000522004", replacedBy + " 900000000000522004",
	} {
		code, parent, _ := strings.Cut(edge, " ")
		module, effective := international, terminology.Date(20020131)
		if code == acuteMI || code == syrup {
			module, effective = norwegian, 20250915
		}
		r.concepts = append(r.concepts, terminology.Concept{Code: code, Defined: code == acuteMI || code == infarction, Module: module, Effective: effective})
		if parent != "" {
			r.parents = append(r.parents, [2]string{code, parent})
		}
	}
	r.concepts = append(r.concepts,
		terminology.Concept{Code: silentMI, Inactive: true, Module: international, Effective: 20240101},
		terminology.Concept{Code: "194798004", Inactive: true, Module: international, Effective: 20240101})
	prop := func(concept, code string, group uint16, kind terminology.ValueKind, value string) {
		r.properties = append(r.properties, terminology.Property{Concept: concept, Code: code, Group: group, Kind: kind, Value: value})
	}
	prop(heartDisease, site, 0, terminology.ValueCode, heart)
	prop(infarction, site, 1, terminology.ValueCode, heart)
	prop(infarction, morph, 1, terminology.ValueCode, infarct)
	prop(acuteMI, site, 1, terminology.ValueCode, leftVentricle)
	prop(acuteMI, morph, 1, terminology.ValueCode, infarct)
	prop(acuteMI, site, 2, terminology.ValueCode, heart)
	prop(acuteMI, morph, 2, terminology.ValueCode, necrosis)
	prop(acuteMI, due, 0, terminology.ValueCode, heartDisease)
	prop(tablet, strength, 1, terminology.ValueDecimal, "2.50")
	prop(tablet, unit, 1, terminology.ValueString, "mg")
	prop(syrup, strength, 1, terminology.ValueInteger, "10")
	prop(syrup, unit, 1, terminology.ValueString, "mg/mL")
	prop(syrup, strength, 2, terminology.ValueDecimal, "0.5")
	prop(syrup, "1148793005", 0, terminology.ValueBoolean, "true")
	id := uint64(670169000)
	term := func(concept, language, use, text string, inactive bool, accept ...string) {
		id++
		r.designations = append(r.designations, terminology.Designation{Concept: concept, ID: id, Language: language, Use: use, Term: text, Inactive: inactive, Effective: 20250915, Module: norwegian})
		for _, a := range accept {
			refset, preferred := strings.CutPrefix(a, "!")
			r.acceptable = append(r.acceptable, terminology.Acceptability{Designation: id, Refset: refset, Preferred: preferred})
		}
	}
	const fsn, syn, def = "900000000000003001", "900000000000013009", "900000000000550004"
	const nb, nn, us = "61000202103", "91000202106", "900000000000509007"
	term(infarction, "en", fsn, "Myocardial infarction (disorder)", false, "!"+us)
	term(infarction, "en", syn, "Heart attack", false, us)
	term(infarction, "no", syn, "hjerteinfarkt", false, "!"+nb)
	term(infarction, "no", syn, "hjarteinfarkt", false, "!"+nn)
	term(infarction, "en", def, "Necrosis of the myocardium, after an attack", false, "!"+us)
	term(acuteMI, "en", fsn, "Acute myocardial infarction (disorder)", false, "!"+us)
	term(acuteMI, "no", syn, "akutt hjerteinfarkt", false, nb)
	term(acuteMI, "no", syn, "ferskt hjerteinfarkt", true, "!"+nb)
	term(heart, "no", syn, "hjerte", false, "!"+nb, "!"+nn)
	term(heart, "en", syn, "Crohn's café (heart)", false)
	r.tables = [][]string{{icd10, "mapGroup", "mapPriority", "mapTarget", "correlationId"}, {ipsSet}, {sameAs, "targetComponentId"}, {replacedBy, "targetComponentId"}, {"identifier", "identifierSchemeId"}}
	row := func(table, component, module string, inactive bool, fields ...string) {
		r.rows = append(r.rows, terminology.Row{Table: table, Component: component, ID: fmt.Sprintf("80000000-0000-5000-8000-%012d", len(r.rows)), Inactive: inactive, Effective: 20250915, Module: module, Fields: fields})
	}
	row(icd10, infarction, international, false, "1", "1", "I21.9", "447561005")
	row(icd10, acuteMI, norwegian, false, "1", "1", "I21.9", "447557004")
	row(icd10, acuteMI, norwegian, false, "2", "1", "Z92.2", "447561005")
	row(icd10, heartDisease, international, true, "1", "1", "I51.9", "447561005")
	row(ipsSet, infarction, international, false)
	row(ipsSet, heart, international, false)
	row(ipsSet, silentMI, international, false)
	row(sameAs, silentMI, international, false, infarction)
	row(replacedBy, "194798004", international, false, acuteMI)
	row(replacedBy, silentMI, international, true, heart)
	row("identifier", infarction, international, false, "30051010000102")
	r.rows[len(r.rows)-1].ID = "54486-6"
	return r
}

// TestConstructs runs testdata/*.txt: a line is an expression, " -> " and the codes
// that satisfy it, in order. Lines that begin with # are remarks.
func TestConstructs(t *testing.T) {
	p, text := corner().openText(t)
	e := ecl.NewEngine(p, text, ecl.Options{})
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			n := newNaive(corner(), ecl.AllConcepts)
			number := 0
			for lines := bufio.NewScanner(file); lines.Scan(); {
				number++
				line := strings.TrimSpace(lines.Text())
				if line == "" || line[0] == '#' {
					continue
				}
				expression, want, ok := strings.Cut(line, " -> ")
				if !ok {
					expression = strings.TrimSuffix(line, " ->")
				}
				codes := strings.Fields(want)
				slices.Sort(codes)
				if diff := cmp.Diff(append([]string{}, codes...), selected(t, e, p, expression)); diff != "" {
					t.Errorf("line %d: %s (-want +got):\n%s", number, expression, diff)
				}
				compare(t, uint64(number), expression, n, p, []*ecl.Engine{e})
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	p := corner().open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{})
	tests := []struct {
		in   string
		want []string
	}{
		{"<< 404684003: 363698007 = << 80891009", nil},
		{"<< 999999009", []string{"line 1, column 4: concept 999999009 is not in this release"}},
		{"*:\n  999999009 = 233843008", []string{"line 2, column 3: concept 999999009 is not in this release", "line 2, column 15: concept 233843008 || is inactive"}},
		{"999999009 OR 999999009", []string{"line 1, column 1: concept 999999009 is not in this release", "line 1, column 14: concept 999999009 is not in this release"}},
		{"^ 80891009", []string{"line 1, column 3: 80891009 is no reference set with members in this release"}},
		{"^ (447562003 OR 80891009)", []string{"line 1, column 17: 80891009 is no reference set with members in this release"}},
		{"*: 404684003 = *", []string{"line 1, column 4: no concept of this release has the attribute 404684003"}},
		{"*: 116680003 = 80891009", []string{"line 1, column 4: concept 116680003 is not in this release", "line 1, column 4: 116680003 |Is a| is the hierarchy and no attribute: write < or <!"}},
		{"* {{ dialect = en-zz }}", []string{"line 1, column 16: dialect en-zz is not known"}},
		{"* {{ dialect = (nb sv) }}", []string{"line 1, column 20: dialect sv: this release has no language reference set 46011000052107"}},
		{"* {{ dialectId = 447562003 }}", []string{"line 1, column 18: 447562003 is no language reference set of this release"}},
		{"ICNP#1", []string{"line 1, column 1: ICNP is no scheme of alternate identifiers in this release"}},
		{"LOINC#1", []string{"line 1, column 1: LOINC#1 is no concept of this release"}},
	}
	for _, tt := range tests {
		q, err := e.Compile(tt.in)
		if err != nil {
			t.Errorf("Compile(%s): %v", tt.in, err)
			continue
		}
		var got []string
		for _, w := range q.Warnings() {
			got = append(got, w.String())
		}
		slices.Sort(got)
		slices.Sort(tt.want)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("warnings of %s (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestFaults(t *testing.T) {
	p := corner().open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{MaxNodes: 100})
	tests := []struct {
		in, want string
		kind     terminology.Kind
	}{
		{"^ 447562003 {{ M mapRule = \"x\" }}", "no column mapRule: the columns are id, effectiveTime, active, moduleId, refsetId, referencedComponentId, mapGroup, mapPriority, mapTarget, correlationId", terminology.Invalid},
		{"^ [mapRule] 447562003", "no column mapRule: the columns are id, effectiveTime, active, moduleId, refsetId, referencedComponentId, mapGroup, mapPriority, mapTarget, correlationId", terminology.Invalid},
		{"404684003 {{ M active = 1 }}", "a member filter needs ^ before the reference set", terminology.Invalid},
		{"10200004 AND < 10200004 AND ^ [*] 447562003", "^ [*] selects columns, which are no set of concepts: it can only stand alone", terminology.Invalid}, // whatever the other operands leave
		{"< ^ [mapGroup, mapTarget] 447562003", "^ [mapGroup, mapTarget] selects several columns, which are no set of concepts: it can only stand alone", terminology.Invalid},
		{"*" + strings.Repeat(" OR 404684003", 200), "the expression has more than 100 parts", terminology.TooCostly},
	}
	for _, tt := range tests {
		q, err := e.Compile(tt.in)
		if err == nil {
			_, err = q.Select(context.Background())
		}
		if terminology.KindOf(err) != tt.kind || err == nil || terminology.Message(err) != tt.want {
			t.Errorf("%s: %v, want %s", tt.in, err, tt.want)
		}
	}
}

func TestRows(t *testing.T) {
	p := corner().open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{})
	tests := []struct {
		in, fields string
		want       []string
	}{
		{"^ [mapTarget] 447562003", "mapTarget", []string{"I21.9", "I21.9", "Z92.2"}},
		{"^ [referencedComponentId, mapTarget] 447562003 {{ M mapGroup = #2 }}", "referencedComponentId mapTarget", []string{acuteMI + " Z92.2"}},
		{"^ [targetComponentId] 900000000000527005 {{ M referencedComponentId = 233843008 }}", "targetComponentId", []string{infarction}},
		{"^ [*] 900000000000527005", "id effectiveTime active moduleId refsetId referencedComponentId targetComponentId",
			[]string{"80000000-0000-5000-8000-000000000007 20250915 1 900000000000207008 900000000000527005 233843008 22298006"}},
	}
	for _, tt := range tests {
		q, err := e.Compile(tt.in)
		if err != nil {
			t.Errorf("Compile(%s): %v", tt.in, err)
			continue
		}
		var got []string
		for row, err := range q.Rows(context.Background()) {
			if err != nil {
				t.Errorf("Rows(%s): %v", tt.in, err)
			}
			got = append(got, strings.Join(row, " "))
		}
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" || strings.Join(q.Fields(), " ") != tt.fields {
			t.Errorf("Rows(%s) has fields %v (-want +got):\n%s", tt.in, q.Fields(), diff)
		}
	}
	q, err := e.Compile("<< 404684003")
	if err != nil || q.Fields() != nil {
		t.Fatalf("Fields of a set: %v, %v", q.Fields(), err)
	}
	for _, err := range q.Rows(context.Background()) {
		if terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("Rows of a set: %v, want kind Invalid", err)
		}
	}
}

// TestLimits holds every way to ask to the limit and to the context, and the result to
// all or nothing.
func TestLimits(t *testing.T) {
	p := corner().open(t)
	small := ecl.NewEngine(p, nil, ecl.Options{MaxWork: 100, CacheBytes: -1})
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	whole := ecl.NewEngine(p, nil, ecl.Options{})
	for _, text := range []string{
		"* : [1..3] * = (* : [0..1] * = *)", "!!< (* MINUS (> (* : * = *)))", "* {{ term = wild:\"*a*\" }}", "* : { [0..1] * = * } OR [2..3] R * = (< *)",
	} {
		q, err := small.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		for name, ask := range map[string]func() error{
			"Select":  func() error { _, err := q.Select(context.Background()); return err },
			"Count":   func() error { _, err := q.Count(context.Background()); return err },
			"Explain": func() error { _, err := q.Explain(context.Background()); return err },
		} {
			if err := ask(); terminology.KindOf(err) != terminology.TooCostly {
				t.Errorf("%s(%s) with little work: %v, want kind TooCostly", name, text, err)
			}
		}
		if q, err = whole.Compile(text); err != nil {
			t.Fatal(err)
		}
		if r, err := q.Select(gone); terminology.KindOf(err) != terminology.Unavailable {
			t.Errorf("Select(%s) after the end of its context: %v, %v, want kind Unavailable", text, r, err)
		}
	}
}

// TestLaws states what holds of any two expressions.
func TestLaws(t *testing.T) {
	for seed := range uint64(4) {
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 7))}
		p := w.release(60).open(t)
		e := ecl.NewEngine(p, nil, ecl.Options{})
		equal := func(a, b string) {
			t.Helper()
			if diff := cmp.Diff(selected(t, e, p, a), selected(t, e, p, b)); diff != "" {
				t.Errorf("seed %d: %s is not %s:\n%s", seed, a, b, diff)
			}
		}
		for range 150 {
			a, b := "("+w.expression(2)+")", "("+w.expression(2)+")"
			if _, err := e.Compile(a + " AND " + b); err != nil {
				continue // a column that the reference set does not have
			}
			equal("<< "+a, "(< "+a+") OR "+a)
			equal(">> "+a, "(> "+a+") OR "+a)
			equal("<<! "+a, "(<! "+a+") OR "+a)
			equal(">>! "+a, "(>! "+a+") OR "+a)
			equal(a+" MINUS "+a, "* MINUS *")
			equal(a+" AND "+b, b+" AND "+a)
			equal("("+a+" AND "+b+") MINUS "+a, "* MINUS *")
			equal(a+" MINUS "+b, a+" MINUS ("+a+" AND "+b+")")
			equal("("+a+" OR "+b+") MINUS "+b, a+" MINUS "+b)
			equal("!!> "+a, a+" MINUS (< "+a+")")
			equal("!!< "+a, a+" MINUS (> "+a+")")
			equal(a+": 363698007 = *", a+" MINUS ("+a+": [0..0] 363698007 = *)")
			equal(a+" . 363698007", "*: R 363698007 = "+a)
		}
	}
}

// wide is a release of many concepts below one another, to be costly.
func wide(n int) *release {
	r := &release{}
	for i := range n {
		code := fmt.Sprint(100000 + i)
		r.concepts = append(r.concepts, terminology.Concept{Code: code})
		if i > 0 {
			r.parents = append(r.parents, [2]string{code, fmt.Sprint(100000 + (i-1)/2)})
		}
		for g := range 4 {
			r.properties = append(r.properties, terminology.Property{Concept: code, Code: site, Group: uint16(g), Value: fmt.Sprint(100000 + (i*7+g)%n)})
		}
	}
	return r
}

// TestHostileEvaluation holds expressions that are made to be costly to a second.
func TestHostileEvaluation(t *testing.T) {
	p := wide(20_000).open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{CacheBytes: -1})
	nest := func(open, in, end string, n int) string { return strings.Repeat(open, n) + in + strings.Repeat(end, n) }
	var different []string
	for i := range 3000 {
		different = append(different, fmt.Sprintf("(* : [%d..%d] * = *)", i%3, i))
	}
	for _, text := range []string{
		nest("(", "*", ")", 10_000), "* : [2..3] * = *", nest("* : [1..3] R * = (", "*", ")", 150), nest("* : [0..1] { [2..3] * = (", "*", ") }", 90),
		nest("> (< (", "* : * = *", "))", 90), nest("!!< (* MINUS (", "* : * = *", "))", 80), nest("!!> (", "* : * = *", ")", 180),
		strings.Join(different, " OR "), strings.Join(different, " AND "), "* : [5..*] R * = *", "* . * . * . * . *",
	} {
		start := time.Now()
		q, err := e.Compile(text)
		if err == nil {
			if _, err = q.Count(context.Background()); err == nil {
				_, err = q.Contains(context.Background(), 77)
			}
		}
		took := time.Since(start)
		t.Logf("%.60s… took %v: %v", text, took, err)
		if took > time.Minute { // a hang, whatever else the machine does: it is a second at most
			t.Errorf("%.60s… took %v", text, took)
		}
		if err != nil && terminology.KindOf(err) != terminology.TooCostly {
			t.Errorf("%.60s…: %v, want kind TooCostly", text, err)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	p := wide(5000).open(t)
	const limit = 100_000
	e := ecl.NewEngine(p, nil, ecl.Options{CacheBytes: limit})
	none := ecl.NewEngine(p, nil, ecl.Options{CacheBytes: -1})
	for i := range 200 {
		text := fmt.Sprintf("* : [%d..%d] * = << %d", i%3, i, 100000+i)
		if diff := cmp.Diff(selected(t, none, p, text), selected(t, e, p, text)); diff != "" {
			t.Errorf("%s (-without +with cache):\n%s", text, diff)
		}
	}
	s := e.CacheStats()
	if s.Bytes > limit || s.Entries == 0 {
		t.Errorf("the cache has %d entries in %d bytes, want some in at most %d", s.Entries, s.Bytes, limit)
	}
	if s := none.CacheStats(); s != (ecl.CacheStats{}) {
		t.Errorf("a cache that is off has %+v", s)
	}
}

// TestConcurrent asks one engine from several goroutines; run with -race.
func TestConcurrent(t *testing.T) {
	p, text := corner().openText(t)
	e := ecl.NewEngine(p, text, ecl.Options{CacheBytes: 20_000})
	done := make(chan []string)
	for range 4 {
		go func() {
			var got []string
			for range 20 {
				for _, x := range []string{"<< 404684003 {{ + HISTORY }}", "* : { 363698007 = << 80891009 }", "* {{ term = \"hjerte\" }}", "^ 447562003 {{ M mapTarget = \"I21.9\" }}", "> (* : * = *)"} {
					got = append(got, selected(t, e, p, x)...)
				}
			}
			done <- got
		}()
	}
	first := <-done
	for range 3 {
		if diff := cmp.Diff(first, <-done); diff != "" {
			t.Errorf("goroutines differ:\n%s", diff)
		}
	}
}

// FuzzEngine states that whatever parses is answered or refused, within a bound, and
// that a concept is held exactly when it is selected.
func FuzzEngine(f *testing.F) {
	p, text := corner().openText(f)
	e := ecl.NewEngine(p, text, ecl.Options{MaxWork: 3_000_000, MaxNodes: 2000, CacheBytes: 1 << 20})
	for _, tt := range validTests {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := e.Compile(s)
		if err != nil {
			if k := terminology.KindOf(err); k != terminology.Invalid && k != terminology.TooCostly {
				t.Fatalf("Compile(%q): %v", s, err)
			}
			return
		}
		r, err := q.Select(context.Background())
		if err != nil {
			if k := terminology.KindOf(err); k != terminology.Invalid && k != terminology.TooCostly {
				t.Fatalf("Select(%q): %v", s, err)
			}
			return
		}
		for o := range uint32(p.Len()) {
			in, err := q.Contains(context.Background(), o)
			if err == nil && in != r.Set.Contains(o) {
				t.Fatalf("Contains(%s) in %q is %v", p.Code(o), s, in)
			}
		}
		if _, err := q.Why(context.Background(), 0); err != nil && terminology.KindOf(err) != terminology.TooCostly {
			t.Fatalf("Why of %q: %v", s, err)
		}
	})
}
