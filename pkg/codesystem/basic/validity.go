package basic

import (
	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// On returns the concepts that are valid on a day, and those that are not yet, as
// ConceptInfo.On tells. It looks at every concept; the sets are the caller's.
func (p *Provider) On(day terminology.Date) (valid, notYet *roaring.Bitmap) {
	words := (p.meta.Concepts + 63) / 64
	in, later := make([]uint64, words), make([]uint64, words)
	for o := range uint32(p.meta.Concepts) {
		switch p.Info(o).On(day) {
		case terminology.Valid:
			in[o/64] |= 1 << (o % 64)
		case terminology.NotYetValid:
			later[o/64] |= 1 << (o % 64)
		}
	}
	return roaring.FromDense(in, false), roaring.FromDense(later, false)
}
