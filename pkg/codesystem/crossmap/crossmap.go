package crossmap

import (
	"context"
	"fmt"
	"math"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Rows are the rows of one map.
type Rows struct {
	info    terminology.MapInfo
	list    []terminology.Mapping
	targets map[string]uint16 // rows of each source
	pairs   map[[2]string]bool
}

// New returns the map that info names, without rows. Its counts are not looked at.
func New(info terminology.MapInfo) *Rows {
	return &Rows{info: info, targets: map[string]uint16{}}
}

// Replacements returns the map, without rows, from the codes of a release to those that
// replace them, in the same code system.
func Replacements(r terminology.Release) *Rows {
	id := "urn:kodeks:map:" + r.Name + ":replaced-by"
	return New(terminology.MapInfo{ID: id, URL: id, Title: r.Title + ": replaced by", Source: r.System, Target: r.System})
}

// Add keeps a row, whose Map is filled in. One without Group and Priority is in group 1, and
// comes after the rows of its source before it. The error is Invalid when a source has more
// rows than can be told apart.
func (r *Rows) Add(m terminology.Mapping) error {
	n := r.targets[m.Source]
	if n == math.MaxUint16 {
		return &terminology.Error{Op: "crossmap.Add", Kind: terminology.Invalid, Err: fmt.Errorf("%s has more than %d targets", m.Source, math.MaxUint16)}
	}
	r.targets[m.Source] = n + 1
	m.Map = r.info.ID
	if m.Group == 0 && m.Priority == 0 {
		m.Group, m.Priority = 1, n+1
	}
	r.list = append(r.list, m)
	return nil
}

// ReplacedBy is the property of a code that names the one to use instead of it.
const ReplacedBy = "replaced-by"

// Replace keeps a row that target, a code of the same code system, takes the place of
// source. The files do not tell how near the two are: the one is related to the other. A
// code that replaces itself says nothing, nor does what has been said before.
func (r *Rows) Replace(source, target, file string, line int) error {
	pair := [2]string{source, target}
	if source == target || r.pairs[pair] {
		return nil
	}
	if r.pairs == nil {
		r.pairs = map[[2]string]bool{}
	}
	r.pairs[pair] = true
	return r.Add(terminology.Mapping{Source: source, Target: target, File: file, Line: Line(line)})
}

// Info returns the map with its counts.
func (r *Rows) Info() terminology.MapInfo {
	info := r.info
	info.Rows, info.Sources = len(r.list), len(r.targets)
	return info
}

// Say says the map and its rows to the sink, and nothing when it has none.
func (r *Rows) Say(ctx context.Context, to terminology.Sink) error {
	if len(r.list) == 0 {
		return nil
	}
	if err := to.Map(r.Info()); err != nil {
		return err
	}
	for i, m := range r.list {
		if i&0xff == 0 && ctx.Err() != nil {
			return &terminology.Error{Op: "crossmap.Say", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err := tabular.Kept(to, m.File, int(m.Line), to.Mapping(m)); err != nil {
			return err
		}
	}
	return nil
}

// Line is a line of a file in a Mapping: 0 for one that has no number there.
func Line(n int) uint32 {
	if n < 0 || n > math.MaxUint32 {
		return 0
	}
	return uint32(n)
}
