package fhir

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource/element"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The sizes of a page of a search or a history: entries, and bytes of what is written.
const (
	DefaultPage = 20
	MaxPage     = 1000
	PageBytes   = 16 << 20
)

// Search is a search for resources as a client writes it.
type Search struct {
	operation.ResourceSearchRequest
	View  View
	Total string // none, estimate or accurate; "": accurate
	// Ignored are parameters that there are not, which a lenient search passes over.
	Ignored []string
	lenient bool
	values  url.Values // as they came, for links
}

// ReadSearch reads the query of a search for resources of a type. The error is
// NotSupported for a parameter that there is not, unless the search is to be lenient, and
// Invalid for a wrong value.
func ReadSearch(typ, query string, lenient bool) (*Search, error) {
	values, err := readValues(query)
	if err != nil {
		return nil, err
	}
	s := &Search{ResourceSearchRequest: operation.ResourceSearchRequest{Type: typ, Count: DefaultPage}, values: values, lenient: lenient}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range values[name] {
			if value == "" {
				continue
			}
			if err := s.add(name, value); err != nil {
				return nil, err
			}
		}
	}
	if s.View.Summary == "count" {
		s.Count = 0
	}
	return s, nil
}

func (s *Search) add(name, value string) error {
	wrong := func(want string) error {
		return elementError(terminology.Invalid, name, "want %s for '%s', not %q", want, name, value)
	}
	switch name {
	case "_format":
	case "_pretty":
		if value != "true" && value != "false" {
			return wrong("true or false")
		}
	case "_count", "_offset":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return wrong("a whole number from 0")
		}
		if name == "_offset" {
			s.Offset = n
		} else {
			s.Count = min(n, MaxPage)
		}
	case "_summary":
		if !slices.Contains([]string{"true", "false", "text", "data", "count"}, value) {
			return wrong("true, false, text, data or count")
		}
		s.View.Summary = value
	case "_elements":
		for e := range strings.SplitSeq(value, ",") {
			e = strings.TrimPrefix(strings.TrimSpace(e), s.Type+".")
			if e != "id" && e != "meta" && element.Of(s.Type).Find(e) == nil {
				return elementError(terminology.Invalid, name, "%s has no element '%s'", s.Type, e)
			}
			s.View.Elements = append(s.View.Elements, e)
		}
	case "_total":
		if value != "none" && value != "estimate" && value != "accurate" {
			return wrong("none, estimate or accurate")
		}
		s.Total = value
	case "_sort":
		for key := range strings.SplitSeq(value, ",") {
			if !slices.Contains(operation.SortKeys, strings.TrimPrefix(key, "-")) {
				return wrong("names of " + strings.Join(operation.SortKeys, ", ") + ", with - before those that go down,")
			}
			s.Sort = append(s.Sort, key)
		}
	default:
		return s.criterion(name, value)
	}
	return nil
}

func (s *Search) criterion(name, value string) error {
	base, modifier, _ := strings.Cut(name, ":")
	kind := ""
	var known []string
	for _, p := range operation.SearchParameters {
		if p.Only == "" || p.Only == s.Type {
			known = append(known, p.Name)
			if p.Name == base {
				kind = p.Kind
			}
		}
	}
	if kind == "" && s.lenient {
		s.Ignored = append(s.Ignored, base)
		delete(s.values, name) // the link to this page tells what was searched for
		return nil
	}
	if kind == "" {
		return elementError(terminology.NotSupported, name, "a search for %s has no parameter '%s', but %s", s.Type, base, strings.Join(known, ", "))
	}
	ok := modifier == "" || kind == "string" && (modifier == "exact" || modifier == "contains") || kind == "token" && modifier == "not"
	if !ok {
		return elementError(terminology.NotSupported, name, "the modifier ':%s' is not supported for '%s'", modifier, base)
	}
	c := operation.Criterion{Name: base, Modifier: modifier}
	for _, v := range splitValues(value) {
		if kind == "date" {
			date := v
			if len(v) > 2 && isLower(v[0]) && isLower(v[1]) {
				date = v[2:]
				if !slices.Contains(datePrefixes, v[:2]) {
					return elementError(terminology.NotSupported, name, "the prefix '%s' is not supported for '%s', but %s", v[:2], name, strings.Join(datePrefixes, ", "))
				}
			}
			if _, ok := terminology.ParseDateTime(date); !ok {
				return elementError(terminology.Invalid, name, "want a date such as 2026, 2026-11 or ge2026-11-22 for '%s', not %q", name, v)
			}
		}
		c.Values = append(c.Values, v)
	}
	s.Criteria = append(s.Criteria, c)
	return nil
}

