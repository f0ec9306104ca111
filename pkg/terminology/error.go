package terminology

import (
	"errors"
	"strings"
)

// Kind is the class of a failure. fhir.ClassOf gives each kind its issue type,
// HTTP status and log level.
type Kind uint8

// The kinds of failure.
const (
	Other        Kind = iota // not classified; a fault of ours
	Invalid                  // the caller's input is malformed
	NotFound                 // the system, version or code is not installed
	NotSupported             // valid input that we do not implement
	TooCostly                // a right answer would pass a configured limit
	Unavailable              // try again later
	Corrupt                  // stored data breaks an invariant
	Conflict                 // what is stored already says otherwise
)

var kindNames = [...]string{"failed", "invalid input", "not found", "not supported", "too costly", "unavailable", "corrupt data", "conflict"}

// String returns the words of the kind as they stand in an error's text.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "failed"
}

// Error is the one error type that leaves a package.
type Error struct {
	Op     string // package.Function, such as "store.Open"
	Kind   Kind
	Coding Coding // what was asked for, when known
	Err    error  // the cause, may be nil
}

// Error returns operation, coding, kind and cause, as far as they are known:
// "store.Row: http://snomed.info/sct#22298006: not found".
func (e *Error) Error() string {
	var parts []string
	for _, s := range []string{e.Op, e.Coding.String()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.Kind != Other {
		parts = append(parts, e.Kind.String())
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the outermost Error in err's chain that has one,
// Invalid for a RowError, and Other for nil and for errors of others.
func KindOf(err error) Kind {
	if err == nil { // the rule, and looking for a RowError is not free
		return Other
	}
	for next := err; next != nil; {
		var e *Error
		if !errors.As(next, &e) {
			break
		}
		if e.Kind != Other {
			return e.Kind
		}
		next = e.Err
	}
	var row *RowError
	if errors.As(err, &row) {
		return Invalid
	}
	return Other
}

// Message returns what a person should read of err: the cause without the
// names of our functions, or the whole text when there is no cause. A RowError
// keeps its file and line, and of several errors each has a line of its own.
func Message(err error) string {
	switch err := err.(type) {
	case *RowError:
		return err.place() + ": " + Message(err.Err)
	case interface{ Unwrap() []error }:
		var lines []string
		for _, one := range err.Unwrap() {
			lines = append(lines, Message(one))
		}
		return strings.Join(lines, "\n")
	}
	var e *Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch {
	case e.Err != nil:
		return Message(e.Err)
	case e.Coding != (Coding{}):
		return e.Coding.String() + ": " + e.Kind.String()
	}
	return e.Kind.String()
}
