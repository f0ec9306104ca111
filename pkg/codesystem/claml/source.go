package claml

import (
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Source reads one classification from one file.
type Source struct {
	file  terminology.SourceFile
	is    classification
	title title
	opts  terminology.SourceOptions
}

// NewSource returns the source of a file. Which classification it is, the option
// Asked says, or else the file's title. The error is Invalid when neither does, and
// when the file is no ClaML.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "claml.NewSource"
	t, err := readTitle(file)
	if err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.KindOf(err), Err: err}
	}
	is, ok := known(o.Asked)
	if !ok {
		is, ok = t.classification()
	}
	if !ok {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: ClaML with the title %q, which is no code system that we know: say which of icd-10-who, icd-10-gm and icpc-2 it is", file.Name, strings.TrimSpace(t.name+" "+t.text))}
	}
	return &Source{file: file, is: is, title: t, opts: o}, nil
}

// Release returns the identity of the release. Version and date are the file's where
// it says them.
func (s *Source) Release() terminology.Release {
	r := terminology.Release{
		Kind: terminology.KindCodeSystem, Name: s.is.name, System: s.is.system, Version: s.opts.Version, Date: s.opts.Version,
		Title: s.is.title, Language: s.language(),
	}
	if plain(s.title.version) {
		r.Version = s.title.version
		if len(r.Version) >= 4 && digitsOnly(r.Version[:4]) { // a year, which has a place in order
			r.Date = r.Version
		}
		if _, ok := tabular.ParseDay(s.title.date); ok && len(s.title.date) == len("2006-01-02") {
			r.Date = s.title.date
		}
	}
	return r
}

// plain reports whether a version can name a release.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && strings.IndexByte(".-_", c) >= 0) {
			return false
		}
	}
	return s != ""
}

// language is that of labels that do not say theirs.
func (s *Source) language() string {
	if s.title.language != "" {
		return s.title.language
	}
	return s.is.language
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink. All classes are read before the first concept is
// said, since modifiers, parents and children may stand in any order.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release := s.Release()
	f := newClasses(s)
	err := markup.Scan(ctx, s.file, to, func(root *markup.Element) error {
		return root.Records(f.read)
	})
	if err != nil {
		return release, err
	}
	to.Count(s.file.Name, f.count)
	if f.count == 0 {
		return release, to.Bad(&terminology.RowError{File: s.file.Name, Err: fmt.Errorf("the file holds no classes")})
	}
	e := &emitter{classes: f, to: to, ctx: ctx}
	return release, e.run()
}
