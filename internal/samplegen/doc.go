// Command samplegen writes the sample releases under testdata from the readable
// tables under testdata/source: a small SNOMED CT edition in two RF2 packages, a
// small Norwegian ICD-10 and ICPC-2 in the forms in which they are published, and
// packages that each carry one fault.
//
// The same tables give the same bytes, on every machine: identifiers of
// descriptions and relationships, and the UUIDs of reference set members, are
// hashes of what they identify, so that a changed table changes few rows. A test
// compares the committed files with what the tables give, and another checks
// what an importer relies on: check digits, references, a hierarchy without
// cycles, map targets that exist.
//
// The program knows file layouts as a writer, on purpose apart from the readers
// in codesystem/snomed/rf2, codesystem/icd10 and codesystem/icpc2: a mistake would
// otherwise be made twice and seen never. Nothing imports it.
//
// source.go reads the concept tables and sctid.go makes identifiers; edition.go,
// terms.go and refset.go turn concepts into rows, and snapshot.go names the files;
// mrcm_table.go holds the concept model; icd10.go, icpc2.go and faults.go write the
// rest.
package main

//go:generate go run . -testdata ../../testdata
