package main

import (
	"context"
	"encoding/json"
	"strconv"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// mapsCmd is kodeks maps.
type mapsCmd struct {
	List  mapsListCmd  `cmd:"" default:"withargs" help:"List the maps that are installed; also kodeks maps alone."`
	Check mapsCheckCmd `cmd:"" help:"Find what is wrong in maps: codes that do not exist or are not valid, rules that cannot be read, cycles."`
}

// mapsListCmd is kodeks maps list.
type mapsListCmd struct{}

// Help is the end of kodeks maps list --help.
func (*mapsListCmd) Help() string {
	return `Lists every map of every release that is installed: those that releases of code systems have, and those that are releases of their own. Rows of a map are its lines; sources are the codes that have any.

Examples:

    kodeks maps
    kodeks maps --format tsv
    kodeks translate --map urn:kodeks:map:icd-10:icd-11:one --from icd-10-who A18.7`
}

// installedMap is a map as kodeks maps tells of it.
type installedMap struct {
	ID      string `json:"id"`
	URL     string `json:"url"`
	Title   string `json:"title"`
	Source  string `json:"source"`
	Target  string `json:"target"`
	Rows    int32  `json:"rows"`
	Sources int32  `json:"sources"`
	Release string `json:"release"`
	Version string `json:"version"`
	Default bool   `json:"default"`

	date string
}

// Run lists the maps.
func (c *mapsListCmd) Run(ctx context.Context, a *app) error {
	list := []installedMap{}
	err := a.askAll(ctx, func(s grpcserver.Terminology) error {
		resp, err := s.ListReleases(ctx, &kodeksv1.ListReleasesRequest{})
		for _, i := range resp.GetReleases() {
			r := i.GetRelease()
			for _, m := range r.GetMaps() {
				list = append(list, installedMap{ID: m.GetId(), URL: m.GetUrl(), Title: m.GetTitle(), Source: m.GetSource(), Target: m.GetTarget(),
					Rows: m.GetRows(), Sources: m.GetSources(), Release: r.GetName(), Version: r.GetVersion(), Default: i.GetDefault(), date: r.GetDate()})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if a.Limit > 0 && len(list) > a.Limit {
		list = list[:a.Limit]
	}
	return a.showMaps(list)
}

// showMaps writes a list of maps in the format that was asked for.
func (a *app) showMaps(list []installedMap) error {
	t := table{columns: []column{
		{name: "title", flex: true}, {name: "id", style: strong, flex: true}, {name: "url", show: inTSV}, {name: "from", flex: true}, {name: "to", flex: true},
		{name: "source", show: inTSV}, {name: "target", show: inTSV}, {name: "rows", right: true}, {name: "sources", right: true},
		{name: "release"}, {name: "date", notes: true}, {name: "version", show: inTSV}, {name: "default", show: filled},
	}}
	for _, m := range list {
		standard := ""
		if m.Default {
			standard = "default"
		}
		t.add(m.Title, m.ID, m.URL, endOf(m.Source), endOf(m.Target), m.Source, m.Target, strconv.Itoa(int(m.Rows)), strconv.Itoa(int(m.Sources)),
			m.Release, m.date, m.Version, standard)
	}
	switch a.Format {
	case "json":
		return a.writeObject(map[string]any{"maps": list})
	case "tsv":
		t.writeTSV(a.out)
		return nil
	}
	t.write(a.out, a.screen)
	if len(list) == 0 {
		a.out.WriteString("No map is installed: kodeks import PATH... installs code systems with their maps, and maps.\n")
	}
	return nil
}

// endOf is the code system at an end of a map, for people.
func endOf(uri string) string {
	if uri == "" {
		return "?"
	}
	return shortName(uri)
}

// writeObject writes what has no message of gRPC as JSON.
func (a *app) writeObject(v any) error {
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
