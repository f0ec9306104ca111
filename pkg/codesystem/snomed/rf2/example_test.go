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
