package main

import (
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
)

// screen is what answers are shown on. The zero screen is a file or a pipe: no
// colours, nothing cut.
type screen struct {
	width int  // columns of a terminal; 0 when it is none
	color bool // may use colours and weights
}

// screenOf looks at where output goes (NO_COLOR: https://no-color.org).
func screenOf(w io.Writer) screen {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return screen{}
	}
	s := screen{width: 80, color: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		s.width = width
	}
	return s
}

// style is how a text is set, as the parameters of an SGR sequence (ECMA-48).
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	title  style = "1;4" // of columns
	strong style = "36"  // codes
	found  style = "1;4" // what a search found in a term
	good   style = "32"
	bad    style = "31"
)

// set returns the text in a style, when the screen has styles.
func (s screen) set(st style, text string) string {
	if !s.color || st == plain || text == "" {
		return text
	}
	return "\x1b[" + string(st) + "m" + text + "\x1b[0m"
}

// setMarked returns the text in a style, with parts of it set as found, when the screen
// has styles. What a text that was cut has lost of a part is not marked, nor the … at its
// end.
func (s screen) setMarked(st style, text string, parts []mark) string {
	if !s.color || len(parts) == 0 {
		return s.set(st, text)
	}
	points := []rune(text)
	most := len(points)
	if most > 0 && points[most-1] == '…' {
		most--
	}
	var b strings.Builder
	at := 0
	for _, m := range parts {
		start, end := min(max(m.start, at), most), min(m.end, most)
		if start >= end {
			continue
		}
		b.WriteString(s.set(st, string(points[at:start])))
		b.WriteString(s.set(found, string(points[start:end])))
		at = end
	}
	b.WriteString(s.set(st, string(points[at:])))
	return b.String()
}

// width returns how many columns of a terminal a text takes.
func width(text string) int {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return uniseg.StringWidth(text)
		}
	}
	return len(text)
}

// cut returns the text in at most n columns, the last being … when it was longer.
func cut(text string, n int) string {
	if width(text) <= n {
		return text
	}
	var b strings.Builder
	used, state := 0, -1
	for text != "" {
		var cluster string
		var w int
		cluster, text, w, state = uniseg.FirstGraphemeClusterInString(text, state)
		if used+w > n-1 {
			break
		}
		b.WriteString(cluster)
		used += w
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

// wrap breaks a text into lines of at most n columns, between words; n below 20 is
// taken for no limit.
func wrap(text string, n int) []string {
	if n < 20 || width(text) <= n {
		return []string{text}
	}
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= n:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

// clean makes a text one line without control characters, which would break
// columns and could steer a terminal.
func clean(text string) string {
	if strings.IndexFunc(text, unicode.IsControl) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
