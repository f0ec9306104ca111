package basic_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestBuilderRefuses(t *testing.T) {
	b := snomedSample().builder(t)
	tests := []struct {
		name, want string // want: part of the message
		err        error
	}{
		{"a code twice", "given twice", b.Concept(terminology.Concept{Code: infarction})},
		{"an empty code", `found code ""`, b.Concept(terminology.Concept{})},
		{"space before a code", `" I21"`, b.Concept(terminology.Concept{Code: " I21"})},
		{"a tab after a code", `"I21\t"`, b.Concept(terminology.Concept{Code: "I21\t"})},
		{"a term of no concept", "concept 1 is not", b.Designation(terminology.Designation{Concept: "1", Term: "x"})},
		{"an empty term", "term of 22298006 is empty", b.Designation(terminology.Designation{Concept: infarction})},
		{"a description twice", "description 1001 is given twice", b.Designation(terminology.Designation{Concept: infarction, ID: 1001, Term: "x"})},
		{"a language reference set without id", "without an id", b.Acceptable(terminology.Acceptability{Designation: 1001})},
		{"a parent of itself", "its own parent", b.Parent(infarction, infarction)},
		{"a parent that is not there", "concept 1 is not", b.Parent(infarction, "1")},
		{"a child that is not there", "concept 1 is not", b.Parent("1", infarction)},
		{"a property of no concept", "concept 1 is not", b.Property(terminology.Property{Concept: "1"})},
		{"a row of no table", "has not been declared", b.Row(terminology.Row{Table: "999"})},
		{"a row of too few fields", "found 1 fields, want 2", b.Row(terminology.Row{Table: icd10Map, Fields: []string{"1"}})},
		{"a table with other columns", "has columns", b.Table(icd10Map, []string{"mapTarget"})},
		{"a table with a zero byte", "zero byte", b.Table("a\x00b", nil)},
	}
	for _, tt := range tests {
		if terminology.KindOf(tt.err) != terminology.Invalid || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: %v, want kind Invalid and %q", tt.name, tt.err, tt.want)
		}
	}
	if err := b.Acceptable(terminology.Acceptability{Designation: 99, Refset: bokmal}); err != nil {
		t.Errorf("a description of another release: %v, want it passed over", err)
	}
	if err := b.Table(icd10Map, []string{"mapGroup", "mapTarget"}); err != nil {
		t.Errorf("a table declared again as it is: %v", err)
	}
}

// TestRefusedRecordsLeaveNothing passes records that are refused between good ones.
func TestRefusedRecordsLeaveNothing(t *testing.T) {
	b := basic.NewBuilder()
	_ = b.Concept(terminology.Concept{Code: "I21"})
	if err := b.Designation(terminology.Designation{Concept: "I21", ID: 7}); err == nil {
		t.Fatal("an empty term is accepted")
	}
	if err := b.Designation(terminology.Designation{Concept: "I21", ID: 7, Term: "Akutt hjerteinfarkt"}); err != nil {
		t.Errorf("the same description after one that was refused: %v", err)
	}
	if b.Len() != 1 || !b.Has("I21") || b.Has("i21") {
		t.Errorf("Len = %d, Has(I21) = %v, Has(i21) = %v", b.Len(), b.Has("I21"), b.Has("i21"))
	}
}

func TestBuildNamesACycle(t *testing.T) {
	r := records{parents: [][2]string{{infarction, acuteMI}, {acuteMI, heartDisease}, {heartDisease, infarction}, {heartDisease, root}}}
	for _, c := range []string{root, infarction, acuteMI, heartDisease} {
		r.concepts = append(r.concepts, terminology.Concept{Code: c})
	}
	_, err := r.builder(t).Build(terminology.Release{}, basic.DefaultRules())
	if terminology.KindOf(err) != terminology.Invalid {
		t.Fatalf("Build = %v, want kind Invalid", err)
	}
	for _, code := range []string{infarction, acuteMI, heartDisease} {
		if !strings.Contains(err.Error(), code) {
			t.Errorf("%v: does not name %s", err, code)
		}
	}
	if strings.Contains(err.Error(), root) {
		t.Errorf("%v: names the root, which is not in the cycle", err)
	}
}

func TestBuildNothing(t *testing.T) {
	if _, err := basic.NewBuilder().Build(terminology.Release{}, basic.DefaultRules()); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Build of no concepts = %v, want kind Invalid", err)
	}
}

// TestLimits passes what the columns have no room for: it is refused, not cut off.
func TestLimits(t *testing.T) {
	build := func(pass func(b *basic.Builder, i int) error, n int) error {
		b := basic.NewBuilder()
		_ = b.Concept(terminology.Concept{Code: "I21"})
		for i := range n {
			if err := pass(b, i); err != nil {
				return err
			}
		}
		_, err := b.Build(terminology.Release{}, basic.DefaultRules())
		return err
	}
	languages := func(b *basic.Builder, i int) error {
		return b.Designation(terminology.Designation{Concept: "I21", Language: fmt.Sprint("x", i), Term: "term"})
	}
	refsets := func(b *basic.Builder, i int) error {
		_ = b.Designation(terminology.Designation{Concept: "I21", ID: 1, Language: "nb", Term: "term"})
		return b.Acceptable(terminology.Acceptability{Designation: 1, Refset: fmt.Sprint(i), Preferred: true})
	}
	modules := func(b *basic.Builder, i int) error {
		return b.Concept(terminology.Concept{Code: fmt.Sprint(i), Module: fmt.Sprint(i)})
	}
	properties := func(b *basic.Builder, i int) error {
		return b.Property(terminology.Property{Concept: "I21", Code: fmt.Sprint(i), Kind: terminology.ValueString, Value: "x"})
	}
	tests := []struct {
		name string
		pass func(*basic.Builder, int) error
		most int
	}{
		{"languages of terms", languages, 256},
		{"language reference sets", refsets, 32},
		{"modules", modules, math.MaxUint16}, // and the empty one
		{"properties", properties, math.MaxUint16 + 1},
	}
	for _, tt := range tests {
		if err := build(tt.pass, tt.most); err != nil {
			t.Errorf("%d %s: %v", tt.most, tt.name, err)
		}
		if err := build(tt.pass, tt.most+1); terminology.KindOf(err) != terminology.NotSupported {
			t.Errorf("%d %s: %v, want kind NotSupported", tt.most+1, tt.name, err)
		}
	}
}
