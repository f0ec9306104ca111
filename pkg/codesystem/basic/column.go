package basic

import "github.com/RoaringBitmap/roaring/v2"

// EffectiveColumn returns the dates on which concepts last changed, yyyymmdd, by
// ordinal.
func (p *Provider) EffectiveColumn() []uint32 { return p.effective }

// ModuleColumn returns the numbers of the modules of concepts, by ordinal.
func (p *Provider) ModuleColumn() []uint16 { return p.module }

// Defined returns the concepts, active or not, that are sufficiently defined.
func (p *Provider) Defined() *roaring.Bitmap { return p.defined }

// Modules lists the modules of concepts, designations and rows by their number. "" is
// the module of what has none.
func (p *Provider) Modules() []string { return p.meta.Modules }

// ModuleName returns the id of a module.
func (p *Provider) ModuleName(n uint16) string { return p.meta.Modules[n] }

// ModuleNumber returns the number of a module.
func (p *Provider) ModuleNumber(id string) (uint16, bool) {
	for n, m := range p.meta.Modules {
		if m == id {
			return uint16(n), true
		}
	}
	return 0, false
}
