package releasetest

// Options says how large a release to write. The zero Options is full size.
type Options struct {
	Seed uint64 // releases of one seed and size are equal, byte for byte

	// Concepts is the number of active SNOMED CT concepts, apart from some 240
	// well-known ones that stand in every release; 0 means 370,000 and less than
	// 50 means 50. Everything else in the release is in proportion.
	Concepts int

	ICD10Codes  int // 0 means 20,000, with chapters, blocks and categories
	ICPC2Codes  int // 0 means 700
	ICPC2BCodes int // extended codes below those; 0 means 16,000
}

const fullSize = 370_000

// defaults returns o with the zero fields filled in.
func (o Options) defaults() Options {
	o.Concepts = max(50, orDefault(o.Concepts, fullSize))
	o.ICD10Codes = max(300, orDefault(o.ICD10Codes, 20_000))
	o.ICPC2Codes = max(20, orDefault(o.ICPC2Codes, 700))
	o.ICPC2BCodes = orDefault(o.ICPC2BCodes, 16_000)
	return o
}

func orDefault(n, standard int) int {
	if n == 0 {
		return standard
	}
	return n
}

// scaled returns what a figure of the full size is at this one.
func (o Options) scaled(n int) int { return int(int64(n) * int64(o.Concepts) / fullSize) }

func (o Options) inactive() int { return o.scaled(140_000) }
