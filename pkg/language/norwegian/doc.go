// Package norwegian analyses words of Norwegian: which forms are one word, in bokmål
// and nynorsk, and which words a compound is made of.
//
// Stem and Spell are functions of the word alone. A Splitter is made from the words
// of a release and never changes, nor does Equivalents, which Learn draws from terms
// that a release has in both forms; all are safe for concurrent use and give the same
// answers on every machine, whatever the order of what they were made from. What
// comes from outside cannot make them slow: a token longer than MaxToken is left
// alone, and the work for one token is bounded. Nothing is ever dropped: ikke and
// uten are words as others.
//
// Stem is made for searching terms, so it prefers leaving two forms of a word apart
// to making two words one. It takes endings, evens out the spellings that differ
// by rule (hjarte, sjuk, -heit, -leg, bein and ben, -ing and -ning and -else) and
// knows the words that no rule gets right from a table. It does not lead from
// verb to noun. Loan is the key under which a word of Latin or Greek is one however far
// it is made Norwegian (thrombosis, trombose). Tokens with
// digits, and of at most three letters, are what they are, but for a few. It must
// be given Norwegian terms only; Latin words in them (-itis, -osis, -oma) stay
// apart. Which terms are Norwegian, what a term's concept is and how a match
// ranks, the package does not know; tokens come from language.Fold, the index is in
// package search.
//
// stem.go has the steps that a token goes through and ending.go the endings;
// respell_table.go and irregular_table.go are the spellings and the words.
// splitter.go knows what a part costs, split.go finds the cheapest way through a
// compound, parts_table.go has the words that it always knows and those that it
// never takes for parts. latin.go spells loans. learn.go compares terms of both
// forms, and text.go writes and reads what is kept beside an index. The tables were
// written for this package, from the grammar of the two forms; none comes from a
// dictionary. A change to any of them changes the forms that an index holds:
// search.MappingVersion is then another.
package norwegian
