// Package releasetest writes synthetic releases of any size, for tests and
// benchmarks: a SNOMED CT edition (International and Norwegian package) in RF2
// Snapshot layout, and ICD-10 and ICPC-2 in the Directorate's download format.
//
// A release is a function of its Options: the same seed and sizes give the same
// bytes. It keeps the rules that real releases keep: check digits, partitions, one
// preferred term for a concept and reference set, a hierarchy without cycles that
// ends in the root, members and relationships whose ends exist, map targets that
// stand in the ICD-10 and ICPC-2 files of the same Options. Writing a full-size
// edition takes seconds and a few hundred megabytes of memory, a small one
// milliseconds.
//
// The package knows shapes, not medicine. Root, top levels, metadata and attributes
// are real; what stands below them has real words in senseless combinations, never to
// be taken for a clinical source. It reads nothing and imports nothing of ours, so
// that it can judge every reader.
//
// options.go has the sizes, random.go numbers and SCTIDs, known_table.go and
// words_table.go the fixed concepts and words (lexicon.go reads them), kind.go the
// hierarchies, world.go, grow.go and lattice.go how they grow, term.go how terms are worded,
// edition.go and file.go the files, descriptions.go, relationships.go and refsets.go
// their rows, codes.go, icd10.go and icpc2.go the classifications.
package releasetest
