package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const about = `The Norwegian clinical terminology server: SNOMED CT, ICD-10, ICPC-2 and their relatives.

Examples:
  kodeks import SnomedCT_NO.zip              install a release in ./data
  kodeks serve                               FHIR on http://127.0.0.1:8080/fhir
  kodeks search hjerteinf                    find a concept by the beginnings of words
  kodeks lookup 22298006                     show what a release says of it
  kodeks translate 22298006 --to icd-10      what it is in another code system`

var groups = []kong.Group{
	{Key: "ask", Title: "Ask:"},
	{Key: "keep", Title: "Install and look after:"},
	{Key: "common", Title: "Flags of all commands:"},
}

// cli is the command line: the flags that every command has, and the commands.
type cli struct {
	Data   string `group:"common" default:"./data" env:"KODEKS_DATA" placeholder:"DIR" help:"Folder of the installed releases (default ${default})."`
	Server string `group:"common" placeholder:"HOST:PORT" help:"Ask the gRPC address of a running server instead of opening --data."`
	Format string `group:"common" enum:"table,json,tsv" default:"table" placeholder:"FORMAT" help:"table for people; tsv or json for programs (default ${default})."`
	Limit  int    `group:"common" placeholder:"N" help:"Most results to show."`
	Lang   string `group:"common" placeholder:"LANG" help:"Languages of terms, best first, such as nb or \"nn, nb\". With \"*;q=0\" at the end, no others."`

	DefaultEdition string `group:"common" env:"KODEKS_DEFAULT_EDITION" placeholder:"URI" help:"SNOMED CT edition or version that answers when none is asked for (default: the newest in the language of the server)."`

	CPUProfile string `hidden:"" name:"cpu-profile" placeholder:"FILE" help:"Write a CPU profile of the command for go tool pprof."`

	Lookup       lookupCmd       `cmd:"" group:"ask" help:"Show what a release says of a code."`
	Search       searchCmd       `cmd:"" group:"ask" help:"Find concepts by words."`
	Subsumes     subsumesCmd     `cmd:"" group:"ask" help:"Tell how two codes relate."`
	Translate    translateCmd    `cmd:"" group:"ask" help:"Map codes to another code system."`
	ValidateCode validateCodeCmd `cmd:"" group:"ask" help:"Tell whether codes are valid."`
	Expand       expandCmd       `cmd:"" group:"ask" help:"List the members of a value set."`
	ECL          eclCmd          `cmd:"" name:"ecl" group:"ask" help:"Work with expression constraints of SNOMED CT."`
	Expression   expressionCmd   `cmd:"" group:"ask" help:"Work with postcoordinated expressions of SNOMED CT."`
	Maps         mapsCmd         `cmd:"" group:"ask" help:"List and check maps between code systems."`
	List         listCmd         `cmd:"" group:"ask" help:"List the installed releases."`

	Import  importCmd  `cmd:"" group:"keep" help:"Install releases from the files of their publishers."`
	Serve   serveCmd   `cmd:"" group:"keep" help:"Serve FHIR over HTTP, and gRPC."`
	Verify  verifyCmd  `cmd:"" group:"keep" help:"Check that installed releases are undamaged."`
	Reindex reindexCmd `cmd:"" group:"keep" help:"Build the text index of installed releases anew."`
	Remove  removeCmd  `cmd:"" group:"keep" help:"Remove an installed release."`
	Version versionCmd `cmd:"" group:"keep" help:"Print the version of kodeks."`
}

// app is what a command runs with: its flags, where it writes and what it asks.
type app struct {
	*cli
	out    *bufio.Writer // what is asked for; its error is told when it is flushed
	stderr io.Writer
	screen screen
}

func newApp(c *cli, stdout, stderr io.Writer) *app {
	return &app{cli: c, out: bufio.NewWriterSize(stdout, 64<<10), stderr: stderr, screen: screenOf(stdout)}
}

// ask calls f with the service that the flags name: that of a running server, or
// that of the data folder, of which it opens what is asked for.
func (a *app) ask(ctx context.Context, f func(grpcserver.Terminology) error) error {
	return a.askOf(ctx, openLater, f)
}

// askAll is ask for what is about all releases, each of which it opens.
func (a *app) askAll(ctx context.Context, f func(grpcserver.Terminology) error) error {
	return a.askOf(ctx, openService, f)
}

func (a *app) askOf(ctx context.Context, open func(ctx context.Context, dataDir, edition string) (*installed, error), f func(grpcserver.Terminology) error) error {
	if a.Server != "" {
		client, err := grpcserver.Dial(a.Server)
		if err != nil {
			return err
		}
		return errors.Join(f(client), client.Close())
	}
	in, err := open(ctx, a.Data, a.DefaultEdition)
	if err != nil {
		return err
	}
	if err := in.checkDefault(); err != nil {
		fmt.Fprintln(a.stderr, "kodeks: warning:", terminology.Message(err))
	}
	err = f(grpcserver.Local(in))
	for _, warning := range in.warnings(err) {
		fmt.Fprintln(a.stderr, "kodeks: warning:", warning)
	}
	return errors.Join(err, in.Close())
}

// local refuses --server for the commands that work on a data folder.
func (a *app) local(command string) error {
	if a.Server != "" {
		return usage("%s works on a data folder: use --data in the place of --server", command)
	}
	return nil
}
