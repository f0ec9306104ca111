package rest_test

import (
	"slices"
	"strings"
	"testing"
)

// colours has displays in four languages, of which the first is its own.
const colours = `{"resourceType":"CodeSystem","url":"http://example.org/colours","version":"1","language":"en","status":"active","content":"complete","caseSensitive":true,
	"concept":[{"code":"red","display":"Red","designation":[{"language":"de","value":"Rot"},{"language":"nb","value":"Rød"},{"language":"es","value":"Rojo"}]}]}`

// coloursIn is a value set that says which language its displays are to be in, and has one
// itself; either may be "".
func coloursIn(wish, own string) string {
	var say string
	if wish != "" {
		say = `"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter","extension":[{"url":"name","valueCode":"displayLanguage"},{"url":"value","valueCode":"` + wish + `"}]}],`
	}
	if own != "" {
		own = `"language":"` + own + `",`
	}
	return `{"resourceType":"ValueSet","url":"http://example.org/vs/colours",` + own + `"status":"active","compose":{` + say + `"include":[{"system":"http://example.org/colours"}]}}`
}

// TestWhoseLanguage holds every door of value sets to the order of languages: the parameter,
// what the value set says of expansions, the header, and the language of the value set.
func TestWhoseLanguage(t *testing.T) {
	h := writable(t)
	for _, tt := range []struct{ name, parameter, wish, header, own, want string }{
		{name: "nobody says", want: "Red"},
		{name: "the value set has a language", own: "de", want: "Rot"},
		{name: "the header goes before the language of the value set", header: "es", own: "de", want: "Rojo"},
		{name: "what the value set wants goes before the header", wish: "nb", header: "es", own: "de", want: "Rød"},
		{name: "what the value set wants goes before its language", wish: "nb", own: "de", want: "Rød"},
		{name: "the parameter goes before all", parameter: "de", wish: "nb", header: "es", own: "es", want: "Rot"},
		{name: "a header that is none", header: "!!", own: "de", want: "Rot"},
		{name: "a wish that is none", wish: "!!", header: "es", own: "de", want: "Rojo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			with := []string{`{"name":"tx-resource","resource":` + colours + `}`, `{"name":"valueSet","resource":` + coloursIn(tt.wish, tt.own) + `}`}
			if tt.parameter != "" {
				with = append(with, textItem("displayLanguage", tt.parameter))
			}
			code := []string{uriItem("system", "http://example.org/colours"), textItem("code", "red")}
			validate := parameters(slices.Concat(with, code)...)
			one := `{"name":"validation","resource":` + parameters(slices.Concat(with[1:2], code)...) + `}`
			bundled := func(operation, body string) string {
				return `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"POST","url":"ValueSet/$` + operation + `"},"resource":` + body + `}]}`
			}
			for door, body := range map[string]string{
				"ValueSet/$expand":              parameters(with...),
				"ValueSet/$validate-code":       validate,
				"ValueSet/$batch-validate-code": parameters(slices.Concat(with[:1], with[2:], []string{one})...),
				"?expand":                       bundled("expand", parameters(with...)),
				"?validate-code":                bundled("validate-code", validate),
			} {
				target, _, _ := strings.Cut(door, "?")
				headers := []string{}
				if tt.header != "" {
					headers = []string{"Accept-Language: " + tt.header}
				}
				rec := send(h, "POST", "/r5/"+target, body, headers...)
				display := `"display":"` + tt.want + `"`
				if !strings.Contains(door, "expand") {
					display = `{"name":"display","valueString":"` + tt.want + `"}`
				}
				if rec.Code != 200 || !strings.Contains(rec.Body.String(), display) {
					t.Errorf("%s: %d, want %s\n%s", door, rec.Code, display, rec.Body)
				}
			}
		})
	}
}
