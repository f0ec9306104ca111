package conceptmap

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The tables of the store: forward rows under map and source, reverse rows under
// map and target. Both hold whole rows, so that each question is one read.
const (
	TableReverse = 'B'
	TableForward = 'F'
)

var errShort = errors.New("a stored mapping is cut short or garbled")

// appendMapping writes a mapping without its Map. Texts are a length and the text.
func appendMapping(dst []byte, m terminology.Mapping) []byte {
	dst = binary.AppendUvarint(dst, uint64(m.Group))
	dst = binary.AppendUvarint(dst, uint64(m.Priority))
	dst = append(dst, byte(m.Relationship))
	for _, s := range [...]string{m.Source, m.Target, m.Rule, m.Advice, m.Category, m.Correlation, m.Module} {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
		dst = append(dst, s...)
	}
	return dst
}

// readMapping reads one mapping and returns the rest.
func readMapping(text string) (terminology.Mapping, string, error) {
	var m terminology.Mapping
	group, text, ok1 := readUvarint(text)
	priority, text, ok2 := readUvarint(text)
	if !ok1 || !ok2 || group > 1<<16-1 || priority > 1<<16-1 || len(text) == 0 || text[0] > byte(terminology.NotRelatedTo) {
		return m, "", errShort
	}
	m.Group, m.Priority, m.Relationship = uint16(group), uint16(priority), terminology.Relationship(text[0])
	text = text[1:]
	for _, field := range [...]*string{&m.Source, &m.Target, &m.Rule, &m.Advice, &m.Category, &m.Correlation, &m.Module} {
		n, rest, ok := readUvarint(text)
		if !ok || n > uint64(len(rest)) {
			return m, "", errShort
		}
		*field, text = rest[:n], rest[n:]
	}
	return m, text, nil
}

func readUvarint(s string) (uint64, string, bool) {
	n := uint64(0)
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return n, s[i+1:], true
		}
	}
	return 0, "", false
}

func readMappings(mapID string, value []byte) ([]terminology.Mapping, error) {
	var out []terminology.Mapping
	for text := string(value); text != ""; {
		m, rest, err := readMapping(text)
		if err != nil {
			return nil, &terminology.Error{Op: "conceptmap.read", Kind: terminology.Corrupt, Err: err}
		}
		m.Map, text = mapID, rest
		out = append(out, m)
	}
	return out, nil
}

func mapKey(mapID, code string) []byte {
	key := make([]byte, 0, len(mapID)+1+len(code))
	return append(append(append(key, mapID...), 0), code...)
}

// foldCode is the form of a target code under which reverse rows are kept: map
// targets are written by people and differ in case and dots from the codes of the
// target system (S80.8, s808).
func foldCode(code string) string {
	code = strings.ToLower(code)
	if strings.IndexByte(code, '.') < 0 {
		return code
	}
	return strings.ReplaceAll(code, ".", "")
}
