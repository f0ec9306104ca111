package releasetest

import "strconv"

// attribute is a defining attribute other than is-a: a concept, or a number.
type attribute struct {
	group  uint64
	typ    uint64
	target uint64
	number string // when target is 0
}

// Attributes of the concept model.
const (
	findingSite           = 363698007
	associatedMorphology  = 116676008
	causativeAgent        = 246075003
	clinicalCourse        = 263502005
	occurrence            = 246454002
	congenital            = 255399007
	method                = 260686004
	procedureSiteDirect   = 405813007
	usingDevice           = 424226004
	usingSubstance        = 424361007
	hasIntent             = 363703001
	laterality            = 272741003
	preciseIngredient     = 762949000
	activeIngredient      = 127489000
	manufacturedDoseForm  = 411116001
	strengthNumerator     = 1142135004
	strengthNumeratorUnit = 732945000
	ingredientCount       = 1142139005
	inheresIn             = 704319004
	componentAttribute    = 246093002
	associatedFinding     = 246090004
	associatedProcedure   = 363589002
	findingContext        = 408729009
	subjectContext        = 408732007
	sourceTopography      = 118169006
)

// appendAttributes appends the attributes that follow from what concept i says.
func (e *edition) appendAttributes(to []attribute, i int32) []attribute {
	c := &e.concepts[i]
	if c.kind == knownKind {
		return to
	}
	s, at := c.spec, func(axis int) uint64 { return e.concepts[c.spec.axes[axis]].id }
	put := func(group, typ, target uint64) {
		if target != 0 {
			to = append(to, attribute{group: group, typ: typ, target: target})
		}
	}
	switch c.kind {
	case bodyKind:
		put(0, laterality, e.modID(c, 1))
	case findingKind:
		to = e.appendFinding(to, c, s)
	case procedureKind:
		put(1, method, e.words[procedureKind][0][s.axes[0]-1].id)
		if s.axes[1] != 0 {
			put(1, procedureSiteDirect, at(1))
		}
		if s.axes[2] != 0 && e.concepts[s.axes[2]].kind == objectKind {
			put(1, usingDevice, at(2))
		} else if s.axes[2] != 0 {
			put(1, usingSubstance, at(2))
		}
		put(1, hasIntent, e.modID(c, 1))
	case productKind:
		to = e.appendProduct(to, c, s)
	default:
		to = e.appendOther(to, c, s)
	}
	return to
}

// appendFinding has the site and morphology of a finding in one role group; one in
// eight with a site says in a second group that it is also in what the site is part of.
func (e *edition) appendFinding(to []attribute, c *concept, s spec) []attribute {
	morph := e.ranges[morphKind][0] + s.axes[0] - 1
	morphology := attribute{1, associatedMorphology, 0, ""}
	if morph < e.ranges[morphKind][1] && e.concepts[morph].spec == (spec{axes: [3]int32{s.axes[0]}}) {
		morphology.target = e.concepts[morph].id
		to = append(to, morphology)
	}
	if site := s.axes[1]; site != 0 {
		to = append(to, attribute{1, findingSite, e.concepts[site].id, ""})
		if up := e.parentsOf(site)[0]; mix(c.id)%8 == 0 && int(up) >= len(e.known) {
			to = append(to, attribute{2, findingSite, e.concepts[up].id, ""})
			if morphology.group = 2; morphology.target != 0 {
				to = append(to, morphology)
			}
		}
	}
	if s.axes[2] != 0 {
		to = append(to, attribute{1, causativeAgent, e.concepts[s.axes[2]].id, ""})
	}
	switch course := e.modID(c, 0); course {
	case 0:
	case congenital:
		to = append(to, attribute{1, occurrence, course, ""})
	default:
		to = append(to, attribute{0, clinicalCourse, course, ""})
	}
	return to
}

// appendProduct has ingredient, form and, as numbers, strength and count.
func (e *edition) appendProduct(to []attribute, c *concept, s spec) []attribute {
	ingredient := e.concepts[s.axes[0]].id
	to = append(to, attribute{0, activeIngredient, ingredient, ""})
	if s.axes[1] != 0 {
		form := e.words[productKind][1][s.axes[1]-1].id
		if form == 0 {
			form = 385268001
		}
		to = append(to, attribute{0, manufacturedDoseForm, form, ""})
	}
	if m := s.mods[0]; m != 0 {
		text := e.mods[productKind][0][m-1].text[us]
		n := 0
		for n < len(text) && text[n] <= '9' && text[n] >= '0' {
			n++
		}
		to = append(to, attribute{1, preciseIngredient, ingredient, ""},
			attribute{1, strengthNumerator, 0, text[:n]},
			attribute{1, strengthNumeratorUnit, 258684004, ""},
			attribute{0, ingredientCount, 0, "1"})
	}
	return to
}

