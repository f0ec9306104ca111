package fhir

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// FuzzText states that JSON passes when, and only when, each of its texts can be written as XML and
// be read again as the same.
func FuzzText(f *testing.F) {
	for _, s := range []string{`hjerteinfarkt`, `a\u0000b`, `\ud83d\ude00`, `\ud800`, `\ud800\u0041`, `\ude00\ud83d`, `\\ud800`, `\\\ud800`, `\b`, `\\b`, `\f`, `\t\r\n`, `\uFFFE`, "\uFFFF", "\u007f\u0085\u2028", `\u001f`, `\uD83D\uDE0`, `\u12`, `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		body := []byte(`{"a":"` + s + `"}`)
		var object map[string]any
		if !utf8.Valid(body) || json.Unmarshal(body, &object) != nil || len(object) != 1 {
			return
		}
		text, ok := object["a"].(string)
		if !ok {
			return
		}
		at, err := checkEscapes(body)
		if err == nil {
			if why := checkText(text); why != nil {
				t.Fatalf("checkEscapes passes %q: %v", body, why)
			}
			if strings.Count(text, "\uFFFD") != strings.Count(s, "\uFFFD")+strings.Count(strings.ToLower(strings.ReplaceAll(s, `\\`, "")), `\ufffd`) {
				t.Fatalf("%q lost a character: %q", body, text)
			}
			var b strings.Builder
			if err := xml.EscapeText(&b, []byte(text)); err != nil {
				t.Fatal(err)
			}
			d := xml.NewDecoder(strings.NewReader("<a>" + b.String() + "</a>"))
			for {
				if _, err := d.Token(); err == io.EOF {
					return
				} else if err != nil {
					t.Fatalf("checkEscapes passes %q, which XML cannot say: %v", body, err)
				}
			}
		}
		if at < 0 || at >= len(body) {
			t.Fatalf("%q: the place is %d", body, at)
		}
		if checkText(text) == nil && !strings.Contains(text, "\uFFFD") {
			t.Fatalf("checkEscapes refuses %q: %v", body, err)
		}
	})
}

// TestWrongTexts sends what is no text through each reader, which tells where it is.
func TestWrongTexts(t *testing.T) {
	query := func(q string) error {
		var p Parameters
		p.Reset(Lookup)
		return p.ReadQuery(q)
	}
	search := func(q string) error { _, err := ReadSearch("ValueSet", q, false); return err }
	history := func(q string) error { _, err := ReadHistory("ValueSet", "", q); return err }
	body := func(b string) error {
		var p Parameters
		p.Reset(Lookup)
		return p.ReadBody([]byte(b))
	}
	resource := func(b string) error { _, err := ReadResource(R4, "ValueSet", []byte(b)); return err }
	for _, tt := range []struct {
		name string
		read func(string) error
		in   string
		want string // "": no error
	}{
		{"a code that is not UTF-8", query, "system=http://loinc.org&code=%FF", "code: the text is not UTF-8"},
		{"a code with a zero byte", query, "code=a%00b", "code: U+0000"},
		{"a name that is not UTF-8", query, "%FF=a", "not UTF-8"},
		{"a code in Norwegian", query, "code=%C3%A5", ""},
		{"a surrogate as UTF-8", query, "code=%ED%A0%80", "code: the text is not UTF-8"},
		{"a search", search, "title=%C0%AF", "title: the text is not UTF-8"},
		{"a search with a line feed", search, "title=a%0Ab", ""},
		{"a bell in a search", search, "name:contains=%07", "U+0007"},
		{"two counts", search, "_count=1&_count=2", "_count: '_count' is there 2 times"},
		{"one count twice", search, "_count=1&_count=1", ""},
		{"two summaries", search, "_summary=true&_summary=false", "_summary"},
		{"a history", history, "_count=%FE", "not UTF-8"},
		{"two moments", history, "_since=2026-01-01T00:00:00Z&_since=2027-01-01T00:00:00Z", "there 2 times"},
		{"a body with a zero byte", body, `{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":"a\u0000"}]}`, "line 1, column 72: U+0000"},
		{"more parameters of a query than may be", query, strings.Repeat("property=x&", maxItems+1), "more than 200000"},
		{"more parameters than may be", body, `{"resourceType":"Parameters","parameter":[` + strings.Repeat(`{"name":"code"},`, maxItems) + `{}]}`, "more than 200000"},
		{"a resource with half a pair", resource, `{"resourceType":"ValueSet","status":"active","title":"a\ud83d"}`, "U+D83D is no character"},
		{"a resource with a pair", resource, `{"resourceType":"ValueSet","status":"active","title":"a\ud83d\ude00"}`, ""},
		{"a resource with an escaped backslash", resource, `{"resourceType":"ValueSet","status":"active","title":"a\\ud83d"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.read(tt.in)
			if tt.want == "" && err != nil || tt.want != "" && (terminology.KindOf(err) != terminology.Invalid && !strings.HasPrefix(tt.name, "more") || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
