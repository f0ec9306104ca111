// Package atc reads the Anatomical Therapeutic Chemical classification with Norwegian
// names from what is published with it in Norway: FEST, the directory of medicines
// that prescriptions use (M30, or entries of it), tables made of it, and plain lists
// of codes and names.
//
// A Source serves one Read at a time and holds the codes and their names, however
// large FEST is. All its files are one release. A code has the name that comes first,
// other names are synonyms; a level above a code that no file names is added as
// abstract. An entry that cannot be understood is a bad row, never a skipped one;
// codes of other classifications, such as those for animals, are left out and told.
//
// The package does not know how codes are stored, searched or shown: those live in
// store, search and codesystem/basic. It does not read the medicines themselves.
//
// code.go is the syntax of codes, source.go the source, fest.go and table.go read the
// two kinds of file, emit.go says the codes to a sink.
package atc