// datePrefixes are what a date may begin with (FHIR, "Search", "Prefixes").
var datePrefixes = []string{"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

// splitValues splits alternatives at commas; a comma after a backslash is part of a value.
func splitValues(text string) []string {
	var out []string
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case text[i] == ',':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(text[i])
		}
	}
	return append(out, b.String())
}

// link returns the address of a page of the search.
func (s *Search) link(base string, offset int) string {
	v := url.Values{}
	for name, list := range s.values {
		if name != "_offset" {
			v[name] = list
		}
	}
	if offset > 0 {
		v.Set("_offset", strconv.Itoa(offset))
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

// AppendSearchset writes a page of a search as a Bundle.
func AppendSearchset(dst []byte, server Server, s *Search, resp *operation.ResourceSearchResponse) []byte {
	dst = append(dst, `{"resourceType":"Bundle","type":"searchset"`...)
	if s.Total != "none" {
		dst = strconv.AppendInt(append(dst, `,"total":`...), int64(resp.Total), 10)
	}
	base := server.BaseURL + "/" + s.Type
	dst = appendPages(dst, s.Offset, s.Count, resp.Total, resp.Next, func(offset int) string { return s.link(base, offset) })
	if len(resp.Entries) == 0 && len(s.Ignored) == 0 {
		return append(dst, '}')
	}
	dst = append(appendKey(dst, "entry"), '[')
	for i := range resp.Entries {
		r := &resp.Entries[i]
		if dst = appendMember(appendItem(dst), "fullUrl", base+"/"+r.ID); r.Err != nil {
			dst = AppendOutcome(appendKey(dst, "resource"), notRead(r))
			dst = append(dst, `,"search":{"mode":"outcome"}}`...)
			continue
		}
		dst = append(appendKey(dst, "resource"), r.Raw...)
		dst = append(dst, `,"search":{"mode":"match"}}`...)
	}
	if len(s.Ignored) > 0 {
		issues := make([]operation.Issue, len(s.Ignored))
		for i, name := range s.Ignored {
			issues[i] = operation.Issue{Severity: operation.SeverityWarning, Type: "not-supported", Text: "a search for " + s.Type + " has no parameter '" + name + "': it is not looked at", Expression: name}
		}
		dst = appendIssues(appendKey(appendItem(dst), "resource"), issues, "")
		dst = append(dst, `,"search":{"mode":"outcome"}}`...)
	}
	return append(dst, `]}`...)
}

// Limit returns the limit of a page of resources in a view, which Append... writes as it is.
func Limit(v Version, server Server, view View) operation.PageLimit {
	return operation.PageLimit{Bytes: PageBytes, Light: !slices.ContainsFunc(operation.LongMembers, view.has), Write: func(r *operation.Resource) []byte { return AppendResource(nil, v, server, r, view) }}
}

// notRead is the error of a resource of a list that cannot be read. What is wrong is told
// to who reads it by itself, and logged then.
func notRead(r *operation.Resource) error {
	return &terminology.Error{Op: "fhir.List", Kind: terminology.Invalid, Err: fmt.Errorf("%s/%s, version %d, is stored here and cannot be read: it is left out of this list", r.Type, r.ID, r.Versions)}
}

// appendPages writes the links of a page.
func appendPages(dst []byte, offset, count, total, next int, address func(int) string) []byte {
	dst = append(appendKey(dst, "link"), '[')
	link := func(relation string, at int) {
		dst = appendMember(appendItem(dst), "relation", relation)
		dst = append(appendMember(dst, "url", address(at)), '}')
	}
	link("self", offset)
	if count > 0 {
		link("first", 0)
		if offset > 0 {
			link("previous", max(0, offset-count))
		}
		if next > 0 {
			link("next", next)
		}
		if total > 0 {
			link("last", (total-1)/count*count)
		}
	}
	return append(dst, ']')
}
