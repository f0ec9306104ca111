// Package icpc2 reads the Norwegian ICPC-2 (OID 2.16.578.1.12.4.1.1.7170), its
// finer-grained ICPC-2B (7171), the map from ICPC-2B to the Norwegian ICD-10, and the
// workbook of ICPC-2e with its map to WHO's ICD-10, and knows how their codes are
// written.
//
// A Source serves one Read at a time. ICPC-2B is a code system of its own whose
// codes refine codes of another: its release holds the ICPC-2 codes and chapters
// above its codes as abstract concepts, so that subsumption works, and the codes
// proper carry the property icpc2. ICPC-2e is the same code system as the Norwegian
// ICPC-2, as a release of its own in English. What the file says is said unchanged, but
// for repairs that are told to the sink; a row that cannot be understood is a bad row,
// never a skipped one.
//
// The package does not know how codes are stored, searched or shown, nor ICD-10
// beyond the place of its dot: those live in store, search, codesystem/basic and
// codesystem/icd10.
//
// code.go is the syntax of codes, layout.go the known files and their columns,
// source.go and english.go read a file into rows, emit.go says the rows to a sink,
// map.go reads the maps, and chapter_table.go lists the chapters.
package icpc2
