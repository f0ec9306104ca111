package httpscript

import (
	"regexp"
	"strings"
)

// kinds are the markers that stand in an expected answer for what varies.
var kinds = map[string]string{
	"time": `(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT)`,
	"uuid": `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
	"id":   `[A-Za-z0-9.-]{1,64}`,
	"word": `[^\s"]+`,
}

var marker = regexp.MustCompile(`\{(time|uuid|id|word)(?::([a-z0-9]+))?\}`)

// Known are the values of markers with names, which are the same wherever they stand.
type Known map[string]string

// Fill puts values that are known into the text of a request.
func (k Known) Fill(text string) string {
	return marker.ReplaceAllStringFunc(text, func(m string) string {
		if value, ok := k[m]; ok {
			return value
		}
		return m
	})
}

// FillRequest puts values that are known into a request.
func (k Known) FillRequest(r Request) Request {
	r.Path, r.Body = k.Fill(r.Path), k.Fill(r.Body)
	r.Query, r.Header = pairs(r.Query, k.Fill), pairs(r.Header, k.Fill)
	return r
}

// fits reports whether got is want, but for markers. Names that are new become known.
func (k Known) fits(want, got string) bool {
	want = k.Fill(want)
	found := marker.FindAllStringSubmatchIndex(want, -1)
	if found == nil {
		return want == got
	}
	var b strings.Builder
	var named []string
	at := 0
	b.WriteString(`\A(?s)`)
	for _, m := range found {
		b.WriteString(regexp.QuoteMeta(want[at:m[0]]))
		b.WriteString("(" + kinds[want[m[2]:m[3]]] + ")")
		name := ""
		if m[4] >= 0 {
			name = want[m[0]:m[1]]
		}
		named = append(named, name)
		at = m[1]
	}
	b.WriteString(regexp.QuoteMeta(want[at:]) + `\z`)
	values := regexp.MustCompile(b.String()).FindStringSubmatch(got)
	if values == nil {
		return false
	}
	seen := Known{}
	for i, name := range named {
		if name == "" {
			continue
		}
		if before, ok := seen[name]; ok && before != values[i+1] {
			return false
		}
		seen[name] = values[i+1]
	}
	for name, value := range seen {
		k[name] = value
	}
	return true
}
