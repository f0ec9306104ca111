package rf2_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var _ terminology.Source = (*rf2.Source)(nil)

// TestReadEveryKind pins what one file of every kind says.
func TestReadEveryKind(t *testing.T) {
	r, _ := read(t, rf2.Options{}, tiny())
	if len(r.bad) > 0 {
		t.Fatalf("bad rows: %q", r.bad)
	}
	want := map[string][]string{
		"concept 22298006": {"concept 22298006 2002-01-31 defined=true module 900000000000207008"},
		"concept 57054005": {"concept 57054005 2002-01-31 inactive defined=false module 900000000000207008"},
		"designation": {
			"designation 37436014 of 22298006 [en] use 900000000000013009 case 0: Myocardial infarction",
			"designation 751689013 of 22298006 [en] use 900000000000003001 case 0: Myocardial infarction (disorder)",
			`designation 37442013 of 22298006 inactive [en] use 900000000000013009 case 2: Infarction "of" heart`,
			"designation 2884458015 of 22298006 [en] use 900000000000550004 case 1: Death of heart muscle",
		},
		"parent": {"parent 404684003 -> 138875005", "parent 22298006 -> 404684003"},
		"property": {
			"property 22298006 {1} 363698007 = 0:74281007",
			"property 22298006 {1} 1142139005 = 3:2.50",
			"property 22298006 {2} 1142139005 = 2:10",
			"property 22298006 {3} 1142139005 = 1:10 mg",
			"property 22298006 {4} 1142139005 = 4:true",
		},
		"acceptable": {
			"acceptable 37436014 in 900000000000509007 preferred=true",
			"acceptable 37436014 in 900000000000508004 preferred=false",
		},
		"table": {
			"table relationship [destinationId relationshipGroup typeId characteristicTypeId modifierId]",
			"table concrete-relationship [value relationshipGroup typeId characteristicTypeId modifierId]",
			"table identifier [identifierSchemeId]",
			"table 900000000000534007 [sourceEffectiveTime targetEffectiveTime]",
			"table 900000000000509007 [acceptabilityId]",
			"table 900000000000508004 [acceptabilityId]",
			"table 900000000000527005 [targetComponentId]",
			"table 900000000000523009 [targetComponentId]",
			"table 723264001 []",
			"table 733073007 [owlExpression]",
			"table 450993002 [mapTarget]",
			"table 447562003 [mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId]",
		},
		"row relationship of 57054005":                    {`row relationship of 57054005 inactive id 103024 2002-01-31 module 900000000000207008 ["404684003" "0" "116680003" "900000000000011006" "900000000000451002"]`},
		"row concrete-relationship of 22298006 id 104029": {`row concrete-relationship of 22298006 id 104029 2021-01-31 module 900000000000207008 ["#2.50" "1" "1142139005" "900000000000011006" "900000000000451002"]`},
		"row identifier":                                  {`row identifier of 22298006 id 634-6 2021-01-31 module 900000000000207008 ["705114005"]`},
		"row 733073007":                                   {`row 733073007 of 22298006 id 00000000-0000-4000-8000-000000000001 2021-01-31 module 900000000000207008 ["SubClassOf(:22298006 :404684003)"]`},
		"row 723264001":                                   {`row 723264001 of 74281007 id 00000000-0000-4000-8000-000000000008 2017-07-31 module 900000000000207008 []`},
		"row 900000000000509007 of 680946014":             {`row 900000000000509007 of 680946014 id 00000000-0000-4000-8000-000000000005 2017-07-31 module 900000000000207008 ["900000000000548007"]`},
		"map": {
			`map 447562003 "SNOMED CT to ICD-10" -> http://hl7.org/fhir/sid/icd-10 (1 sources, 2 rows)`,
			`map 450993002 "SNOMED CT to ICPC-2" -> http://hl7.org/fhir/sid/icpc-2 (1 sources, 1 rows)`,
			`map 900000000000523009 "Possibly equivalent to" -> http://snomed.info/sct (1 sources, 1 rows)`,
			`map 900000000000527005 "Same as" -> http://snomed.info/sct (1 sources, 1 rows)`,
		},
		"mapping": {
			`mapping 447562003 22298006 -> "I21.0" 1/1 equivalent rule "TRUE" advice "ALWAYS I21.0" 449080006 layer 0, der2_iisssccRefset_ExtendedMapSnapshot_INT_20250101.txt:3 00000000000a`,
			`mapping 447562003 22298006 -> "I21.9" 1/2 related-to rule "OTHERWISE TRUE" advice "ALWAYS I21.9" 449080006 layer 0, der2_iisssccRefset_ExtendedMapSnapshot_INT_20250101.txt:2 00000000000b`,
			`mapping 450993002 22298006 -> "K75" 0/0 related-to rule "" advice "" 900000000000207008 layer 0, der2_sRefset_SimpleMapSnapshot_INT_20250101.txt:2 000000000009`,
			`mapping 900000000000523009 57054005 -> "22298006" 0/0 related-to rule "" advice "" 900000000000207008 layer 0, der2_cRefset_AssociationSnapshot_INT_20250101.txt:3 000000000007`,
			`mapping 900000000000527005 57054005 -> "22298006" 0/0 equivalent rule "" advice "" 900000000000207008 layer 0, der2_cRefset_AssociationSnapshot_INT_20250101.txt:2 000000000006`,
		},
	}
	for begin, lines := range want {
		if diff := cmp.Diff(lines, r.with(begin)); diff != "" {
			t.Errorf("what begins with %q (-want +got):\n%s", begin, diff)
		}
	}
	if !strings.HasPrefix(r.said[0], "concept ") || !strings.HasPrefix(r.said[len(r.said)-1], "mapping ") {
		t.Errorf("order: first %q, last %q, want concepts first and maps last", r.said[0], r.said[len(r.said)-1])
	}
}

