// Package scg reads, prints and compares postcoordinated expressions: SNOMED CT's
// Compositional Grammar, version 2.4, and what an expression means in a release.
//
// Parse returns a tree whose parts are named as in the grammar; a text that is no
// expression is an error of kind Invalid with the same SyntaxError as constraints
// have, and one that passes MaxLength or MaxDepth of kind TooCostly. Normalize gives
// an expression its necessary normal form in a release, on which Subsumes, Supertypes
// and Satisfies work. Trees and forms are not changed after they are made and may be
// shared; a form belongs to the release that it was made in. All functions may be
// called at the same time.
//
// The package knows concepts by a basic.Provider. It does not know which attributes
// the concept model allows (mrcm does, and an expression that breaks the model has a
// normal form all the same), languages (the caller gives the terms), the sets that
// constraints describe (ecl finds them; Satisfies asks one expression only), or FHIR.
// It does not classify: see "What structure cannot tell".
//
// ast.go has the tree and number.go exact numbers. lex.go reads characters and parse.go
// has the rules of the grammar; format.go prints and canonical.go sorts. check.go looks
// for unknown and inactive concepts, form.go has the normal form and normalize.go makes
// it, subsume.go compares. satisfy.go and satisfy_refinement.go ask constraints of what
// subject.go makes of an expression or a concept.
//
// # The grammar
//
// Read as the official ABNF says, and so: at most one of === and <<<, attributes
// without a group before the groups, an optional comma between groups, numbers without
// leading zeros, texts that are not empty. More than the ABNF, a tab or line break may
// stand in a term. Of an identifier only the form is checked: Check tells a wrong check
// digit with the other concepts that are not there. Brackets around one concept leave
// no trace. Format prints commas between groups and no blanks, as public servers do.
//
// # The normal form
//
//   - Focus concepts that another focus concept is below say nothing and go. Each of
//     the rest becomes its proximal primitive supertypes (itself when it is primitive)
//     and the attributes that the release has inferred for it. Nested expressions are
//     taken apart in the same way, concepts that are values are not: the hierarchy
//     compares them.
//   - Groups are never merged into each other, not even when an attribute of the
//     expression refines one of a group of the focus. A group says that its attributes
//     hold of the same thing. 128241005 : {363698007 = 181268008}, an inflammatory
//     disease of the liver with the entire liver as site, does not say that it is the
//     inflammation that has this site, and a classifier would not conclude it.
//   - What is redundant goes: an attribute when another one of its group has the same
//     or a more special type and value, a group when another group or an ungrouped
//     attribute has all of it, an ungrouped attribute when any group has it. Of what the expression adds, that
//     which its focus concepts have anyway goes first, so that an expression with
//     nothing of its own is its focus concept.
//   - An ungrouped attribute and a group of this attribute alone mean the same: the
//     concept model makes a group of its own of each attribute that may be grouped
//     (self-grouping), and the few that may not be are never in groups. So subsumption
//     does not tell the two apart. The form keeps the one that was written, since
//     constraints do tell them apart; of both the group stays.
//   - The status is that of the expression. <<< means a subtype that is known no
//     better: it has the supertypes that its parts give it, and subsumes itself alone.
//     A text without status is equivalent to what it says, as the standard has it.
//
// # Subsumption
//
// A subsumes B when B is below each focus concept of A and has each attribute and
// group of A's refinement or a more special one. B is below a concept when one of its
// focus concepts is, by the hierarchy, or when the concept is sufficiently defined and
// B has its proximal primitive supertypes, attributes and groups. A primitive concept
// subsumes by the hierarchy only. Of two plain concepts the hierarchy alone decides.
// Numbers are equal by value (2 and 2.0 are), texts and truths when they are the same.
//
// # What structure cannot tell
//
// A classifier knows more than inferred relationships say: property chains, transitive
// and reflexive attributes, several sufficient definitions of one concept. Where these
// matter, Subsumes says false and never a wrong true, with one exception: a release
// that holds only a part of the attributes of a defined concept makes that concept too
// wide. The July 2019 change of the standard's own advice has this reason.
//
// # Constraints asked of an expression
//
// Satisfies treats an expression as one more concept, with its place in the hierarchy
// where Supertypes puts it. So "<" is for what is properly below (64572001 with any
// refinement that says something is in < 64572001), "<!" asks Parents, and a concept by
// itself is for what is equivalent to it; ">" and ">!" find expressions that subsume
// the concept. Of a plain concept the answers are those of ecl's evaluator, which a test
// compares. An operator on a set is met when a concept of the set stands in that
// relation. Refinements look at NormalForm.Attributes: braces match groups only, not
// ungrouped attributes, a cardinality counts attributes group by group, and reversed
// attributes are met by no expression. No expression is a member of a reference set,
// and history supplements add none. Nor does one match a filter, since it has no rows
// in the release, or stand among the values of dotted attributes. Refused by name:
// filters, dotted attributes and ^R that an operator asks of the concepts above an
// expression, alternate identifiers, and > >> >! >>! !!> !!< on a set that is not one
// concept.
package scg
