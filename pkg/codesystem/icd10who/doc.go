// Package icd10who reads WHO's ICD-10 from the XML in which its tabular list
// circulates as items inside each other: chapters, blocks, categories and
// subcategories, with their English titles.
//
// A Source serves one Read at a time and holds no more of the file than the items
// that are open. What it says is what the file says; an item that cannot be
// understood is a bad row, never a skipped one.
//
// The package does not know how codes are stored, searched or shown: those live in
// store, search and codesystem/basic. WHO's own ClaML is read by claml, and the ICD-10
// of other countries by icd10 and icd10cm.
//
// source.go is the source, code.go the syntax of codes.
package icd10who
