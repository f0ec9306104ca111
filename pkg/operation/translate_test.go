package operation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapOf is a ConceptMap of R5 with one group from one code system to another: elements are
// lines "source target relationship", and what else is in the group follows.
func mapOf(url, source, target, rest string, lines ...string) []byte {
	var elements []string
	for _, line := range lines {
		f := strings.Fields(line)
		elements = append(elements, fmt.Sprintf(`{"code":%q,"target":[{"code":%q,"relationship":%q}]}`, f[0], f[1], f[2]))
	}
	return fmt.Appendf(nil, `{"resourceType":"ConceptMap","url":%q,"version":"1","status":"active","group":[{"source":%q,"target":%q,"element":[%s]%s}]}`, url, source, target, strings.Join(elements, ","), rest)
}

// matches writes the matches of a translation in short: code, relationship, state, and
// codes of the path.
func matches(r *operation.TranslateResponse) []string {
	var out []string
	for _, m := range r.Matches {
		s := m.Coding.Code + " " + m.Relationship.String() + " " + m.State.String()
		for _, h := range m.Path {
			s += " > " + h.Coding.Code
		}
		out = append(out, s)
	}
	return out
}

// TestTranslateByResources asks maps of the request for what the sample's own maps have not.
func TestTranslateByResources(t *testing.T) {
	const url, other = "http://example.org/ConceptMap/hearts", "http://example.org/ConceptMap/other"
	hearts := mapOf(url, sct, icd, "", "251061000 I21.9 equivalent", "414545008 I25.9 source-is-narrower-than-target", "56265001 I51.9 equivalent", "84114007 I50.9 source-is-broader-than-target")
	unmapped := func(rest string) []byte {
		return mapOf(url, sct, icd, `,"unmapped":`+rest, "22298006 I21.9 equivalent")
	}
	more := mapOf(other, sct, icd, "", "84114007 I50.0 equivalent")
	tests := []struct {
		name string
		req  operation.TranslateRequest
		maps [][]byte
		want []string
		note string
	}{
		{name: "no row, and nobody walks", maps: [][]byte{hearts}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "22298006")}},
		{name: "the nearest ancestors, all at the same distance", maps: [][]byte{hearts}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "22298006"), Walk: true},
			want: []string{"I21.9 source-is-narrower-than-target applies > 251061000 > I21.9", "I25.9 source-is-narrower-than-target applies > 414545008 > I25.9"}, note: "22298006 has no row"},
		{name: "ancestors further up", maps: [][]byte{hearts}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "54329005"), Walk: true},
			want: []string{"I21.9 source-is-narrower-than-target applies > 57054005 > 22298006 > 251061000 > I21.9", "I25.9 source-is-narrower-than-target applies > 57054005 > 22298006 > 414545008 > I25.9"}},
		{name: "what is narrower of what is broader is only related", maps: [][]byte{mapOf(url, sct, icd, "", "57054005 I21.0 source-is-broader-than-target")}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "54329005"), Walk: true},
			want: []string{"I21.0 related-to applies > 57054005 > I21.0"}},
		{name: "its own row goes before those of ancestors", maps: [][]byte{hearts}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "251061000"), Walk: true}, want: []string{"I21.9 equivalent applies"}},
		{name: "unmapped: the same code", maps: [][]byte{unmapped(`{"mode":"use-source-code","relationship":"equivalent"}`)}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "84114007")}, want: []string{"84114007 equivalent applies"}},
		{name: "unmapped: the same code, as R4 says", maps: [][]byte{unmapped(`{"mode":"provided"}`)}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "84114007")}, want: []string{"84114007 related-to applies"}},
		{name: "unmapped: one code", maps: [][]byte{unmapped(`{"mode":"fixed","code":"R69"}`)}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "84114007")}, want: []string{"R69 related-to applies"}},
		{name: "unmapped: another map", maps: [][]byte{unmapped(`{"mode":"other-map","otherMap":"` + other + `"}`), more}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "84114007")}, want: []string{"I50.0 equivalent applies"}},
		{name: "unmapped: another map, as R4 says", maps: [][]byte{unmapped(`{"mode":"other-map","url":"` + other + `"}`), more}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "84114007")}, want: []string{"I50.0 equivalent applies"}},
		{name: "unmapped: itself", maps: [][]byte{unmapped(`{"mode":"other-map","url":"` + url + `"}`)}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "84114007")}},
		{name: "unmapped does not matter where there is a row", maps: [][]byte{unmapped(`{"mode":"fixed","code":"R69"}`)}, req: operation.TranslateRequest{URL: url, Coding: coding(sct, "22298006")}, want: []string{"I21.9 equivalent applies"}},
		{name: "a chain of equivalents is equivalent", maps: [][]byte{
			mapOf(url, "http://example.org/a", "http://example.org/b", "", "a1 b1 equivalent", "a1 b2 source-is-narrower-than-target", "a1 b3 not-related-to"),
			mapOf(other, "http://example.org/c", "http://example.org/b", "", "c1 b1 equivalent", "c2 b2 source-is-narrower-than-target", "c3 b2 source-is-broader-than-target", "c4 b3 equivalent"),
		}, req: operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: "http://example.org/c"},
			want: []string{"c1 equivalent applies > b1 > c1", "c3 source-is-narrower-than-target applies > b2 > c3", "c2 related-to applies > b2 > c2"}, note: "nothing of the meaning is lost"},
		{name: "a code that several ways lead to is told once, by the best", maps: [][]byte{
			mapOf(url, "http://example.org/a", "http://example.org/b", "", "a1 b1 related-to", "a1 b2 equivalent"),
			mapOf(other, "http://example.org/b", "http://example.org/c", "", "b1 c1 equivalent", "b2 c1 equivalent"),
		}, req: operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: "http://example.org/c"}, want: []string{"c1 equivalent applies > b2 > c1"}},
		{name: "a direct map wins", maps: [][]byte{
			mapOf(url, "http://example.org/a", "http://example.org/b", "", "a1 b1 equivalent"), mapOf(other, "http://example.org/b", "http://example.org/c", "", "b1 c1 equivalent"),
			mapOf(url+"2", "http://example.org/a", "http://example.org/c", "", "a1 c2 related-to"),
		}, req: operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: "http://example.org/c"}, want: []string{"c2 related-to applies"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.req.Resources = append(tt.maps, codeSystems()...)
			resp, err := service.Translate(t.Context(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, matches(resp)); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
			if notes := strings.Join(resp.Notes, "\n"); !strings.Contains(notes, tt.note) {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
			if resp.Result != (len(tt.want) > 0) || (resp.Message == "") != resp.Result {
				t.Errorf("result %v, message %q", resp.Result, resp.Message)
			}
		})
	}
}

