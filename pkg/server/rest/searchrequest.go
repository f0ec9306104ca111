package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxText is how many bytes the words of a search may take; nobody types as much.
const maxText = 1000

// searchRequest is what a query of GET /search asks for.
type searchRequest struct {
	operation.SearchRequest
	explain  bool // tell what each hit is ranked by
	langSaid bool // by the query, whatever the header says
}

// searchParameter reads one parameter. What it returns is what was expected, when the
// value is something else.
type searchParameter struct {
	name     string
	repeated bool
	read     func(q *searchRequest, value string) (expected string)
}

// searchParameters are all parameters of GET /search.
var searchParameters = [...]searchParameter{
	{"q", false, (*searchRequest).setText},
	{"system", true, func(q *searchRequest, v string) string {
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name == "" {
				return "names of code systems with commas between them"
			}
			q.Systems = append(q.Systems, name)
		}
		return ""
	}},
	{"valueSet", false, func(q *searchRequest, v string) string { q.ValueSet = v; return q.oneFilter() }},
	{"ecl", false, func(q *searchRequest, v string) string { q.Constraint = v; return q.oneFilter() }},
	{"refset", false, func(q *searchRequest, v string) string { q.Refset = v; return q.oneFilter() }},
	{"tag", false, func(q *searchRequest, v string) string { q.Tag = v; return "" }},
	{"lang", false, func(q *searchRequest, v string) string {
		var err error
		q.langSaid = true
		if q.Languages, err = language.Parse(v); err != nil {
			return "a list of languages such as 'nn, nb;q=0.5', best first: " + terminology.Message(err)
		}
		return ""
	}},
	{"terms", false, (*searchRequest).setTerms},
	{"limit", false, func(q *searchRequest, v string) string {
		return number(v, 1, operation.MaxHits, &q.Limit)
	}},
	{"offset", false, func(q *searchRequest, v string) string {
		return number(v, 0, operation.MaxHits-1, &q.Offset)
	}},
	{"inactive", false, func(q *searchRequest, v string) string { return boolean(v, &q.Inactive) }},
	{"whole", false, func(q *searchRequest, v string) string { return boolean(v, &q.WholeWords) }},
	{"fuzzy", false, func(q *searchRequest, v string) string { return boolean(v, &q.Fuzzy) }},
	{"facets", false, func(q *searchRequest, v string) string { return boolean(v, &q.Facets) }},
	{"explain", false, func(q *searchRequest, v string) string { return boolean(v, &q.explain) }},
}

// searchNames are the names of all parameters, to be told of.
var searchNames = func() string {
	var names []string
	for _, p := range searchParameters {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}()

// readSearch reads a query. A parameter without a value counts as not given, as in the
// queries of FHIR.
func readSearch(r *http.Request) (searchRequest, error) {
	q := searchRequest{}
	given := 0 // bits, in the order of searchParameters
	for raw := r.URL.RawQuery; raw != ""; {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		name, err := unescape(key)
		if err != nil {
			return q, wrongParameter(key, key, "a name that is percent-encoded as UTF-8")
		}
		i, p := parameterOf(name)
		if p == nil {
			return q, wrongParameter(name, name, "one of "+searchNames)
		}
		if given&(1<<i) != 0 && !p.repeated {
			return q, wrongParameter(name, name+" twice", "it once")
		}
		given |= 1 << i
		text, err := unescape(value)
		if err != nil || !utf8.ValidString(text) {
			return q, wrongParameter(name, strings.ToValidUTF8(value, "\uFFFD"), "a value that is percent-encoded as UTF-8")
		}
		if text == "" {
			continue
		}
		if expected := p.read(&q, text); expected != "" {
			return q, wrongParameter(name, text, expected)
		}
	}
	if strings.TrimSpace(q.Text) == "" {
		return q, wrongParameter("q", "no text", "words, or beginnings of words, to search for")
	}
	if q.Limit == 0 {
		q.Limit = operation.DefaultLimit
	}
	if q.Offset+q.Limit > operation.MaxHits {
		return q, wrongParameter("offset", strconv.Itoa(q.Offset), fmt.Sprintf("with a limit of %d at most %d: no search gives more than %d hits", q.Limit, operation.MaxHits-q.Limit, operation.MaxHits))
	}
	if !q.langSaid {
		// A header that is no list of languages is ignored (RFC 9110, 12.5.4).
		if p, err := language.Parse(list(r.Header, "Accept-Language")); err == nil {
			q.Languages = p
		}
	}
	return q, nil
}

func parameterOf(name string) (int, *searchParameter) {
	for i := range searchParameters {
		if searchParameters[i].name == name {
			return i, &searchParameters[i]
		}
	}
	return 0, nil
}

// unescape undoes percent-encoding; it copies only when there is something to undo.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	return url.QueryUnescape(s)
}