// appendOther has the attributes of observables, situations and specimens.
func (e *edition) appendOther(to []attribute, c *concept, s spec) []attribute {
	k := &kindTable[c.kind]
	if len(k.axes[1].kinds) == 0 || s.axes[1] == 0 {
		return to
	}
	target := e.concepts[s.axes[1]].id
	switch k.tag {
	case "observable entity":
		to = append(to, attribute{0, inheresIn, target, ""})
		if s.axes[2] != 0 {
			to = append(to, attribute{0, componentAttribute, e.concepts[s.axes[2]].id, ""})
		}
	case "specimen":
		to = append(to, attribute{1, sourceTopography, target, ""})
	case "situation":
		typ := uint64(associatedFinding)
		if e.concepts[s.axes[1]].kind == procedureKind {
			typ = associatedProcedure
		}
		to = append(to, attribute{1, typ, target, ""}, attribute{1, subjectContext, 410604004, ""})
		if id := e.words[c.kind][0][s.axes[0]-1].id; id != 0 && typ == associatedFinding {
			to = append(to, attribute{1, findingContext, id, ""})
		}
	}
	return to
}

// modID returns the value concept of a concept's modifier, 0 when there is none.
func (e *edition) modID(c *concept, i int) uint64 {
	if c.spec.mods[i] == 0 {
		return 0
	}
	return e.mods[c.kind][i][c.spec.mods[i]-1].id
}

// writeRelationships writes is-a rows, then attributes with their axioms, then the
// rows of the past.
func (e *edition) writeRelationships() {
	for _, i := range e.order {
		if e.concepts[i].flags&inactive == 0 {
			for _, p := range e.parentsOf(i) {
				e.writeRelationship(i, true, 0, isA, e.concepts[p].id)
				e.summary.IsA++
			}
		}
	}
	var attributes []attribute
	for _, i := range e.order {
		if e.concepts[i].flags&inactive != 0 {
			continue
		}
		attributes = e.appendAttributes(attributes[:0], i)
		for _, a := range attributes {
			if a.target != 0 {
				e.writeRelationship(i, true, a.group, a.typ, a.target)
				e.summary.Attributes++
			} else {
				e.writeConcrete(i, a)
			}
		}
		e.writeAxiom(i, attributes)
	}
	for _, i := range e.order {
		up := i
		for range 2 {
			if up = e.parentsOrSelf(up)[0]; up != i && e.concepts[up].flags&inactive == 0 {
				e.writeRelationship(i, false, 0, isA, e.concepts[up].id)
			}
		}
	}
}

func (e *edition) parentsOrSelf(i int32) []int32 {
	if p := e.parentsOf(i); len(p) > 0 {
		return p
	}
	return []int32{i}
}

func (e *edition) writeRelationship(i int32, active bool, group, typ, target uint64) {
	pkg, module := e.home(i)
	e.files[relationshipFile][pkg].num(e.newID(pkg, relationshipPartition)).state(e.date(pkg), active, module).
		num(e.concepts[i].id).num(target).num(group).num(typ).num(inferred).num(existential).end()
}

func (e *edition) writeConcrete(i int32, a attribute) {
	pkg, module := e.home(i)
	e.files[concreteFile][pkg].num(e.newID(pkg, relationshipPartition)).state(e.date(pkg), true, module).
		num(e.concepts[i].id).text("#" + a.number).num(a.group).num(a.typ).num(inferred).num(existential).end()
}

// writeAxiom writes the OWL axiom of concept i: parents, and attributes by group.
func (e *edition) writeAxiom(i int32, attributes []attribute) {
	parents := e.parentsOf(i)
	if len(parents) == 0 {
		return
	}
	id := e.concepts[i].id
	b := append(e.buf[:0], "SubClassOf(:"...)
	if e.isDefined(i) {
		b = append(b[:0], "EquivalentClasses(:"...)
	}
	b = append(strconv.AppendUint(b, id, 10), ' ')
	if len(parents)+len(attributes) > 1 {
		b = append(b, "ObjectIntersectionOf("...)
	}
	for _, p := range parents {
		b = append(strconv.AppendUint(append(b, ':'), e.concepts[p].id, 10), ' ')
	}
	for group := uint64(0); group <= 2; group++ {
		b = appendGroup(b, attributes, group)
	}
	b[len(b)-1] = ')'
	if len(parents)+len(attributes) > 1 {
		b = append(b, ')')
	}
	pkg, module := e.home(i)
	e.files[owlFile][pkg].member(&e.random, e.date(pkg), true, module, 733073007, id).bytesField(b).end()
	e.buf = b
}

// appendGroup appends the attributes of one role group. Those of group 0 each make
// their own.
func appendGroup(b []byte, attributes []attribute, group uint64) []byte {
	n := 0
	for _, a := range attributes {
		if a.group == group {
			n++
		}
	}
	if n == 0 {
		return b
	}
	if group > 0 {
		b = append(b, "ObjectSomeValuesFrom(:609096000 "...)
		if n > 1 {
			b = append(b, "ObjectIntersectionOf("...)
		}
	}
	for _, a := range attributes {
		switch {
		case a.group != group:
		case a.target == 0:
			b = strconv.AppendUint(append(b, "DataHasValue(:"...), a.typ, 10)
			b = append(append(append(b, ` "`...), a.number...), `"^^xsd:decimal) `...)
		default:
			b = strconv.AppendUint(append(b, "ObjectSomeValuesFrom(:"...), a.typ, 10)
			b = append(strconv.AppendUint(append(b, " :"...), a.target, 10), ") "...)
		}
	}
	if group > 0 {
		b[len(b)-1] = ')'
		if n > 1 {
			b = append(b, ')')
		}
		b = append(b, ' ')
	}
	return b
}
