package operation_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestBriefLaw validates in value sets that name many codes, by their URL, which reads them
// once, and by their text, which is read whole: the answers are the same, also after the
// code system was let go of and when it is another one.
func TestBriefLaw(t *testing.T) {
	w := newWriting(t, 5, 1, "")
	const s, vs = "http://example.org/s", "http://example.org/vs/v"
	var concepts []string
	for i := range 1500 {
		concepts = append(concepts, fmt.Sprintf(`{"code":"c%d","display":"Begrep %d","property":[{"code":"status","valueCode":%q}]}`, i, i, []string{"active", "active", "retired"}[i%3]))
	}
	system := func(content string, caseSensitive bool, more string) string {
		return fmt.Sprintf(`{"resourceType":"CodeSystem","id":"s","url":%q,"version":"1","status":"active","caseSensitive":%v,"content":%q,"property":[{"code":"status","uri":"http://hl7.org/fhir/concept-properties#status","type":"code"}],"concept":[%s%s]}`,
			s, caseSensitive, content, strings.Join(concepts, ","), more)
	}
	codes := func(from, to int, prefix string) string {
		var out []string
		for i := from; i < to; i++ {
			out = append(out, fmt.Sprintf(`{"code":"%s%d"}`, prefix, i))
		}
		return fmt.Sprintf(`{"system":%q,"concept":[%s]}`, s, strings.Join(out, ","))
	}
	some := fmt.Sprintf(`{"system":%q,"concept":[{"code":"c3","display":"Tre"},{"code":"c1400","display":"Mange"}]}`, s)
	sets := map[string]string{
		"many":                `"include":[` + codes(0, 1200, "c") + `]`,
		"many and some":       `"include":[` + codes(0, 1200, "c") + "," + some + `]`,
		"some and many":       `"include":[` + some + "," + codes(0, 1200, "c") + `]`,
		"without many":        `"include":[{"system":"` + s + `"}],"exclude":[` + codes(100, 1300, "c") + `]`,
		"many without many":   `"include":[` + codes(0, 1200, "c") + `],"exclude":[` + codes(100, 1300, "c") + `]`,
		"active":              `"inactive":false,"include":[` + codes(0, 1200, "c") + `]`,
		"in capitals":         `"include":[` + codes(0, 1200, "C") + "," + some + `]`,
		"unknown ones":        `"include":[` + codes(400, 2000, "c") + `]`,
		"many of an import":   `"include":[` + strings.TrimSuffix(codes(0, 1200, "c"), "}") + `,"valueSet":["http://example.org/vs/i"]}]`,
		"all of a long one":   `"include":[{"valueSet":["http://example.org/vs/i"]}]`,
		"with words for some": `"include":[` + strings.Replace(codes(0, 1200, "c"), `{"code":"c5"}`, `{"code":"c5","display":"Fem"}`, 1) + `]`,
	}
	w.put(valueSet("i", "http://example.org/vs/i", "1", codes(300, 1450, "c")))
	in, out := 0, 0
	for _, cs := range []string{system("complete", true, ""), system("complete", false, `,{"code":"x"}`), system("fragment", true, "")} {
		w.put(cs)
		w.put(codeSystem("other", "http://example.org/other", "1", "a"))
		for name, compose := range sets {
			text := fmt.Sprintf(`{"resourceType":"ValueSet","id":"v","url":%q,"version":"1","status":"draft","language":"nb","compose":{%s}}`, vs, compose)
			w.put(text)
			for range 2 {
				for _, code := range []string{"c3", "C3", "c5", "c100", "c101", "c302", "c1199", "c1200", "c1400", "c1999", "none"} {
					for _, display := range []string{"", "Tre", "Begrep 3"} {
						req := operation.ValidateRequest{ValueSet: vs, Codings: []terminology.Coding{{System: s, Code: code, Display: display}}, Form: operation.FormCoding}
						byURL, err := w.service.Validate(t.Context(), req)
						if err != nil {
							t.Fatal(err)
						}
						req.ValueSet, req.Definition = "", []byte(text)
						want, err := w.service.Validate(t.Context(), req)
						if err != nil || !reflect.DeepEqual(byURL, want) {
							t.Fatalf("%s, %s %q:\n got %+v\nwant %+v, %v", name, code, display, byURL, want, err)
						}
						if want.Result {
							in++
						} else {
							out++
						}
					}
				}
				// which opens another code system, and lets go of this one
				if _, err := w.service.Lookup(t.Context(), operation.LookupRequest{Coding: terminology.Coding{System: "http://example.org/other", Code: "a"}}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if in < 100 || out < 100 {
		t.Errorf("%d are valid and %d not: the law says little", in, out)
	}
}