func (q *searchRequest) setText(v string) string {
	if len(v) > maxText {
		return fmt.Sprintf("at most %d bytes", maxText)
	}
	q.Text = v
	return ""
}

func (q *searchRequest) setTerms(v string) string {
	for name := range strings.SplitSeq(v, ",") {
		tag, ok := language.ParseTag(name)
		if !ok || tag == language.Any {
			return "language tags such as nb, nn-NO or en, with commas between them"
		}
		q.Terms = append(q.Terms, tag)
	}
	return ""
}

// oneFilter refuses more than one of those that name a set of concepts.
func (q *searchRequest) oneFilter() string {
	n := 0
	for _, f := range [...]string{q.ValueSet, q.Constraint, q.Refset} {
		if f != "" {
			n++
		}
	}
	if n > 1 {
		return "only one of valueSet, ecl and refset: a constraint can say all of them (^ names a reference set)"
	}
	return ""
}

func boolean(v string, to *bool) string {
	switch v {
	case "true":
		*to = true
	case "false":
	default:
		return "true or false"
	}
	return ""
}

func number(v string, from, most int, to *int) string {
	n, err := strconv.Atoi(v)
	if err != nil || n < from || n > most {
		return fmt.Sprintf("a whole number from %d to %d", from, most)
	}
	*to = n
	return ""
}

// parameterError says which parameter of a search is wrong.
type parameterError struct {
	name, found, expected string

	why string // what an operation said; "": what was expected is all there is to say
}

// Error says it in a sentence.
func (e *parameterError) Error() string {
	if e.why != "" {
		return e.name + ": " + e.why
	}
	return e.name + ": found " + e.found + ", expected " + e.expected
}

// maxFound is how many bytes of a wrong value are told.
const maxFound = 200

func wrongParameter(name, found, expected string) error {
	return &terminology.Error{Op: "rest.readSearch", Kind: terminology.Invalid, Err: &parameterError{name: shortened(name), found: shortened(found), expected: expected}}
}

// shortened returns a text that may be told to who sent it.
func shortened(s string) string {
	if len(s) <= maxFound {
		return s
	}
	return strings.ToValidUTF8(s[:maxFound], "") + "…"
}

// blame says of which parameter an operation did not take the value, where only one can
// be meant: the values of the others are checked by us.
func (q *searchRequest) blame(err error) error {
	kind := terminology.KindOf(err)
	var of []parameterError
	for _, p := range []parameterError{
		{name: "valueSet", found: q.ValueSet, expected: "the URL of a value set that is installed"},
		{name: "ecl", found: q.Constraint, expected: "an expression constraint of SNOMED CT, which is installed"},
		{name: "refset", found: q.Refset, expected: "the id of a reference set of SNOMED CT that is installed"},
	} {
		if p.found != "" {
			of = append(of, p)
		}
	}
	switch {
	case fhir.ClassOf(kind).HTTP >= http.StatusInternalServerError, kind == terminology.TooCostly && len(of) > 0:
		return err
	case kind == terminology.TooCostly:
		of = []parameterError{{name: "q", found: q.Text, expected: "fewer words"}}
	case len(of) == 0 && len(q.Systems) > 0:
		of = []parameterError{{name: "system", found: strings.Join(q.Systems, ","), expected: "code systems that are installed"}}
	case len(of) == 0 || len(q.Systems) > 0 && kind == terminology.NotFound:
		return err
	}
	wrong := of[0]
	wrong.found, wrong.why = shortened(wrong.found), terminology.Message(err)
	return &terminology.Error{Op: "rest.search", Kind: kind, Err: &wrong}
}
