package resource

import (
	"context"
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Source reads one release from a file that holds resources: the code system of a
// CodeSystem, or the maps of a ConceptMap.
type Source struct {
	file terminology.SourceFile
	n    int // of the resource in its file
	head *Resource
	opts terminology.SourceOptions
	day  terminology.Date // of the import
}

var _ terminology.Source = (*Source)(nil)

// Release returns the identity of the release.
func (s *Source) Release() terminology.Release {
	r := s.head.release(s.opts.Version)
	if s.head.Type == TypeConceptMap {
		r.Kind, r.Name = terminology.KindConceptMap, releaseName("map", s.head.URL)
	}
	return r
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the resource to the sink, and the resource itself when the sink takes it.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release, found := s.Release(), false
	err := each(s.file, func(n int, r *Resource) error {
		if n != s.n {
			return nil
		}
		found = true
		to.Read(s.file.Name, int(s.file.Size))
		if ctx.Err() != nil {
			return &terminology.Error{Op: "resource.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err := r.say(to, s.day); err != nil {
			return err
		}
		if r.Type == TypeConceptMap && len(r.ConceptMap.Groups) > 0 {
			release.Source, release.Target = r.ConceptMap.Groups[0].Source, r.ConceptMap.Groups[0].Target
		}
		if err := keep(to, r, false); err != nil {
			return err
		}
		return errStop
	})
	if row := (*terminology.RowError)(nil); errors.As(err, &row) {
		err = to.Bad(row)
	}
	if err == nil && !found {
		err = &terminology.Error{Op: "resource.Read", Kind: terminology.Invalid, Err: fmt.Errorf("%s has changed while it was read", s.file.Name)}
	}
	return release, err
}

// say parses a resource and says its concepts or its maps.
func (r *Resource) say(to terminology.Sink, day terminology.Date) error {
	if err := r.parse(false); err != nil {
		return err
	}
	if r.Type == TypeConceptMap {
		return r.sayMaps(to)
	}
	return r.sayCodeSystem(to, day)
}

// keep gives a resource to a sink that takes resources.
func keep(to terminology.Sink, r *Resource, served bool) error {
	k, ok := to.(terminology.ResourceSink)
	if !ok {
		return nil
	}
	info := r.Info()
	info.Served = served
	return k.Resource(info, r.Raw)
}

// Info returns what lists tell of the resource.
func (r *Resource) Info() terminology.ResourceInfo {
	info := terminology.ResourceInfo{Type: r.Type, ID: r.ID, URL: r.URL, Version: r.Version, Name: r.Name, Title: r.Title, Status: r.Status, Date: r.Date, Bytes: len(r.Raw)}
	if c := r.CodeSystem; c != nil {
		info.Content, info.Supplements = c.Content, c.Supplements
	}
	return info
}
