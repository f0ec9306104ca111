package releasetest

import (
	"bufio"
	"encoding/json"
	"os"
)

// code is a row of a classification.
type code struct {
	code, text, parent string
	system             string // ICPC-2 or ICPC-2B
	leaf               bool
}

// codes is a classification, parents before children.
type codes []code

// leaves returns the codes that maps may point at.
func (c codes) leaves() []string {
	var out []string
	for i := range c {
		if c[i].leaf {
			out = append(out, c[i].code)
		}
	}
	return out
}

// textOf returns the text of each code.
func (c codes) textOf() map[string]string {
	m := make(map[string]string, len(c))
	for i := range c {
		m[c[i].code] = c[i].text
	}
	return m
}

// short returns text cut to 60 characters, as the Directorate's second text is.
func short(text string) string {
	n := 0
	for i := range text {
		if n == 60 {
			return text[:i]
		}
		n++
	}
	return text
}

// writeJSON writes the array of rows to path, a row a line; row appends one.
func (c codes) writeJSON(path string, row func(b []byte, at int) []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 64<<10)
	w.WriteString("[\n")
	var b []byte
	for i := range c {
		b = row(b[:0], i)
		if i+1 < len(c) {
			b = append(b, ',')
		}
		w.Write(append(b, '\n'))
	}
	w.WriteString("]\n")
	if err := w.Flush(); err != nil { // also the error of the writes before
		f.Close()
		return err
	}
	return f.Close()
}

// appendField appends "key":"value", and null for an empty value.
func appendField(b []byte, key, value string) []byte {
	sep := byte(',')
	if len(b) == 0 {
		sep = '{'
	}
	b = append(append(append(b, sep, '"'), key...), `":`...)
	if value == "" {
		return append(b, "null"...)
	}
	quoted, _ := json.Marshal(value) // a string always has a JSON form
	return append(b, quoted...)
}

// phrase returns a made-up Norwegian text, without any claim to sense: the head says
// what it is about, n makes it differ from others.
func phrase(lists map[string][]word, head, n uint64) string {
	pick := func(list string, h uint64) string {
		words := lists[list]
		return words[h%uint64(len(words))].text[nb]
	}
	h := mix(n)
	text := pick("organ", mix(head)) + pick("morph", mix(head)>>20)
	if n == 0 {
		return text
	}
	text = pick("course", h>>8) + " " + text + " " + pick("stage", h>>24)
	if h&3 == 0 {
		text = pick("severity", h>>40) + " " + text
	}
	return text
}
