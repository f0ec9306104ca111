package main

import (
	"fmt"
	"strings"
)

// Identifiers that the rows of a release need.
const (
	coreModule, modelModule    = "900000000000207008", "900000000000012004"
	icd10Module, norwayModule  = "449080006", "51000202101"
	isA                        = "116680003"
	roleGroup                  = "609096000"
	primitive, definedStatus   = "900000000000074008", "900000000000073002"
	fsnType, synonymType       = "900000000000003001", "900000000000013009"
	definitionType             = "900000000000550004"
	preferred, acceptable      = "900000000000548007", "900000000000549004"
	inferred, existential      = "900000000000011006", "900000000000451002"
	usEnglish, gbEnglish       = "900000000000509007", "900000000000508004"
	bokmål, nynorsk            = "61000202103", "91000202106"
	bokmålGP, nynorskGP        = "47351000202107", "188001000202106"
	icd10Map, icpc2Map         = "447562003", "68101000202102"
	owlAxioms                  = "733073007"
	inactivationRefset         = "900000000000489007"
	replacedBy, sameAs         = "900000000000526001", "900000000000527005"
	possiblyEquivalent         = "900000000000523009"
	moduleDependency           = "900000000000534007"
	mrcmDomain, mrcmRange      = "723561005", "723562003"
	caseInsensitive            = "900000000000448009"
	caseSensitive              = "900000000000017005"
	initialInsensitive         = "900000000000020002"
	internationalTime, norTime = "20250901", "20250915"
)

// part is one of the two packages: its files by short name, each with rows.
type part struct {
	norwegian bool
	rows      map[string][]string
}

func (p *part) add(file string, columns ...string) {
	p.rows[file] = append(p.rows[file], strings.Join(columns, "\t"))
}

// edition is a SNOMED CT sample ready to be written.
type edition struct {
	international, norwegian part
	byID                     map[string]*concept
	mint                     minter
}

// compile turns the tables into rows. It fails when a table names a concept
// that no table has.
func compile(t tables) (*edition, error) {
	e := &edition{
		international: part{rows: map[string][]string{}},
		norwegian:     part{norwegian: true, rows: map[string][]string{}},
		byID:          map[string]*concept{}, mint: minter{},
	}
	for _, c := range t.concepts {
		if old := e.byID[c.id]; old != nil {
			return nil, fmt.Errorf("%s: %s is also in %s", c.where, c.id, old.where)
		}
		e.byID[c.id] = c
	}
	for _, c := range t.concepts {
		if err := e.checkReferences(c); err != nil {
			return nil, fmt.Errorf("%s: %w", c.where, err)
		}
		e.concept(c)
		e.english(c)
		e.norwegianTerms(c)
		e.relationships(c)
		e.history(c)
		if err := e.maps(c); err != nil {
			return nil, fmt.Errorf("%s: %w", c.where, err)
		}
	}
	for _, l := range t.lists {
		if err := e.list(l); err != nil {
			return nil, err
		}
	}
	e.dependencies()
	return e, e.conceptModel()
}

func (e *edition) checkReferences(c *concept) error {
	refs := append([]string{c.module}, c.parents...)
	for _, group := range append(c.groups, c.ungrouped) {
		for _, a := range group {
			refs = append(refs, a.typeID)
			if a.value[0] != '#' {
				refs = append(refs, a.value)
			}
		}
	}
	for _, key := range []string{"was", "retired-isa", "inactive", "replaced-by", "same-as", "possibly"} {
		for _, line := range c.keys[key] {
			refs = append(refs, strings.Fields(line)...)
		}
	}
	for _, id := range refs {
		if e.byID[id] == nil {
			return fmt.Errorf("no concept %s", id)
		}
	}
	return nil
}

func (e *edition) home(c *concept) *part {
	if c.norwegian {
		return &e.norwegian
	}
	return &e.international
}

func flag01(active bool) string {
	if active {
		return "1"
	}
	return "0"
}

func (e *edition) concept(c *concept) {
	status := primitive
	if c.defined {
		status = definedStatus
	}
	e.home(c).add(conceptFile, c.id, c.since, flag01(!c.inactive), c.module, status)
}

func (e *edition) relationships(c *concept) {
	p := e.home(c)
	add := func(active bool, group int, typeID, value string) {
		file, time := relationshipFile, c.since
		if strings.HasPrefix(value, "#") {
			file = concreteFile
		}
		if !active && !c.inactive {
			time = internationalTime
		}
		id := e.mint.sctid(p.norwegian, relationshipKind, fmt.Sprintf("%s|%d|%s|%s", c.id, group, typeID, value))
		p.add(file, id, time, flag01(active), c.module, c.id, value, fmt.Sprint(group), typeID, inferred, existential)
	}
	for _, parent := range c.parents {
		add(true, 0, isA, parent)
	}
	for _, key := range []string{"was", "retired-isa"} {
		for _, line := range c.keys[key] {
			add(false, 0, isA, line)
		}
	}
	for _, a := range c.ungrouped {
		add(true, 0, a.typeID, a.value)
	}
	for i, group := range c.groups {
		for _, a := range group {
			add(true, i+1, a.typeID, a.value)
		}
	}
	if axiom := owlAxiom(c); axiom != "" {
		p.add(owlFile, memberUUID("owl"+c.id), c.since, "1", c.module, owlAxioms, c.id, axiom)
	}
}

// owlAxiom writes the stated form of a concept in OWL functional syntax.
func owlAxiom(c *concept) string {
	var terms []string
	for _, parent := range c.parents {
		terms = append(terms, ":"+parent)
	}
	for _, a := range c.ungrouped {
		terms = append(terms, owlAttribute(a))
	}
	for _, group := range c.groups {
		var some []string
		for _, a := range group {
			some = append(some, owlAttribute(a))
		}
		terms = append(terms, fmt.Sprintf("ObjectSomeValuesFrom(:%s %s)", roleGroup, owlAnd(some)))
	}
	switch {
	case len(c.parents) == 0:
		return ""
	case c.defined:
		return fmt.Sprintf("EquivalentClasses(:%s %s)", c.id, owlAnd(terms))
	}
	return fmt.Sprintf("SubClassOf(:%s %s)", c.id, owlAnd(terms))
}

func owlAnd(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "ObjectIntersectionOf(" + strings.Join(terms, " ") + ")"
}

func owlAttribute(a attribute) string {
	if number, ok := strings.CutPrefix(a.value, "#"); ok {
		kind := "decimal"
		if a.typeID == "1142139005" { // a count
			kind = "integer"
		}
		return fmt.Sprintf("DataHasValue(:%s \"%s\"^^xsd:%s)", a.typeID, number, kind)
	}
	return fmt.Sprintf("ObjectSomeValuesFrom(:%s :%s)", a.typeID, a.value)
}

func (e *edition) history(c *concept) {
	if !c.inactive {
		return
	}
	p := e.home(c)
	for _, reason := range c.keys["inactive"] {
		p.add(attributeValueFile, memberUUID("inactive"+c.id), c.since, "1", c.module, inactivationRefset, c.id, reason)
	}
	for _, kind := range []struct{ key, refset string }{
		{"replaced-by", replacedBy}, {"same-as", sameAs}, {"possibly", possiblyEquivalent},
	} {
		for _, line := range c.keys[kind.key] {
			for target := range strings.FieldsSeq(line) {
				p.add(associationFile, memberUUID(kind.refset+c.id+target), c.since, "1", c.module, kind.refset, c.id, target)
			}
		}
	}
}
