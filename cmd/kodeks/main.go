package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks us to end, the second kills
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command: it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	helped := false
	parser, err := kong.New(&c,
		kong.Name("kodeks"),
		kong.Description(about),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), // only --help exits
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, NoAppDescFormat: true, WrapUpperBound: 100}),
		kong.ExplicitGroups(groups),
	)
	if err != nil {
		fmt.Fprintln(stderr, "kodeks:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
		parser.Stdout = stderr
		defer func() { helped = false }()
	}
	parsed, err := parser.Parse(hideHyphens(habits(args)))
	switch {
	case helped && parser.Stdout == stderr:
		return exitUsage // nothing was asked for
	case helped:
		return exitAnswered
	case err != nil:
		return complain(stderr, nil, usageOf(err))
	}
	a := newApp(&c, stdout, stderr)
	err = a.run(ctx, parsed)
	return complain(stderr, a, errors.Join(err, a.out.Flush()))
}

// habits are the ways of other commands to ask for help and for the version: kodeks help,
// kodeks help import, kodeks --version.
func habits(args []string) []string {
	switch args[0] {
	case "help":
		return append(slices.Clone(args[1:]), "--help")
	case "--version":
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

// run runs the command that was parsed.
func (a *app) run(ctx context.Context, parsed *kong.Context) error {
	if a.Limit < 0 {
		return usage("--limit is %d, want 1 or more", a.Limit)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if a.CPUProfile == "" {
		return parsed.Run(a)
	}
	f, err := os.Create(a.CPUProfile)
	if err != nil {
		return usage("--cpu-profile: %v", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = parsed.Run(a)
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

// usageOf makes an error of the parser one of ours, with the command whose help
// tells more.
func usageOf(err error) error {
	u := &usageError{text: strings.NewReplacer(hyphen, "", `\x00`, "").Replace(err.Error()), command: "kodeks"}
	if p := (*kong.ParseError)(nil); errors.As(err, &p) {
		if node := p.Context.Selected(); node != nil {
			u.command = node.FullPath()
		}
	}
	return u
}

// hyphen stands before an argument that begins with a hyphen and is no flag: the
// process codes of ICPC-2 are -30 to -69. No argument can hold it by itself.
const hyphen = "\x00"

// hideHyphens keeps the parser from taking codes for flags.
func hideHyphens(args []string) []string {
	out := make([]string, len(args))
	for i, arg := range args {
		if len(arg) > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9' {
			arg = hyphen + arg
		}
		out[i] = arg
	}
	return out
}

// code is a code as an argument.
type code string

// UnmarshalText takes the mark of hideHyphens off.
func (c *code) UnmarshalText(text []byte) error {
	*c = code(strings.TrimPrefix(string(text), hyphen))
	return nil
}
