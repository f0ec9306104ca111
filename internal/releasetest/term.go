package releasetest

import "unicode/utf8"

// variant is which of a concept's terms in one language.
type variant uint8

const (
	preferredTerm variant = iota
	otherOrder            // the same words in another order
	loose                 // with a word that adds nothing, as retired terms have
)

// appendTerm appends a term of concept i, in lower case except names.
func (w *world) appendTerm(b []byte, i int32, lang language, v variant) []byte {
	c := &w.concepts[i]
	if c.kind == knownKind {
		return append(b, w.known[i].term...)
	}
	start := len(b)
	s := c.spec
	if v == otherOrder {
		b = w.appendReordered(b, int(c.kind), s, lang)
	} else {
		b = w.appendSpec(b, int(c.kind), s, lang)
	}
	if c.flags&inactive != 0 {
		b = append(b, retiredWords[i%4][lang]...)
	}
	if v == loose {
		b = append(b, looseWords[i%5]...)
	}
	if len(b)-start > maxTerm {
		b = b[:start+maxTerm]
		for !utf8.Valid(b[start:]) {
			b = b[:len(b)-1]
		}
	}
	return b
}

// maxTerm leaves room for a semantic tag in the 255 characters of a term.
const maxTerm = 220

var (
	retiredWords = [4][languages]string{
		{", unspecified", ", unspecified", ", uspesifisert", ", uspesifisert"},
		{" (or similar)", " (or similar)", " (eller lignende)", " (eller liknande)"},
		{", other specified", ", other specified", ", annen spesifisert", ", annan spesifisert"},
		{" and related", " and related", " og beslektede", " og nærskylde"},
	}
	looseWords = [5]string{" NOS", " - obsolete", ", nos", " [D]", " [obs]"}
)

// appendSpec words what s says in the way of its kind.
func (w *world) appendSpec(b []byte, k int, s spec, lang language) []byte {
	b = w.appendMods(b, k, s, lang, true)
	switch kindTable[k].form {
	case namedForm:
		b = w.appendNamed(b, k, s, lang)
	case bodyForm:
		b = w.appendBody(b, k, s, lang)
	case thingForm:
		if s.axes[1] != 0 {
			b = append(b, w.words[k][1][s.axes[1]-1].text[lang]...)
			if lang < nb {
				b = append(b, ' ')
			}
		}
		b = appendCompound(b, w.head(k, s, lang))
	case findingForm, procedureForm:
		b = w.appendSited(b, k, s, lang)
	case productForm:
		b = w.appendTerm(b, s.axes[0], lang, preferredTerm)
	case situationForm:
		b = append(b, w.head(k, s, lang)...)
		if s.axes[1] != 0 {
			b = append(b, ' ')
			b = w.appendTerm(b, s.axes[1], lang, preferredTerm)
		}
	}
	b = w.appendMods(b, k, s, lang, false)
	if kindTable[k].form == productForm && s.axes[1] != 0 {
		b = append(b, ' ')
		b = append(b, w.words[k][1][s.axes[1]-1].text[lang]...)
	}
	return b
}

// appendReordered words s as indexes do: infarction, heart, acute.
func (w *world) appendReordered(b []byte, k int, s spec, lang language) []byte {
	bare := s
	bare.mods = [4]uint8{}
	b = w.appendSpec(b, k, bare, lang)
	if bare == s {
		if lang < nb {
			return append(append(b, " - "...), kindTable[k].tag...)
		}
		return append(b, " (INA)"...)
	}
	for i, m := range s.mods {
		if m != 0 {
			b = append(append(b, ", "...), w.mods[k][i][m-1].text[lang]...)
		}
	}
	return b
}

// appendMods appends the modifiers that stand before the noun, or those after it.
func (w *world) appendMods(b []byte, k int, s spec, lang language, before bool) []byte {
	for i := len(s.mods) - 1; i >= 0; i-- {
		m := s.mods[i]
		if m == 0 || standsBefore(kindTable[k].mods[i]) != before {
			continue
		}
		if !before {
			b = append(b, ' ')
		}
		b = append(b, w.mods[k][i][m-1].text[lang]...)
		if before {
			b = append(b, ' ')
		}
	}
	return b
}

func standsBefore(list string) bool {
	switch list {
	case "stage", "intent", "strength", "suffix", "segment", "when":
		return false
	}
	return true
}

func (w *world) head(k int, s spec, lang language) string {
	return w.words[k][0][s.axes[0]-1].text[lang]
}

// appendNamed appends a made-up name. Those of organisms are the same in all
// languages; those of substances follow Norwegian spelling.
func (w *world) appendNamed(b []byte, k int, s spec, lang language) []byte {
	name := w.names[s.axes[0]-1]
	if k == organismKind {
		b = append(b, name[0]&^0x20)
		return append(b, name[1:]...)
	}
	if lang >= nb {
		name = norwegian.Replace(name)
	}
	return append(b, name...)
}

// appendBody appends a place in the body: wall of heart, hjertevegg.
func (w *world) appendBody(b []byte, k int, s spec, lang language) []byte {
	organ := w.head(k, s, lang)
	if s.axes[1] == 0 {
		return append(b, organ...)
	}
	part := w.words[k][1][s.axes[1]-1].text[lang]
	if lang >= nb {
		return appendCompound(append(b, organ...), part)
	}
	return append(append(append(b, part...), " of "...), organ...)
}

// appendCompound appends the last part of a compound; of three equal letters one goes.
func appendCompound(b []byte, part string) []byte {
	if n := len(b); n > 1 && part != "" && b[n-1] == part[0] && b[n-2] == part[0] {
		part = part[1:]
	}
	return append(b, part...)
}

// appendSited appends a noun, where it is, and what it is due to. In Norwegian a
// plain place makes a compound with the noun: hjerteinfarkt.
func (w *world) appendSited(b []byte, k int, s spec, lang language) []byte {
	head := w.head(k, s, lang)
	site := s.axes[1]
	if site != 0 && lang >= nb {
		body := w.concepts[site]
		if body.spec.mods == [4]uint8{} && body.kind == bodyKind {
			b = appendCompound(w.appendTerm(b, site, lang, preferredTerm), head)
			site = 0
			head = ""
		}
	}
	b = append(b, head...)
	if site != 0 {
		b = append(b, sitePreposition[lang]...)
		b = w.appendTerm(b, site, lang, preferredTerm)
	}
	if s.axes[2] != 0 {
		link := &agentLink
		switch {
		case kindTable[k].form == procedureForm:
			link = &deviceLink
		case k != findingKind:
			link = &sitePreposition
		}
		b = append(b, link[lang]...)
		b = w.appendTerm(b, s.axes[2], lang, preferredTerm)
	}
	return b
}

var (
	sitePreposition = [languages]string{" of ", " of ", " i ", " i "}
	agentLink       = [languages]string{" due to ", " due to ", " på grunn av ", " på grunn av "}
	deviceLink      = [languages]string{" using ", " using ", " med ", " med "}
)

// tag returns the semantic tag of concept i.
func (w *world) tag(i int32) string {
	c := &w.concepts[i]
	switch {
	case c.kind == knownKind:
		return w.known[i].tag
	case c.kind == findingKind && w.isDisorder(c.spec):
		return "disorder"
	}
	return kindTable[c.kind].tag
}

// upper makes the first letter of b[at:] a capital.
func upper(b []byte, at int) {
	if c := b[at]; 'a' <= c && c <= 'z' {
		b[at] = c &^ 0x20
	}
}
