package mrcm_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

func ExampleModel_Check() {
	m, err := mrcm.Load(open(&testing.T{}, records(&testing.T{}, domainRows, rangeRows)))
	if err != nil {
		fmt.Println(err)
		return
	}
	e, _ := scg.Parse("64572001 : { 363698007 = 55641003 }, { 272741003 = 7771000 }")
	found, err := m.Check(context.Background(), e, mrcm.Options{})
	for _, v := range found {
		fmt.Println(v.Kind, v.Refset, v.Warning)
		fmt.Println(v)
	}
	fmt.Println(err)
	// Output:
	// out-of-range 723562003 false
	// line 1, column 26: 363698007 |Finding site| may not have the value 55641003 |Infarct|: want << 91723000 |Anatomical structure|
	// out-of-range 723562003 true
	// line 1, column 26: 363698007 |Finding site| may not have the value 55641003 |Infarct|: want << 10200004 |Liver structure| OR << 39607008 |Lung structure|
	// outside-domain 723561005 false
	// line 1, column 40: 272741003 |Laterality| is not for 64572001 |Disease|: want a focus concept in << 91723000 |Anatomical structure|
	// outside-domain 723561005 true
	// line 1, column 40: 272741003 |Laterality| is not for 64572001 |Disease|: want a focus concept in ^ 723264001 |Lateralizable body structure reference set|
	// <nil>
}
