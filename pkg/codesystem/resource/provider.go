package resource

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Provider is a code system that is a resource, in memory. It answers as a stored
// release does, and has the resource itself for what only FHIR asks for.
type Provider struct {
	*basic.Provider
	resource *Resource
	text     *text
	concepts func() []*Concept // of a short resource
	places   *places           // of a long one
	columns  memory
}

var _ terminology.CodeSystem = (*Provider)(nil)

// NewProvider makes the code system of a CodeSystem resource. Its version is that of the
// resource, which may have none. Errors are Invalid: for bad rows, which are all named,
// and for content that no code system can be made of.
func NewProvider(r *Resource, o basic.Options) (*Provider, error) {
	const op = "resource.NewProvider"
	if err := r.Answerable(); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
	}
	b := basic.NewBuilder()
	bad := collector{Builder: b}
	if err := r.sayCodeSystem(&bad, 0); err != nil {
		bad.rows = append(bad.rows, err)
	}
	if len(bad.rows) > 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.Join(bad.rows...)}
	}
	release := r.release("")
	release.Version, release.Date = r.Version, r.releaseDate("")
	im, err := b.Build(release, Rules())
	if err != nil {
		return nil, err
	}
	tables := memory{}
	if err := im.Write(tables); err != nil {
		return nil, err
	}
	p, err := basic.Open(tables, o)
	if err != nil {
		return nil, err
	}
	out := newProvider(p, r, tables)
	if len(r.Raw) <= smallText || int64(len(r.Raw)) > math.MaxUint32 {
		out.concepts = sync.OnceValue(out.index)
		return out, nil
	}
	out.places = &places{text: view(r.Raw), at: out.placesIn(r)}
	out.resource = r.withoutConcepts()
	return out, nil
}

func newProvider(p *basic.Provider, r *Resource, columns memory) *Provider {
	return &Provider{Provider: p, resource: r, text: &text{lessons: p.Lessons()}, columns: columns}
}

// withoutConcepts returns the CodeSystem without its concepts, which stay in its text.
func (r *Resource) withoutConcepts() *Resource {
	out, c := *r, *r.CodeSystem
	c.Concepts = nil
	out.CodeSystem = &c
	return &out
}

// Answerable returns why a CodeSystem resource cannot answer for a code system, nil when
// it can.
func (r *Resource) Answerable() error {
	if r.Type != TypeCodeSystem || r.CodeSystem == nil {
		return fmt.Errorf("want a CodeSystem, not a %s", r.Type)
	}
	c := r.CodeSystem
	switch {
	case c.Content == Supplement || c.Supplements != "" && c.Content == "":
		return fmt.Errorf("%s is a supplement of %s, not a code system of its own", r.title(), c.Supplements)
	case r.URL == "":
		return fmt.Errorf("the code system %s has no url", r.title())
	case c.Content == NotPresent:
		return fmt.Errorf("code system %s has content not-present: it tells about the system and holds none of its codes", r.URL)
	case c.Content != "" && c.Content != Complete && c.Content != Fragment && c.Content != Example:
		return fmt.Errorf("code system %s has content %q, want complete, fragment, example, not-present or supplement", r.URL, c.Content)
	case !c.listed:
		return fmt.Errorf("code system %s has no concepts", r.URL)
	}
	return nil
}

// release is the release of a CodeSystem. A resource without version takes that of its
// date, else the one that the caller gives.
func (r *Resource) release(version string) terminology.Release {
	out := terminology.Release{
		Kind: terminology.KindCodeSystem, Name: releaseName("cs", r.URL), System: r.URL,
		Version: r.releaseVersion(version), Date: r.releaseDate(version), Title: r.title(), Language: r.Language, Aliases: r.OIDs(), Ordered: true,
	}
	if c := r.CodeSystem; c != nil {
		out.CaseSens, out.ValueSet = c.CaseSensitive, c.ValueSet
		if c.Content == Fragment || c.Content == Example {
			out.Content = c.Content
		}
	}
	return out
}

// HasProperty reports whether the resource declares a property, or a concept has it.
func (p *Provider) HasProperty(code string) bool {
	return p.Provider.HasProperty(code) || p.resource.declares(code)
}

func (r *Resource) declares(code string) bool {
	return r.CodeSystem != nil && slices.ContainsFunc(r.CodeSystem.Properties, func(p PropertyDefinition) bool { return p.Code == code })
}

// Resource returns the resource, which must not be changed. One with a long text has its
// concepts only there: Concept reads them.
func (p *Provider) Resource() *Resource { return p.resource }

// Concept returns the concept as the resource has it; in a long resource without those
// below it, which Children has. It must not be changed.
func (p *Provider) Concept(o terminology.Ordinal) *Concept {
	if p.places != nil {
		return p.places.concept(o)
	}
	return p.concepts()[o]
}

// Bytes returns about how much memory the code system takes, with its text.
func (p *Provider) Bytes() int {
	n := len(p.resource.Raw) + 4*(p.Len()+3*p.DocumentCount())
	if p.places == nil {
		n += 4 * len(p.resource.Raw)
	}
	for _, column := range p.columns {
		n += len(column)
	}
	return n
}

// index returns the concepts of the resource by ordinal.
func (p *Provider) index() []*Concept {
	list := make([]*Concept, p.Len())
	p.resource.CodeSystem.Walk(func(c, _ *Concept) bool {
		if o, ok := p.Find(c.Code); ok {
			list[o] = c
		}
		return true
	})
	return list
}

// collector takes what a resource says into a builder, and keeps all bad rows.
type collector struct {
	*basic.Builder
	rows []error
}

// maxRows is how many bad rows are named.
const maxRows = 20

func (c *collector) Bad(row *terminology.RowError) error {
	if len(c.rows) == maxRows {
		return errors.New("too many bad rows")
	}
	c.rows = append(c.rows, row)
	return nil
}

func (c *collector) Map(terminology.MapInfo) error     { return nil }
func (c *collector) Mapping(terminology.Mapping) error { return nil }
func (c *collector) Read(string, int)                  {}
func (c *collector) Count(string, int)                 {}
func (c *collector) Repaired(*terminology.RowError)    {}

// memory is the columns of a release in memory. It has no rows.
type memory map[string][]byte

func (m memory) PutColumn(name string, data []byte) error {
	m[name] = basic.Shared(data)
	return nil
}

func (m memory) PutRow(byte, []byte, []byte) error {
	return errors.New("resource: a code system of a resource has no rows")
}

func (m memory) Column(name string) ([]byte, error) {
	data, ok := m[name]
	if !ok {
		return nil, &terminology.Error{Op: "resource.Column", Kind: terminology.NotFound, Err: fmt.Errorf("column %s", name)}
	}
	return data, nil
}

func (m memory) Row(byte, []byte) ([]byte, error) {
	return nil, &terminology.Error{Op: "resource.Row", Kind: terminology.NotFound, Err: errors.New("no such key")}
}

func (m memory) Rows(byte, []byte) iter.Seq2[terminology.KeyValue, error] {
	return func(func(terminology.KeyValue, error) bool) {}
}

func (m memory) Close() error { return nil }
