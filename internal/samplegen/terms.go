package main

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// description adds a row and returns its identifier.
func (e *edition) description(p *part, file string, c *concept, active bool, time, language, typeID, term string) string {
	module := c.module
	if p.norwegian {
		module = norwayModule
	}
	id := e.mint.sctid(p.norwegian, descriptionKind, strings.Join([]string{c.id, language, typeID, term}, "|"))
	p.add(file, id, time, flag01(active), module, c.id, language, typeID, term, significance(term))
	return id
}

// language adds a row to a language reference set.
func (e *edition) language(p *part, file, module, time string, active bool, refset, description, acceptability string) {
	p.add(file, memberUUID(refset+description), time, flag01(active), module, refset, description, acceptability)
}

// english writes the fully specified name, the synonyms and the definition.
// Without us and gb, the preferred term is the name without its tag.
func (e *edition) english(c *concept) {
	p := e.home(c)
	plain := c.fsn[:strings.LastIndex(c.fsn, " (")]
	us, gb := c.terms("us"), c.terms("gb")
	if us == nil {
		us = []string{plain}
	}
	if gb == nil {
		gb = []string{plain}
	}
	if c.norwegian {
		gb = nil // the extension has no British terms
	}
	ids := map[string]string{}
	say := func(refset, term, acceptability string) {
		if ids[term] == "" {
			ids[term] = e.description(p, descriptionEN, c, true, c.since, "en", synonymType, term)
		}
		e.language(p, languageEN, c.module, c.since, true, refset, ids[term], acceptability)
	}
	name := e.description(p, descriptionEN, c, true, c.since, "en", fsnType, c.fsn)
	refsets := []string{usEnglish, gbEnglish}
	if c.norwegian {
		refsets = refsets[:1]
	}
	for _, refset := range refsets {
		e.language(p, languageEN, c.module, c.since, true, refset, name, preferred)
	}
	for i, own := range [][]string{append(us, c.terms("us-syn")...), append(gb, c.terms("gb-syn")...)}[:len(refsets)] {
		for n, term := range append(own, c.terms("en")...) {
			acceptability := acceptable
			if n == 0 {
				acceptability = preferred
			}
			say(refsets[i], term, acceptability)
		}
	}
	for _, text := range c.keys["def"] {
		id := e.description(p, definitionEN, c, true, c.since, "en", definitionType, text)
		for _, refset := range refsets {
			e.language(p, languageEN, c.module, c.since, true, refset, id, preferred)
		}
	}
	for _, term := range c.terms("retired-en") {
		id := e.description(p, descriptionEN, c, false, internationalTime, "en", synonymType, term)
		for _, refset := range refsets {
			e.language(p, languageEN, c.module, internationalTime, false, refset, id, acceptable)
		}
	}
}

// norwegianTerms writes the terms of four language reference sets. All have the
// language code no; a term that two of them share is one description.
func (e *edition) norwegianTerms(c *concept) {
	p, ids := &e.norwegian, map[string]string{}
	times := map[string]string{}
	for _, set := range []struct{ key, refset, file string }{
		{"nb", bokmål, languageNB}, {"nn", nynorsk, languageNN},
		{"nb-gp", bokmålGP, languageNBGP}, {"nn-gp", nynorskGP, languageNNGP},
	} {
		for n, term := range c.terms(set.key) {
			if ids[term] == "" {
				times[term] = norwegianDate(c.id + term)
				ids[term] = e.description(p, descriptionNO, c, true, times[term], "no", synonymType, term)
			}
			acceptability := acceptable
			if n == 0 {
				acceptability = preferred
			}
			e.language(p, set.file, norwayModule, times[term], true, set.refset, ids[term], acceptability)
		}
	}
	for _, term := range c.terms("retired-nb") {
		id := e.description(p, descriptionNO, c, false, norTime, "no", synonymType, term)
		e.language(p, languageNB, norwayModule, norTime, false, bokmål, id, acceptable)
	}
}

// norwegianDate spreads terms over a few releases, about one in sixteen new.
func norwegianDate(key string) string {
	h := fnv.New32a()
	h.Write([]byte(key))
	switch n := h.Sum32() % 16; {
	case n == 0:
		return norTime
	case n < 6:
		return "20240415"
	default:
		return "20190415"
	}
}

// significance returns the case significance of a term.
func significance(term string) string {
	upper := 0
	for i, r := range term {
		if i > 0 && unicode.IsUpper(r) {
			upper++
		}
	}
	first, _, _ := strings.Cut(term, " ")
	switch initials := strings.IndexFunc(first[1:], unicode.IsUpper); {
	case initials >= 0:
		return caseSensitive
	case upper > 0:
		return initialInsensitive
	}
	return caseInsensitive
}
