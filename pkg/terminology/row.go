package terminology

import "fmt"

// RowError says what is wrong with one row of a source file.
type RowError struct {
	File   string // name of the file inside its package
	Line   int    // 1 is the first line; 0 when the format has no lines
	Column string // name of the column; empty when the whole row is meant
	Err    error  // what was found and what was expected
}

// Error returns file:line:column: cause.
func (e *RowError) Error() string { return e.place() + ": " + e.Err.Error() }

func (e *RowError) place() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	if e.Column != "" {
		s += ":" + e.Column
	}
	return s
}

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }
