package releasetest_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/kodeks/kodeks/internal/releasetest"
)

func ExampleWriteSNOMED() {
	dir, err := os.MkdirTemp("", "release")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	o := releasetest.Options{Seed: 1, Concepts: 1000}
	s, err := releasetest.WriteSNOMED(dir, o)
	fmt.Println(s.Version, err)
	fmt.Println(filepath.Base(s.Packages[1]))
	fmt.Println(s.Active, "active,", s.Inactive, "inactive")

	_, err = releasetest.WriteSNOMED("/dev/null", o)
	fmt.Println(err != nil)
	// Output:
	// http://snomed.info/sct/51000202101/version/20251015 <nil>
	// SnomedCT_ManagedServiceNO_PRODUCTION_NO1000202_20251015T120000Z
	// 1241 active, 378 inactive
	// true
}
