package rf2_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestBadRows pins file, line, column and text of every kind of bad row. Each case
// adds its row to the end of a file of tiny.
func TestBadRows(t *testing.T) {
	const (
		concept     = "sct2_Concept_Snapshot_INT_20250101.txt:12"
		description = "sct2_Description_Snapshot-en_INT_20250101.txt:5"
		relation    = "sct2_Relationship_Snapshot_INT_20250101.txt:6"
		concrete    = "sct2_RelationshipConcreteValues_Snapshot_INT_20250101.txt:6"
		language    = "der2_cRefset_LanguageSnapshot-en_INT_20250101.txt:6"
		simple      = "der2_Refset_SimpleSnapshot_INT_20250101.txt:3"
		mapping     = "der2_iisssccRefset_ExtendedMapSnapshot_INT_20250101.txt:5"
	)
	tests := []struct {
		name, file, row string
		want            string
	}{
		{"wrong check digit", fileConcept, "80891008 20200131 1 " + core + " " + prim, concept + `:id: found "80891008" with a wrong check digit, want a concept id`},
		{"description id for a concept", fileConcept, "37436014 20200131 1 " + core + " " + prim, concept + `:id: found "37436014", want a concept id`},
		{"letters in an id", fileConcept, "I21.9 20200131 1 " + core + " " + prim, concept + `:id: found "I21.9", want a concept id`},
		{"30 February", fileConcept, "80891009 20200230 1 " + core + " " + prim, concept + `:effectiveTime: found "20200230", want a date as yyyymmdd`},
		{"active neither 0 nor 1", fileConcept, "80891009 20200131 2 " + core + " " + prim, concept + `:active: found "2", want 0 or 1`},
		{"unknown definition status", fileConcept, "80891009 20200131 1 " + core + " " + syn, concept + `:definitionStatusId: found "900000000000013009", want 900000000000074008 or 900000000000073002`},
		{"too few columns", fileConcept, "80891009 20200131 1 " + core, concept + ": found 4 columns, want 5"},
		{"too many columns", fileConcept, "80891009 20200131 1 " + core + " " + prim + " x y", concept + ": found 7 columns, want 5"},
		{"concept twice", fileConcept, "22298006 20200131 1 " + core + " " + prim, concept + ": found concept 22298006 twice"},
		{"not UTF-8", fileDescription, "43843012 20200131 1 " + core + " 22298006 en " + syn + " hj\xe6rte " + ci, description + `:term: found "hj\xe6rte", want UTF-8`},
		{"empty term", fileDescription, "43843012 20200131 1 " + core + " 22298006 en " + syn + "  " + ci, description + `:term: found "", want text`},
		{"unknown case significance", fileDescription, "43843012 20200131 1 " + core + " 22298006 en " + syn + " x " + syn,
			description + `:caseSignificanceId: found "900000000000013009", want 900000000000448009 or 900000000000017005 or 900000000000020002`},
		{"description of no concept", fileDescription, "43843012 20200131 1 " + core + " 80891009 en " + syn + " heart " + ci, description + `:conceptId: found 80891009, want a concept of the release`},
		{"parent that is no concept", fileRelation, "108026 20200131 1 " + core + " 22298006 80891009 0 " + isA + " " + infer + " " + some, relation + `:destinationId: found 80891009, want a concept of the release`},
		{"own parent", fileRelation, "108026 20200131 1 " + core + " 22298006 22298006 0 " + isA + " " + infer + " " + some, relation + `: found 22298006 as its own parent`},
		{"group no number", fileRelation, "108026 20200131 1 " + core + " 22298006 404684003 one " + isA + " " + infer + " " + some, relation + `:relationshipGroup: found "one", want a number from 0 to 65535`},
		{"group too large", fileRelation, "108026 20200131 1 " + core + " 22298006 404684003 65536 " + isA + " " + infer + " " + some, relation + `:relationshipGroup: found "65536", want a number from 0 to 65535`},
		{"concept id for a relationship", fileRelation, "22298006 20200131 1 " + core + " 22298006 404684003 0 " + isA + " " + infer + " " + some, relation + `:id: found "22298006", want a relationship id`},
		{"value without its mark", fileConcrete, "108026 20200131 1 " + core + " 22298006 10 0 1142139005 " + infer + " " + some, concrete + `:value: found "10", want #NUMBER, "TEXT", true or false`},
		{"value no number", fileConcrete, "108026 20200131 1 " + core + " 22298006 #1.2.3 0 1142139005 " + infer + " " + some, concrete + `:value: found "#1.2.3", want #NUMBER, "TEXT", true or false`},
		{"member id no UUID", fileSimple, "12345 20200131 1 " + core + " 723264001 74281007", simple + `:id: found "12345", want a UUID`},
		{"component no SCTID", fileSimple, uuid(90) + " 20200131 1 " + core + " 723264001 K75", simple + `:referencedComponentId: found "K75", want an SCTID`},
		{"refset no concept", fileSimple, uuid(90) + " 20200131 1 " + core + " 37436014 74281007", simple + `:refsetId: found "37436014", want a concept id`},
		{"unknown acceptability", fileLanguage, uuid(90) + " 20200131 1 " + core + " 900000000000509007 37436014 " + syn, language + `:acceptabilityId: found "900000000000013009", want 900000000000548007 or 900000000000549004`},
		{"map group no number", fileMap, uuid(90) + " 20200131 1 " + core + " 447562003 22298006 A 1 TRUE ALWAYS I21.9 447561005 447637006", mapping + `:mapGroup: found "A", want a number from 0 to 65535`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := tiny()
			fsys[tt.file] = &fstest.MapFile{Data: append(fsys[tt.file].Data, strings.ReplaceAll(tt.row, " ", "\t")+"\r\n"...)}
			r, _ := read(t, rf2.Options{}, fsys)
			if diff := cmp.Diff([]string{tt.want}, r.bad); diff != "" {
				t.Errorf("bad rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBadRowsEndReading: the error of Sink.Bad ends it.
func TestBadRowsEndReading(t *testing.T) {
	fsys := tiny()
	fsys[fileConcept] = lines(headConcept, "1 2 3 4 5", "1 2 3 4 5", "1 2 3 4 5")
	r := newRecorder()
	r.badMax = 2
	_, err := source(t, rf2.Options{VersionURI: "http://snomed.info/sct/900000000000207008/version/20250101"}, fsys).Read(context.Background(), r)
	if err == nil || len(r.bad) != 2 {
		t.Errorf("Read = %v after %d bad rows, want an error after 2", err, len(r.bad))
	}
}

// TestBadConceptIsSaidOnce: what refers to a concept whose row is bad is not bad
// for that.
func TestBadConceptIsSaidOnce(t *testing.T) {
	fsys := tiny()
	data := strings.Replace(string(fsys[fileConcept].Data), "22298006\t20020131", "22298006\t2002013", 1)
	fsys[fileConcept] = &fstest.MapFile{Data: []byte(data)}
	r, _ := read(t, rf2.Options{}, fsys)
	want := []string{`sct2_Concept_Snapshot_INT_20250101.txt:4:effectiveTime: found "2002013", want a date as yyyymmdd`}
	if diff := cmp.Diff(want, r.bad); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
}

func TestLinesAsTheyCome(t *testing.T) {
	header, first, second := headSimpleRows()
	base := lines(header, first, second)
	tests := []struct {
		name string
		edit func(string) string
		bad  []string
		rows int
	}{
		{name: "CRLF", edit: func(s string) string { return s }, rows: 2},
		{name: "LF", edit: func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }, rows: 2},
		{name: "no newline at the end", edit: func(s string) string { return strings.TrimSuffix(s, "\r\n") }, rows: 2},
		{name: "byte order mark", edit: func(s string) string { return "\xEF\xBB\xBF" + s }, rows: 2},
		{name: "header in other case", edit: func(s string) string { return strings.Replace(s, "refsetId", "refSetId", 1) }, rows: 2},
		{name: "header with spaces", edit: func(s string) string { return strings.Replace(s, "id\teffectiveTime", "id      effectiveTime", 1) }, rows: 2},
		{name: "header only", edit: func(string) string { return headMember + "\r\n" }},
		{name: "empty lines at the end", edit: func(s string) string { return s + "\r\n\r\n" }, rows: 2},
		{name: "empty line between", edit: func(s string) string { return strings.Replace(s, "\r\n"+uuid(2), "\r\n\r\n"+uuid(2), 1) }, rows: 2,
			bad: []string{"der2_Refset_SimpleSnapshot_INT_20250101.txt:3: found an empty line, want a row"}},
		{name: "quotes are data", edit: func(s string) string { return strings.Replace(s, "723264001", `"723264001"`, 1) }, rows: 1,
			bad: []string{`der2_Refset_SimpleSnapshot_INT_20250101.txt:2:refsetId: found "\"723264001\"", want a concept id`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := tiny()
			fsys[fileSimple] = &fstest.MapFile{Data: []byte(tt.edit(string(base.Data)))}
			r, _ := read(t, rf2.Options{}, fsys)
			if diff := cmp.Diff(tt.bad, r.bad); diff != "" {
				t.Errorf("bad rows (-want +got):\n%s", diff)
			}
			if got := r.with("row 723264001"); len(got) != tt.rows {
				t.Errorf("%d rows, want %d: %q", len(got), tt.rows, got)
			}
		})
	}
}

func headSimpleRows() (string, string, string) {
	return headMember, uuid(1) + " 20170731 1 " + core + " 723264001 74281007", uuid(2) + " 20170731 1 " + core + " 723264001 22298006"
}

// TestLongLines: a row may be longer than a block.
func TestLongLines(t *testing.T) {
	fsys := tiny()
	long := strings.Repeat("ObjectIntersectionOf(", 200_000)
	fsys[fileOWL] = lines(headMember+"\towlExpression",
		uuid(1)+" 20210131 1 "+core+" 733073007 22298006 "+long,
		uuid(2)+" 20210131 1 "+core+" 733073007 22298006 short")
	r, _ := read(t, rf2.Options{}, fsys)
	got := r.with("row 733073007")
	if len(r.bad) > 0 || len(got) != 2 || !strings.Contains(got[0], long) {
		t.Errorf("%d rows, bad %q, want two whole rows", len(got), r.bad)
	}
}

func TestLenientIDs(t *testing.T) {
	fsys := tiny()
	fsys[fileRelation] = lines(headRelation,
		"100022 20020131 1 "+core+" 404684003 138875005 0 "+isA+" "+infer+" "+some,
		"200001001 20020131 1 "+core+" 22298006 404684003 0 "+isA+" "+infer+" "+some)
	strict, _ := read(t, rf2.Options{}, fsys)
	s := source(t, rf2.Options{LenientIDs: true}, fsys)
	r := newRecorder()
	if _, err := s.Read(context.Background(), r); err != nil || len(strict.bad) != 1 || len(r.bad) != 0 || s.Lenient() != 1 {
		t.Errorf("strict %q, lenient %q, %v, %d ids: want one bad row when strict and one id counted when lenient", strict.bad, r.bad, err, s.Lenient())
	}
	if got := r.with("parent 22298006"); len(got) != 1 {
		t.Errorf("lenient: %q, want the parent", got)
	}
}

func TestPackagesThatCannotBeRead(t *testing.T) {
	only := func(name, text string) fstest.MapFS {
		fsys := tiny()
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		return fsys
	}
	twice := tiny()
	twice[strings.ReplaceAll(fileConcept, "20250101", "20250201")] = twice[fileConcept]
	tests := []struct {
		name string
		fsys fstest.MapFS
		want string
	}{
		{"Git LFS pointer", only(fileConcept, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
			"rf2.Detect: invalid input: sct2_Concept_Snapshot_INT_20250101.txt:1: found a Git LFS pointer, want the file it points to (run git lfs pull)"},
		{"empty file", only(fileConcept, ""), "rf2.Detect: invalid input: sct2_Concept_Snapshot_INT_20250101.txt: found an empty file, want a header line"},
		{"no header", only(fileConcept, "22298006\t20020131\t1\r\n"),
			`rf2.Detect: invalid input: sct2_Concept_Snapshot_INT_20250101.txt:1: found "22298006\t20020131\t1\r", want the header line of an RF2 file`},
		{"Snapshot twice", twice, "rf2.Detect: invalid input: found the same concept file twice, want one: " + fileConcept + " and " + strings.ReplaceAll(fileConcept, "20250101", "20250201")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := rf2.Detect(tt.fsys, "package")
			if err == nil || err.Error() != tt.want || terminology.KindOf(err) != terminology.Invalid {
				t.Errorf("Detect = %v,\n%v, want\n%s", p, err, tt.want)
			}
		})
	}
}

func TestNoConcepts(t *testing.T) {
	fsys := tiny()
	delete(fsys, fileConcept)
	p, err := rf2.Detect(fsys, "derivative.zip")
	if err != nil {
		t.Fatal(err)
	}
	_, err = rf2.NewSource([]*rf2.Package{p}, rf2.Options{})
	if want := "rf2.NewSource: invalid input: derivative.zip: found no concept file: give it together with the edition it belongs to, in one import"; err == nil || err.Error() != want {
		t.Errorf("NewSource = %v, want %s", err, want)
	}
}

func TestTwoShapesOfOneRefset(t *testing.T) {
	fsys := tiny()
	other := "Snapshot/Refset/Content/der2_sRefset_OtherSnapshot_INT_20250101.txt"
	fsys[other] = lines(headMember+"\tnote", uuid(91)+" 20200131 1 "+core+" 723264001 74281007 note")
	_, err := source(t, rf2.Options{}, fsys).Read(context.Background(), newRecorder())
	want := "rf2.Read: invalid input: found two files with different columns for table 723264001, want the same: " + fileSimple + " and " + other
	if err == nil || err.Error() != want {
		t.Errorf("Read = %v, want %s", err, want)
	}
}

func TestRefsetOfUnknownShapeIsKeptByItsColumns(t *testing.T) {
	fsys := tiny()
	fsys["Snapshot/Refset/der2_siRefset_OwnSnapshot_INT_20250101.txt"] = lines(headMember+"\tnote\trank",
		uuid(91)+" 20200131 1 "+core+" 447566000 74281007 free_text ")
	r, _ := read(t, rf2.Options{}, fsys)
	want := []string{"table 447566000 [note rank]",
		`row 447566000 of 74281007 id 00000000-0000-4000-8000-00000000005b 2020-01-31 module 900000000000207008 ["free text" ""]`}
	if diff := cmp.Diff(want, r.with("table 447566000", "row 447566000")); diff != "" || len(r.bad) > 0 {
		t.Errorf("bad %q, (-want +got):\n%s", r.bad, diff)
	}
}
