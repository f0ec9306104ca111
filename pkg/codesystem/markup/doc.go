// Package markup reads the XML in which publishers of code systems give their
// codes, element by element, however large the file is.
//
// Nothing outside the file is ever fetched and no entity but the five of XML is
// ever expanded: a DOCTYPE is passed over, and using an entity that a file declares
// itself is an error. Depth, tokens and the whole file have limits, so that memory
// is bounded whatever the file says. Every error knows its line. A declared
// encoding is believed only as long as the bytes agree with it, and a file that is
// packed by gzip is read as what it packs. A Scan serves one goroutine, and an
// Element is valid until the function that it was given to returns.
//
// The package does not know any code system, nor what an element means: those live
// in claml, icd10who, orpha and atc, which read through it. It does not check a
// document against its DTD or schema.
//
// scan.go reads a whole file for a terminology.Source, element.go is what a reader
// asks of one element, root.go tells what a file is from its first element,
// charset.go reads the encodings that publishers use.
package markup
