package search

import "slices"

// matches reports whether a folded Norwegian term has each word of a text, or a form or
// part of it: what ClassCompound asks of a document. Terms are the forms of its tokens,
// words what each spelling of the words looks for.
func (a *analysis) matches(m Matcher, words [][]wanted, folded []byte, terms []forms) bool {
	if m.whole {
		return false
	}
	for i, spellings := range m.words {
		if m.connects(i) || m.someWord(folded, spellings) || m.isJoined(folded, i) {
			continue
		}
		if !slices.ContainsFunc(words[i], func(w wanted) bool { return w.in(folded, terms) }) {
			return false
		}
	}
	return len(m.words) > 0
}

// in reports whether a term has what w looks for.
func (w wanted) in(folded []byte, terms []forms) bool {
	hasStem := func(stem string) bool {
		return slices.ContainsFunc(terms, func(f forms) bool { return slices.Contains(f.stems, stem) })
	}
	switch {
	case slices.ContainsFunc(w.stems, hasStem):
		return true
	case len(w.split) > 0 && !slices.ContainsFunc(w.split, func(s string) bool { return !hasStem(s) }):
		return true
	case len(w.spelt) == 0:
		return false
	}
	return slices.ContainsFunc(terms, func(f forms) bool { return slices.ContainsFunc(f.parts, w.begins) }) ||
		Matcher{}.someWord(folded, w.spelt)
}

// formsOf returns the forms of the tokens of a folded term.
func (a *analysis) formsOf(folded []byte) []forms {
	var all []forms
	for rest := folded; len(rest) > 0; {
		var token []byte
		token, rest = cutToken(rest)
		all = append(all, a.of(string(token)))
	}
	return all
}

// sameForms reports whether a folded Norwegian term is the text in other forms.
func (a *analysis) sameForms(m Matcher, folded []byte) bool {
	i := 0
	for rest := folded; len(rest) > 0; i++ {
		var token []byte
		token, rest = cutToken(rest)
		if i == len(m.words) || a.stem(string(token)) != a.stem(m.words[i][0]) {
			return false
		}
	}
	return i == len(m.words)
}
