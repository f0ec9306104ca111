package fhir

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Class is what the doors of the server make of a kind of error.
type Class struct {
	HTTP      int    // status
	IssueType string // http://hl7.org/fhir/issue-type
	Level     slog.Level
}

// classes is the one table of error kinds.
var classes = [...]Class{
	terminology.Other:        {http.StatusInternalServerError, "exception", slog.LevelError},
	terminology.Invalid:      {http.StatusBadRequest, "invalid", slog.LevelDebug},
	terminology.NotFound:     {http.StatusNotFound, "not-found", slog.LevelDebug},
	terminology.NotSupported: {http.StatusUnprocessableEntity, "not-supported", slog.LevelDebug},
	terminology.TooCostly:    {http.StatusUnprocessableEntity, "too-costly", slog.LevelWarn},
	terminology.Unavailable:  {http.StatusServiceUnavailable, "transient", slog.LevelWarn},
	terminology.Corrupt:      {http.StatusInternalServerError, "exception", slog.LevelError},
	terminology.Conflict:     {http.StatusConflict, "conflict", slog.LevelDebug},
}

// ClassOf returns the class of a kind of error; one that we do not know is a
// fault of ours.
func ClassOf(k terminology.Kind) Class {
	if int(k) < len(classes) {
		return classes[k]
	}
	return classes[terminology.Other]
}

// ClassOfError returns the class of an error. What was ended by a limit of time is a
// timeout, which is a transient fault of its own name.
func ClassOfError(err error) Class {
	class := ClassOf(terminology.KindOf(err))
	if class.IssueType == "transient" && errors.Is(err, context.DeadlineExceeded) {
		class.IssueType = "timeout"
	}
	return class
}

// txIssueType is the code system of issue details in the terminology ecosystem.
const txIssueType = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"

// messageID is the extension that names the message of an issue.
const messageID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"

// ElementError says which element of a request is wrong.
type ElementError struct {
	Expression string // FHIRPath, such as Parameters.parameter[1].valueUri; of a query the name of the parameter
	Err        error
}

// Error returns the expression and the cause.
func (e *ElementError) Error() string { return e.Expression + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *ElementError) Unwrap() error { return e.Err }

// elementError returns an error about an element of a request.
func elementError(kind terminology.Kind, expression, format string, args ...any) error {
	return &terminology.Error{Op: "fhir.Read", Kind: kind, Err: &ElementError{expression, fmt.Errorf(format, args...)}}
}

// unknownCode returns the error for a code that its code system does not have.
func unknownCode(op string, c terminology.Coding, because ...string) error {
	text := strings.Join(append([]string{operation.UnknownCode(c)}, because...), "; ")
	return &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: c, Err: errors.New(text)}
}

// AppendOutcome writes an error as an OperationOutcome. The text of a fault of
// ours stays with us: a client is only told that there is one.
func AppendOutcome(dst []byte, err error) []byte {
	kind := terminology.KindOf(err)
	class := ClassOfError(err)
	text := terminology.Message(err)
	if class.HTTP == http.StatusInternalServerError {
		text = "the server failed to answer; the fault is ours and has been logged"
	}
	var told *operation.IssueError
	if errors.As(err, &told) {
		return appendIssues(dst, told.Issues, "")
	}
	is := operation.Issue{Type: class.IssueType, Text: text}
	if kind == terminology.NotFound {
		is.Code = "not-found"
	}
	if many := (*operation.ManyError)(nil); errors.As(err, &many) {
		is.Type = "multiple-matches"
	}
	var at *ElementError
	if errors.As(err, &at) {
		is.Expression = at.Expression
	}
	if rows := rowErrors(err); class.HTTP < http.StatusInternalServerError && len(rows) > 0 {
		issues := make([]operation.Issue, len(rows))
		for i, row := range rows {
			issues[i] = operation.Issue{Type: class.IssueType, Text: terminology.Message(row.Err), Expression: row.Column}
			if row.Line > 1 {
				issues[i].Text = fmt.Sprintf("line %d: %s", row.Line, issues[i].Text)
			}
		}
		return appendIssues(dst, issues, "")
	}
	return AppendIssue(dst, is)
}

// rowErrors returns the places of a resource that an error names, in their order.
func rowErrors(err error) []*terminology.RowError {
	switch e := err.(type) {
	case nil:
		return nil
	case *terminology.RowError:
		return []*terminology.RowError{e}
	case interface{ Unwrap() []error }:
		var out []*terminology.RowError
		for _, one := range e.Unwrap() {
			out = append(out, rowErrors(one)...)
		}
		return out
	case interface{ Unwrap() error }:
		return rowErrors(e.Unwrap())
	}
	return nil
}

// AppendIssue writes one issue as an OperationOutcome.
func AppendIssue(dst []byte, is operation.Issue) []byte {
	return appendIssues(dst, []operation.Issue{is}, "")
}

// appendIssues writes issues as an OperationOutcome; expressions are put under
// prefix, such as "Coding.".
func appendIssues(dst []byte, issues []operation.Issue, prefix string) []byte {
	dst = append(dst, `{"resourceType":"OperationOutcome","issue":[`...)
	for i, is := range issues {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		if is.ID != "" {
			dst = append(dst, `"extension":[{"url":"`+messageID+`","valueString":`...)
			dst = append(AppendString(dst, is.ID), `}],`...)
		}
		dst = append(dst, `"severity":"`...)
		dst = append(dst, is.Severity.String()...)
		dst = append(dst, `","code":`...)
		dst = AppendString(dst, is.Type)
		dst = append(dst, `,"details":{`...)
		if is.Code != "" {
			dst = append(dst, `"coding":[{"system":"`+txIssueType+`","code":`...)
			dst = AppendString(dst, is.Code)
			dst = append(dst, `}],`...)
		}
		dst = append(dst, `"text":`...)
		dst = AppendString(dst, is.Text)
		dst = append(dst, '}')
		if location := is.Location(); location != "" {
			dst = append(dst, `,"location":[`...)
			dst = append(AppendString(dst, prefix+location), ']')
		}
		if is.Expression != "" {
			dst = append(dst, `,"expression":[`...)
			dst = AppendString(dst, prefix+is.Expression)
			dst = append(dst, ']')
		}
		dst = append(dst, '}')
	}
	return append(dst, `]}`...)
}
