package releasetest

import "bytes"

// writeConcepts writes the concept files.
func (e *edition) writeConcepts() {
	const primitive, defined = 900000000000074008, 900000000000073002
	for _, i := range e.order {
		c := &e.concepts[i]
		pkg, module := e.home(i)
		status := uint64(primitive)
		if e.isDefined(i) {
			status = defined
		}
		e.files[conceptFile][pkg].num(c.id).state(e.date(pkg), c.flags&inactive == 0, module).num(status).end()
	}
}

// isDefined reports whether the axiom of concept i is an equivalence.
func (w *world) isDefined(i int32) bool {
	c := &w.concepts[i]
	return c.kind != knownKind && c.flags&inactive == 0 && kindTable[c.kind].form >= findingForm && mix(c.id)%10 < 4
}

// writeDescriptions writes descriptions and their language members: in each file
// first all fully specified names, then preferred terms, then the rest, so that the
// terms of one concept stand far apart, as they do in real files.
func (e *edition) writeDescriptions() {
	for _, i := range e.order {
		b := e.appendTerm(e.buf[:0], i, us, preferredTerm)
		upper(b, 0)
		b = append(append(append(b, " ("...), e.tag(i)...), ')')
		e.writeEnglish(i, fullySpecifiedName, b, true, usRefset, gbRefset, preferred)
		e.buf = b
	}
	for _, i := range e.order {
		e.writePreferred(i)
	}
	other := sampler{len(e.order), e.o.scaled(synonyms)}
	retired := sampler{len(e.order), e.o.scaled(retiredDescriptions)}
	defined := sampler{len(e.order), e.o.scaled(15_000)}
	for _, i := range e.order {
		if other.pick(&e.random) && e.concepts[i].kind != knownKind {
			e.buf = e.appendTerm(e.buf[:0], i, us, otherOrder)
			upper(e.buf, 0)
			e.writeEnglish(i, synonym, e.buf, true, usRefset, gbRefset, acceptable)
		}
		if retired.pick(&e.random) {
			e.buf = e.appendTerm(e.buf[:0], i, us, loose)
			upper(e.buf, 0)
			e.writeEnglish(i, synonym, e.buf, false, usRefset, gbRefset, acceptable)
		}
		if pkg, _ := e.home(i); defined.pick(&e.random) && pkg == 0 {
			e.buf = append(e.appendTerm(append(e.buf[:0], "A concept of this release that stands for "...), i, us, preferredTerm), '.')
			e.writeEnglish(i, definition, e.buf, true, usRefset, gbRefset, preferred)
		}
	}
	e.writeNorwegian()
}

// Figures of the full size.
const (
	synonyms            = 138_000
	retiredDescriptions = 400_000
	bokmalConcepts      = 149_142
	nynorskConcepts     = 13_604
)

// writePreferred writes the preferred term, as two descriptions where British
// spelling differs.
func (e *edition) writePreferred(i int32) {
	e.buf = e.appendTerm(e.buf[:0], i, us, preferredTerm)
	e.nbBuf = e.appendTerm(e.nbBuf[:0], i, gb, preferredTerm)
	upper(e.buf, 0)
	upper(e.nbBuf, 0)
	if bytes.Equal(e.buf, e.nbBuf) {
		e.writeEnglish(i, synonym, e.buf, true, usRefset, gbRefset, preferred)
		return
	}
	e.writeEnglish(i, synonym, e.buf, true, usRefset, 0, preferred)
	e.writeEnglish(i, synonym, e.nbBuf, true, gbRefset, 0, preferred)
}

// writeEnglish writes one description, its members of one or two language
// reference sets, and what attribute-value members it calls for.
func (e *edition) writeEnglish(i int32, typ uint64, term []byte, active bool, refset, second, acceptability uint64) {
	c := &e.concepts[i]
	pkg, module := e.home(i)
	file := e.files[descriptionEN][pkg]
	if typ == definition {
		file = e.files[textDefinition][pkg]
	}
	significance := uint64(caseInsensitive)
	if c.kind == organismKind {
		significance = caseSensitive
	} else if c.kind == knownKind {
		significance = initialInsensitive
	}
	date := e.date(pkg)
	id := e.newID(pkg, descriptionPartition)
	file.num(id).state(date, active, module).num(c.id).text("en").num(typ).bytesField(term).num(significance).end()
	e.files[languageEN][pkg].member(&e.random, date, active, module, refset, id).num(acceptability).end()
	if second != 0 {
		e.files[languageEN][pkg].member(&e.random, date, active, module, second, id).num(acceptability).end()
	}
	switch {
	case !active:
		e.writeIndicator(pkg, module, descriptionIndicator, id, descriptionReasons[e.skewed(len(descriptionReasons))])
	case c.flags&inactive != 0 && typ != definition:
		e.writeIndicator(pkg, module, descriptionIndicator, id, conceptNonCurrent)
	}
}

// writeNorwegian writes the bokmål and nynorsk terms. Where both languages spell the
// term alike, one description is preferred in both reference sets.
func (e *edition) writeNorwegian() {
	bokmal := sampler{e.active - len(e.known), e.o.scaled(bokmalConcepts)}
	nynorsk := sampler{bokmal.want, e.o.scaled(nynorskConcepts)}
	for _, i := range e.order {
		if c := &e.concepts[i]; c.kind == knownKind || c.flags&inactive != 0 || !bokmal.pick(&e.random) {
			continue
		}
		e.nbBuf = e.appendTerm(e.nbBuf[:0], i, nb, preferredTerm)
		e.sample(&e.summary.Samples.Bokmal, i)
		id := e.writeNO(i, e.nbBuf, true)
		e.writeMember(languageNB, nbRefset, id, preferred)
		if nynorsk.pick(&e.random) {
			e.sample(&e.summary.Samples.Nynorsk, i)
			e.buf = e.appendTerm(e.buf[:0], i, nn, preferredTerm)
			if !bytes.Equal(e.buf, e.nbBuf) {
				id = e.writeNO(i, e.buf, true)
			}
			e.writeMember(languageNN, nnRefset, id, preferred)
		}
		if e.chance(140) {
			e.buf = e.appendTerm(e.buf[:0], i, nb, otherOrder)
			e.writeMember(languageNB, nbRefset, e.writeNO(i, e.buf, true), acceptable)
		}
		if e.chance(30) {
			e.buf = e.appendTerm(e.buf[:0], i, nb, loose)
			e.writeNO(i, e.buf, false)
		}
		if e.summary.Samples.Terms == nil || len(e.summary.Samples.Terms) < samples && e.chance(20) {
			e.summary.Samples.Terms = append(e.summary.Samples.Terms, string(e.nbBuf))
		}
	}
}

func (e *edition) writeNO(i int32, term []byte, active bool) uint64 {
	id := e.newID(1, descriptionPartition)
	e.files[descriptionNO][1].num(id).state(e.date(1), active, norwayModule).num(e.concepts[i].id).
		text("no").num(synonym).bytesField(term).num(caseInsensitive).end()
	return id
}

func (e *edition) writeMember(kind fileKind, refset, id, acceptability uint64) {
	e.files[kind][1].member(&e.random, e.date(1), true, norwayModule, refset, id).num(acceptability).end()
}
