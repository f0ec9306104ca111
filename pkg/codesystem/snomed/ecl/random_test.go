package ecl_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// writer writes random releases, and random expressions about them.
type writer struct {
	*rand.Rand
	codes []string // of concepts that expressions name, a few of them unknown
}

func (w *writer) pick(all ...string) string { return all[w.IntN(len(all))] }
func (w *writer) one(in int) bool           { return w.IntN(in) == 0 }

var (
	randomAttributes = []string{"363698007", "116676008", "1142135004", "246075003"}
	randomRefsets    = []string{"447562003", "723264001", "900000000000527005", "900000000000526001", "900000000000523009"}
	randomModules    = []string{"900000000000207008", "51000202101"}
	randomDates      = []terminology.Date{0, 20020131, 20250915}
	randomWords      = []string{"hjerte", "heart", "attack", "infarkt", "Crohn's", "åre", "knute", "café", "(disorder)", "I21"}
)

// release writes a release of about n concepts.
func (w *writer) release(n int) *release {
	r := &release{}
	fixed := slices.Concat([]string{"138875005", "900000000000522004"}, randomAttributes, randomRefsets[:4], []string{"61000202103", randomModules[0]})
	for i := range n {
		code := fmt.Sprint(100000 + i)
		if i < len(fixed) {
			code = fixed[i]
		}
		w.codes = append(w.codes, code)
		inactive := i > len(fixed) && w.one(6)
		r.concepts = append(r.concepts, terminology.Concept{Code: code, Inactive: inactive, Defined: w.one(3), Effective: w.date(), Module: w.pick(randomModules...)})
		for range w.IntN(3) {
			if i == 0 || inactive || w.one(12) {
				break
			}
			parent := w.IntN(i)
			edge := [2]string{code, r.concepts[parent].Code}
			if !r.concepts[parent].Inactive && !slices.Contains(r.parents, edge) {
				r.parents = append(r.parents, edge)
			}
		}
	}
	r.parents = append(r.parents, [2]string{randomRefsets[2], fixed[1]})
	slices.SortFunc(r.parents, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	r.parents = slices.Compact(r.parents)
	w.write(r)
	w.codes = append(w.codes, "999999009", randomRefsets[4])
	return r
}

func (w *writer) date() terminology.Date { return randomDates[w.IntN(len(randomDates))] }

// write writes what refers to concepts.
func (w *writer) write(r *release) {
	for _, c := range r.concepts {
		for range w.IntN(5) {
			p := terminology.Property{Concept: c.Code, Code: w.pick(randomAttributes...), Group: uint16(w.IntN(3)), Value: w.pick(w.codes...)}
			switch {
			case w.one(5):
				p.Kind, p.Value = terminology.ValueInteger, w.pick("1", "5", "10", "-3")
			case w.one(6):
				p.Kind, p.Value = terminology.ValueDecimal, w.pick("1.0", "2.50", "2.5", "0.0")
			case w.one(8):
				p.Kind, p.Value = terminology.ValueString, w.pick("PANADOL", "Café", "daily dose")
			case w.one(8):
				p.Kind, p.Value = terminology.ValueBoolean, w.pick("true", "false")
			}
			r.properties = append(r.properties, p)
		}
		for range w.IntN(4) {
			w.designation(r, c.Code)
		}
	}
	for i, refset := range randomRefsets {
		columns := []string{"targetComponentId"}
		if i == 0 {
			columns = []string{"mapGroup", "mapTarget", "correlationId", "flag", "due"}
		} else if i == 1 {
			columns = nil
		}
		r.tables = append(r.tables, slices.Concat([]string{refset}, columns))
		for range w.IntN(40) {
			row := terminology.Row{Table: refset, Component: w.pick(w.codes...), ID: fmt.Sprintf("80000000-0000-5000-8000-%012d", len(r.rows)), Inactive: w.one(5), Effective: w.date(), Module: w.pick(randomModules...)}
			if i == 0 {
				row.Fields = []string{w.pick("1", "2", "10"), w.pick("I21.9", "I21", "J45.9", ""), w.pick(w.codes...), w.pick("0", "1"), w.pick("20200101", "20250101", "")}
			} else if i > 1 {
				row.Fields = []string{w.pick(w.codes...)}
			}
			r.rows = append(r.rows, row)
		}
	}
	r.tables = append(r.tables, []string{"identifier", "identifierSchemeId"})
	for i, c := range r.concepts[:5] {
		r.rows = append(r.rows, terminology.Row{Table: "identifier", Component: c.Code, ID: fmt.Sprintf("1000-%d", i), Inactive: i == 2, Fields: []string{"30051010000102"}})
	}
}

func (w *writer) designation(r *release, code string) {
	id := uint64(1000000 + len(r.designations))
	term := w.pick(randomWords...)
	for range w.IntN(3) {
		term += w.pick(" ", "-", ", ") + w.pick(randomWords...)
	}
	r.designations = append(r.designations, terminology.Designation{
		Concept: code, ID: id, Language: w.pick("en", "no", "nn"), Term: term, Inactive: w.one(4), Effective: w.date(), Module: w.pick(randomModules...),
		Use: w.pick("900000000000013009", "900000000000013009", "900000000000003001", "900000000000550004"),
	})
	for _, refset := range []string{"61000202103", "91000202106", "900000000000509007"} {
		if w.one(2) {
			r.acceptable = append(r.acceptable, terminology.Acceptability{Designation: id, Refset: refset, Preferred: w.one(2)})
		}
	}
}

// expression writes an expression with at most so many levels of brackets.
func (w *writer) expression(depth int) string {
	if depth <= 0 {
		return w.sub(0)
	}
	switch w.IntN(9) {
	case 0, 1:
		op := w.pick(" AND ", " OR ", " MINUS ", ", ")
		out := w.sub(depth-1) + op + w.sub(depth-1)
		if op != " MINUS " && w.one(2) {
			out += op + w.sub(depth-1)
		}
		return out
	case 2, 3, 4:
		return w.sub(depth-1) + ": " + w.refinement(depth-1)
	case 5:
		out := w.sub(depth - 1)
		for range 1 + w.IntN(2) {
			out += " . " + w.name(depth-1)
		}
		return out
	}
	return w.sub(depth)
}

func (w *writer) sub(depth int) string {
	out := w.pick("", "", w.pick("<", "<<", "<!", "<<!", ">", ">>", ">!", ">>!", "!!>", "!!<")+" ")
	var filter func() string // of members
	switch {
	case w.one(12):
		filter = w.mapFilter
		out += w.pick("^ ", "^ ", "^R ", "^ [correlationId] ") + w.pick("447562003", "447562003", "*", "(447562003 OR 900000000000527005)", "(< 138875005)")
	case w.one(10):
		filter = w.associationFilter
		out += w.pick("^ ", "^ ", "^R ", "^ [targetComponentId] ", "^ [referencedComponentId] ") + w.pick(w.pick(randomRefsets[2:]...), "*", "(447562003 OR 900000000000527005)", "(< 138875005)", "723264001")
	case depth > 0 && w.one(2):
		out += "(" + w.expression(depth-1) + ")"
	case w.one(3):
		out += "*"
	case w.one(15):
		out += w.pick("LOINC#1000-1", "LOINC#1000-2", "LOINC#9", "ICNP#1")
	default:
		out += w.pick(w.codes...)
	}
	for filter != nil && w.one(2) {
		out += " {{ M " + w.list(filter) + " }}"
	}
	for w.one(7) {
		if w.one(2) {
			out += " {{ C " + w.list(w.conceptFilter) + " }}"
		} else {
			out += " {{ D " + w.list(w.descriptionFilter) + " }}"
		}
	}
	if w.one(10) {
		out += " {{ + HISTORY" + w.pick("", "-MIN", "-MOD", "-MAX", " (900000000000527005)", " (^R *)", " (*)") + " }}"
	}
	return out
}

func (w *writer) list(one func() string) string {
	out := one()
	for w.one(3) {
		out += ", " + one()
	}
	return out
}

func (w *writer) equal() string { return w.pick(" = ", " = ", " = ", " != ") }
func (w *writer) order() string { return w.pick(" = ", " != ", " < ", " <= ", " > ", " >= ") }

func (w *writer) dates() string {
	return w.pick(`"20020131"`, `"20250915"`, `""`, `("20020131" "")`, `"20100101"`)
}

func (w *writer) modules() string {
	return w.pick(randomModules[0], randomModules[1], "("+strings.Join(randomModules, " ")+")", "< 138875005", "*")
}

func (w *writer) conceptFilter() string {
	switch w.IntN(5) {
	case 0:
		return "active" + w.equal() + w.pick("1", "0", "*")
	case 1:
		return "definitionStatus" + w.equal() + w.pick("primitive", "defined", "(primitive defined)")
	case 2:
		return "definitionStatusId" + w.equal() + w.pick("900000000000074008", "900000000000073002", "(900000000000074008 900000000000073002)")
	case 3:
		return "moduleId" + w.equal() + w.modules()
	}
	return "effectiveTime" + w.order() + w.dates()
}

func (w *writer) descriptionFilter() string {
	switch w.IntN(13) {
	case 0:
		return "language" + w.equal() + w.pick("en", "no", "(no nn)")
	case 1:
		return "type" + w.equal() + w.pick("syn", "fsn", "def", "(syn def)")
	case 2:
		return "typeId" + w.equal() + w.pick("900000000000013009", "(900000000000013009 900000000000003001)")
	case 3:
		return "dialect" + w.equal() + w.pick("nb", "nn (prefer)", "(nb en-us (accept))", "(nb nn) (prefer accept)", "sv")
	case 4:
		return "dialectId" + w.equal() + w.pick("61000202103", "91000202106 (900000000000548007)", "< 138875005")
	case 5:
		return "moduleId" + w.equal() + w.modules()
	case 6:
		return "effectiveTime" + w.order() + w.dates()
	case 7:
		return "active" + w.equal() + w.pick("1", "0", "*")
	case 8:
		return "id" + w.equal() + w.pick("1000001", "(1000001 1000002 1000003 1000999)")
	}
	return "term" + w.equal() + w.pick(`"hjer"`, `"heart att"`, `"att HEART"`, `wild:"*infarkt"`, `wild:"he*t*att*"`, `wild:"*(disorder)"`, `wild:"*rohn's*"`, `wild:"*café*"`,
		`exact:"heart"`, `("hjerte" wild:"heart*")`, `"CAFE"`, `"i21"`, `wild:"*"`, `"nothing"`, `exact:"heart-attack"`, `wild:"heart"`)
}

// memberFilter writes a filter that every reference set has.
func (w *writer) memberFilter() string {
	switch w.IntN(4) {
	case 0:
		return "active" + w.equal() + w.pick("1", "0", "*")
	case 1:
		return "moduleId" + w.equal() + w.modules()
	case 2:
		return "effectiveTime" + w.order() + w.dates()
	}
	return "referencedComponentId" + w.equal() + "<< " + w.pick(w.codes...)
}

func (w *writer) mapFilter() string {
	switch w.IntN(9) {
	case 0, 1:
		return "mapGroup" + w.order() + w.pick("#1", "#2.0", "#-1")
	case 2, 3:
		return "mapTarget" + w.equal() + w.pick(`"I21.9"`, `wild:"I21*"`, `("I21" "J45.9")`, `match:"i21"`, `""`)
	case 4:
		return "correlationId" + w.equal() + w.pick(w.pick(w.codes...), "<< "+w.pick(w.codes...), "*")
	case 5:
		return "flag" + w.equal() + w.pick("true", "false")
	case 6:
		return "due" + w.order() + w.pick(`"20200101"`, `"20220101"`)
	}
	return w.memberFilter()
}

func (w *writer) associationFilter() string {
	if w.one(2) {
		return "targetComponentId" + w.equal() + w.pick("<< ", "", "> ") + w.pick(w.codes...)
	}
	return w.memberFilter()
}

func (w *writer) name(depth int) string {
	switch {
	case w.one(5):
		return "*"
	case w.one(5):
		return "<< " + w.pick(w.codes[:8]...)
	case depth > 0 && w.one(6):
		return "(" + w.expression(depth-1) + ")"
	}
	return w.pick(randomAttributes...)
}

func (w *writer) cardinality() string {
	return w.pick("", "", "", w.pick("[0..0] ", "[0..1] ", "[1..1] ", "[1..*] ", "[2..*] ", "[0..*] ", "[1..2] ", "[2..1] "))
}

func (w *writer) attribute(depth int) string {
	out := w.cardinality() + w.pick("", "", "", "", "R ") + w.name(depth)
	switch {
	case w.one(5):
		return out + w.order() + w.pick("#1", "#2.5", "#-3.0", "#0", "#10")
	case w.one(9):
		return out + w.equal() + w.pick("true", "false")
	case w.one(9):
		return out + w.equal() + w.pick(`"PANADOL"`, `wild:"pan*"`, `match:"cafe"`, `("Café" "daily dose")`)
	case w.one(4):
		return out + w.equal() + "*"
	}
	if w.one(2) {
		return out + w.equal() + "<< " + w.pick(w.codes[:20]...)
	}
	return out + w.equal() + w.sub(depth)
}

func (w *writer) refinement(depth int) string {
	one := func() string {
		switch {
		case w.one(3):
			return w.cardinality() + "{ " + w.attributeSet(depth) + " }"
		case depth > 0 && w.one(5):
			return "(" + w.refinement(depth-1) + ")"
		}
		return w.attribute(depth)
	}
	out, op := one(), w.pick(", ", " OR ", " AND ")
	for w.one(3) {
		out += op + one()
	}
	return out
}

func (w *writer) attributeSet(depth int) string {
	out, op := w.attribute(depth), w.pick(", ", " OR ")
	for w.one(2) {
		next := w.attribute(depth)
		if w.one(5) {
			next = "(" + next + w.pick(" OR ", ", ") + w.attribute(depth) + ")"
		}
		out += op + next
	}
	return out
}

// TestEngineIsNaive holds the engine to the definitions: on random releases and for
// random expressions it selects what the naive evaluator does, with and without text
// index and cache, and holds every concept that it selects and no other.
func TestEngineIsNaive(t *testing.T) {
	releases, expressions, some := 12, 250, 0
	if testing.Short() {
		releases = 3
	}
	for seed := range uint64(releases) {
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 22298006))}
		r := w.release(25 + w.IntN(40))
		p, text := r.openText(t)
		scope := []ecl.Substrate{ecl.AllConcepts, ecl.HierarchyOnly, ecl.ActiveConcepts}[seed%3]
		n := newNaive(r, scope)
		engines := []*ecl.Engine{
			ecl.NewEngine(p, text, ecl.Options{CacheBytes: -1, Substrate: scope}),
			ecl.NewEngine(p, nil, ecl.Options{CacheBytes: 1 << 20, Substrate: scope}),
		}
		for range expressions {
			if n := compare(t, seed, w.expression(3), n, p, engines); n > 0 {
				some++
			}
			if t.Failed() {
				return
			}
		}
	}
	if total := releases * expressions; some < total/4 {
		t.Errorf("only %d of %d expressions have concepts: the test tells little", some, total)
	}
	t.Logf("%d of %d expressions have concepts", some, releases*expressions)
}

