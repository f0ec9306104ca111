package resource

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxOwn is how many code systems and maps of one input become releases of their own.
// When there are more, as in the packages of the standard itself, those of less than
// ownSize bytes stay in the collection of the input and answer from memory.
const (
	maxOwn  = 16
	ownSize = 1 << 20
)

// Collection reads the resources of one input that are not releases of their own: value
// sets, naming systems, supplements, code systems without concepts, and, of a large
// package, small code systems and maps.
type Collection struct {
	id, version, title string
	files              []terminology.SourceFile
	own                map[place]bool // resources that are releases of their own
	opts               terminology.SourceOptions
}

var _ terminology.Source = (*Collection)(nil)

// place is a resource of an input.
type place struct{ file, n int }

// keptType reports whether resources of a type are kept: others say nothing of terminology.
func keptType(typ string) bool { return canonical(typ) }

// NewSources returns the sources of the files of one input: one for each code system and
// each map, and one for everything else. A file named package.json that is the manifest
// of a FHIR package gives the collection its name and version. The error says which
// resource cannot be read.
func NewSources(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
	const op = "resource.NewSources"
	c := &Collection{own: map[place]bool{}, opts: o}
	var own []*Source
	var at []place
	rest := 0
	for _, file := range files {
		if path.Base(file.Name) == manifestName {
			if err := c.manifest(file); err != nil {
				return nil, err
			}
			continue
		}
		f := len(c.files)
		c.files = append(c.files, file)
		err := each(file, func(n int, r *Resource) error {
			if err := r.parse(true); err != nil {
				return err
			}
			if !keptType(r.Type) {
				return nil
			}
			rest++
			if r.answers() {
				r.Raw, r.Extensions = nil, nil // the file need not stay in memory
				s := &Source{file: file, n: n, head: r.detached(), opts: o, day: day(o.Today)}
				own, at = append(own, s), append(at, place{f, n})
			}
			return nil
		})
		if err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
	}
	if rest == 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s: found FHIR resources, but no CodeSystem, ValueSet, ConceptMap or NamingSystem", c.place())}
	}
	var sources []terminology.Source
	for i, s := range own {
		if len(own) > maxOwn && s.head.size < ownSize {
			continue
		}
		c.own[at[i]] = true
		sources = append(sources, s)
	}
	if len(c.own) < rest {
		sources = append(sources, c)
	}
	return sources, nil
}

// answers reports whether a resource can be a release of its own.
func (r *Resource) answers() bool {
	r.size = len(r.Raw)
	if r.Type == TypeConceptMap {
		return r.URL != "" && r.ConceptMap != nil && r.ConceptMap.listed
	}
	return r.Answerable() == nil
}

// detached returns the head of a resource without the text that it was read from.
func (r *Resource) detached() *Resource {
	out := *r
	for _, s := range []*string{&out.ID, &out.URL, &out.Version, &out.Name, &out.Title, &out.Status, &out.Date, &out.Publisher, &out.Language, &out.Algorithm, &out.Type} {
		*s = strings.Clone(*s)
	}
	out.Identifiers = nil
	for _, id := range r.Identifiers {
		out.Identifiers = append(out.Identifiers, Identifier{strings.Clone(id.System), strings.Clone(id.Value)})
	}
	if r.CodeSystem != nil {
		out.CodeSystem = &CodeSystem{Content: strings.Clone(r.CodeSystem.Content), ValueSet: strings.Clone(r.CodeSystem.ValueSet), CaseSensitive: r.CodeSystem.CaseSensitive}
	}
	out.ConceptMap, out.root = nil, ""
	return &out
}

// manifestName is the file that says what a FHIR package is.
const manifestName = "package.json"

// manifest reads the name and the version of a package.
func (c *Collection) manifest(file terminology.SourceFile) error {
	data, err := readAll(file)
	if err != nil {
		return err
	}
	var m struct{ Name, Version, Title string }
	if err := json.Unmarshal(data, &m); err != nil {
		return &terminology.Error{Op: "resource.NewSources", Kind: terminology.Invalid, Err: fmt.Errorf("%s: %w", file.Name, err)}
	}
	c.id, c.version, c.title = m.Name, m.Version, m.Title
	return nil
}

// place names the input.
func (c *Collection) place() string {
	if len(c.files) == 0 {
		return manifestName
	}
	return c.files[0].Name
}

// Release returns the identity of the collection: that of the package, or else of its
// first file.
func (c *Collection) Release() terminology.Release {
	id, version := c.id, c.version
	if id == "" {
		id = strings.TrimSuffix(path.Base(c.place()), path.Ext(c.place()))
		if dir := path.Dir(c.place()); len(c.files) > 1 && dir != "." {
			id = path.Base(dir)
		}
		id = "file:" + id
	}
	if version == "" {
		version = c.opts.Version
	}
	r := Resource{Version: version}
	title := c.title
	if title == "" {
		title = "FHIR resources of " + strings.TrimPrefix(id, "file:")
	}
	name := slug("fhir-" + strings.TrimPrefix(id, "file:"))
	if name != "fhir-"+id {
		name += "-" + digest(id)
	}
	return terminology.Release{Kind: terminology.KindResources, Name: name, System: "urn:kodeks:resources:" + id, Version: version, Date: r.releaseDate(c.opts.Version), Title: title}
}

// Files returns the files of the input.
func (c *Collection) Files() []terminology.SourceFile { return c.files }

// Read gives the resources to the sink, which must be a terminology.ResourceSink, and
// says the maps among them. A code system that is to answer from memory is made once,
// so that what is wrong with it is told now.
func (c *Collection) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release := c.Release()
	if _, ok := to.(terminology.ResourceSink); !ok {
		return release, &terminology.Error{Op: "resource.Read", Err: errors.New("the sink takes no resources")}
	}
	for f, file := range c.files {
		if ctx.Err() != nil {
			return release, &terminology.Error{Op: "resource.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		count := 0
		err := each(file, func(n int, r *Resource) error {
			if c.own[place{f, n}] {
				return nil
			}
			err := c.resource(r, to, &count)
			if row := (*terminology.RowError)(nil); errors.As(err, &row) {
				return to.Bad(row)
			}
			return err
		})
		if row := (*terminology.RowError)(nil); errors.As(err, &row) {
			err = to.Bad(row)
		}
		if err != nil {
			return release, err
		}
		to.Read(file.Name, int(file.Size))
		to.Count(file.Name, count)
	}
	return release, nil
}

func (c *Collection) resource(r *Resource, to terminology.Sink, count *int) error {
	if err := r.parse(false); err != nil {
		return err
	}
	if !keptType(r.Type) {
		return nil
	}
	*count++
	if r.URL == "" && r.ID == "" {
		return r.bad(0, r.root, "the resource has neither url nor id")
	}
	served := r.answers()
	switch {
	case served && r.Type == TypeConceptMap:
		served = false
		if err := r.sayMaps(to); err != nil {
			return err
		}
	case served:
		if _, err := NewProvider(r, basic.Options{}); err != nil {
			return r.bad(0, r.root, "%w", err)
		}
	}
	return keep(to, r, served)
}
