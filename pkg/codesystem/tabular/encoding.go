package tabular

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a text writes its letters. The zero Encoding is UTF-8, with or
// without byte order mark.
type Encoding uint8

// The encodings.
const (
	UTF8        Encoding = iota
	Windows1252          // and Latin-1 (ISO 8859-1), of which it is an extension
	UTF16                // with a byte order mark
)

// String returns the name of the encoding.
func (e Encoding) String() string { return [...]string{"UTF-8", "Windows-1252", "UTF-16"}[e] }

var errNotUTF8 = errors.New("the text is not UTF-8: save the file as UTF-8 and import again")

// reader gives a text as UTF-8.
func (e Encoding) reader(r io.Reader) io.Reader {
	switch e {
	case Windows1252:
		return transform.NewReader(r, charmap.Windows1252.NewDecoder())
	case UTF16:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	}
	return r
}

// decode gives a line as UTF-8.
func (e Encoding) decode(s string) string {
	if e == Windows1252 {
		s, _ = charmap.Windows1252.NewDecoder().String(s) // every byte is a character
	}
	return s
}

// encodingOf tells the encoding of a text from its beginning. It is Windows-1252 when
// all of this holds, so that UTF-8 with a few bad bytes stays UTF-8 and its bad lines
// are told:
//
//   - it has no byte order mark of UTF-8, and bytes that are not UTF-8;
//   - of the bytes that are not ASCII, at most one in ten is part of valid UTF-8
//     (in Windows-1252 that takes a capital such as Ã or Ø before a sign such as ¥ or »);
//   - every byte is a character of Windows-1252, and none is a control character other
//     than tab and line ends;
//   - more than half of the bytes that are not ASCII are letters.
func encodingOf(b []byte, whole bool) Encoding {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return UTF16
	}
	if bytes.HasPrefix(b, []byte(bom)) {
		return UTF8
	}
	good, bad, letters := 0, 0, 0
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
				return UTF8
			}
			i++
			continue
		}
		if !whole && len(b)-i < utf8.UTFMax && !utf8.FullRune(b[i:]) {
			break // a letter that is cut off
		}
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError || n > 1 {
			good += n
			i += n
			continue
		}
		bad++
		switch {
		case c == 0x81, c == 0x8d, c == 0x8f, c == 0x90, c == 0x9d:
			return UTF8 // no character has these
		case c >= 0xc0 && c != 0xd7 && c != 0xf7, bytes.IndexByte([]byte("\x8a\x8c\x8e\x9a\x9c\x9e\x9f"), c) >= 0:
			letters++
		}
		i++
	}
	if bad == 0 || 10*good > good+bad || 2*letters <= bad {
		return UTF8
	}
	return Windows1252
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// later tells the encoding of a text whose beginning is ASCII alone by the part where
// it first is not.
func later(rest io.Reader) Encoding {
	buf := make([]byte, sniffSize)
	for {
		n, err := io.ReadFull(rest, buf)
		b := buf[:n]
		if start := bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }); start >= 0 {
			b = append(bytes.Clone(b[start:]), make([]byte, start)...)
			n, err = io.ReadFull(rest, b[len(b)-start:])
			return encodingOf(b[:len(b)-start+n], err != nil)
		}
		if err != nil {
			return UTF8
		}
	}
}
