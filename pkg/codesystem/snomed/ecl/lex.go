package ecl

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// parser reads one text. There are no tokens apart from it: what a character means
// in ECL depends on the rule that meets it ("R", "-", "." and '"' all have several
// meanings), so each rule reads characters itself through the functions here.
//
// A rule that does not find what it wants notes it with want and returns nil or
// false. The note at the furthest place becomes the SyntaxError; at that place
// stand all the notes, so the list of what was expected is complete.
type parser struct {
	s       string
	pos     int
	depth   int
	counted counted
	failed  failure
	limit   error
	closes  map[int]int // "(" to its ")", made when first asked for
}

type counted struct {
	pos int
	at  Position
}

type failure struct {
	pos  int
	want []string
	hint string
}

// mark is a place to go back to.
type mark struct {
	pos     int
	counted counted
}

func (p *parser) mark() mark     { return mark{p.pos, p.counted} }
func (p *parser) restore(m mark) { p.pos, p.counted = m.pos, m.counted }

// want notes what could stand here, after blanks and comments.
func (p *parser) want(what ...string) {
	if p.pos < p.failed.pos {
		return
	}
	if p.pos > p.failed.pos {
		p.failed = failure{pos: p.pos}
	}
	for _, w := range what {
		if !slices.Contains(p.failed.want, w) {
			p.failed.want = append(p.failed.want, w)
		}
	}
}

// hint adds a remark to a failure here.
func (p *parser) hint(text string) {
	if p.want(); p.pos == p.failed.pos && p.failed.hint == "" {
		p.failed.hint = text
	}
}

// enter counts one more level of nesting, and fails past MaxDepth.
func (p *parser) enter() bool {
	if p.depth == MaxDepth {
		at := p.position(p.pos)
		p.limit = fmt.Errorf("line %d, column %d: nested deeper than %d levels", at.Line, at.Column, MaxDepth)
		return false
	}
	p.depth++
	return true
}

func (p *parser) leave() { p.depth-- }

// skip passes blanks and comments. A comment without an end is a failure at the
// end of the text, and stays unread.
func (p *parser) skip() {
	for {
		for p.pos < len(p.s) && isBlank(p.s[p.pos]) {
			p.pos++
		}
		if !strings.HasPrefix(p.s[p.pos:], "/*") {
			return
		}
		n := strings.Index(p.s[p.pos+2:], "*/")
		if n < 0 {
			m := p.mark()
			p.pos = len(p.s)
			p.want(`"*/"`)
			p.restore(m)
			return
		}
		p.pos += 2 + n + 2
	}
}

// peek reports whether symbol is next.
func (p *parser) peek(symbol string) bool {
	p.skip()
	return strings.HasPrefix(p.s[p.pos:], symbol)
}

// accept reads symbol when it is next, and else notes that it was wanted.
func (p *parser) accept(symbol string) bool {
	if !p.peek(symbol) {
		p.want(quoted(symbol))
		return false
	}
	p.pos += len(symbol)
	return true
}

// at returns the next character after blanks, 0 at the end.
func (p *parser) at() byte {
	p.skip()
	if p.pos == len(p.s) {
		return 0
	}
	return p.s[p.pos]
}

// word returns the next word without reading it: a letter, then letters, digits,
// "-" and "_". A word just before "#" is a scheme and no word.
func (p *parser) word() string {
	if !isLetter(p.at()) {
		return ""
	}
	w := wordAt(p.s[p.pos:])
	if p.isScheme(w) {
		return ""
	}
	return w
}

// isScheme reports whether w, which is next, is the scheme of an alternate identifier.
func (p *parser) isScheme(w string) bool {
	return strings.HasPrefix(p.s[p.pos+len(w):], "#") && !strings.Contains(w, "_")
}

func wordAt(s string) string {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n]) || s[n] == '-' || s[n] == '_') {
		n++
	}
	return s[:n]
}

// keyword reads a word when it is the one given, in any case.
func (p *parser) keyword(lower string) bool {
	w := p.word()
	if w == "" || !strings.EqualFold(w, lower) {
		return false
	}
	p.pos += len(w)
	return true
}

