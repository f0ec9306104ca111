// Package npu reads the NPU terminology of IFCC and IUPAC (OID 1.2.208.176.9.1), as its
// Danish release centre publishes it in tables and in XML, and knows how its codes are
// written.
//
// A Source serves one Read at a time. What it says is what the file says, with spaces at
// the ends taken away, which is told to the sink as a repair where it changes a code. A
// row that cannot be understood is a bad row, never a skipped one.
//
// The package does not know how codes are stored, searched or shown, nor the Norwegian
// laboratory code system, which has most NPU codes under Norwegian names: those live in
// store, search, codesystem/basic and codesystem/nlk.
//
// code.go is the syntax of codes, column.go what columns and elements mean, source.go
// reads a file into rows, record.go understands a row, emit.go says the rows to a sink.
package npu
