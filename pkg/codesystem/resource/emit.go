package resource

import (
	"errors"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// conceptProperties is what the URIs of the properties that the standard defines begin
// with (FHIR, "Concept Properties").
const conceptProperties = "http://hl7.org/fhir/concept-properties#"

// roles are the codes under which a code system has the properties that say what its
// concepts are: as it declares them by their URIs, else as the standard names them.
type roles struct {
	parent, child, inactive, status, abstract string
	effective, retirement, validFrom, validTo string
}

func rolesOf(c *CodeSystem) roles {
	code := func(role string) string {
		for _, p := range c.Properties {
			if p.URI == conceptProperties+role {
				return p.Code
			}
		}
		return role
	}
	return roles{
		parent: code("parent"), child: code("child"), inactive: code("inactive"), status: code("status"), abstract: code("notSelectable"),
		effective: code("effectiveDate"), retirement: code("retirementDate"), validFrom: code("valid-from"), validTo: code("valid-to"),
	}
}

// emitter says the concepts of a CodeSystem to a sink.
type emitter struct {
	r     *Resource
	to    terminology.Sink
	today terminology.Date
	roles
	codes     map[string]bool
	edges     map[[2]string]bool
	languages map[string]bool // that have a column of displays
	ids       map[uint64]bool // of designations
	place     []int
	n         int
}

// sayCodeSystem says what a CodeSystem holds to a sink: all concepts, then what refers
// to them. Bad rows go to Sink.Bad with their path.
func (r *Resource) sayCodeSystem(to terminology.Sink, today terminology.Date) error {
	e := &emitter{r: r, to: to, today: today, roles: rolesOf(r.CodeSystem), codes: map[string]bool{}, edges: map[[2]string]bool{},
		languages: map[string]bool{r.Language: true}, ids: map[uint64]bool{}}
	for _, say := range [...]func(c, parent *Concept) error{e.concept, e.texts, e.edge} {
		if err := e.each(r.CodeSystem.Concepts, nil, say); err != nil {
			return err
		}
	}
	to.Count(r.file, e.n)
	return nil
}

func (e *emitter) each(list []Concept, parent *Concept, say func(c, parent *Concept) error) error {
	e.place = append(e.place, 0)
	for i := range list {
		e.place[len(e.place)-1] = i
		if err := say(&list[i], parent); err != nil {
			return err
		}
		if len(list[i].Concepts) > 0 {
			if err := e.each(list[i].Concepts, &list[i], say); err != nil {
				return err
			}
		}
	}
	e.place = e.place[:len(e.place)-1]
	return nil
}

// path is the place of the concept that is being said: CodeSystem.concept[3].concept[1].
func (e *emitter) path(member string) string {
	b := []byte(e.r.root)
	for i, n := range e.place {
		if i == maxShown/2 {
			return string(append(b, "..."...))
		}
		b = append(strconv.AppendInt(append(b, ".concept["...), int64(n), 10), ']')
	}
	return string(append(append(b, '.'), member...))
}

func (e *emitter) kept(c *Concept, member string, err error) error {
	if err == nil {
		return nil
	}
	return e.r.kept(e.to, c.at, e.path(member), err)
}

// kept judges what a sink said of something at a place of the resource: an error about
// the thing itself is a bad row, and reading goes on.
func (r *Resource) kept(to terminology.Sink, at int, place string, err error) error {
	if err == nil || terminology.KindOf(err) != terminology.Invalid {
		return err
	}
	var row *terminology.RowError
	if errors.As(err, &row) {
		return to.Bad(row)
	}
	return to.Bad(r.bad(at, place, "%w", err))
}

// bad is the error of a place of the resource.
func (r *Resource) bad(at int, place, format string, args ...any) *terminology.RowError {
	row := newPlace(r).bad(at, place, format, args...)
	row.Line += max(r.line, 1) - 1
	return row
}

func newPlace(r *Resource) *scanner { return &scanner{text: view(r.Raw), file: r.file} }

func (e *emitter) concept(c, _ *Concept) error {
	e.n++
	out := terminology.Concept{Code: c.Code}
	for i := range c.Properties {
		p := &c.Properties[i]
		period, ok := terminology.Period{}, true
		switch p.Code {
		case e.inactive:
			out.Inactive = out.Inactive || p.Value == "true"
		case e.status:
			out.Inactive = out.Inactive || retired(p.Value)
		case e.abstract:
			out.Abstract = p.Value == "true"
		case e.effective:
			period, ok = days(p.Value)
			out.Effective = period.From
		case e.retirement, e.validTo, "validTo":
			period, ok = days(p.Value)
			out.To = period.To
		case e.validFrom, "validFrom":
			period, ok = days(p.Value)
			out.From = period.From
		}
		if !ok {
			if err := e.to.Bad(e.r.bad(c.at, e.path("property["+itoa(i)+"]"), "%s %q is not a date", p.Code, p.Value)); err != nil {
				return err
			}
		}
	}
	if e.today != 0 && out.To != 0 && out.To < e.today {
		out.Inactive = true
	}
	err := e.to.Concept(out)
	if err == nil {
		e.codes[c.Code] = true
	}
	return e.kept(c, "code", err)
}

// retired reports whether a status says that a code is not for use. One that is
// deprecated may still be used (FHIR, "Concept Properties").
func retired(status string) bool {
	switch status {
	case "retired", "inactive", "withdrawn":
		return true
	}
	return false
}

// days are the days that a date or dateTime means; of a point in time with a zone that in
// Norway. No value is no days.
func days(value string) (terminology.Period, bool) {
	if value == "" {
		return terminology.Period{}, true
	}
	if strings.Contains(value, "T") {
		if day, ok := tabular.ParseDay(value); ok {
			return terminology.Period{From: day, To: day}, true
		}
	}
	return terminology.ParseDateTime(value)
}

// day returns the day of a date or dateTime, 0 when it has none.
func day(value string) terminology.Date {
	d, _, _ := strings.Cut(value, "T")
	date, _ := tabular.ParseDay(d)
	return date
}

func (e *emitter) texts(c, _ *Concept) error {
	if err := e.terms(c); err != nil {
		return err
	}
	for i := range c.Properties {
		p := &c.Properties[i]
		if p.Code == "parent" && e.parent == "parent" || p.Code == "child" && e.child == "child" || p.Value == "" {
			continue // the hierarchy says it
		}
		if err := e.property(c, p.Code, p.Kind, p.Value); err != nil {
			return err
		}
	}
	for _, x := range c.Extensions {
		kind, ok := valueKinds["value"+x.Kind]
		if !ok || x.Value == "" {
			continue // in the resource only
		}
		if err := e.property(c, x.URL, kind, x.Value); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) property(c *Concept, code string, kind terminology.ValueKind, value string) error {
	return e.kept(c, "property", e.to.Property(terminology.Property{Concept: c.Code, Code: code, Kind: kind, Value: value}))
}

// edge says what is above a concept: the concept that it stands in, and those that
// properties name. A fragment may name concepts that it does not have.
func (e *emitter) edge(c, parent *Concept) error {
	if parent != nil {
		if err := e.parentOf(c, "code", c.Code, parent.Code); err != nil {
			return err
		}
	}
	for i := range c.Properties {
		p := &c.Properties[i]
		child, above := c.Code, p.Value
		switch p.Code {
		case e.parent:
		case e.child:
			child, above = p.Value, c.Code
		default:
			continue
		}
		if partial := e.r.CodeSystem.Content == Fragment || e.r.CodeSystem.Content == Example; partial && !e.codes[p.Value] {
			continue
		}
		if err := e.parentOf(c, "property["+itoa(i)+"]", child, above); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) parentOf(c *Concept, member, child, parent string) error {
	pair := [2]string{child, parent}
	if e.edges[pair] || !e.codes[c.Code] {
		return nil
	}
	e.edges[pair] = true
	return e.kept(c, member, e.to.Parent(child, parent))
}
