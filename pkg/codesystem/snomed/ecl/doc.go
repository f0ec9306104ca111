// Package ecl reads, prints and evaluates SNOMED CT's Expression Constraint Language,
// version 2.3, Core and Extended, in the brief and the long syntax.
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
// An Engine evaluates over one release. It and its Queries are safe for concurrent use.
// A Query selects all the concepts that satisfy it, or fails with TooCostly or when
// its context ends, and never gives a part of them; the sets that it returns are
// shared and must not be changed. Whether one concept satisfies it is answered
// without making the set. What means less in the release than its writer may think
// (concepts that it does not have, or that are inactive) is a Warning with its place.
// An Engine lives as long as its release is open, and keeps results up to a number of
// bytes.
//
// The package does not know FHIR, editions and versions, expressions of the
// compositional grammar, or stores: those live in fhir, snomed and its other folders,
// scg, and store. It checks the form of identifiers and not their check digit, since
// the standard's own examples have made-up identifiers; such a concept is unknown.
//
// ast.go and filter.go have the tree and operator.go its enumerations with all their
// spellings. lex.go reads characters and keeps what was expected, parse.go reads
// expressions, parse_concept.go identifiers and terms, parse_refinement.go conditions,
// parse_value.go numbers and texts, parse_filter.go and parse_dialect.go what stands in
// "{{ }}"; simplify.go takes brackets away and error.go words the errors. format.go and
// format_filter.go print. json.go describes the JSON form and checks it, json_expression.go writes it,
// json_read.go reads it, json_filter.go does both for filters. walk.go visits.
//
// plan.go has Engine and Query. plan_operand.go makes operands of sub-expressions,
// plan_refinement.go, plan_filter.go and plan_member.go of what their names say, with
// estimated costs; plan_table.go has aliases and profiles, plan_warning.go warnings.
// eval.go runs a plan: every operand can be asked for its set, for one concept, and for
// what of a set is in it, and the cheapest is asked. eval_bits.go gathers sets;
// eval_hierarchy.go, eval_compound.go, eval_refinement.go, eval_attribute.go,
// eval_group.go, eval_value.go, eval_dotted.go, eval_member.go,
// eval_containing.go, eval_row.go,
// eval_description.go, eval_text.go and eval_history.go have the operands and
// conditions. cache.go keeps results, cache_member.go columns of reference sets,
// cache_loose.go the descriptions that the text index lacks. explain.go tells what
// was done, explain_why.go why a concept is in or out.
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
//     they are compared whole, in the Extended grammar of 2.2 as words. They are
//     compared whole here, letter by letter. Of a term filter no keyword is match, as always.
//   - exact: is read as a search type beside match: and wild:, and code in quotes after
//     the scheme, LOINC#"54486-6": both are in use and mean nothing else.
//   - A set of concepts (A B) is the expression (A OR B).
//   - An acceptability after a set of dialects is that of each dialect without one.
//   - Without D, C or M a filter is of descriptions, as the grammar says, although some
//     servers guess the domain from the keyword. The letter needs a blank after it:
//     moduleId and mapTarget begin with letters of domains.
//   - Member filters are grammatical without "^", and are parsed. Plan refuses them there,
//     for there is no member to filter.
//   - A cardinality with its minimum above its maximum is grammatical and never met.
//   - AND, OR and MINUS need no blank before an opening bracket or an operator.
//   - Blanks of any kind may stand in a term; a comment after a term in its pipes is
//     no part of it. Terms mean nothing: no warning comes from a wrong one.
//   - HISTORY alone is kept apart from HISTORY-MAX, which means the same.
//   - A number keeps its digits as written (#0.50 is not #0.5 in the tree, though equal
//     in value) but not a plus.
//   - A date may stand without its quotes, an id of a description may be shorter than any
//     is, and the earlier filters languageRefSetId, acceptableIn and preferredIn are read
//     as dialectId with any acceptability, (accept) and (prefer): old constraints have
//     them, and nothing else could be meant.
//   - The version of an expression is not parsed: no grammar of 2.3 has one.
//
// And of what expressions mean:
//
//   - "*" is every concept, inactive ones too, as other servers have it: a filter on
//     active = 0 has nothing to find otherwise, and an inactive concept that is named
//     is in its set as well. The test suite of HL7's server network wants the root and
//     its descendants: Options.Substrate and Engine.With say which, and the FHIR door
//     asks for HierarchyOnly.
//   - "= *" is any value, also a number or text, and "!= *" none. Else a value of
//     another kind than the constraint's is met by neither = nor !=.
//   - "!=" is "has another value", so a concept without the attribute does not meet it.
//     A text, time or number of a member is one value: there != is "differs".
//   - Group 0 is no group: "{ }" is never met by attributes outside groups.
//   - A cardinality counts the attributes of a concept, one in each group that has it, so
//     that the same value in two groups is two; HL7's suite counts so. With R it counts
//     concepts. In braces R is met or not whatever the group, for the attributes that
//     lead to a concept are in no group of it.
//   - An attribute that is named by one identifier is compared by it, also when the
//     release does not have the concept. "Is a" is the hierarchy and no attribute.
//   - "^ *" is the members of everything that has members, axioms too. Several member
//     filters are met each by a row of its own, and so are several description
//     filters; the rows of "^ [field]" meet all of them. Without a filter on active, rows
//     and descriptions are active ones.
//   - "^ [field]" of one column is the concepts whose identifiers it holds. Several
//     columns, "*", and columns of a row itself (id, active) are rows (Query.Rows) and no
//     set: only the whole expression can be such.
//   - A history supplement adds inactive concepts only, over active rows, one step. MIN
//     is SAME AS; MOD adds REPLACED BY, WAS A and PARTIALLY EQUIVALENT TO; MAX, and no
//     profile, is every historical association.
//   - A match begins words, in any order, after language.Fold: "é" is "e" and "å" is not
//     "a". wild compares all characters with case and marks folded so, exact as they are.
//   - A dialect is met by an active row of the language reference set. Beside the aliases
//     of the guide, nb, nn, no, sv, da, et and nl are the sets of their countries.
//   - A row without effective time, "", is neither before nor after a date.
package ecl
