package mrcm

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Model is the concept model of a release.
type Model struct {
	p          *basic.Provider
	domains    map[terminology.Ordinal][]DomainRule // by attribute
	ranges     map[terminology.Ordinal][]RangeRule
	attributes []terminology.Ordinal // that have domains, ascending
	required   []terminology.Ordinal // of these, those that a domain asks for
	bad        map[terminology.Ordinal][]error
}

// Load reads the concept model from the reference sets of a release, which are told by
// their columns. The error is NotFound when it has none. A row that cannot be read
// makes no error here: Bad lists it, and Check fails when it needs it.
func Load(p *basic.Provider) (*Model, error) {
	const op = "mrcm.Load"
	m := &Model{p: p, domains: map[terminology.Ordinal][]DomainRule{}, ranges: map[terminology.Ordinal][]RangeRule{}, bad: map[terminology.Ordinal][]error{}}
	constraints := map[string]string{}
	tables := 0
	for _, t := range p.Tables() {
		column := slices.Index(t.Columns, "domainConstraint")
		if column < 0 {
			continue
		}
		if err := m.rows(t, func(_ terminology.Ordinal, r terminology.Row) error {
			constraints[r.Component] = r.Fields[column]
			return nil
		}); err != nil {
			return nil, &terminology.Error{Op: op, Err: err}
		}
	}
	for _, t := range p.Tables() {
		read := m.reader(t, constraints)
		if read == nil {
			continue
		}
		tables++
		if err := m.rows(t, read); err != nil {
			return nil, &terminology.Error{Op: op, Err: err}
		}
	}
	if tables == 0 {
		release := p.Release()
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: terminology.Coding{System: release.System, Version: release.Version},
			Err: fmt.Errorf("the release has no reference sets of the concept model (%s and %s)", snomed.MRCMAttributeDomain, snomed.MRCMAttributeRange)}
	}
	m.attributes = slices.Sorted(maps.Keys(m.domains))
	for _, o := range m.attributes {
		if slices.ContainsFunc(m.domains[o], func(r DomainRule) bool { return r.Count.Min > 0 }) {
			m.required = append(m.required, o)
		}
	}
	return m, nil
}

// rows calls read for the active rows of a table. What read says of a row is kept with
// the component.
func (m *Model) rows(t basic.Table, read func(terminology.Ordinal, terminology.Row) error) error {
	members, ok := m.p.Members(t.Name)
	if !ok {
		return nil
	}
	for it := members.Iterator(); it.HasNext(); {
		o := it.Next()
		rows, err := m.p.Rows(t.Name, m.p.Code(o))
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Inactive {
				continue
			}
			if err := read(o, r); err != nil {
				m.bad[o] = append(m.bad[o], fmt.Errorf("row %s of %s in reference set %s: %w", r.ID, r.Component, t.Name, err))
			}
		}
	}
	return nil
}

// reader returns what reads the rows of a table of rules, nil for other tables.
func (m *Model) reader(t basic.Table, constraints map[string]string) func(terminology.Ordinal, terminology.Row) error {
	at := func(name string) int { return slices.Index(t.Columns, name) }
	strength, content := at("ruleStrengthId"), at("contentTypeId")
	rule := func(r terminology.Row) (Rule, error) {
		refset, _ := snomed.ScanID(t.Name)
		attribute, _ := snomed.ScanID(r.Component)
		contentType, _ := snomed.ScanID(r.Fields[content])
		if !slices.Contains([]snomed.ID{allContent, allPrecoordinated, allNewPrecoordinated, allPostcoordinated}, contentType) {
			return Rule{}, fmt.Errorf("found content type %q, want %s, %s, %s or %s", r.Fields[content], allContent, allPrecoordinated, allNewPrecoordinated, allPostcoordinated)
		}
		id, _ := snomed.ScanID(r.Fields[strength])
		if id != mandatory && id != optional {
			return Rule{}, fmt.Errorf("found rule strength %q, want %s or %s", r.Fields[strength], mandatory, optional)
		}
		return Rule{Member: r.ID, Refset: refset, Attribute: attribute, Optional: id == optional, ContentType: contentType}, nil
	}
	domain, grouped, count, inGroup := at("domainId"), at("grouped"), at("attributeCardinality"), at("attributeInGroupCardinality")
	rangeOf := at("rangeConstraint")
	switch {
	case strength < 0 || content < 0:
		return nil
	case rangeOf >= 0:
		return func(o terminology.Ordinal, row terminology.Row) error {
			r, err := rule(row)
			if err != nil {
				return err
			}
			r.Constraint = row.Fields[rangeOf]
			one := RangeRule{Rule: r}
			if one.values, err = parseValues(r.Constraint); one.values == nil && err == nil {
				one.set, err = ecl.Parse(r.Constraint)
			}
			if err != nil {
				return fmt.Errorf("range %q: %s", r.Constraint, terminology.Message(err))
			}
			m.ranges[o] = append(m.ranges[o], one)
			return nil
		}
	case domain < 0 || grouped < 0 || count < 0 || inGroup < 0:
		return nil
	}
	return func(o terminology.Ordinal, row terminology.Row) error {
		r, err := rule(row)
		if err != nil {
			return err
		}
		one := DomainRule{Rule: r}
		var errs [4]error
		one.Domain, errs[0] = snomed.ParseID(row.Fields[domain])
		one.Grouped, errs[1] = strconv.ParseBool(row.Fields[grouped])
		one.Count, errs[2] = cardinality(row.Fields[count])
		one.InGroup, errs[3] = cardinality(row.Fields[inGroup])
		if err := errors.Join(errs[:]...); err != nil {
			return err
		}
		one.Constraint = constraints[row.Fields[domain]]
		if one.Constraint == "" {
			one.Constraint = m.domain(one.Domain)
		}
		if one.set, err = ecl.Parse(one.Constraint); err != nil {
			return fmt.Errorf("domain %q: %s", one.Constraint, terminology.Message(err))
		}
		m.domains[o] = append(m.domains[o], one)
		return nil
	}
}

// domain returns the constraint of a domain that the release does not describe: the
// members of a reference set, and what is below any other concept.
func (m *Model) domain(id snomed.ID) string {
	o, known := m.p.Find(id.String())
	root, hasRoot := m.p.Find(snomed.RefsetRoot.String())
	if known && (m.p.Refsets().Contains(o) || hasRoot && m.p.Subsumes(root, o)) {
		return "^ " + id.String()
	}
	return "<< " + id.String()
}

// Bad returns the rows that could not be read, in no order.
func (m *Model) Bad() []error {
	var all []error
	for _, errs := range m.bad {
		all = append(all, errs...)
	}
	return all
}

// Attributes lists the attributes that the model has a domain for, ascending.
func (m *Model) Attributes() []terminology.Ordinal { return m.attributes }

// Domains returns the domain rules of an attribute that are for a kind of content.
func (m *Model) Domains(attribute terminology.Ordinal, c Content) []DomainRule {
	return applying(m.domains[attribute], c, func(r DomainRule) snomed.ID { return r.ContentType })
}

// Ranges returns the range rules of an attribute that are for a kind of content.
func (m *Model) Ranges(attribute terminology.Ordinal, c Content) []RangeRule {
	return applying(m.ranges[attribute], c, func(r RangeRule) snomed.ID { return r.ContentType })
}

func applying[T any](all []T, c Content, contentType func(T) snomed.ID) []T {
	var out []T
	for _, r := range all {
		if c.in(contentType(r)) {
			out = append(out, r)
		}
	}
	return out
}
