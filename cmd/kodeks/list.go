package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// listCmd is kodeks list.
type listCmd struct {
	Aliases bool `help:"Also show the names by which each code system can be asked for."`
}

// Help is the end of kodeks list --help.
func (*listCmd) Help() string {
	return `The release marked default answers when no version is asked for: one that is not in force yet only when there is no other, and of its versions, when a day is asked about, the one that was in force.

Examples:

    kodeks list
    kodeks list --aliases
    kodeks list --format json`
}

// Run lists the releases.
func (c *listCmd) Run(ctx context.Context, a *app) error {
	return a.askAll(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.ListReleases(ctx, &kodeksv1.ListReleasesRequest{})
		if err != nil {
			return err
		}
		if a.Limit > 0 && len(resp.GetReleases()) > a.Limit {
			resp.Releases = resp.GetReleases()[:a.Limit]
		}
		return a.show(listAnswer(resp, c.Aliases, today()))
	})
}

// listAnswer shows the releases as of a day, and with aliases the names of their code
// systems.
func listAnswer(resp *kodeksv1.ListReleasesResponse, aliases bool, today terminology.Date) *answer {
	ans := &answer{messages: []proto.Message{resp}, table: table{columns: []column{
		{name: "name", style: strong}, {name: "title", flex: true}, {name: "date"}, {name: "in_force", show: filled, notes: true}, {name: "default", show: filled},
		{name: "concepts", right: true}, {name: "active", show: inTSV, right: true}, {name: "terms", right: true}, {name: "languages", show: filled},
		{name: "maps", show: filledUp, right: true}, {name: "bytes", show: inTSV}, {name: "size", notes: true}, {name: "imported", show: inTSV}, {name: "imported", show: filled, notes: true},
		{name: "system", flex: true}, {name: "version", show: inTSV}, {name: "kind", show: differs}, {name: "aliases", show: filled, flex: true},
		{name: "in_force_from", show: inTSV}, {name: "in_force_to", show: inTSV},
	}}}
	for _, i := range resp.GetReleases() {
		r := i.GetRelease()
		standard := ""
		if i.GetDefault() {
			standard = "default"
		}
		var languages []string
		for _, c := range i.GetColumns() {
			languages = append(languages, c.GetLanguage())
		}
		names := ""
		if aliases {
			names = aliasesOf(r)
		}
		inForce := between(i.GetInForceFrom(), i.GetInForceTo())
		if first, ok := terminology.ParseDateTime(i.GetInForceFrom()); ok && first.From > today {
			inForce += " (not yet)"
		}
		imported, _, _ := strings.Cut(i.GetImported(), "T")
		ans.table.add(r.GetName(), r.GetTitle(), r.GetDate(), inForce, standard,
			strconv.Itoa(int(i.GetConcepts())), strconv.Itoa(int(i.GetActive())), strconv.Itoa(int(i.GetTerms())), strings.Join(languages, " "),
			strconv.Itoa(len(r.GetMaps())), strconv.FormatInt(i.GetBytes(), 10), size(i.GetBytes()), i.GetImported(), imported,
			r.GetSystem(), r.GetVersion(), r.GetKind(), names, i.GetInForceFrom(), i.GetInForceTo())
	}
	if len(resp.GetReleases()) == 0 {
		ans.note = "No release is installed: kodeks import PATH... installs one."
	}
	return ans
}

// aliasesOf returns the names of a code system besides its URI: those to type, then
// OIDs and other URIs.
func aliasesOf(r *kodeksv1.Release) string {
	known, _ := codesystem.Known(r.GetSystem())
	var names []string
	for _, name := range slices.Concat(known.Short, r.GetShort(), known.Aliases, r.GetAliases()) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
