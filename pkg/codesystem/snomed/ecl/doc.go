// Package ecl reads and prints SNOMED CT's Expression Constraint Language, version
// 2.3, Core and Extended, in the brief and the long syntax.
//
// Parse returns a tree whose parts are named as the rules of the grammar; a text
// that is no constraint is an error of kind Invalid with a SyntaxError that says the
// place, what was found and what was expected, and one that passes MaxLength or
// MaxDepth an error of kind TooCostly. A tree is not changed after it is made and
// may be shared. Expressions that differ only in spelling (case, blanks, comments,
// long words, brackets without an effect, the several ways to write a set) have the
// same tree but for terms and positions, and Format without terms prints it as one
// text: what may be cached by that text is the same. Time and memory are in
// proportion to the text.
//
// The package does not know whether a concept exists or is active, which field a
// reference set has, or what a dialect alias means: those are questions to a
// release. It checks the form of identifiers and not their check digit, since the
// standard's own examples have made-up identifiers; such a concept is unknown, and
// for the evaluator to warn of (ConceptReferences gives them with their places).
//
// ast.go and filter.go have the tree and operator.go its enumerations with all their
// spellings. lex.go reads characters and keeps what was expected, parse.go reads
// expressions, parse_concept.go identifiers and terms, parse_refinement.go conditions,
// parse_value.go numbers and texts, parse_filter.go and parse_dialect.go what stands in
// "{{ }}"; simplify.go takes brackets away and error.go words the errors. format.go and
// format_filter.go print. json.go describes the JSON form and checks it, json_expression.go writes it,
// json_read.go reads it, json_filter.go does both for filters. walk.go visits. What
// plans and evaluates joins them as plan*.go and eval*.go and starts from
// Expression.Constraint.
//
// # Where sources disagree
//
// The grammar is the official ABNF with the additions of 2.3: "^R", which may stand
// directly before an identifier, and active = *. Then:
//
//   - AND and OR in one list need brackets, and so they do in refinements, where the
//     ABNF can be read as (a AND b) OR c: the guide forbids it, and a reader cannot
//     see what was meant. A comma is AND. MINUS joins two.
//   - A bracket in a refinement is the name of an attribute when a comparison or a
//     filter follows it, and conditions otherwise. No other reading parses.
//   - A quoted value, or quoted values in brackets, are texts, though an alternate
//     identifier in quotes looks the same; in a value that is written with a second
//     bracket, (("A#b c")), or with an operator before it.
//   - Texts of attributes and members have no search type without a keyword: in 2.3
//     they are compared whole, in the Extended grammar of 2.2 as words. The evaluator
//     is to compare them whole. Of a term filter no keyword is match, as always.
//   - exact: is read as a search type beside match: and wild:, and code in quotes after
//     the scheme, LOINC#"54486-6": both are in use and mean nothing else.
//   - A set of concepts (A B) is the expression (A OR B).
//   - An acceptability after a set of dialects is that of each dialect without one.
//   - Without D, C or M a filter is of descriptions, as the grammar says, although some
//     servers guess the domain from the keyword. The letter needs a blank after it:
//     moduleId and mapTarget begin with letters of domains.
//   - Member filters are grammatical without "^", and are parsed. The evaluator is to
//     refuse them there, for there is no member to filter.
//   - A cardinality with its minimum above its maximum is grammatical and never met.
//   - AND, OR and MINUS need no blank before an opening bracket or an operator.
//   - Blanks of any kind may stand in a term; a comment after a term in its pipes is
//     no part of it. Terms mean nothing: no warning comes from a wrong one.
//   - HISTORY alone is kept apart from HISTORY-MAX, which means the same.
//   - A number keeps its digits as written (#0.50 is not #0.5 in the tree, though equal
//     in value) but not a plus.
//   - The version of an expression is not parsed: no grammar of 2.3 has one.
package ecl
