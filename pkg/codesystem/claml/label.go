package claml

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
)

// maxLabel is the longest label in bytes.
const maxLabel = 1 << 20

// label returns the text of a label on one line. Paragraphs, fragments and cells are
// kept apart, terms in italics or subscript are not, and a reference to another code
// stands in the brackets that the file asks for.
func (f *classes) label(e *markup.Element) (string, error) {
	w := &labelWriter{usages: f.usages}
	if err := w.inside(e); err != nil {
		return "", err
	}
	return strings.TrimSpace(w.b.String()), nil
}

// labelWriter makes one line of a label.
type labelWriter struct {
	b      strings.Builder
	usages map[string]string
	space  bool // white space came since the last character
	ended  bool // a reference ended there: a letter after it needs a space
}

func (w *labelWriter) inside(e *markup.Element) error {
	return e.Mixed(func(s string) error {
		if w.b.Len()+len(s) > maxLabel {
			return e.Bad("", "the label is longer than %d bytes", maxLabel)
		}
		w.text(s)
		return nil
	}, w.element)
}

func (w *labelWriter) element(e *markup.Element) error {
	switch e.Name {
	case "Reference":
		return w.reference(e)
	case "Term":
		if e.Attr("class") == "tab" {
			w.space = true
		}
		return w.inside(e)
	case "ListItem":
		w.between("-")
	case "Cell":
		w.between("|")
	}
	block := e.Name != "IncludeDescendants" && e.Name != "Include"
	w.space = w.space || block
	err := w.inside(e)
	w.space = w.space || block
	return err
}

// reference writes a reference: "Meningitis (G01*)".
func (w *labelWriter) reference(e *markup.Element) error {
	inner := &labelWriter{usages: w.usages}
	if err := inner.inside(e); err != nil {
		return err
	}
	text := strings.TrimSpace(inner.b.String())
	if text == "" {
		text = e.Attr("code")
	}
	if text == "" {
		return nil
	}
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(last) || unicode.IsDigit(last) {
		text += w.usages[e.Attr("usage")]
	}
	if e.Attr("class") == "in brackets" {
		text, w.space = "("+text+")", true
	}
	if last, _ := utf8.DecodeLastRuneInString(w.b.String()); unicode.IsLetter(last) || unicode.IsDigit(last) {
		w.space = true
	}
	w.text(text)
	w.ended = true
	return nil
}

// between writes a sign between parts, such as the items of a list.
func (w *labelWriter) between(sign string) {
	if w.b.Len() > 0 {
		w.space = true
		w.text(sign)
	}
	w.space = true
}

// text writes text with its white space as single spaces.
func (w *labelWriter) text(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			w.space = true
			continue
		}
		if w.b.Len() > 0 && (w.space || w.ended && (unicode.IsLetter(r) || unicode.IsDigit(r))) {
			w.b.WriteByte(' ')
		}
		w.space, w.ended = false, false
		w.b.WriteRune(r)
	}
}