// TestReadReportsBytesAndRows holds Files, Read and Count against the files.
func TestReadReportsBytesAndRows(t *testing.T) {
	fsys := tiny()
	r, _ := read(t, rf2.Options{}, fsys)
	for _, f := range source(t, rf2.Options{}, fsys).Files() {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(in)
		if rows := strings.Count(string(data), "\n") - 1; r.bytes[f.Name] != len(data) || f.Size != int64(len(data)) || r.counts[f.Name] != rows {
			t.Errorf("%s: %d bytes, size %d, %d rows, want %d bytes and %d rows", f.Name, r.bytes[f.Name], f.Size, r.counts[f.Name], len(data), rows)
		}
	}
	if len(r.bytes) != 14 {
		t.Errorf("read %d files, want 14: %v", len(r.bytes), slices.Sorted(maps.Keys(r.bytes)))
	}
}

// norwegian is an extension of tiny: it overrides its map.
func norwegian() fstest.MapFS {
	fsys := fstest.MapFS{}
	file := func(name, header string, rows ...string) {
		fsys[strings.ReplaceAll(name, "INT_20250101", "NO1000202_20250215")] = lines(header, rows...)
	}
	file(fileConcept, headConcept, norw+" 20141015 1 "+norw+" "+prim)
	file(fileRelation, headRelation, sctid(7001, 2)+" 20141015 1 "+norw+" "+norw+" "+core+" 0 "+isA+" "+infer+" "+some)
	file(strings.Replace(fileDescription, "-en", "-no", 1), headDescription,
		"5215891000202119 20221015 1 "+norw+" 22298006 no "+syn+" hjerteinfarkt "+ci)
	file(strings.Replace(fileLanguage, "-en", "-nb", 1), headMember+"\tacceptabilityId",
		uuid(101)+" 20221015 1 "+norw+" 61000202103 5215891000202119 900000000000548007")
	file(fileMap, headMap,
		uuid(102)+" 20250215 1 "+norw+" 447562003 22298006 1 1 TRUE ALWAYS_I21.0a I21.0a 447561005 447637006")
	file(fileDependency, headDependency,
		uuid(103)+" 20250215 1 "+norw+" 900000000000534007 "+core+" 20250215 20250101",
		uuid(104)+" 20250215 1 "+norw+" 900000000000534007 "+model+" 20250215 20250101",
		uuid(105)+" 20250215 1 "+norw+" 900000000000534007 449080006 20250215 20250101")
	return fsys
}

