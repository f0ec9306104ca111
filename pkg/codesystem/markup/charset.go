package markup

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const bom = "\xef\xbb\xbf"

// bytewise reads the bytes of a file one by one, as encoding/xml asks for them. It
// counts, and fails where the file or one token of it grows past its limit.
type bytewise struct {
	r       *bufio.Reader
	left    int64 // bytes that the file may still have
	token   int   // bytes since the last token
	limit   int   // of token
	marked  bool  // the file began with the byte order mark of UTF-8
	stopped error
}

var errTokenSize = fmt.Errorf("a tag, text or comment is longer than %d bytes", MaxToken)

func newBytewise(r io.Reader, size int64, token int) (*bytewise, error) {
	b := &bytewise{r: bufio.NewReaderSize(r, 64<<10), left: size, limit: token}
	if magic, _ := b.r.Peek(2); string(magic) == "\x1f\x8b" {
		unpacked, err := gzip.NewReader(b.r)
		if err != nil {
			return nil, err
		}
		b.r = bufio.NewReaderSize(unpacked, 64<<10)
	}
	start, err := b.r.Peek(len(bom))
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(start) >= 2 && (start[0] == 0xfe && start[1] == 0xff || start[0] == 0xff && start[1] == 0xfe) {
		return nil, errors.New("the text is UTF-16: save it as UTF-8 and import again")
	}
	if string(start) == bom {
		b.marked = true
		_, err = b.r.Discard(len(bom))
		return b, err
	}
	return b, nil
}

// ReadByte returns the next byte of the file.
func (b *bytewise) ReadByte() (byte, error) {
	if b.stopped != nil {
		return 0, b.stopped
	}
	if b.token++; b.token > b.limit {
		b.stopped = errTokenSize
		return 0, b.stopped
	}
	c, err := b.r.ReadByte()
	if err == io.ErrUnexpectedEOF {
		err = errors.New("the packed file ends too early: it is truncated, fetch it again")
	}
	if err != nil {
		b.stopped = err
		return 0, err
	}
	if b.left--; b.left < 0 {
		b.stopped = fmt.Errorf("the file is longer than %d bytes", MaxSize)
		return 0, b.stopped
	}
	return c, nil
}

// Read is for io.Reader only: encoding/xml takes ReadByte where it is offered.
func (b *bytewise) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := b.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// windows has the characters of the bytes 0x80 to 0x9f in Windows-1252; 0 where
// there is none.
var windows = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// charset returns the reader of a declared encoding; from gives the bytes of the
// file after the declaration.
func (b *bytewise) charset(name string) (io.Reader, error) {
	upper := strings.ToUpper(name)
	single := &oneByte{from: b, name: name}
	switch upper {
	case "UTF-8", "UTF8":
		return b, nil // encoding/xml checks that it is
	case "US-ASCII", "ASCII":
		single.ascii = true
	case "WINDOWS-1252", "CP1252":
		single.windows = true
	case "ISO-8859-1", "ISO8859-1", "ISO_8859-1", "LATIN1", "LATIN-1":
	default:
		return nil, fmt.Errorf("the encoding %q is not supported: save the file as UTF-8 and import again", name)
	}
	if b.marked {
		return nil, fmt.Errorf("the file says that its encoding is %s, but begins as UTF-8", name)
	}
	return single, nil
}

// oneByte gives text of one byte a character as UTF-8. A text whose bytes above
// ASCII all pair up as UTF-8 is not what it was declared to be, which only its end
// can tell.
type oneByte struct {
	from           *bytewise
	name           string
	windows, ascii bool

	rest [utf8.UTFMax]byte
	n    int // bytes of rest to give, at its end

	want         int // bytes that would complete a UTF-8 sequence
	paired, lone int // sequences that are UTF-8; bytes above ASCII that are not
}

// ReadByte returns the next byte in UTF-8.
func (o *oneByte) ReadByte() (byte, error) {
	if o.n > 0 {
		c := o.rest[len(o.rest)-o.n]
		o.n--
		return c, nil
	}
	c, err := o.from.ReadByte()
	if err == io.EOF && o.paired > 0 && o.lone == 0 && o.want == 0 {
		return 0, fmt.Errorf("the file says that its encoding is %s, but its text is UTF-8: correct the first line", o.name)
	}
	if err != nil {
		return 0, err
	}
	if c < utf8.RuneSelf && o.want == 0 {
		return c, nil
	}
	o.judge(c)
	r := rune(c)
	switch {
	case c < utf8.RuneSelf:
		return c, nil
	case o.ascii:
		return 0, fmt.Errorf("the file says that its encoding is %s, but has the byte 0x%x", o.name, c)
	case c < 0xa0 && o.windows:
		r = windows[c-0x80]
	case c < 0xa0:
		r = 0 // a control character in ISO-8859-1, which no publisher means
	}
	if r == 0 {
		return 0, fmt.Errorf("the file says that its encoding is %s, but has the byte 0x%x: is it UTF-8 or Windows-1252?", o.name, c)
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	copy(o.rest[len(o.rest)-n:], buf[:n])
	o.n = n - 1
	return buf[0], nil
}

// judge follows whether the bytes above ASCII are sequences of UTF-8.
func (o *oneByte) judge(c byte) {
	if o.want > 0 {
		if c&0xc0 != 0x80 {
			o.want = 0
			o.lone++
			o.judge(c)
			return
		}
		if o.want--; o.want == 0 {
			o.paired++
		}
		return
	}
	switch {
	case c < utf8.RuneSelf:
	case c >= 0xc2 && c <= 0xdf:
		o.want = 1
	case c >= 0xe0 && c <= 0xef:
		o.want = 2
	case c >= 0xf0 && c <= 0xf4:
		o.want = 3
	default:
		o.lone++
	}
}

// Read is for io.Reader only: encoding/xml takes ReadByte where it is offered.
func (o *oneByte) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := o.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}
