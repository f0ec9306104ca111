package rf2_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
)

func ExampleDetect() {
	p, err := rf2.Detect(tiny(), "SnomedCT_InternationalRF2.zip")
	fmt.Println(p.Files[0].Kind, p.Files[0].Form, p.Ignored, err)

	p, err = rf2.Detect(fstest.MapFS{"notes.txt": {Data: []byte("nothing here\n")}}, "notes")
	fmt.Println(p, err) // no package, and no error

	// Output:
	// simple Snapshot [Readme.txt release_package_information.json] <nil>
	// <nil> <nil>
}

func ExampleSource_Read() {
	p, err := rf2.Detect(tiny(), "SnomedCT_InternationalRF2.zip")
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := rf2.NewSource([]*rf2.Package{p}, rf2.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var c counter // a terminology.Sink; an importer stores what it is told
	release, err := s.Read(context.Background(), &c)
	fmt.Println(release.Title, release.Version, err)
	fmt.Println(c.concepts, "concepts,", c.designations, "designations,", c.mappings, "map rows,", c.bad, "bad")
	// Output:
	// SNOMED CT International Edition http://snomed.info/sct/900000000000207008/version/20250101 <nil>
	// 10 concepts, 4 designations, 5 map rows, 0 bad
}

func ExampleSource_Versions() {
	full := fstest.MapFS{
		"Full/Terminology/sct2_Concept_Full_INT_20250201.txt": lines(headConcept,
			"138875005 20020131 1 "+core+" "+prim, model+" 20020131 1 "+model+" "+prim, "404684003 20250201 1 "+core+" "+prim),
		"Full/Refset/Metadata/der2_ssRefset_ModuleDependencyFull_INT_20250201.txt": lines(headDependency,
			uuid(1)+" 20250101 1 "+core+" 900000000000534007 "+model+" 20250101 20250101",
			uuid(1)+" 20250201 1 "+core+" 900000000000534007 "+model+" 20250201 20250201"),
	}
	p, err := rf2.Detect(full, "SnomedCT_InternationalRF2.zip")
	if err != nil {
		fmt.Println(err)
		return
	}
	latest, err := rf2.NewSource([]*rf2.Package{p}, rf2.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	versions, err := latest.Versions()
	fmt.Println(versions, err)
	for _, version := range versions {
		s, err := latest.At(version)
		if err != nil {
			fmt.Println(err)
			return
		}
		var c counter
		release, err := s.Read(context.Background(), &c)
		fmt.Println(release.Version, c.concepts, err)
	}
	_, err = latest.At(20250115)
	fmt.Println(err)
	// Output:
	// [2025-01-01 2025-02-01] <nil>
	// http://snomed.info/sct/900000000000207008/version/20250101 2 <nil>
	// http://snomed.info/sct/900000000000207008/version/20250201 3 <nil>
	// rf2.NewSource: invalid input: SnomedCT_InternationalRF2.zip: found no version 20250115 of SNOMED CT International Edition; its versions are 20250101, 20250201
}
