package resource_test

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

// Example makes the code system of a resource, and one with a supplement over it.
func Example() {
	r, err := resource.Parse([]byte(`{"resourceType": "CodeSystem", "url": "http://example.org/hand", "version": "1", "language": "nb", "content": "complete",
		"concept": [{"code": "H", "display": "Hånd", "concept": [{"code": "H1", "display": "Brudd i hånden"}]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	cs, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	h, _ := cs.Find("H")
	h1, _ := cs.Find("H1")
	fmt.Println(cs.Display(h1), cs.Subsumes(h, h1))

	s, err := resource.Parse([]byte(`{"resourceType": "CodeSystem", "url": "http://example.org/hand-en", "language": "en", "content": "supplement",
		"supplements": "http://example.org/hand", "concept": [{"code": "H1", "display": "Fracture of hand"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = resource.NewProvider(s, basic.Options{}) // a supplement is no code system
	fmt.Println(err)
	both, err := resource.Apply(cs, s)
	if err != nil {
		fmt.Println(err)
		return
	}
	english, _ := both.Preferred(h1, 1)
	fmt.Println(english)
	// Output:
	// Brudd i hånden true
	// resource.NewProvider: invalid input: http://example.org/hand-en is a supplement of http://example.org/hand, not a code system of its own
	// Fracture of hand
}
