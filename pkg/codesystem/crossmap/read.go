package crossmap

import (
	"context"
	"errors"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Read says a table that is one map to the sink, and returns the release with the map that
// it holds. Row reads one row; the map of the release is known by its canonical URL, and of
// the versions of its ends that the release says (Release.Maps, which may be empty). A file
// without rows is a bad row of it.
func Read(ctx context.Context, file terminology.SourceFile, format tabular.Format, release terminology.Release, to terminology.Sink, row func(*tabular.Record) (terminology.Mapping, error)) (terminology.Release, error) {
	info := terminology.MapInfo{ID: release.System, URL: release.System, Title: release.Title, Source: release.Source, Target: release.Target}
	for _, said := range release.Maps {
		info.SourceVersion, info.TargetVersion, info.Ordered = said.SourceVersion, said.TargetVersion, said.Ordered
	}
	rows := New(info)
	n, err := tabular.Scan(ctx, file, format, to, func(rec *tabular.Record) error {
		m, err := row(rec)
		if err != nil {
			return err
		}
		return rows.Add(m)
	})
	if err != nil {
		return release, err
	}
	if n == 0 {
		return release, to.Bad(&terminology.RowError{File: file.Name, Err: errors.New("the file holds no rows")})
	}
	release.Maps = []terminology.MapInfo{rows.Info()}
	return release, rows.Say(ctx, to)
}
