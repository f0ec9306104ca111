package basic

import "github.com/kodeks/kodeks/pkg/terminology"

// deriveFamilies numbers the categories in the order of the ordinals.
func (p *Provider) deriveFamilies(family func(code string) string) {
	p.family = make([]uint32, p.meta.Concepts)
	numbers := map[string]uint32{}
	for o := range p.family {
		name := family(p.Code(uint32(o)))
		if name == "" {
			continue
		}
		n, ok := numbers[name]
		if !ok {
			n = uint32(len(p.familySizes))
			numbers[name] = n
			p.familySizes = append(p.familySizes, 0)
		}
		p.family[o] = n + 1
		p.familySizes[n]++
	}
}

// HasFamilies reports whether the codes are grouped into categories.
func (p *Provider) HasFamilies() bool { return p.family != nil }

// Family returns the number of the category of a concept and how many codes the
// category has; size 0: it belongs to none.
func (p *Provider) Family(o terminology.Ordinal) (family uint32, size int) {
	if p.family == nil || p.family[o] == 0 {
		return 0, 0
	}
	return p.family[o] - 1, int(p.familySizes[p.family[o]-1])
}
