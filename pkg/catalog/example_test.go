package catalog_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
)

// ExampleOpen opens a data folder, finds a release, and shows what is said when
// there is none.
func ExampleOpen() {
	data, err := os.MkdirTemp("", "catalog")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(data)
	t := &testing.T{}
	publish(t, data, icd10("2026"), "I21.9", false)

	c, err := catalog.Open(data, newOpener(t).Open, catalog.Options{Language: "nb"})
	if err != nil {
		panic(err)
	}
	defer c.Close()
	s := c.Acquire()
	defer s.LetGo()
	r, err := s.CodeSystem("icd-10", "")
	fmt.Println(r.Release.Name, r.Release.Version, r.CodeSystem.Code(0), err)
	_, err = s.CodeSystem("snomed", "")
	fmt.Println(err)
	// Output:
	// icd-10-no 2026 I21.9 <nil>
	// catalog.CodeSystem: http://snomed.info/sct: not found: code system http://snomed.info/sct is not installed; installed: http://hl7.org/fhir/sid/icd-10-no
}
