// Package language decides which designation of a concept to show: bokmål,
// nynorsk, English or another, in the order in which a client prefers them.
//
// A Preference is a plain value, safe to copy and share. Resolving it against the
// display columns of a release gives column numbers, done once a request, so that
// showing a term costs one look-up in a column.
//
// The package does not know where terms are stored, nor reference sets by more
// than the columns that a release says it has: those live in codesystem.
//
// tag.go reads language tags in the forms that Norwegian clients send,
// preference.go reads Accept-Language and priority lists and adds the fallback,
// resolve.go matches them with display columns. fold.go folds text for comparison.
package language
