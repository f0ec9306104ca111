package search_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kodeks/kodeks/pkg/search"
)

// columns stand for those of a release.
type columns struct {
	concepts []uint32
	terms    []string
}

func (c columns) DocumentConcepts(docs []uint32, into []uint32) {
	for i, doc := range docs {
		into[i] = c.concepts[doc]
	}
}

func (c columns) DocumentTerms(docs []uint32, into []string) {
	for i, doc := range docs {
		into[i] = c.terms[doc]
	}
}

func (c columns) Term(doc uint32) string { return c.terms[doc] }

func Example() {
	tmp, err := os.MkdirTemp("", "terms")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(tmp, "index")

	b, err := search.NewBuilder(dir, search.BuilderOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Abort()
	release := columns{[]uint32{1, 1, 2}, []string{"hjerteinfarkt", "infarkt i hjertet", "gammelt hjerteinfarkt"}}
	for i, tier := range []string{"nb-p", "nb-a", "nb-p"} {
		if err := b.Add(search.Document{Term: release.terms[i], Tiers: []string{tier}, Active: true}); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := b.Close(); err != nil {
		fmt.Println(err)
		return
	}

	ix, err := search.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ix.Close()
	for _, text := range []string{"hjerteinf", "inf hjer"} {
		r, err := ix.Search(context.Background(), search.Query{Text: text, Prefer: []string{"nb-p", "nb-a"}, Limit: 10}, release)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, hit := range r.Hits {
			fmt.Printf("%s: concept %d, %s\n", text, hit.Concept, release.Term(hit.Doc))
		}
	}

	_, err = search.Open(tmp)
	fmt.Println(err != nil)
	// Output:
	// hjerteinf: concept 1, hjerteinfarkt
	// hjerteinf: concept 2, gammelt hjerteinfarkt
	// inf hjer: concept 1, infarkt i hjertet
	// true
}

func ExampleMatcher() {
	for _, term := range []string{"infarkt i hjertet", "hjerteinfarkt", "nyreinfarkt"} {
		class, ok := search.NewMatcher("hjerte inf", false).Match(term)
		fmt.Println(term, ok, class.Name())
	}
	// Output:
	// infarkt i hjertet true words
	// hjerteinfarkt true words
	// nyreinfarkt false none
}
