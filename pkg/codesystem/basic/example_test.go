package basic_test

import (
	"fmt"
	"log"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func Example() {
	b := basic.NewBuilder()
	for _, code := range []string{"I21.9", "I21", "IX"} {
		if err := b.Concept(terminology.Concept{Code: code, Abstract: code == "IX"}); err != nil {
			log.Fatal(err)
		}
	}
	_ = b.Designation(terminology.Designation{Concept: "I21", Language: "nb", Use: terminology.UseDisplay, Term: "Akutt hjerteinfarkt", Preferred: true})
	_ = b.Parent("I21.9", "I21")
	_ = b.Parent("I21", "IX")
	fmt.Println(b.Parent("I21", "I99"))
	image, err := b.Build(terminology.Release{System: "urn:oid:2.16.578.1.12.4.1.1.7110", Version: "2026"}, basic.DefaultRules())
	if err != nil {
		log.Fatal(err)
	}
	tables := store.NewMemory()
	_ = image.Write(tables)
	_ = image.WriteRows(tables)

	icd10, err := basic.Open(tables, basic.Options{})
	if err != nil {
		log.Fatal(err)
	}
	chapter, _ := icd10.Find("ix")
	code, _ := icd10.Find("i21.9")
	fmt.Println(icd10.Code(code), icd10.Subsumes(chapter, code), icd10.Subsumes(code, chapter))
	for _, a := range icd10.Ancestors(code) {
		fmt.Printf("%s %q\n", icd10.Code(a), icd10.Display(a))
	}
	// Output:
	// basic.Parent: invalid input: concept I99 is not in this release
	// I21.9 true false
	// IX ""
	// I21 "Akutt hjerteinfarkt"
}
