package resource_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const handXML = `<?xml version="1.0" encoding="UTF-8"?>
<CodeSystem xmlns="http://hl7.org/fhir">
  <id value="hand"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>Hånd</p></div></text>
  <url value="http://example.org/hand"/>
  <caseSensitive value="true"/>
  <content value="complete"/>
  <concept>
    <code value="H"/>
    <display value="Hånd &amp; &quot;fingre&quot;">
      <extension url="http://hl7.org/fhir/StructureDefinition/translation"><extension url="lang"><valueCode value="en"/></extension><extension url="content"><valueString value="Hand"/></extension></extension>
    </display>
    <property><code value="weight"/><valueDecimal value="1.50"/></property>
    <concept><code value="H1"/></concept>
  </concept>
</CodeSystem>`

func TestMarkup(t *testing.T) {
	var got *resource.Resource
	if err := resource.Each([]byte(handXML), func(r *resource.Resource) error { got = r; return nil }); err != nil {
		t.Fatal(err)
	}
	want := `{"resourceType":"CodeSystem","id":"hand","url":"http://example.org/hand","caseSensitive":true,"content":"complete",
		"concept":[{"code":"H","display":"Hånd & \"fingre\"","_display":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/translation","extension":[{"url":"lang","valueCode":"en"},{"url":"content","valueString":"Hand"}]}]},
		"property":[{"code":"weight","valueDecimal":1.50}],"concept":[{"code":"H1"}]}]}`
	var x, y any
	if err := json.Unmarshal(got.Raw, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &y); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(y, x); diff != "" {
		t.Errorf("as JSON (-want +got):\n%s", diff)
	}
	if ok, err := resource.Sniff(text("a.xml", handXML)); !ok || err != nil {
		t.Errorf("Sniff = %v, %v", ok, err)
	}
}

func TestMarkupRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a bomb of entities", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><CodeSystem xmlns="http://hl7.org/fhir"><url value="&b;"/></CodeSystem>`, "a.xml:1: "},
		{"cut short", handXML[:len(handXML)-40], "a.xml:14: "},
		{"a concept without code", strings.Replace(handXML, `<code value="H1"/>`, "", 1), "a.xml:14:CodeSystem.concept[0].concept[0]: the concept has no code"},
		{"deep nesting", `<CodeSystem xmlns="http://hl7.org/fhir">` + strings.Repeat("<concept>", 2000), "nested more than 500 deep"},
		{"a boolean that is none", strings.Replace(handXML, `caseSensitive value="true"`, `caseSensitive value="yes"`, 1), "a.xml:6:CodeSystem.caseSensitive: want true or false"},
	}
	for _, tt := range tests {
		sources, err := resource.NewSources([]terminology.SourceFile{text("a.xml", tt.text)}, options)
		if err == nil {
			to := newSink()
			if _, err = sources[0].Read(t.Context(), to); err == nil && len(to.BadRows) > 0 {
				err = to.BadRows[0]
			}
		}
		if err == nil || terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// FuzzMarkup states that a resource in XML that is read is one in JSON too.
func FuzzMarkup(f *testing.F) {
	f.Add(handXML)
	f.Add(`<ValueSet xmlns="http://hl7.org/fhir"><compose><include><valueSet value="a"><extension url="b"/></valueSet><valueSet value="c"/></include></compose></ValueSet>`)
	f.Add(`<Bundle xmlns="http://hl7.org/fhir"><entry><resource><ValueSet><url value="a"/></ValueSet></resource></entry></Bundle>`)
	f.Fuzz(func(t *testing.T, data string) {
		if !strings.HasPrefix(data, "<") {
			return
		}
		err := resource.Each([]byte(data), func(r *resource.Resource) error {
			if !json.Valid(r.Raw) {
				t.Fatalf("%q becomes %q, which is no JSON", data, r.Raw)
			}
			return nil
		})
		if err != nil && terminology.KindOf(err) != terminology.Invalid {
			t.Fatalf("%v, want kind Invalid", err)
		}
	})
}
