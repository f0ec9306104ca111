package search

import "encoding/binary"

// exactBytes is the length of the key of a whole term.
const exactBytes = 5

// exactHash returns the hash of a whole folded term: so many bytes that the dictionary of a
// million different terms stays small. What it finds is a candidate that the term itself
// must confirm. Typing equivalents (å and aa, æ and ae, ø and oe) have one hash, so one
// look-up finds them all.
func exactHash[T string | []byte](folded T) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a, 64 bits
	h := uint64(offset)
	add := func(c byte) { h = (h ^ uint64(c)) * prime }
	for i := 0; i < len(folded); i++ {
		c := folded[i]
		if c == 0xC3 && i+1 < len(folded) {
			switch folded[i+1] {
			case 0xA5: // å
				add('a')
				add('a')
				i++
				continue
			case 0xA6: // æ
				add('a')
				add('e')
				i++
				continue
			case 0xB8: // ø
				add('o')
				add('e')
				i++
				continue
			}
		}
		add(c)
	}
	h ^= h >> 40 // the high bits of FNV mix best
	return h & (1<<(8*exactBytes) - 1)
}

// hashKey returns the key of an exactHash, as the index holds it; keys are in the order of
// hashes.
func hashKey(hash uint64) string {
	var key [8]byte
	binary.BigEndian.PutUint64(key[:], hash)
	return string(key[8-exactBytes:])
}

// exactKey returns the key of a whole folded term.
func exactKey(folded string) string { return hashKey(exactHash(folded)) }
