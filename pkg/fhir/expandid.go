package fhir

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/kodeks/kodeks/pkg/operation"
)

// appendExpansionID writes a UUID made of what the expansion rests on and of the question
// (RFC 9562, version 8). The same identifier is the same answer, byte by byte, in whatever
// process and whenever it is asked for. Of what a request carries in its body, the basis
// has what was used.
func appendExpansionID(dst []byte, v Version, p *Parameters, a *operation.ExpandResponse) []byte {
	var room [512]byte
	text := append(room[:0], a.Basis[:]...)
	write := func(s string) {
		text = append(append(binary.AppendUvarint(text, uint64(len(s))), s...), 0)
	}
	write(v.String())
	write(p.AcceptLanguage)
	text = binary.AppendUvarint(binary.AppendUvarint(text, uint64(p.Threshold)), uint64(a.Total))
	for i := range p.list {
		n := &p.list[i]
		write(n.Definition.Name)
		write(n.Text)
	}
	sum := sha256.Sum256(text)
	sum[6] = sum[6]&0x0F | 0x80
	sum[8] = sum[8]&0x3F | 0x80
	dst = append(dst, "urn:uuid:"...)
	for i, part := range [...][]byte{sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, part)
	}
	return dst
}
