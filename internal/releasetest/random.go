package releasetest

import "encoding/binary"

// random is the SplitMix64 generator: small, fast, and the same everywhere.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix(uint64(*r))
}

// mix is the finalizer of SplitMix64; on its own it is a hash of a number.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (r *random) below(n int) int { return int(r.next() >> 32 * uint64(n) >> 32) }

// skewed returns a number from 0 to n-1, small ones more often: the cube of an
// even draw, whose frequencies by rank fall like those of words in a text.
func (r *random) skewed(n int) int {
	u := float64(r.next()>>11) / (1 << 53)
	return int(u * u * u * float64(n))
}

// chance reports true p times in a thousand.
func (r *random) chance(p int) bool { return r.below(1000) < p }

// appendUUID appends a random version 4 UUID.
func (r *random) appendUUID(b []byte) []byte {
	const hex = "0123456789abcdef"
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:], r.next()&^0xf000|0x4000)
	binary.BigEndian.PutUint64(raw[8:], r.next()&^(3<<62)|1<<63)
	for i, c := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hex[c>>4], hex[c&15])
	}
	return b
}

// The partitions of SCTIDs, without and with a namespace.
const (
	conceptPartition      = 0
	descriptionPartition  = 1
	relationshipPartition = 2
	namespaceNO           = 1000202
)

// sctid returns the identifier of an item: in the International namespace, or in
// the Norwegian one.
func sctid(item uint64, partition uint64, norwegian bool) uint64 {
	n := item*100 + partition
	if norwegian {
		n = (item*10_000_000+namespaceNO)*100 + 10 + partition
	}
	return n*10 + checkDigit(n)
}

// checkDigit returns the Verhoeff digit that ends n.
func checkDigit(n uint64) uint64 {
	c := uint8(0)
	for i := 1; n > 0; i, n = i+1, n/10 {
		c = dihedral[c][permuted[i&7][n%10]]
	}
	return uint64(inverse[c])
}

// The tables of Verhoeff's check: the group D5, its inverses, and the powers of
// the permutation (1 5 8 9 4 2 7 0)(3 6), counted from the last digit.
var (
	dihedral = [10][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
		{2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	inverse  = [10]uint8{0, 4, 3, 2, 1, 5, 6, 7, 8, 9}
	permuted = [8][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
		{5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
		{9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
		{2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	}
)