func TestNorwegianEdition(t *testing.T) {
	for name, packages := range map[string][]fstest.MapFS{
		"base first":      {tiny(), norwegian()},
		"extension first": {norwegian(), tiny()},
	} {
		t.Run(name, func(t *testing.T) {
			r, release := read(t, rf2.Options{}, packages...)
			if len(r.bad) > 0 {
				t.Fatalf("bad rows: %q", r.bad)
			}
			const below = "der2_iisssccRefset_ExtendedMapSnapshot_INT_20250101.txt"
			if diff := cmp.Diff([]string{
				`mapping 447562003 22298006 -> "I21.0" 1/1 equivalent rule "TRUE" advice "ALWAYS I21.0" 449080006 layer 0, ` + below + `:3 00000000000a`,
				`mapping 447562003 22298006 -> "I21.0a" 1/1 related-to rule "TRUE" advice "ALWAYS I21.0a" 51000202101 layer 1, der2_iisssccRefset_ExtendedMapSnapshot_NO1000202_20250215.txt:2 000000000066`,
				`mapping 447562003 22298006 -> "I21.9" 1/2 related-to rule "OTHERWISE TRUE" advice "ALWAYS I21.9" 449080006 layer 0, ` + below + `:2 00000000000b`,
			}, r.with("mapping 447562003")); diff != "" {
				t.Errorf("ICD-10 map, the Norwegian row above the others (-want +got):\n%s", diff)
			}
			if got := r.with("row 447562003"); len(got) != 4 {
				t.Errorf("%d rows of the ICD-10 map kept, want all 4: %q", len(got), got)
			}
			if got := r.with("acceptable 5215891000202119"); len(got) != 1 {
				t.Errorf("bokmål: %q, want one acceptability", got)
			}
			maps := release.Maps
			release.Maps = nil
			if diff := cmp.Diff(terminology.Release{Kind: terminology.KindCodeSystem, Name: "snomed-51000202101", System: "http://snomed.info/sct",
				Version: "http://snomed.info/sct/51000202101/version/20250215", Edition: "http://snomed.info/sct/51000202101",
				Date: "20250215", Title: "SNOMED CT Norwegian Edition", Language: "nb"}, release); diff != "" {
				t.Errorf("release (-want +got):\n%s", diff)
			}
			if maps[0].Target != "http://hl7.org/fhir/sid/icd-10-no" || maps[0].Rows != 3 || maps[0].Sources != 1 {
				t.Errorf("first map: %+v, want the Norwegian ICD-10 with 3 rows of one source", maps[0])
			}
		})
	}
}

func TestExtensionWithoutItsBase(t *testing.T) {
	r := newRecorder()
	_, err := source(t, rf2.Options{}, norwegian()).Read(context.Background(), r)
	want := "rf2.Read: invalid input: found package-1 (module 51000202101, version 20250215), an extension without its base: " +
		"it needs module 900000000000207008 (SNOMED CT International Edition) of 20250101, found none; module 449080006 of 20250101, found none; " +
		"module 900000000000012004 of 20250101, found none: give both in one import command"
	if err == nil || err.Error() != want || terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Read of the extension alone:\n%v, want\n%s", err, want)
	}
}