// codeSystems are the three code systems that the maps of TestTranslateByResources chain.
func codeSystems() [][]byte {
	var out [][]byte
	for _, name := range []string{"a", "b", "c"} {
		var concepts []string
		for n := range 5 {
			concepts = append(concepts, fmt.Sprintf(`{"code":"%s%d","display":"%s %d"}`, name, n, name, n))
		}
		out = append(out, fmt.Appendf(nil, `{"resourceType":"CodeSystem","url":"http://example.org/%s","status":"active","content":"complete","concept":[%s]}`, name, strings.Join(concepts, ",")))
	}
	return out
}

// TestChainIsBounded joins two maps over more codes than a chain may look for.
func TestChainIsBounded(t *testing.T) {
	var to, from []string
	for n := range 4100 {
		to, from = append(to, fmt.Sprintf("a1 b%d related-to", n)), append(from, fmt.Sprintf("b%d c1 related-to", n))
	}
	req := operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: "http://example.org/c"}
	req.Resources = append(codeSystems(), mapOf("http://example.org/ab", "http://example.org/a", "http://example.org/b", "", to...), mapOf("http://example.org/bc", "http://example.org/b", "http://example.org/c", "", from...))
	if _, err := service.Translate(t.Context(), req); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("a chain over 4,100 codes: %v, want kind TooCostly", err)
	}
	req.NoChain = true
	if resp, err := service.Translate(t.Context(), req); err != nil || resp.Result {
		t.Errorf("without a chain: %+v, %v", resp, err)
	}
}

// BenchmarkTranslate asks for the kinds of translation.
func BenchmarkTranslate(b *testing.B) {
	for _, bench := range []struct {
		name string
		req  operation.TranslateRequest
	}{
		{"Direct", operation.TranslateRequest{Coding: coding(sct, "22298006"), Target: icd}},
		{"Rules", operation.TranslateRequest{Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{Age: "63y", Sex: "female"}}},
		{"Reverse", operation.TranslateRequest{Coding: coding(icd, "I21.9"), Target: sct, Reverse: true}},
		{"Chain", operation.TranslateRequest{Coding: coding(icd, "I21.9"), Target: icpc}},
		{"NoMap", operation.TranslateRequest{Coding: coding(sct, "138875005"), Target: icd}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := service.Translate(b.Context(), bench.req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