// compare returns the number of concepts that an expression has.
func compare(t *testing.T, seed uint64, text string, n *naive, p *basic.Provider, engines []*ecl.Engine) int {
	t.Helper()
	x, err := ecl.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%s): %v", text, err)
	}
	want := slices.Sorted(maps.Keys(only(n.constraint(x.Constraint), func(c string) bool { _, ok := n.known[c]; return ok })))
	for i, e := range engines {
		q, err := e.Plan(x)
		if terminology.KindOf(err) == terminology.Invalid && strings.Contains(err.Error(), "no column") {
			return 0 // a column that the reference set does not have
		}
		if err != nil {
			t.Fatalf("Plan(%s): %v", text, err)
		}
		got, err := q.Select(context.Background())
		if err != nil {
			t.Fatalf("Select(%s): %v", text, err)
		}
		if diff := cmp.Diff(append([]string{}, want...), codes(p, got.Set.ToArray())); diff != "" {
			t.Errorf("seed %d, engine %d: %s (-naive +engine):\n%s", seed, i, text, diff)
			return 0
		}
		if count, err := q.Count(context.Background()); err != nil || count != len(want) {
			t.Errorf("seed %d: Count(%s) = %d, %v, want %d", seed, text, count, err, len(want))
		}
		for o := range uint32(p.Len()) {
			if in, err := q.Contains(context.Background(), o); err != nil || in != got.Set.Contains(o) {
				t.Errorf("seed %d, engine %d: Contains(%s) in %s = %v, %v, want %v", seed, i, p.Code(o), text, in, err, !in)
				return 0
			}
		}
	}
	return len(want)
}