// TestComponentInTwoPackages: the row of the latest effectiveTime holds, whichever
// package it is in.
func TestComponentInTwoPackages(t *testing.T) {
	moved := norwegian()
	moved[strings.ReplaceAll(fileDescription, "INT_20250101", "NO1000202_20250215")] = lines(headDescription,
		"37436014 20100131 1 "+norw+" 22298006 en "+syn+" older_row "+ci,
		"37442013 20240115 1 "+norw+" 22298006 en "+syn+" newer_row "+ci)
	for _, packages := range [][]fstest.MapFS{{tiny(), moved}, {moved, tiny()}} {
		r, _ := read(t, rf2.Options{}, packages...)
		got := strings.Join(r.with("designation 37436014", "designation 37442013"), "\n")
		if strings.Contains(got, "older row") || !strings.Contains(got, "newer row") || strings.Count(got, "\n") != 1 {
			t.Errorf("designations in both packages:\n%s\nwant Myocardial infarction and the newer row", got)
		}
	}
}

func TestReleaseDetection(t *testing.T) {
	noDependency := tiny()
	delete(noDependency, fileDependency)
	beta := fstest.MapFS{}
	for name, f := range tiny() {
		beta[strings.Replace(strings.Replace(name, "sct2_", "xsct2_", 1), "der2_", "xder2_", 1)] = f
	}
	tests := []struct {
		name     string
		packages []fstest.MapFS
		o        rf2.Options
		want     string
	}{
		{name: "International, by module dependency", packages: []fstest.MapFS{tiny()}, want: "http://snomed.info/sct/900000000000207008/version/20250101"},
		{name: "by concepts", packages: []fstest.MapFS{noDependency}, want: "http://snomed.info/sct/900000000000207008/version/20210131"},
		{name: "beta files", packages: []fstest.MapFS{beta}, want: "http://snomed.info/xsct/900000000000207008/version/20250101"},
		{name: "version given", packages: []fstest.MapFS{tiny()}, o: rf2.Options{VersionURI: "http://snomed.info/xsct/31000003106/version/20250909"},
			want: "http://snomed.info/xsct/31000003106/version/20250909"},
		{name: "edition given, date found", packages: []fstest.MapFS{tiny()}, o: rf2.Options{VersionURI: "http://snomed.info/sct/449081005"},
			want: "http://snomed.info/sct/449081005/version/20250101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := source(t, tt.o, tt.packages...).Release().Version; got != tt.want {
				t.Errorf("Version = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStatedHierarchyWhenNothingIsInferred(t *testing.T) {
	fsys := tiny()
	stated := "900000000000010007"
	fsys[fileStated] = lines(headRelation, "108026 20020131 1 "+core+" 22298006 138875005 0 "+isA+" "+stated+" "+some)
	r, _ := read(t, rf2.Options{}, fsys)
	if got := r.with("parent 22298006"); len(got) != 1 || got[0] != "parent 22298006 -> 404684003" {
		t.Errorf("with inferred rows: %q, want only the inferred parent", got)
	}
	if got := r.with("row stated-relationship"); len(got) != 1 {
		t.Errorf("stated rows: %q, want one", got)
	}
	delete(fsys, fileRelation)
	delete(fsys, fileConcrete)
	r, _ = read(t, rf2.Options{}, fsys)
	if got := r.with("parent"); len(got) != 1 || got[0] != "parent 22298006 -> 138875005" {
		t.Errorf("without inferred rows: %q, want the stated parent", got)
	}
}

func TestReadStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("stopped by the user"))
	_, err := source(t, rf2.Options{}, tiny()).Read(ctx, newRecorder())
	if terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(fmt.Sprint(err), "stopped by the user") {
		t.Errorf("Read = %v, want kind Unavailable with the cause", err)
	}
}

// TestRowsDoNotAllocate guards the promise that reading does not allocate a row.
func TestRowsDoNotAllocate(t *testing.T) {
	allocs := func(rows int) float64 {
		p, err := rf2.Detect(manyRows(rows), "many")
		if err != nil {
			t.Fatal(err)
		}
		s, err := rf2.NewSource([]*rf2.Package{p}, rf2.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(3, func() {
			if _, err := s.Read(context.Background(), &counter{}); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocs(100), allocs(10_000); many > few+100 {
		t.Errorf("%v allocations for 500 rows more than tiny, %v for 50,000: want no more", few, many)
	}
}