// flag reads the letter R, which may stand directly before digits.
func (p *parser) flag() bool {
	w := p.word()
	if w == "" || w[0] != 'R' || strings.Trim(w[1:], "0123456789") != "" {
		return false
	}
	p.pos++
	return true
}

// lexeme returns what stands at a place, for the text of an error.
func (p *parser) lexeme(pos int) string {
	s := p.s[pos:]
	if s == "" {
		return ""
	}
	n := 1
	switch {
	case isLetter(s[0]):
		n = len(wordAt(s))
	case isDigit(s[0]):
		for n < len(s) && isDigit(s[n]) {
			n++
		}
	default:
		_, n = utf8.DecodeRuneInString(s)
		for _, long := range [...]string{"{{", "}}", "<<!", ">>!", "!!>", "!!<", "<<", ">>", "<!", ">!", "<=", ">=", "!=", "<>", "..", "/*", "*/"} {
			if strings.HasPrefix(s, long) {
				n = len(long)
				break
			}
		}
	}
	return s[:min(n, 32)]
}

// closing returns where the bracket that opens at pos is closed, or -1. Brackets
// in terms, strings and comments do not count. The whole text is looked through
// once, so that asking at every bracket stays linear.
func (p *parser) closing(pos int) int {
	if p.closes == nil {
		p.closes = map[int]int{}
		var open []int
		for i := 0; i < len(p.s); i++ {
			switch c := p.s[i]; {
			case c == '(':
				open = append(open, i)
			case c == ')' && len(open) > 0:
				p.closes[open[len(open)-1]] = i
				open = open[:len(open)-1]
			case c == '"':
				for i++; i < len(p.s) && p.s[i] != '"'; i++ {
					if p.s[i] == '\\' {
						i++
					}
				}
			case c == '|':
				_, n, _ := termAt(p.s[i:])
				i += max(n, 1) - 1
			case strings.HasPrefix(p.s[i:], "/*"):
				n := strings.Index(p.s[i+2:], "*/")
				if n < 0 {
					i = len(p.s)
				} else {
					i += n + 3
				}
			}
		}
	}
	if end, ok := p.closes[pos]; ok {
		return end
	}
	return -1
}

// termAt reads the term that begins s with its pipes, and returns it without
// blanks around it, its length with the pipes, and where the fault is when n is 0.
//
// A comment may stand between the term and its last pipe, and contain pipes
// itself. It is taken as a comment when an odd number of them do: then, and only
// then, the pipes of the rest are in pairs. A term never keeps "/*" and what
// follows it. Such a comment is looked for in the next maxTermComment bytes only.
func termAt(s string) (term string, n, fault int) {
	end := strings.IndexByte(s[1:], '|') + 1
	if end == 0 {
		return "", 0, len(s)
	}
	if open := strings.Index(s[1:end], "/*") + 1; open > 0 && isBlank(s[open-1]) && strings.Trim(s[1:open], blanks) != "" {
		if size := strings.Index(s[open+2:min(open+2+maxTermComment, len(s))], "*/"); size >= 0 && strings.Count(s[open:open+2+size], "|")%2 == 1 {
			after := strings.TrimLeft(s[open+2+size+2:], blanks)
			if strings.HasPrefix(after, "|") {
				end = len(s) - len(after)
			}
		}
	}
	term = s[1:end]
	for i := 0; i < len(term); {
		r, size := utf8.DecodeRuneInString(term[i:])
		if r == utf8.RuneError && size <= 1 || (r < ' ' && !isBlank(byte(r))) || r == 0x7F {
			return "", 0, 1 + i
		}
		i += size
	}
	if strings.Trim(term, blanks) == "" {
		return "", 0, end
	}
	term, _, _ = strings.Cut(term, "/*")
	if strings.ContainsAny(term, "\t\r\n") {
		term = strings.Join(strings.FieldsFunc(term, func(r rune) bool { return r < 0x80 && isBlank(byte(r)) }), " ")
	}
	return strings.Trim(term, blanks), end + 1, 0
}

const maxTermComment = 4096

const blanks = " \t\r\n"

func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func quoted(symbol string) string { return `"` + symbol + `"` }
