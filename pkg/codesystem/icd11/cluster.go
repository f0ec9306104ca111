package icd11

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Cluster is a cluster of codes as a release understands it. It implements
// terminology.Composed. The order of stem codes is part of it: the first is the main one.
// The order of extension codes is not.
type Cluster struct {
	release *Release
	parts   []part  // as written; the first is a stem
	few     [6]part // holds the parts of most
}

var _ terminology.Composed = (*Cluster)(nil)

// The properties that a cluster has.
const (
	PropCanonical = "canonical-code"
	PropStem      = "stem"
	PropExtension = "extension"
)

// groupEnd returns where the group that begins at i ends.
func (x *Cluster) groupEnd(i int) int {
	for i++; i < len(x.parts) && !x.parts[i].stem; i++ {
	}
	return i
}

// Code returns the cluster in canonical form: stem codes in the order that they were
// written in, each followed by its extension codes in the order of their characters,
// without blanks.
func (x *Cluster) Code() string {
	var few [len(x.few)]part
	sorted := append(few[:0], x.parts...)
	for i, end := 0, 0; i < len(sorted); i = end {
		end = x.groupEnd(i)
		slices.SortFunc(sorted[i+1:end], func(a, b part) int {
			return strings.Compare(x.release.Code(a.o), x.release.Code(b.o))
		})
	}
	var buf [64]byte
	b := buf[:0]
	for i, p := range sorted {
		switch {
		case i == 0:
		case p.stem:
			b = append(b, '/')
		default:
			b = append(b, '&')
		}
		b = append(b, x.release.Code(p.o)...)
	}
	return string(b)
}

// Display returns the term of the first stem, followed by those of the other parts in the
// order that they were written in, each in brackets: how WHO's maps entitle clusters.
func (x *Cluster) Display(term func(terminology.Ordinal) string) string {
	var buf [256]byte
	b := append(buf[:0], term(x.parts[0].o)...)
	for _, p := range x.parts[1:] {
		b = append(b, " ["...)
		b = append(b, term(p.o)...)
		b = append(b, ']')
	}
	return string(b)
}

// Equals reports whether two clusters of this release mean the same: each is more general
// than the other, as when they differ in the order of extension codes.
func (x *Cluster) Equals(other terminology.Composed) bool {
	return x.SubsumesComposed(other) && other.SubsumesComposed(x)
}

// Subsumes reports whether the cluster is concept o or more general, which only one that
// is no more than a stem code can be.
func (x *Cluster) Subsumes(o terminology.Ordinal) bool {
	return len(x.parts) == 1 && x.release.Provider.Subsumes(x.parts[0].o, o)
}

// IsA reports whether the cluster is concept o or more special: whether one of its stem
// codes is.
func (x *Cluster) IsA(o terminology.Ordinal) bool {
	for _, p := range x.parts {
		if p.stem && x.release.Provider.Subsumes(o, p.o) {
			return true
		}
	}
	return false
}

// SubsumesComposed reports whether the cluster is another one of this release, or more
// general: the other has for each group of this one, in their order, a group whose stem is
// the same or more special, and for each extension there one that is the same or more
// special. It does not allocate.
func (x *Cluster) SubsumesComposed(other terminology.Composed) bool {
	y, ok := other.(*Cluster)
	if !ok || y.release != x.release {
		return false
	}
	j := 0
	for i, end := 0, 0; i < len(x.parts); i = end {
		end = x.groupEnd(i)
		for covered := false; !covered; {
			if j == len(y.parts) {
				return false
			}
			next := y.groupEnd(j)
			covered = x.release.groupSubsumes(x.parts[i:end], y.parts[j:next])
			j = next
		}
	}
	return true
}

// groupSubsumes reports whether a stem with its extensions is another one or more general.
func (r *Release) groupSubsumes(a, b []part) bool {
	if !r.Provider.Subsumes(a[0].o, b[0].o) {
		return false
	}
	for _, e := range a[1:] {
		if !slices.ContainsFunc(b[1:], func(f part) bool { return r.Provider.Subsumes(e.o, f.o) }) {
			return false
		}
	}
	return true
}

// Parents returns the stem codes of the cluster, without those that are more general than
// another of them; of a stem code alone, its own parents.
func (x *Cluster) Parents() []terminology.Ordinal {
	if len(x.parts) == 1 {
		return x.release.Provider.Parents(x.parts[0].o)
	}
	var stems []terminology.Ordinal
	for _, p := range x.parts {
		if p.stem {
			stems = append(stems, p.o)
		}
	}
	slices.Sort(stems)
	stems = slices.Compact(stems)
	return slices.DeleteFunc(slices.Clone(stems), func(o terminology.Ordinal) bool {
		return slices.ContainsFunc(stems, func(special terminology.Ordinal) bool {
			return o != special && x.release.Provider.Subsumes(o, special)
		})
	})
}

// Selected is an error of kind NotSupported: ICD-11 has no constraints.
func (x *Cluster) Selected(context.Context, string) (bool, error) {
	return false, &terminology.Error{Op: "icd11.Selected", Kind: terminology.NotSupported, Err: errors.New("ICD-11 has no language of constraints")}
}

// Attributes walks the canonical form and the parts of the cluster; each stem begins a
// group, and groups count from 1.
func (x *Cluster) Attributes() iter.Seq[terminology.PropertyInfo] {
	return func(yield func(terminology.PropertyInfo) bool) {
		if !yield(terminology.PropertyInfo{Code: PropCanonical, Kind: terminology.ValueString, Value: x.Code(), Target: terminology.NoOrdinal}) {
			return
		}
		group := uint16(0)
		for _, p := range x.parts {
			info := terminology.PropertyInfo{Code: PropExtension, Kind: terminology.ValueCode, Value: x.release.Code(p.o), Target: p.o}
			if p.stem {
				info.Code = PropStem
				group++
			}
			info.Group = group
			if !yield(info) {
				return
			}
		}
	}
}

// Remarks returns nothing: what would be to be reviewed in a cluster is an error.
func (x *Cluster) Remarks() []string { return nil }
