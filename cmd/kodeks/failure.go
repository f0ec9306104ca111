package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The exit statuses, which scripts rely on.
const (
	exitAnswered = 0 // also "no such code"
	exitFailed   = 1 // could not answer
	exitUsage    = 2 // wrong use
)

// usageError is wrong use of the command.
type usageError struct {
	text    string
	command string // whose --help tells more
}

func (u *usageError) Error() string { return u.text }

func usage(format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...)}
}

// statusOf returns the exit status of an error.
func statusOf(err error) int {
	var wrong *usageError
	switch {
	case err == nil:
		return exitAnswered
	case errors.As(err, &wrong):
		return exitUsage
	}
	return exitFailed
}

// complain tells what went wrong and what to do next, and returns the exit
// status. The app is nil when the command line could not be parsed.
func complain(w io.Writer, a *app, err error) int {
	if err == nil {
		return exitAnswered
	}
	err = dataIsFile(a, err)
	fmt.Fprintln(w, "kodeks:", strings.TrimSpace(terminology.Message(err)))
	if next := nextStep(a, err); next != "" {
		fmt.Fprintln(w, next)
	}
	return statusOf(err)
}

// nextStep returns what to do about an error, or "".
func nextStep(a *app, err error) string {
	var wrong *usageError
	if errors.As(err, &wrong) {
		if wrong.command == "" {
			return ""
		}
		return "Run \"" + wrong.command + " --help\" for how it is used."
	}
	if errors.Is(err, context.Canceled) || a == nil || strings.Contains(err.Error(), "kodeks import") {
		return ""
	}
	switch kind := terminology.KindOf(err); {
	case kind == terminology.Unavailable && a.Server != "":
		return "--server takes the gRPC address that \"kodeks serve\" prints; without it, the command opens --data itself."
	case kind == terminology.NotFound:
		return "\"kodeks list\" shows what is installed, \"kodeks import\" installs more."
	case kind == terminology.TooCostly:
		return "Ask for less: a narrower value set or constraint, --filter, or a page of it by --limit and --offset."
	case kind == terminology.Corrupt:
		return "\"kodeks verify\" tells which release is damaged; \"kodeks import --replace\" installs it anew."
	}
	return ""
}

// dataIsFile makes what a file in the place of the data folder leads to say so.
func dataIsFile(a *app, err error) error {
	if a == nil || !errors.Is(err, syscall.ENOTDIR) {
		return err
	}
	if info, failed := os.Stat(a.Data); failed != nil || info.IsDir() {
		return err
	}
	return usage("%s is a file: --data, or KODEKS_DATA, takes the folder of the installed releases", a.Data)
}

// badInput makes the Invalid errors of a question wrong use: what was asked cannot
// be understood.
func badInput(err error) error {
	if terminology.KindOf(err) != terminology.Invalid {
		return err
	}
	return &usageError{text: terminology.Message(err)}
}
