package conceptmap

import "encoding/hex"

// parseUUID returns the bytes of a UUID that is written as formatUUID writes it.
func parseUUID(s string) (raw [16]byte, ok bool) {
	if len(s) != 36 {
		return raw, false
	}
	n := 0
	for i := 0; i < len(s); {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return raw, false
			}
			i++
			continue
		}
		hi, lo := digit(s[i]), digit(s[i+1])
		if hi|lo > 15 {
			return raw, false
		}
		raw[n] = hi<<4 | lo
		n++
		i += 2
	}
	return raw, true
}

// digit returns the value of a hexadecimal digit in lower case, 255 of another byte.
func digit(b byte) byte {
	switch {
	case b >= '0' && b <= '9':
		return b - '0'
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10
	}
	return 255
}

// formatUUID writes the 16 bytes of a UUID in lower case with its hyphens.
func formatUUID(raw string) string {
	if len(raw) != 16 {
		return ""
	}
	var in [16]byte
	copy(in[:], raw)
	var b [36]byte
	hex.Encode(b[:8], in[:4])
	hex.Encode(b[9:13], in[4:6])
	hex.Encode(b[14:18], in[6:8])
	hex.Encode(b[19:23], in[8:10])
	hex.Encode(b[24:], in[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}
