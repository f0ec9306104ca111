package hierarchy_test

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/hierarchy"
)

func ExampleSubsumes() {
	const heartDisease, infarction, acute = 0, 1, 2
	parents := hierarchy.NewEdges(3, []uint32{infarction, acute}, []uint32{heartDisease, infarction})
	ancestors, _ := hierarchy.Ancestors(parents, parents.Reverse())
	fmt.Println(hierarchy.Subsumes(ancestors, heartDisease, acute))
	fmt.Println(hierarchy.Subsumes(ancestors, acute, heartDisease))
	// Output:
	// true
	// false
}
