package norwegian_test

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/language/norwegian"
)

func ExampleStem() {
	for _, w := range language.Tokens("Åreknutene åreknutar hjertesykdommer hjartesjukdom lårbensbrudd lårbeinsbrot ikkje KOLS") {
		fmt.Println(w, norwegian.Stem(w))
	}
	// Output:
	// åreknutene åreknut
	// åreknutar åreknut
	// hjertesykdommer hjertesykdom
	// hjartesjukdom hjertesykdom
	// lårbensbrudd lårbeinsbrudd
	// lårbeinsbrot lårbeinsbrudd
	// ikkje ikke
	// kols kols
}

func ExampleSpell() {
	fmt.Println(norwegian.Spell("hjarteinf")) // still being typed
	// Output: hjerteinf
}

func ExampleSplitter() {
	words := map[string]int{"blodtrykk": 12, "måling": 40, "tykktarm": 9, "kreft": 120}
	s := norwegian.NewSplitter(func(yield func(string, int) bool) {
		for w, n := range words {
			if !yield(w, n) {
				return
			}
		}
	}, norwegian.Options{})
	fmt.Println(s.Split("tykktarmskreft"))
	fmt.Println(s.AppendParts(nil, "blodtrykksmåling"))
	fmt.Println(s.Split("undersøkelse"))
	// Output:
	// [tykktarm kreft]
	// [blodtrykk blod trykk måling]
	// []
}

func ExampleLearn() {
	terms := [][2]string{
		{"slim fra ganelapp", "slim frå gomelapp"},
		{"sår i ganelapp", "sår i gomelapp"},
	}
	lesson := norwegian.Learn(func(yield func(nb, nn string) bool) {
		for _, t := range terms {
			if !yield(t[0], t[1]) {
				return
			}
		}
	})
	fmt.Println(lesson.Equivalents.Of(norwegian.Stem("gomelappen")))
	// Output: ganelapp
}
