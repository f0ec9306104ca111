// Package icd10cm reads ICD-10-CM, the clinical modification of the United States,
// from the order file of its publisher (CMS and NCHS), and knows how its codes are
// written.
//
// A Source serves one Read at a time. What it says is what the file says: codes with
// the dot that the file leaves out, long and short titles, and whether a code may be
// billed; codes that may not are headers and abstract. A line that cannot be
// understood is a bad row, never a skipped one.
//
// The package does not know how codes are stored, searched or shown: those live in
// store, search and codesystem/basic. The order file has no chapters and blocks, and
// the package adds none. WHO's and other countries' ICD-10 are other code systems.
//
// code.go is the syntax of codes, line.go a line of the file, source.go the source.
package icd10cm
