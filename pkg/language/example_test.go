package language_test

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/language"
)

func ExampleFold() {
	fmt.Println(language.Fold("Ikke-småcellet LUNGEKREFT"))
	// Output: ikke småcellet lungekreft
}
