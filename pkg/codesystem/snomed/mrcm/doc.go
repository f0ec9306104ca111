// Package mrcm checks postcoordinated expressions against SNOMED CT's machine-readable
// concept model: which attributes a concept may have, how often, in groups or not, and
// with which values.
//
// Load reads the model from the reference sets of a release and Model.Check says where
// an expression breaks it, each Violation with its place, the rule that it breaks, and
// a sentence. A Model is not changed after it is loaded and may be shared. What an
// expression breaks is an answer and no error; an error means that a rule could not be
// evaluated, or was stored in a form that nobody can read.
//
// The package does not evaluate constraints: the caller passes an engine as Contains,
// and scg answers for the simple constraints that models are made of where there is
// none. It does not repair expressions, and says nothing of whether they are true.
//
// rule.go has the rules and load.go reads them; values.go has ranges of numbers, texts
// and truths. check.go looks at concepts and domains, check_count.go at groups and
// numbers of values, check_value.go at values; violation.go has what is found.
//
// # How rules are applied
//
//   - All rows of a release apply, whatever their module; tables are told by their
//     columns, so that an extension's own reference sets are found. Rows for another
//     kind of content than the one that is checked do not apply.
//   - A domain is the constraint that the domain reference set (723560006) has for it.
//     Where a release lacks that, it is the members of the reference set that the
//     domain names, or else what is the domain's concept or below it.
//   - An expression is in a domain when one of its focus concepts is. An attribute is
//     outside when it has rules of a strength and none of them has a domain that it is
//     in: mandatory rules make a fault of it, optional ones a warning. Laterality of a
//     body structure that is not known as lateralizable is a warning.
//   - Under several rules at once an attribute may do what any of them allows: rows of
//     one attribute are alternatives, one a domain.
//   - The number of values is counted in the normal form, with what is inherited and
//     without what is redundant, and equal values in several groups are one; in a group
//     it is counted as written, without what is redundant. A least number is asked for
//     in whole expressions only, not group by group.
//   - Ranges of one strength and content type are alternatives. A nested expression is
//     in a range when it satisfies it (scg.Satisfies), and is then checked itself.
//   - An ungrouped attribute that the model groups is a fault: what a classifier would
//     make of it is clear (scg's doc.go), but the model is strict about it.
package mrcm
