// Package nlk reads the Norwegian laboratory code system (Norsk laboratoriekodeverk,
// NLK, OID 2.16.578.1.12.4.1.1.7280) and knows how its codes are written.
//
// A Source serves one Read at a time. What it says is what the file says, with spaces at
// the ends of cells taken away and no-break spaces made plain ones. A code that the file
// gives twice, of which one has ended, is said once, as the row that has not. Each such
// change is told to the sink as a repair, and a row that cannot be understood is a bad
// row, never a skipped one.
//
// The package does not know how codes are stored, searched or shown, nor the NPU
// terminology from which most codes come: those live in store, search, codesystem/basic
// and codesystem/npu. Chains of replacements are said step by step as the file has
// them; following them is operation's.
//
// code.go is the syntax of codes, column.go what the columns mean, source.go reads a
// file into rows, emit.go says the rows to a sink.
package nlk
