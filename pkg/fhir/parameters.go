package fhir

import (
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Parameters is what a request for an operation carries, the same whether it came
// as a query, a form or a Parameters resource. Fill it with Read, or reuse it with
// Reset.
type Parameters struct {
	// AcceptLanguage is the header of that name; displayLanguage goes before it.
	AcceptLanguage string
	// FHIR is the version of FHIR that the client speaks, "" when it is not known.
	FHIR string
	// Threshold is the most codes that the client wants of an expansion without count,
	// where no parameter says; 0: as many as there are.
	Threshold int
	// CacheID is the id of a cache of resources, as the header X-Cache-Id has it; "" for
	// none.
	CacheID string
	// Client is who asks, such as its address; "" when it is not known.
	Client string
	// Shared are resources that stand beside those of the request itself: those of the
	// batch that it is part of.
	Shared [][]byte

	op   *Operation
	list []Parameter
}

// Parameter is one parameter of a request, checked against its table.
type Parameter struct {
	Definition *Definition
	Text       string           // of a primitive, as a query writes it
	Coding     *Coding          // of a CodingType
	Concept    *CodeableConcept // of a CodeableConceptType
	ValueSet   *ValueSet        // of a ValueSetType
	Raw        []byte           // of a ValueSetType or ResourceType, the resource as it came
	Dependency *Dependency      // of a DependencyType
	Expression string           // where it stands in a body; "" in a query
}

// name returns the name that readers know the parameter by.
func (p *Parameter) name() string {
	if p.Definition.Same != "" {
		return p.Definition.Same
	}
	return p.Definition.Name
}

// where returns the expression for an error about the parameter.
func (p *Parameter) where() string {
	if p.Expression != "" {
		return p.Expression
	}
	return p.Definition.Name
}

// Reset empties p for an operation and keeps its memory.
func (p *Parameters) Reset(op *Operation) {
	clear(p.list)
	*p = Parameters{op: op, list: p.list[:0]}
}

// Operation returns the operation that the parameters are for.
func (p *Parameters) Operation() *Operation { return p.op }

// UsesCache reports whether the request means the resources of a cache.
func (p *Parameters) UsesCache() bool { return p.CacheID != "" || p.find("cache-id") != nil }

// All returns the parameters in the order of the request.
func (p *Parameters) All() []Parameter { return p.list }

// add keeps a parameter after the checks that need no more than its row: whether
// we know and support it, its number and its value.
func (p *Parameters) add(n Parameter) error {
	d := n.Definition
	switch {
	case len(p.list) == maxItems:
		return elementError(terminology.TooCostly, n.where(), "there are more than %d parameters", maxItems)
	case d.Use == Refused:
		return elementError(terminology.NotSupported, n.where(), "parameter '%s' is not supported: %s", d.Name, d.Note)
	case d.Only != "" && n.Text != d.Only:
		return elementError(terminology.NotSupported, n.where(), "parameter '%s' is only supported with the value %s: %s", d.Name, d.Only, d.Note)
	case d.Versioned && !strings.Contains(n.Text, "|"):
		return elementError(terminology.Invalid, n.where(), "want a canonical URL with its version, such as %s|http://snomed.info/sct/51000202101, for '%s', not %q", snomedSystem, d.Name, n.Text)
	}
	switch d.Type {
	case Boolean:
		if n.Text != "true" && n.Text != "false" {
			return elementError(terminology.Invalid, n.where(), "want true or false for '%s', not %q", d.Name, n.Text)
		}
	case DateTime:
		if _, ok := terminology.ParseDateTime(n.Text); !ok {
			return elementError(terminology.Invalid, n.where(), "want a date such as 2025, 2025-06, 2025-06-30 or 2025-06-30T12:00:00+02:00 for '%s', not %q", d.Name, n.Text)
		}
	case Integer:
		if v, err := strconv.ParseInt(n.Text, 10, 32); err != nil || v < 0 {
			return elementError(terminology.Invalid, n.where(), "want a whole number from 0 to 2147483647 for '%s', not %q", d.Name, n.Text)
		}
	}
	if d.Use == Ignored {
		return nil
	}
	if !d.Many {
		for i := range p.list {
			if p.list[i].name() == n.name() {
				return elementError(terminology.Invalid, n.where(), "parameter '%s' is given twice", n.name())
			}
		}
	}
	p.list = append(p.list, n)
	return nil
}

// define returns the row for a name, or the error that there is none.
func (p *Parameters) define(name, expression string) (*Definition, error) {
	if d := p.op.find(name); d != nil {
		return d, nil
	}
	if expression == "" {
		expression = name
	}
	if len(p.op.Parameters) == 0 {
		return nil, elementError(terminology.NotSupported, expression, "%s has no parameter '%s', and no others", p.op.Path(), name)
	}
	return nil, elementError(terminology.NotSupported, expression, "%s has no parameter '%s', but %s", p.op.Path(), name, strings.Join(p.op.names(), ", "))
}

func (p *Parameters) find(name string) *Parameter {
	for i := range p.list {
		if p.list[i].name() == name {
			return &p.list[i]
		}
	}
	return nil
}

// Text returns the value of a primitive, "" when it is not given.
func (p *Parameters) Text(name string) string {
	if n := p.find(name); n != nil {
		return n.Text
	}
	return ""
}

// Bool returns whether a boolean is given and true.
func (p *Parameters) Bool(name string) bool { return p.Text(name) == "true" }

// Int returns the value of an integer, or missing when it is not given.
func (p *Parameters) Int(name string, missing int) int {
	text := p.Text(name)
	if text == "" {
		return missing
	}
	n, err := strconv.Atoi(text) // its syntax was checked by add
	if err != nil {
		return missing
	}
	return n
}

// Day returns the day that a date means, the last one of a month or year, and 0 when it
// is not given.
func (p *Parameters) Day(name string) terminology.Date {
	days, _ := terminology.ParseDateTime(p.Text(name)) // its syntax was checked by add
	return days.To
}

// Languages returns the languages to show: those of displayLanguage, else those
// of the Accept-Language header. A header that is no list of languages is ignored
// (RFC 9110, 12.5.4), a wrong displayLanguage is an error.
func (p *Parameters) Languages() (language.Preference, error) {
	w, err := p.languages()
	return w.pref, err
}

// languagesWanted are the languages that a client wants.
type languagesWanted struct {
	pref       language.Preference
	list       string // as the client wrote them
	negotiated bool   // they are those of the header
}

// languages is Languages with where they come from.
func (p *Parameters) languages() (w languagesWanted, err error) {
	if n := p.find("displayLanguage"); n != nil {
		w.list = n.Text
		if w.pref, err = language.Parse(n.Text); err != nil {
			err = operation.InvalidLanguages(n.Text)
		}
		return w, err
	}
	if p.AcceptLanguage == "" {
		return w, nil
	}
	pref, err := language.Parse(p.AcceptLanguage)
	if err != nil {
		return w, nil
	}
	return languagesWanted{pref, p.AcceptLanguage, true}, nil
}

// missing returns the error that a request lacks something.
func (p *Parameters) missing(what string) error {
	return elementError(terminology.Invalid, p.op.Path(), "the request has no %s", what)
}
